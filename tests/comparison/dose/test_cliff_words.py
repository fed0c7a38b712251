"""Cliffs in words: each with what it rests on."""

import math

import pytest

from aecli.comparison.dose.cliff_words import cliff_words
from aecli.comparison.dose.cliffs import find_cliffs
from aecli.comparison.dose.responses import GoalResponse
from aecli.comparison.dose.steps import DoseStep
from aecli.comparison.evidence.measures import measure
from aecli.comparison.evidence.rope import Rope
from aecli.comparison.statistics.intervals import Estimate
from aecli.comparison.statistics.losses import Loss


def words_of(mean, low=None, high=None, *, kind="worse", name="mse", broken=()):
    """What is said of one dose above 0."""
    metric, rope = measure(name), Rope(0.01, True)
    known = low is not None
    loss = Loss(Estimate(mean, 9, low, high), most=high if known else math.inf, error=0.01 * known, degrees=8 * known)
    steps = (
        DoseStep(dose=0.0, label="0", estimate=Estimate(1.0, 9), kind="reference", verdict=None),
        DoseStep(dose=0.1, label="0.1", estimate=Estimate(1, 9), kind=kind, verdict=None, loss=loss, broken=broken),
    )
    cliffs = find_cliffs(steps, rope, metric.scale)
    return cliff_words(GoalResponse(metric=metric, steps=steps, free=None, open_to=None, cliffs=cliffs))


@pytest.mark.parametrize(
    ("loss", "words"),
    [
        ((0.5, 0.4, 0.6), "cliff between 0 and 0.1: 50 % worse (95 % interval 40 % to 60 %, above 10 %)"),
        (
            (0.095, 0.07, 0.12),
            "may be a cliff: 0.1 is 9.5 % worse (95 % interval 7 % to 12 %; a cliff is above 10 %), "
            "at least 21 seeds would decide",
        ),
        ((0.02, 0.01, 0.03), "no cliff up to 0.1 (no dose is more than 3 % worse)"),
        ((-0.3, -0.4, -0.2), "no cliff up to 0.1 (no dose is worse)"),
    ],
    ids=["shown", "may be", "excluded", "better"],
)
def test_a_cliff_is_told_with_its_interval(loss, words):
    assert words_of(*loss) == words


def test_noise_excludes_nothing_and_few_seeds_say_nothing():
    assert words_of(-0.02, -0.2, 0.3, kind="undecided") == (
        "a cliff is not excluded: 0.1 is 2 % better (95 % interval -20 % to +30 %; a cliff is above 10 %)"
    )
    assert words_of(4.0, kind="undecided") == (
        "whether there is a cliff is undecided (0.1 is 400 % worse by 9 seeds, and a claim needs 3; "
        "a cliff is above 10 %)"
    )


def test_a_dose_that_lost_seeds_excludes_no_cliff():
    assert words_of(0.0, -0.01, 0.01, kind="lost seeds", broken=(3,)).endswith(
        "; a cliff is above 10 %), by the seeds that are left: 0.1 lost seed 3"
    )


def test_points_are_no_per_cent():
    assert words_of(0.3, 0.2, 0.4, name="ssim").endswith(": 0.3 worse (95 % interval 0.2 to 0.4, above 0.1)")
