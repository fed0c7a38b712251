"""Simulated runs whose truth is known: how often a verdict is wrong, and how often it comes when it should.

Everything goes through reach_verdicts. Rates are measured with fixed generators, and a limit has room for the error of
the simulation itself: three standard errors, unless a sentence says more.
"""

import math

import numpy as np
import pytest

from aecli.comparison.evidence.candidates import Candidate
from aecli.comparison.evidence.measures import measure
from aecli.comparison.evidence.rope import Rope
from aecli.comparison.statistics.intervals import mean_interval, welch
from aecli.comparison.statistics.relative import relative_difference
from aecli.comparison.statistics.sample_size import Seen, seeds_to_decide
from aecli.comparison.verdicts.decide import reach_verdicts
from aecli.comparison.verdicts.ranking import best_candidate

METRICS = [measure("mse"), measure("mae"), measure("ssim")]
NO_BAND = Rope(1e-12, False)
ONE_PER_CENT = Rope(0.01, True)
DRAWS = {
    "normal": lambda random, shape: random.normal(size=shape),
    "skewed": lambda random, shape: random.lognormal(size=shape),
    "heavy tails": lambda random, shape: random.standard_t(2, size=shape),
}
pytestmark = pytest.mark.slow


def make_candidates(values, *, is_paired=True):
    """Candidates from (candidates, metrics, seeds); with seeds of their own where they are not paired."""
    made = []
    for number, of_metrics in enumerate(values):
        first = 0 if is_paired else 1000 * number
        read = {
            metric.name: dict(enumerate(row, first)) for metric, row in zip(METRICS, of_metrics.tolist(), strict=False)
        }
        made.append(Candidate(str(number), {}, (), (), read))
    return made


def judge(values, *, rope=NO_BAND, is_paired=True, was_chosen=False):
    """The verdicts on all candidates against the first, or against the best."""
    candidates = make_candidates(values, is_paired=is_paired)
    baseline = best_candidate(candidates, METRICS[0]) if was_chosen else candidates[0]
    return reach_verdicts(candidates, baseline, METRICS[: len(values[0])], rope, was_chosen=was_chosen)


def is_claim(verdict):
    return verdict.kind in ("better", "worse")


def limit(rate, count):
    """A rate with three standard errors of its measurement."""
    return rate + 3 * math.sqrt(rate * (1 - rate) / count)


def share_of_false_claims(make, count, **options):
    """How often any verdict on candidates that do not differ is better or worse."""
    return sum(any(is_claim(verdict) for verdict in judge(make(), **options)) for _ in range(count)) / count


@pytest.mark.parametrize("n", [5, 10, 30])
@pytest.mark.parametrize("is_paired", [True, False], ids=["paired", "unpaired"])
def test_two_equal_candidates_are_told_apart_in_at_most_five_per_cent(n, is_paired):
    random = np.random.default_rng([1, n])
    shared = 2.0 * is_paired
    rate = share_of_false_claims(
        lambda: 10 + random.normal(size=(2, 1, n)) + shared * random.normal(size=(1, 1, n)),
        2000,
        is_paired=is_paired,
        was_chosen=True,
    )
    assert rate <= limit(0.05, 2000)
    assert rate > 0.03, "a test that never finds anything would be wrong as seldom"


@pytest.mark.parametrize("shared", [0.0, 1.0, 4.0], ids=lambda value: f"shared {value:g}")
def test_so_are_two_that_share_too_few_seeds_to_be_paired(shared):
    """Ten seeds each, two in common: unpaired, whatever a seed does to both."""
    random, claims = np.random.default_rng(11), 0
    for _ in range(2000):
        effect = shared * random.normal(size=18)
        first, second = 10 + effect[:10] + random.normal(size=10), 10 + effect[8:] + random.normal(size=10)
        pair = [
            Candidate("a", {}, (), (), {"test.mse": dict(enumerate(first))}),
            Candidate("b", {}, (), (), {"test.mse": dict(enumerate(second, 8))}),
        ]
        (verdict,) = reach_verdicts(pair, best_candidate(pair, METRICS[0]), METRICS[:1], NO_BAND, was_chosen=True)
        assert verdict.seeds == ()
        claims += is_claim(verdict)
    assert 0.02 < claims / 2000 <= limit(0.05, 2000)


@pytest.mark.parametrize("n", [5, 10])
@pytest.mark.parametrize(
    ("ratio", "shared", "own"),
    [
        (1.05, 0, 0.08),
        (1.3, 0, 0.08),
        (1.7, 0, 0.08),
        (2.9, 0, 0.08),
        (1.0, 0.08, 0.002),
        (1.1, 0.08, 0.002),
        (1.7, 0.08, 0.02),
    ],
    ids=str,
)
@pytest.mark.parametrize("is_paired", [True, False], ids=["paired", "unpaired"])
def test_relative_intervals_cover_what_they_promise(n, ratio, shared, own, is_paired):
    """The mean of the baseline is as uncertain as the difference; taken for exact, 66 % to 95 % were covered."""
    random, covered = np.random.default_rng([12, n]), 0
    for _ in range(2000):
        effect = shared * random.normal(size=(2, n))
        ours, theirs = (
            ratio + effect[0] + own * random.normal(size=n),
            1 + effect[1 - is_paired] + own * random.normal(size=n),
        )
        found = relative_difference(dict(enumerate(ours)), dict(enumerate(theirs, 0 if is_paired else 100)))
        covered += found.low <= ratio - 1 <= found.high
    assert 0.93 < covered / 2000 < 0.97


@pytest.mark.parametrize("n", [10, 30])
@pytest.mark.parametrize("draw", ["skewed", "heavy tails"])
@pytest.mark.parametrize("is_paired", [True, False], ids=["paired", "unpaired"])
def test_so_are_values_that_are_not_normal(n, draw, is_paired):
    random = np.random.default_rng([2, n])
    assert share_of_false_claims(lambda: 10 + DRAWS[draw](random, (2, 1, n)), 600, is_paired=is_paired) <= limit(
        0.05, 600
    )


@pytest.mark.parametrize(
    ("count", "metrics", "was_chosen", "draw"),
    [
        (3, 1, True, "normal"),
        (5, 1, True, "normal"),
        (4, 1, False, "normal"),
        (3, 2, True, "normal"),
        (4, 1, True, "skewed"),
        (4, 1, True, "heavy tails"),
    ],
    ids=[
        "3, the best",
        "5, the best",
        "4, a named one",
        "3 by 2 metrics, the best",
        "4 skewed, the best",
        "4 with heavy tails, the best",
    ],
)
@pytest.mark.parametrize(("n", "simulations"), [(10, 700), (30, 500)], ids=["10 seeds", "30 seeds"])
def test_a_whole_family_holds_a_false_claim_in_at_most_five_per_cent(count, metrics, was_chosen, draw, n, simulations):
    random = np.random.default_rng([3, n, count])
    rate = share_of_false_claims(
        lambda: 10 + DRAWS[draw](random, (count, metrics, n)), simulations, was_chosen=was_chosen
    )
    assert rate <= limit(0.05, simulations)


def test_to_correct_for_the_candidates_alone_would_not_be_enough_where_the_best_is_the_baseline():
    """Why all pairs count: the best of five equal ones stands out against the others."""
    random = np.random.default_rng(4)
    claims = 0
    for _ in range(500):
        candidates = make_candidates(10 + random.normal(size=(5, 1, 10)))
        best = best_candidate(candidates, METRICS[0])
        claims += any(is_claim(one) for one in reach_verdicts(candidates, best, METRICS[:1], NO_BAND, was_chosen=False))
    assert claims / 500 > 0.07


@pytest.mark.parametrize(("ours", "theirs", "spread"), [(5, 30, 3.0), (10, 10, 4.0), (30, 5, 0.3)], ids=str)
def test_unequal_spreads_without_pairs_are_no_difference(ours, theirs, spread):
    """Four candidates: permutation alone would make claims in more than 15 % of such families of 5 against 30."""
    random, claims, count = np.random.default_rng([5, ours]), 0, 600
    for _ in range(count):
        baseline = Candidate("b", {}, (), (), {"test.mse": dict(enumerate(10 + random.normal(size=theirs)))})
        others = [
            Candidate(
                str(at), {}, (), (), {"test.mse": dict(enumerate(10 + spread * random.normal(size=ours), 1000 * at))}
            )
            for at in (1, 2, 3, 4)
        ]
        claims += any(
            is_claim(one)
            for one in reach_verdicts([baseline, *others], baseline, METRICS[:1], NO_BAND, was_chosen=False)
        )
    assert claims / count <= limit(0.055, count), "Welch's test itself is at 5.5 % for some sizes"


@pytest.mark.parametrize(("n", "low", "high"), [(10, 0.03, 0.12), (30, 0.03, 0.09)], ids=["10 seeds", "30 seeds"])
def test_lopsided_differences_around_0_are_claimed_too_often_and_by_how_much_is_known(n, low, high):
    """The limit of every test of few seeds, as the module statistics says."""
    random = np.random.default_rng([6, n])
    rate = share_of_false_claims(lambda: np.stack([np.zeros((1, n)), random.exponential(size=(1, n)) - 1]), 1000)
    assert low < rate < high


@pytest.mark.parametrize("n", [5, 10, 30])
def test_intervals_cover_what_they_promise(n):
    random = np.random.default_rng([7, n])
    pairs, a, b = random.normal(size=(4000, n)), random.normal(size=(4000, n)), 3 * random.normal(size=(4000, 5))
    for found in ([mean_interval(row) for row in pairs], [welch(*rows)[0] for rows in zip(a, b, strict=True)]):
        assert 0.93 < np.mean([one.low <= 0 <= one.high for one in found]) < 0.97
    tails = [mean_interval(row) for row in random.standard_t(3, size=(4000, n))]
    assert 0.94 < np.mean([one.low <= 0 <= one.high for one in tails]) < 0.98
    skewed = [mean_interval(row) for row in random.exponential(size=(4000, n))]
    assert {5: 0.86, 10: 0.88, 30: 0.91}[n] < np.mean([one.low <= 1 <= one.high for one in skewed]) < 0.97


@pytest.mark.parametrize(
    ("spread", "own", "is_paired"),
    [(0.1, 0.0003, True), (0.01, 0.004, True), (0.003, 0.0, False)],
    ids=["the band is uncertain", "paired", "unpaired"],
)
@pytest.mark.parametrize("edge", [0.01, -0.01, 0.012], ids=["upper edge", "lower edge", "outside"])
def test_a_difference_at_the_edge_of_the_band_is_seldom_called_equivalent(spread, own, is_paired, edge):
    for n in (5, 10, 30):
        random = np.random.default_rng([8, n])
        found = 0
        for _ in range(400):
            baseline = 1 + spread * random.normal(size=n)
            like = baseline if is_paired else 1 + spread * random.normal(size=n)
            values = np.stack([baseline, like + edge + own * random.normal(size=n)])[:, None]
            found += judge(values, rope=ONE_PER_CENT, is_paired=is_paired)[0].kind == "equivalent"
        assert found / 400 <= limit(0.025, 400), "each side of the interval leaves 2.5 %"


def test_equal_candidates_are_called_equivalent_where_the_band_is_wide_enough():
    random = np.random.default_rng(9)
    kinds = [judge(1 + 0.001 * random.normal(size=(2, 1, 10)), rope=ONE_PER_CENT)[0].kind for _ in range(100)]
    assert set(kinds) == {"equivalent"}


@pytest.mark.parametrize("count", [1, 3], ids=["one comparison", "three"])
@pytest.mark.parametrize(
    ("effect", "band"),
    [(2.0, 1e-9), (1.5, 1e-9), (1.0, 1e-9), (0.7, 1e-9), (0.0, 0.7), (0.3, 0.7)],
    ids=lambda value: f"{value:g}",
)
@pytest.mark.parametrize("is_paired", [True, False], ids=["paired", "unpaired"])
def test_as_many_seeds_as_it_asks_for_decide_in_about_eighty_per_cent(effect, band, count, is_paired):
    """Somewhat more in a family: the number is for the first of Holm's steps, and the others ask for less."""
    inner = 0.05 * min(1, 2 / count)
    seen = Seen(difference=effect, sd=1.0, band=band, level=0.05 / count, inner=inner, is_paired=is_paired)
    n = seeds_to_decide(seen)
    random, decided, simulations = np.random.default_rng([10, n, count]), 0, 250
    for _ in range(simulations):
        shared = random.normal(size=n) if is_paired else 0.0
        own = 1.0 if is_paired else math.sqrt(0.5)
        baseline = 10 + (shared if is_paired else own * random.normal(size=n))
        others = [10 + shared + effect + own * random.normal(size=n) for _ in range(count)]
        decided += (
            judge(np.stack([baseline, *others])[:, None], rope=Rope(band, False), is_paired=is_paired)[0].kind
            != "undecided"
        )
    assert 0.70 <= decided / simulations <= (0.95 if count == 1 else 0.99), n
