"""Rules of a config that involve several fields, checked without data and without torch."""

from collections.abc import Iterator

from aecli.components.architecture import ARCHITECTURES
from aecli.components.regularization.registration import missing
from aecli.config.assemble import Anneal, plain_parameters
from aecli.config.schema import Config
from aecli.config.yaml_source import dotted, split
from aecli.errors import Problem


def check(config: Config) -> list[Problem]:
    """Everything that is wrong across fields."""
    return [
        Problem(config.locate(*path), key, message)
        for rule in (check_architecture, check_regularization, check_losses)
        for path, key, message in rule(config)
    ]


Finding = tuple[tuple[str | int, ...], str, str]


def check_architecture(config: Config) -> Iterator[Finding]:
    """What a family finds wrong with its parameters."""
    term = config.architecture
    rule = ARCHITECTURES[term.name].facts.check
    for key, message in rule(plain_parameters(term)) if rule else ():
        path = ("architecture", *split(key))
        yield path, dotted(path), message


def check_regularization(config: Config) -> Iterator[Finding]:
    """What regularizers miss in the network."""
    for index, term in enumerate(config.regularization):
        for key, message in missing(term.name, plain_parameters(term), config.network_traits):
            path = ("regularization", index, *split(key))
            yield path, dotted(path), message


def check_losses(config: Config) -> Iterator[Finding]:
    """At least one loss has to count."""
    weights = [
        term.weight.start + term.weight.end if isinstance(term.weight, Anneal) else term.weight
        for term in config.loss_terms
    ]
    if not any(weights):
        yield ("loss",), "loss", "all weights are 0, so nothing would be learned"
