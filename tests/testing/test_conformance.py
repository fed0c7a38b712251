"""All of this package's own components keep the rules that their authors are held to."""

import pytest

import aecli.testing
from aecli.components.data.corruptions import CORRUPTIONS
from aecli.components.evaluation.metrics import METRICS
from aecli.components.loss import LOSSES
from aecli.components.regularization import REGULARIZERS
from aecli.testing import check_architecture, check_corruption, check_loss, check_metric, check_regularizer
from aecli.testing.report import NonConformance, raised, rules

HELD_CONSTANT = {"focal_frequency"}
"""Losses with a part that the gradient leaves out by definition."""


@pytest.mark.parametrize("name", list(LOSSES))
def test_every_loss_keeps_the_rules(name):
    check_loss(name, is_derivative=name not in HELD_CONSTANT)


@pytest.mark.parametrize("name", list(METRICS))
def test_every_metric_keeps_the_rules(name):
    check_metric(name)


@pytest.mark.parametrize("name", list(REGULARIZERS))
def test_every_regularizer_keeps_the_rules(name):
    check_regularizer(name)


@pytest.mark.parametrize("name", list(CORRUPTIONS))
def test_every_corruption_keeps_the_rules(name):
    check_corruption(name)


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"tied": True},
        {"normalization": "batch", "activation": "tanh"},
        {"normalization": "layer"},
        {"size": 7, "image_shape": None, "widths": ("auto", 3)},
    ],
    ids=str,
)
def test_the_dense_family_keeps_the_rules(options):
    check_architecture("dense", **options)


def test_every_kind_that_has_a_check_is_checked_here():
    checks = {thing for name, thing in vars(aecli.testing).items() if name.startswith("check_") and callable(thing)}
    assert checks == {check_architecture, check_corruption, check_loss, check_metric, check_regularizer}


def test_all_that_is_wrong_is_told_at_once_with_the_kind_and_the_name():
    @rules("colour")
    def check_colour(name):
        yield "it is too bright"
        yield "it is too red"

    with pytest.raises(NonConformance) as caught:
        check_colour("pink")
    assert str(caught.value) == "colour 'pink' breaks 2 of the rules:\n- it is too bright\n- it is too red"
    assert caught.value.problems == ["it is too bright", "it is too red"]


@pytest.mark.parametrize(
    ("error", "words"),
    [(ValueError("one\ntwo"), "ValueError: one"), (KeyError(), "KeyError: no message")],
    ids=["first line", "without a message"],
)
def test_an_exception_is_told_in_one_line(error, words):
    assert raised(error) == words
