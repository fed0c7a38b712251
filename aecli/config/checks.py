"""Rules of a config that involve several fields, checked without data and without torch."""

from collections.abc import Iterator

from aecli.components.architecture import ARCHITECTURES
from aecli.components.regularization.registration import REGULARIZERS, missing
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
    yield from check_targets(config)


def check_targets(config: Config) -> Iterator[Finding]:
    """Targets that no weight can buy, and what is given beside one."""
    caps = {REGULARIZERS[term.name].facts.caps: term for term in config.regularization}
    taken: set[str] = set()
    for index, term in enumerate(config.regularization):
        asked: dict[str, float] = getattr(term, "target", None) or {}
        path: tuple[str | int, ...] = ("regularization", index, "target")
        if asked and "weight" in term.model_fields_set:
            yield path, dotted(path), "give a weight or what it shall buy, not both"
        for measure, goal in asked.items():
            target = next(one for one in REGULARIZERS[term.name].facts.targets if one.measure == measure)
            wrong = list(target.refuse(goal, config.network_traits))
            wrong += [
                f"{other.name} leaves at most {getattr(other, cap[1])}, so {goal:g} cannot be bought"
                for cap, other in caps.items()
                if cap is not None and cap[0] == measure and goal >= getattr(other, cap[1])
            ]
            if measure in taken:
                wrong.append(
                    "another term is to buy the same already; let one have a target, and give the other a weight"
                )
            taken.add(measure)
            yield from (((*path, measure), f"{dotted(path)}.{measure}", message) for message in wrong)


def check_losses(config: Config) -> Iterator[Finding]:
    """At least one loss has to count."""
    weights = [
        term.weight.start + term.weight.end if isinstance(term.weight, Anneal) else term.weight
        for term in config.loss_terms
    ]
    if not any(weights):
        yield ("loss",), "loss", "all weights are 0, so nothing would be learned"
