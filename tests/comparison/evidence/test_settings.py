"""Configs as flat keys, what differs between them, and how it is spelled."""

import pytest

from aecli.comparison.evidence.settings import (
    choose_factors,
    exact,
    flatten,
    identity,
    keyed,
    look_up,
    names_of,
    spell_settings,
    value_of,
)
from aecli.config.load import load_config


def config(*assignments, seed=0, **sections):
    return load_config(
        {"name": "x", "optimization": {"optimizer": {"name": "adam"}}, **sections}, set=list(assignments), seed=seed
    ).plain()


def differing(*configs):
    """The factors, and what each config says about each."""
    factors = choose_factors(configs)
    return factors, [list(row.values()) for row in spell_settings(configs, factors)]


@pytest.mark.parametrize(
    "assignment", ["name=other", "evaluation.suites=[code, features]", "training.device=cpu", "training.threads=3"]
)
def test_what_was_not_chosen_makes_no_other_config(assignment):
    assert identity(config(assignment, seed=7)) == identity(config())
    assert choose_factors([config(), config(assignment, seed=7)]) == []


@pytest.mark.parametrize(
    "assignment",
    [
        "evaluation.select=mae",
        "evaluation.checkpoint=last",
        "training.epochs=49",
        "loss={name: mse, weight: 2.0}",
        "data.validation=test",
        "regularization.l1.weight=0.0",
    ],
)
def test_everything_else_makes_another_config(assignment):
    assert identity(config(assignment)) != identity(config())


def test_the_order_of_summed_losses_makes_no_other_config():
    one, other = (config(f"loss=[{{name: {a}}},{{name: {b}}}]") for a, b in (("mse", "ssim"), ("ssim", "mse")))
    assert identity(one) == identity(other)


@pytest.mark.parametrize(
    ("first", "second", "factors", "values"),
    [
        ([], ["loss.name=huber"], ["loss"], [["mse"], ["huber(delta=0.1)"]]),
        (["loss.name=huber"], ["loss={name: huber, delta: 0.5}"], ["loss.delta"], [["0.1"], ["0.5"]]),
        ([], ["loss=[{name: mse},{name: ssim, weight: 0.1}]"], ["loss"], [["mse"], ["mse + ssim(weight=0.1)"]]),
        ([], ["regularization.l2.weight=0.1"], ["regularization"], [["none"], ["l2(weight=0.1, parameters=all)"]]),
        (
            ["regularization.l1.weight=0.1"],
            ["regularization=[{name: l1, weight: {start: 0.0, end: 1e-6, epochs: 5}}]"],
            ["regularization.l1.weight"],
            [["0.1"], ["0->1e-06 over 5 epochs"]],
        ),
        ([], ["data.corruption={name: gaussian, std: 0.3}"], ["data.corruption"], [["none"], ["gaussian(std=0.3)"]]),
        (
            [],
            ["training.early_stopping={patience: 5}"],
            ["training.early_stopping"],
            [["none"], ["early_stopping(metric=mse, patience=5, min_delta=0)"]],
        ),
        (
            ["training.early_stopping={patience: 5}"],
            ["training.early_stopping={patience: 9}"],
            ["training.early_stopping.patience"],
            [["5"], ["9"]],
        ),
        ([], ["architecture.widths=[auto, 16]"], ["architecture.widths"], [["[auto, 128, 64, 32]"], ["[auto, 16]"]]),
        ([], ["optimization.gradient_clip=1"], ["optimization.gradient_clip"], [["null"], ["1"]]),
        ([], ["architecture.tied=true"], ["architecture.tied"], [["false"], ["true"]]),
        (
            ["loss.name=mae", "training.epochs=5"],
            ["training.epochs=9"],
            ["loss", "training.epochs"],
            [["mae", "5"], ["mse", "9"]],
        ),
    ],
)
def test_a_difference_is_one_factor_and_spelled_shortly(first, second, factors, values):
    assert differing(config(*first), config(*second)) == (factors, values)


def test_values_that_rounding_would_make_alike_are_written_out():
    configs = [config(f"loss={{name: huber, delta: {delta}}}") for delta in ("0.1", "0.10000000001", "0.2")]
    assert differing(*configs)[1] == [["0.1"], ["0.10000000001"], ["0.2"]]
    configs = [*configs, config()]
    assert differing(*configs)[1] == [
        ['{"delta": 0.1, "name": "huber", "weight": 1.0}'],
        ['{"delta": 0.10000000001, "name": "huber", "weight": 1.0}'],
        ["huber(delta=0.2)"],
        ["mse"],
    ]


def test_a_key_that_a_config_lacks_is_no_dash():
    assert spell_settings([{"a": "-"}, {}], ["a"]) == [{"a": '"-"'}, {"a": "-"}]


def test_two_terms_of_the_same_name_are_told_apart():
    terms = [{"name": "l1", "weight": 1.0}, {"name": "l1", "weight": 2.0}, {"name": "l1#2", "weight": 3.0}]
    assert list(keyed(terms)) == ["l1", "l1#2", "l1#2#2"]
    assert flatten({"regularization": terms})["regularization.l1#2.weight"] == 2.0


def test_what_aecli_did_not_write_is_spelled_as_it_is():
    assert value_of({"loss": {"name": 5}}, "loss") == '{"name": 5}'
    assert value_of({"loss": {"name": "a", "b": {"c": 1}}}, "loss") == "a(b=c 1)"
    assert value_of({"loss": [5, None]}, "loss") == "5 + null"
    assert value_of({"a": {"start": "x", "end": 1, "epochs": 2}}, "a") == '{"end": 1, "epochs": 2, "start": "x"}'
    assert value_of({"a": {"start": 10**400, "end": 1, "epochs": 2}}, "a").startswith('{"end": 1')


def test_parts_are_looked_up_without_complaint():
    assert look_up({"a": {"b": 1}}, "a.b") == 1
    assert look_up({"a": 5}, "a.b.c") is None
    assert names_of(None) == names_of(5) == names_of([]) == names_of([1]) == ()
    assert exact({"b": 1, "a": float("nan")}) == exact({"a": float("nan"), "b": 1})


def test_families_of_networks_are_one_factor_called_by_their_names():
    """A config leaves the default family's name out, and writes all of a family's parameters."""
    dense = load_config({"architecture": {"widths": ["auto", 16]}}).plain()
    other = {**dense, "architecture": {"name": "other", "size": 3}}
    assert choose_factors([dense, other]) == ["architecture"]
    assert [value_of(one, "architecture") for one in (dense, other)] == ["dense(widths=[auto, 16])", "other(size=3)"]


def test_one_family_with_other_parameters_differs_in_these():
    one, other = (load_config({"architecture": {"tied": tied}}).plain() for tied in (False, True))
    assert choose_factors([one, other]) == ["architecture.tied"]
