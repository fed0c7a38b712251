"""From registries to types: late names, clashes of keys, and parameters that are a component's own."""

from collections.abc import Iterator
from typing import Annotated

import pytest
from annotated_types import Gt

from aecli.components.architecture.activations import ACTIVATIONS, activation
from aecli.components.data.corruptions import CORRUPTIONS, corruption
from aecli.components.loss import LOSSES, loss
from aecli.config.assemble import Choice, plain_parameters
from aecli.config.load import load_config
from aecli.config.terms import weight_of


@pytest.fixture
def enrol() -> Iterator:
    """Register something for one test."""
    taken = []

    def register(registry, decorate, function):
        decorate(function)
        taken.append((registry, function.__name__))

    yield register
    for registry, name in taken:
        registry.forget(name)


def test_an_activation_that_is_registered_late_is_known_to_the_networks_that_were_checked_before(enrol):
    load_config("smoke.yaml")

    def late(x):
        """Late."""
        return x

    enrol(ACTIVATIONS, activation(), late)
    assert load_config({"architecture": {"activation": "late"}}).architecture.activation == "late"


def test_a_parameter_may_be_called_like_a_key_of_another_kind(enrol):
    def fog(x_BP, generator, *, weight: Annotated[float, Gt(0)] = 0.5, warmup: int = 3):
        """Fog."""
        return x_BP

    enrol(CORRUPTIONS, corruption(), fog)
    term = load_config({"data": {"corruption": {"name": "fog", "weight": 0.25}}}).data.corruption
    assert plain_parameters(term) == {"weight": 0.25, "warmup": 3}


def test_a_parameter_may_not_be_called_like_a_key_of_its_own_kind(enrol):
    def heavy(x_hat_BP, x_BP, *, weight: float = 1.0):
        """Heavy."""
        return x_BP.sum(1)

    enrol(LOSSES, loss(), heavy)
    choice = Choice(LOSSES, extra=lambda entry: weight_of(1.0))
    with pytest.raises(ValueError, match="^loss heavy: no parameter may be called weight, which is a key of its own$"):
        choice.model(LOSSES["heavy"])


def test_the_weight_of_a_loss_is_none_of_its_parameters():
    (term,) = load_config({"loss": {"name": "huber", "weight": 2.0, "delta": 0.2}}).loss_terms
    assert term.weight == 2.0 and plain_parameters(term) == {"delta": 0.2}
