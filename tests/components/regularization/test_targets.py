"""What weights can buy: which numbers, how far off they are, and what is refused."""

import math

import numpy as np
import pytest
import torch
from small_nets import net

from aecli.components.architecture import NetworkTraits
from aecli.components.evaluation.suites import SUITES
from aecli.components.regularization import REGULARIZERS
from aecli.components.regularization.targets import ACTIVE_UNITS, ZERO_WEIGHTS, Target
from aecli.evaluation.instruments import code_statistics
from aecli.evaluation.suites.sparsity import describe_total

TARGETS = {target.measure: target for entry in REGULARIZERS.values() for target in entry.facts.targets}


@pytest.mark.parametrize("measure", TARGETS)
def test_what_is_bought_is_a_measure_of_a_suite_with_a_direction(measure):
    suite, _, name = measure.partition(".")
    better = SUITES[suite].facts.measures[name].better
    assert better == ("higher" if TARGETS[measure].is_share else "lower"), "a larger weight moves it there"


@pytest.mark.parametrize("name", REGULARIZERS)
def test_a_regularizer_has_targets_or_says_why_it_has_none(name):
    facts = REGULARIZERS[name].facts
    assert not facts.targets or facts.weight is not None
    assert facts.targets or facts.untargeted


def test_active_units_are_counted_as_the_suite_counts_them():
    code_BL = torch.relu(torch.randn(50, 7, generator=torch.Generator().manual_seed(3)))
    assert ACTIVE_UNITS.read(None, code_BL).item() == pytest.approx(
        code_statistics.describe(code_BL.double().numpy())["active_per_image"]
    )


@pytest.mark.parametrize("measure", [measure for measure in TARGETS if measure.startswith("sparsity.")])
def test_numbers_of_the_weights_are_those_of_the_suite(measure):
    model = net()
    with torch.no_grad():
        next(model.parameters())[0] = 0.0
    at = SUITES["sparsity"].facts.measures[measure.partition(".")[2]].path.split(".")
    suite = describe_total(model)[at[0]][at[1]]
    assert TARGETS[measure].read(model, torch.empty(0, 0)).item() == pytest.approx(suite, rel=1e-5)


def test_the_excess_is_above_0_while_there_is_too_much_left():
    assert ACTIVE_UNITS.excess(64, 32) == pytest.approx(math.log(2)) == pytest.approx(-ACTIVE_UNITS.excess(16, 32))
    assert ZERO_WEIGHTS.excess(0.8, 0.9) == pytest.approx(math.log(2)), "twice as many weights are left"
    assert np.isfinite(ACTIVE_UNITS.excess(0, 32))
    assert ACTIVE_UNITS.is_reached(33.5, 32)
    assert not ACTIVE_UNITS.is_reached(34, 32)


@pytest.mark.parametrize(
    ("target", "goal", "traits", "wrong"),
    [
        (ACTIVE_UNITS, 8, NetworkTraits(code_size=32, code_activation="relu"), []),
        (ACTIVE_UNITS, 8, NetworkTraits(), []),
        (ACTIVE_UNITS, -1, NetworkTraits(), ["must be above 0, got -1"]),
        (
            ACTIVE_UNITS,
            32,
            NetworkTraits(code_size=32, code_activation="relu"),
            ["must be less than the code size 32, got 32"],
        ),
        (
            ACTIVE_UNITS,
            8,
            NetworkTraits(code_activation="sigmoid"),
            ["no unit of a sigmoid code is ever exactly 0; set architecture.code_activation: relu"],
        ),
        (ZERO_WEIGHTS, 1, NetworkTraits(), ["must be above 0 and below 1, since it is a share; got 1"]),
        (ZERO_WEIGHTS, 0.9, NetworkTraits(), []),
    ],
)
def test_goals_that_nothing_can_buy_are_refused(target: Target, goal, traits, wrong):
    assert list(target.refuse(goal, traits)) == wrong
