"""Cliffs with a known truth: how often one is claimed that is none, and how often one is claimed that is there.

A limit has room for three standard errors of the simulation.
"""

import itertools
import math

import numpy as np
import pytest

from aecli.comparison.dose.cliffs import find_cliffs
from aecli.comparison.dose.doses import DoseGroup
from aecli.comparison.dose.responses import GoalResponse, respond_by
from aecli.comparison.dose.steps import DoseStep
from aecli.comparison.evidence.candidates import Candidate
from aecli.comparison.evidence.measures import measure
from aecli.comparison.evidence.rope import Rope
from aecli.comparison.statistics.intervals import Estimate
from aecli.comparison.statistics.losses import Loss

MSE, ROPE, SPREAD = measure("mse"), Rope(0.01, True), 0.04
NOISE = {
    "normal": lambda random, shape: random.normal(size=shape),
    "lognormal": lambda random, shape: (np.exp(random.normal(size=shape)) - math.sqrt(math.e)) / 2.161,
    "t3": lambda random, shape: random.standard_t(3, size=shape) / math.sqrt(3),
}
"""Draws with mean 0 and standard deviation 1."""
ALL = list(itertools.product((3, 5, 10), NOISE, (0.0, 0.7), (4, 8)))


def simulate(random, losses, n, *, noise="normal", correlation=0.7, curves=1) -> GoalResponse:
    """The response to doses that lose these shares in truth, the first one being the reference."""
    drawn = [NOISE[noise](random, (rows, n)) for rows in (1, len(losses))]
    eps = math.sqrt(correlation) * drawn[0] + math.sqrt(1 - correlation) * drawn[1]
    values = (1 + np.array(losses))[:, None] * (1 + SPREAD * eps)
    rows = [{"test.mse": dict(enumerate(row))} for row in values.tolist()]
    made = tuple(Candidate(str(at), {}, (), (), row) for at, row in enumerate(rows))
    return respond_by(DoseGroup("", "", tuple(map(float, range(len(losses)))), made), MSE, ROPE, curves)


def rate(count, is_met, *case, **options) -> float:
    """How often something is so of simulated responses."""
    random = np.random.default_rng([13, count, case[1]])
    return sum(bool(is_met(simulate(random, *case, **options))) for _ in range(count)) / count


def limit(share, count) -> float:
    """A share with three standard errors of its measurement."""
    return share + 3 * math.sqrt(share * (1 - share) / count)


def has_cliff(response):
    return response.cliff


@pytest.mark.parametrize("losses", [[0, 0, 0, 0.095], [0, 0.095, 0.095, 0.095]], ids=["the last dose", "all doses"])
def test_a_loss_of_nine_and_a_half_per_cent_is_seldom_called_a_cliff_above_ten(losses):
    """60 tables: the standard error of a rate of 5 % is 2.8 %; the slow ones below are eight times as many."""
    assert rate(60, has_cliff, losses, 10) <= 0.05


def test_a_loss_of_fifteen_per_cent_is_called_a_cliff():
    """40 tables: the standard error of a rate of 90 % is 4.7 %."""
    assert rate(40, has_cliff, [0, 0, 0, 0, 0, 0.15], 10) >= 0.9


@pytest.mark.slow
def test_it_is_called_in_nine_tables_of_ten():
    """400 tables: the standard error of a rate of 90 % is 1.5 %."""
    assert rate(400, has_cliff, [0, 0, 0, 0, 0, 0.15], 10) >= 0.9


def test_three_seeds_tell_what_is_huge_and_where_two_say_nothing():
    random = np.random.default_rng(1)
    responses = [simulate(random, [0, 0, 1.88], n) for n in (3, 2) for _ in range(20)]
    assert sum(one.cliff is not None for one in responses[:20]) >= 19
    assert not any(one.cliff or one.cliffs.may_start for one in responses[20:])
    assert all(one.cliffs.is_open and one.free is None for one in responses[20:])


@pytest.mark.grid
@pytest.mark.parametrize(("n", "noise", "correlation", "doses"), ALL, ids=str)
def test_whatever_the_noise_a_smaller_loss_is_no_cliff(n, noise, correlation, doses):
    """500 tables: the standard error of a rate of 5 % is 1.0 %."""
    for losses in ([*[0] * (doses - 1), 0.095], [0, *[0.095] * (doses - 1)], [0, *[0.0, 0.3] * (doses // 2), 0.095]):
        assert rate(500, has_cliff, losses, n, noise=noise, correlation=correlation) <= 0.05


@pytest.mark.grid
@pytest.mark.parametrize(("n", "noise", "correlation", "doses"), ALL, ids=str)
def test_a_cliff_is_excluded_wrongly_in_at_most_five_per_cent(n, noise, correlation, doses):
    def is_excluded(response):
        return not response.cliff and not response.cliffs.is_open

    losses = [*[0] * (doses - 1), 0.105]
    assert rate(500, is_excluded, losses, n, noise=noise, correlation=correlation) <= limit(0.05, 500)


@pytest.mark.grid
@pytest.mark.parametrize("n", [3, 5, 10])
@pytest.mark.parametrize("noise", NOISE)
def test_the_place_of_a_cliff_is_wrong_in_at_most_five_per_cent(n, noise):
    """Between two doses: the loss at the first is above the limit in truth, or that at the second is below it."""
    losses = [0, 0.02, 0.095, 0.105, 0.14, 0.5]

    def is_wrong(response):
        return response.cliff and (losses[int(response.cliff.before)] > 0.1 or losses[int(response.cliff.start)] < 0.1)

    assert rate(1000, is_wrong, losses, n, noise=noise) <= limit(0.05, 1000)


def step(label, low, high, kind="worse", most=None):
    """A dose of which only the interval of its loss is known."""
    loss = Loss(Estimate((low + high) / 2, 5, low, high), most=high if most is None else most, error=0.01, degrees=4)
    return DoseStep(dose=0.0, label=label, estimate=Estimate(1.0, 5), kind=kind, verdict=None, loss=loss)


REFERENCE = DoseStep(0.0, "0", Estimate(1.0, 5), "reference", None)


@pytest.mark.parametrize(
    ("steps", "found", "may_start", "is_open"),
    [
        ([step("a", -0.01, 0.01, "equivalent"), step("b", 0.4, 0.5)], ("a", "b"), None, False),
        ([step("a", 0.07, 0.12), step("b", 0.4, 0.5)], ("0", "b"), None, False),
        ([step("a", 0.03, 0.09, most=0.11), step("b", 0.4, 0.5)], ("0", "b"), None, False),
        ([step("a", 0.4, 0.5), step("b", 0.07, 0.12)], None, "a", True),
        ([step("a", 0.0, 0.02, "undecided"), step("b", 0.07, 0.12)], None, "b", True),
        ([step("a", 0.0, 0.02, "undecided"), step("b", -0.2, 0.3, "undecided")], None, None, True),
        ([step("a", 0.0, 0.02, "undecided"), step("b", 0.05, 0.09)], None, None, False),
        ([step("a", 0.4, 0.5, "undecided")], None, "a", True),
    ],
    ids=["shown", "two places", "chosen among many", "a dip that may be none", "may be", "noise", "excluded", "unsure"],
)
def test_what_the_intervals_allow_to_say(steps, found, may_start, is_open):
    cliffs = find_cliffs([REFERENCE, *steps], ROPE, "ratio")
    own = cliffs.found and (cliffs.found.before, cliffs.found.start)
    assert (own, cliffs.may_start, cliffs.is_open) == (found, may_start, is_open)
