"""Rules on regularization: each names the term it means, and is silent where there is nothing to say."""

import pytest

from aecli.config import regularization_advice
from aecli.config.load import load_config


def keys(rule, **sections):
    """Where a rule speaks."""
    return [key for key, _, _ in rule(load_config(sections))]


@pytest.mark.parametrize(("name", "limit"), [("l1", 1e-5), ("l2", 1e-3)])
def test_the_weight_that_erases_the_net_is_another_one_for_each_norm(name, limit):
    for weight, found in ((limit, ["regularization[1].weight"]), (0.9 * limit, [])):
        terms = ["dropout", {"name": name, "weight": weight}]
        assert keys(regularization_advice.weights_are_erased, regularization=terms) == found


def test_each_l1_is_told_that_it_makes_no_zeros():
    terms = ["l1", "l1_proximal", "l1"]
    found = keys(regularization_advice.subgradient_makes_no_zeros, regularization=terms)
    assert found == ["regularization[0]", "regularization[2]"]


@pytest.mark.parametrize(("optimizer", "speaks"), [("adam", True), ("muon", True), ("sgd", False), ("nesterov", False)])
def test_l2_is_weight_decay_only_where_gradients_are_not_rescaled(optimizer, speaks):
    sections = {"regularization": ["l2"], "optimization": {"optimizer": optimizer}}
    assert bool(keys(regularization_advice.l2_is_not_weight_decay, **sections)) is speaks


def test_two_decays_are_told_where_the_optimizer_has_one():
    terms = {"regularization": ["weight_decay"]}
    decaying = {"optimization": {"optimizer": {"name": "adamw", "weight_decay": 0.1}}}
    assert keys(regularization_advice.two_decays, **terms, **decaying) == ["regularization[0]"]
    assert keys(regularization_advice.two_decays, **terms) == []


def test_there_is_a_gap_to_close_on_fewer_images():
    assert keys(regularization_advice.regularizing_without_a_gap, regularization=["dropout"]) == ["regularization"]
    few = {"regularization": ["dropout"], "data": {"train_size": 500}}
    assert keys(regularization_advice.regularizing_without_a_gap, **few) == []
