"""Targets in a config: every way to write one means the same; what cannot work is refused in exact words."""

import pytest

from aecli.config.load import load_config
from aecli.config.terms import regularizers_given, target_of
from aecli.errors import ConfigError

NET = {"architecture": {"widths": [784, 64], "code_activation": "relu"}}
ASKED = [{"name": "activity_l1", "target": {"code.l0": 8.0}}]
TAKING = (
    "l1 (sparsity.sum_abs), l2 (sparsity.sum_squares), activity_l1 (code.l0), l1_proximal (sparsity.exact_zeros), "
    "group_lasso (sparsity.exact_zeros), weight_decay (sparsity.sum_squares)"
)


def refused(*assignments):
    """What is wrong with a config, without the places."""
    with pytest.raises(ConfigError) as caught:
        load_config(NET, set=assignments)
    return [f"{problem.path}: {problem.message}" for problem in caught.value.problems]


@pytest.mark.parametrize(
    "assignments",
    [
        ["regularization={name: activity_l1, target: {code.l0: 8}}"],
        ["regularization=[{name: activity_l1, target: {code: {l0: 8}}}]"],
        ["regularization.activity_l1.target.code.l0=8"],
        ["regularization.activity_l1.target={code.l0: 8}"],
        ["regularization.activity_l1.target={code.l0: 16}", "regularization.activity_l1.target.code.l0=8"],
    ],
)
def test_every_way_to_write_a_target_means_the_same(assignments):
    config = load_config(NET, set=assignments)
    assert config.plain()["regularization"] == ASKED
    assert load_config(config.plain()).digest() == config.digest()


@pytest.mark.parametrize("given", ["{name: activity_l1, weight: 1e-3}", "[{name: activity_l1, weight: 1e-3}]"])
def test_a_target_that_is_set_takes_the_place_of_a_weight_and_the_other_way_round(tmp_path, given):
    base, top = tmp_path / "base.yaml", tmp_path / "top.yaml"
    base.write_text(f"architecture: {{widths: [784, 64], code_activation: relu}}\nregularization: {given}\n")
    assert load_config(base, set="regularization.activity_l1.target.code.l0=8").plain()["regularization"] == ASKED
    top.write_text("extends: base.yaml\nregularization: {name: activity_l1, target: {code.l0: 8}}\n")
    assert load_config(top).plain()["regularization"] == ASKED
    back = load_config(top, set="regularization.activity_l1.weight=0.1").plain()["regularization"]
    assert back == [{"name": "activity_l1", "weight": 0.1}]


def test_a_config_without_a_target_is_what_it_was():
    plain = load_config({**NET, "regularization": {"name": "l1"}}).plain()
    assert plain["regularization"] == [{"name": "l1", "weight": 1e-7, "parameters": "all"}]


@pytest.mark.parametrize(
    ("assignments", "problems"),
    [
        (
            ["regularization.k_sparse.target.code.l0=8"],
            [
                "regularization[0].target: k_sparse takes no target: it has no weight, and k says by itself how many "
                f"units stay; those that do: {TAKING}"
            ],
        ),
        (
            ["regularization={name: contractive, target: {code.l0: 8}}"],
            [
                "regularization[0].target: contractive takes no target: nothing that is measured while training tells "
                f"what its weight buys; those that do: {TAKING}"
            ],
        ),
        (
            ["regularization={name: activity_l1, weight: 1, target: {code.l0: 8}}"],
            ["regularization[0].target: give a weight or what it shall buy, not both"],
        ),
        (
            ["regularization={name: activity_l1, target: {sparsity.hoyer: 8}}"],
            ["regularization[0].target: expected one of code.l0 and its value, got sparsity.hoyer"],
        ),
        (
            ["regularization.activity_l1.target={}"],
            ["regularization[0].target: expected one of code.l0 and its value, got nothing"],
        ),
        (
            ["regularization.activity_l1.target=8"],
            ["regularization[0].target: expected a mapping, got 8"],
        ),
        (
            ["regularization.activity_l1.target.code.l0=yes"],
            ['regularization[0].target: expected a number, got "yes"'],
        ),
        (
            ["regularization.activity_l1.target.code.l0=8", "regularization.k_sparse.k=4"],
            ["regularization[0].target.code.l0: k_sparse leaves at most 4, so 8 cannot be bought"],
        ),
        (
            ["regularization=[{name: l2, target: {sparsity.sum_squares: 3}}, "
             "{name: weight_decay, target: {sparsity.sum_squares: 3}}]"],
            [
                "regularization[1].target.sparsity.sum_squares: another term is to buy the same already; let one have "
                "a target, and give the other a weight"
            ],
        ),
    ],
)  # fmt: skip
def test_what_cannot_work_is_refused(assignments, problems):
    assert refused(*assignments) == problems


def test_what_is_no_mapping_stays_as_it_is():
    assert regularizers_given([1]) == [1]
    assert regularizers_given(5) == 5
    assert target_of(()) == {}
