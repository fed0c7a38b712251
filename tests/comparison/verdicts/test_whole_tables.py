"""How often a table holds anything false: with seeds of real runs, beyond the band, and with lopsided differences.

Everything goes through reach_verdicts. Limits have room for three standard errors of the simulation itself.
"""

import math

import numpy as np
import pytest
from real_residuals import MAE_CN, MSE_CN, resample

from aecli.comparison.evidence.candidates import Candidate
from aecli.comparison.evidence.measures import measure
from aecli.comparison.evidence.rope import Rope
from aecli.comparison.statistics.intervals import t_quantile
from aecli.comparison.verdicts.decide import reach_verdicts
from aecli.comparison.verdicts.ranking import best_candidate
from aecli.comparison.verdicts.verdict import BETTER, EQUIVALENT, WORSE

MSE = measure("mse")
BAND = 0.01
BEYOND = 1.2
"""A true difference in bands that is no equivalence."""
WORSE_BY = 0.3
NOISE = {
    "normal": lambda rng, shape: rng.normal(size=shape),
    "lognormal": lambda rng, shape: np.exp(rng.normal(size=shape)) - math.exp(0.5),
    "exponential": lambda rng, shape: rng.exponential(size=shape) - 1,
    "t3": lambda rng, shape: rng.standard_t(3, shape) / math.sqrt(3),
}
BASELINES = pytest.mark.parametrize("was_chosen", [False, True], ids=["given", "chosen"])


def judge(values_KN, *, was_chosen, band=BAND):
    """The baseline and the verdicts on the others."""
    made = [
        Candidate(str(at), {}, (), (), {MSE.name: dict(enumerate(row))}) for at, row in enumerate(values_KN.tolist())
    ]
    baseline = best_candidate(made, MSE) if was_chosen else made[0]
    return baseline, reach_verdicts(made, baseline, [MSE], Rope(band, True), was_chosen=was_chosen)


def limit(rate, count):
    """A rate with three standard errors of its measurement."""
    return rate + 3 * math.sqrt(rate * (1 - rate) / count)


def false_tables(errors_CN, candidates, seeds, was_chosen, *, tables):
    """The share of tables of real residuals without a difference that hold a better or worse."""
    rng = np.random.default_rng([candidates, seeds, was_chosen])
    found = 0
    for _ in range(tables):
        values_KN = resample(errors_CN, candidates, seeds, rng)
        found += any(one.kind in (BETTER, WORSE) for one in judge(values_KN, was_chosen=was_chosen)[1])
    return found / tables


@BASELINES
def test_equal_candidates_with_seeds_of_real_runs_differ_in_five_per_cent_at_most(was_chosen):
    assert false_tables(MSE_CN, 5, 5, was_chosen, tables=60) <= limit(0.05, 60)


@pytest.mark.grid
@BASELINES
@pytest.mark.parametrize("errors_CN", [MSE_CN, MAE_CN], ids=["mse", "mae"])
@pytest.mark.parametrize("seeds", [3, 5, 10, 30])
@pytest.mark.parametrize("candidates", [2, 5, 16])
def test_it_is_so_for_every_size(candidates, seeds, errors_CN, was_chosen):
    tables = 1_000 if candidates < 16 else 400
    assert false_tables(errors_CN, candidates, seeds, was_chosen, tables=tables) <= limit(0.05, tables)


def falsely_equivalent(candidates, seeds, noise, was_chosen, *, correlation, tables):
    """The share of tables that call a pair equivalent whose true difference is 1.2 times the band.

    Every other candidate is as far from the first one, above it or on both sides of it; the interval of a pair is about
    half as wide as the band, where a false one is likeliest.
    """
    rng = np.random.default_rng([candidates, seeds, was_chosen])
    own = 0.5 * BAND * math.sqrt(seeds / 2) / t_quantile(seeds - 1, 0.1 / max(candidates - 1, 2))
    common = own * math.sqrt(correlation / (1 - correlation))
    found = 0
    for at in range(tables):
        side_K = np.where(np.arange(candidates) % 2, 1, 1 if at % 2 else -1) * BEYOND * BAND
        side_K[0] = 0
        seeds_N = common * NOISE[noise](rng, seeds)
        values_KN = 1 + side_K[:, None] + own * NOISE[noise](rng, (candidates, seeds)) + seeds_N
        baseline, verdicts = judge(values_KN, was_chosen=was_chosen)
        named = [one.candidate for one in verdicts if one.kind == EQUIVALENT]
        found += any(side_K[int(label)] != side_K[int(baseline.label)] for label in named)
    return found / tables


@pytest.mark.parametrize("candidates", [2, 5])
def test_what_is_1_2_bands_away_is_equivalent_in_five_per_cent_of_tables_at_most(candidates):
    assert falsely_equivalent(candidates, 10, "normal", False, correlation=0.5, tables=60) <= limit(0.05, 60)


@pytest.mark.grid
@BASELINES
@pytest.mark.parametrize("correlation", [0.0, 0.9])
@pytest.mark.parametrize("noise", ["normal", "lognormal", "t3"])
@pytest.mark.parametrize("seeds", [3, 10, 30, 200])
@pytest.mark.parametrize("candidates", [2, 5, 16])
def test_equivalence_holds_for_every_size(candidates, seeds, noise, correlation, was_chosen):
    rate = falsely_equivalent(candidates, seeds, noise, was_chosen, correlation=correlation, tables=200)
    assert rate <= limit(0.05, 200)


def covered(noise, candidates, seeds, *, tables):
    """How often the intervals of lopsided differences from a baseline with hardly any spread hold the truth, 30 %: that
    of the difference, and that of its share of the baseline, which is printed.
    """
    rng = np.random.default_rng([candidates, seeds])
    found = []
    for _ in range(tables):
        values_KN = 1 + WORSE_BY + 0.05 * NOISE[noise](rng, (candidates, seeds))
        values_KN[0] = 1 + 1e-4 * rng.normal(size=seeds)
        verdicts = judge(values_KN, was_chosen=False)[1]
        ends = [(one.difference.estimate.ends, one.relative.ends) for one in verdicts]
        found += [[low <= WORSE_BY <= high for low, high in both] for both in ends]
    return np.mean(found, axis=0).min()


@pytest.mark.parametrize(("noise", "least"), [("exponential", 0.93), ("lognormal", 0.9)])
def test_intervals_of_lopsided_differences_cover_what_is_promised(noise, least):
    assert covered(noise, 2, 10, tables=200) >= 1 - limit(1 - least, 200)


@pytest.mark.grid
@pytest.mark.parametrize("candidates", [2, 5, 16])
@pytest.mark.parametrize(
    ("noise", "least"), [("normal", 0.94), ("exponential", 0.93), ("lognormal", 0.9), ("t3", 0.94)]
)
def test_they_do_so_in_tables_of_every_size(noise, least, candidates):
    tables = 3_000 // (candidates - 1)
    assert covered(noise, candidates, 10, tables=tables) >= 1 - limit(1 - least, tables)
