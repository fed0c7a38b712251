"""Verdicts: better, worse, equivalent or undecided, and what they must not depend on."""

from dataclasses import replace

import numpy as np
import pytest
from fake_candidates import BASE, MSE, ONE_PER_CENT, around, judge_two

from aecli.comparison.evidence.candidates import Candidate
from aecli.comparison.evidence.measures import measure
from aecli.comparison.evidence.rope import Rope
from aecli.comparison.statistics.intervals import Estimate
from aecli.comparison.statistics.relative import relative_difference
from aecli.comparison.telling.verdict_words import reason_words
from aecli.comparison.verdicts.decide import reach_verdicts
from aecli.comparison.verdicts.shares import in_one_unit

pytestmark = pytest.mark.filterwarnings("error")
"""A warning in the middle of a comparison would tell the user nothing."""


@pytest.mark.parametrize(
    ("difference", "spread", "kind"),
    [
        (-0.1, 0.05, "better"),
        (0.1, 0.05, "worse"),
        (0.0, 0.01, "equivalent"),
        (0.005, 0.005, "equivalent"),
        (0.01, 0.05, "undecided"),
    ],
    ids=["better", "worse", "equivalent", "better or worse, but too little to matter", "undecided"],
)
def test_the_four_verdicts(difference, spread, kind):
    found = judge_two(BASE + around(difference, spread), BASE)
    assert (found.kind, found.seeds, found.comparisons) == (kind, tuple(range(10)), 1)
    assert (found.needed is None, reason_words(found) == "") == (
        (True, True) if kind != "undecided" else (False, False)
    )
    assert found.band == pytest.approx(0.01) and found.relative.mean == pytest.approx(difference, abs=1e-12)


@pytest.mark.parametrize(("metric", "kind"), [("psnr_db", "better"), ("ssim", "better"), ("mse", "worse")])
def test_more_is_better_or_worse_as_the_metric_says(metric, kind):
    found = judge_two(BASE + around(0.1, 0.02), BASE, metric=measure(metric))
    assert (found.kind, found.seeds_won) == (kind, 1.0 if kind == "better" else 0.0)


def test_a_negative_baseline_has_a_band_too():
    found = judge_two(-BASE + around(0.0, 0.01), -BASE)
    assert (found.kind, found.band) == ("equivalent", pytest.approx(0.01))
    assert judge_two(-BASE - 0.1 + around(0, 0.01), -BASE, metric=measure("psnr_db")).kind == "worse"


@pytest.mark.parametrize(
    ("metric", "base", "shift", "band", "kind"),
    [
        ("psnr_db", 20.0, -0.128, 0.0432, "worse"),
        ("psnr_db", 20.0, -0.03, 0.0432, "equivalent"),
        ("ssim", 0.5, 0.008, 0.01, "equivalent"),
    ]
    + [("generalization.gap", -0.001, 0.005, 0.01, "equivalent"), ("train_s", 100.0, 0.9, 1.0, "equivalent")],
)
def test_one_per_cent_is_on_the_scale_of_the_metric(metric, base, shift, band, kind):
    """3 % more squared error are 0.128 dB, which are 0.6 % of 20 dB: that they are 20 means nothing."""
    found = judge_two(base + shift + around(0, 0.001), np.full(10, base), metric=measure(metric))
    assert (found.kind, found.band) == (kind, pytest.approx(band, rel=1e-3))
    assert (found.relative is None) == (metric != "train_s")


def test_a_share_whose_interval_disagrees_with_the_verdict_on_0_has_that_of_the_difference():
    base = np.array([1.0, 2.0, 3.0, 4.0, 5.0, 14.0])
    ours = base + np.array([-0.02, 0.13, 0.2, 0.22, 0.3, 1.4])
    found = judge_two(ours, base)
    assert found.difference.estimate.low < 0 < relative_difference(dict(enumerate(ours)), dict(enumerate(base))).low
    own = found.difference.estimate
    assert found.kind == "undecided" and found.relative.low < 0 < found.relative.high
    assert found.relative.mean == pytest.approx(own.mean / base.mean())
    assert (found.relative.low, found.relative.high) == pytest.approx((own.low / base.mean(), own.high / base.mean()))


def test_a_column_of_verdicts_has_one_unit():
    """By a metric whose mean is 0 for the baseline no difference is a share, and no other is shown as one."""
    values = [0.008, 0.0081, 0.0082]
    verdict = judge_two(np.array(values), np.array([1e-3, 2e-3, 3e-3]))
    assert verdict.relative is not None
    without = replace(verdict, relative=None, candidate="other")
    assert [one.relative for one in in_one_unit([verdict, without])] == [None, None]
    assert in_one_unit([verdict, verdict]) == [verdict, verdict]
    assert in_one_unit([verdict, replace(without, metric=measure("ssim"))])[0] == verdict


def test_a_band_in_units_of_the_metric_does_not_depend_on_the_baseline():
    values = around(0.0, 0.01)
    assert judge_two(values, values + 0.001, rope=Rope(0.002, False)).kind == "equivalent"
    assert judge_two(values, values + 0.001, rope=Rope(0.0005, False)).kind == "better"


def test_a_band_that_is_uncertain_itself_is_not_trusted():
    """The difference is 0.95 % of a mean that is known to 7 %, so whether it is less than 1 % of it nobody knows."""
    base = around(1.0, 0.1)
    found = judge_two(base + 0.0095 + around(0, 1e-5)[::-1], base)
    assert found.difference.estimate.high < found.band
    assert found.kind == "worse", "that there is a difference is certain"


def test_equal_runs_are_equivalent_however_uncertain_the_band_is():
    assert judge_two([1.0, 5.0, 3.0], [1.0, 5.0, 3.0]).kind == "equivalent"
    assert judge_two([0.0] * 5, [0.0] * 5).kind == "equivalent", "a band without width around a mean of 0"


@pytest.mark.parametrize(
    ("count", "metrics", "was_chosen", "family"),
    [(2, 1, True, 1), (4, 1, False, 3), (4, 1, True, 6), (3, 2, True, 6), (1, 1, True, 1)],
)
def test_the_family_is_all_pairs_where_the_baseline_was_chosen(count, metrics, was_chosen, family):
    asked = [MSE, measure("mae")][:metrics]
    values = {metric.name: dict(enumerate(BASE)) for metric in asked}
    candidates = [Candidate(str(at), {}, (), (), values) for at in range(count)]
    found = reach_verdicts(candidates, candidates[0], asked, ONE_PER_CENT, was_chosen=was_chosen)
    assert len(found) == (count - 1) * metrics and all(one.comparisons == family for one in found)
    assert [(one.metric.name, one.candidate) for one in found] == [
        (metric.name, str(at)) for metric in asked for at in range(1, count)
    ]


@pytest.mark.parametrize("scale", [1e-300, 1e-17, 1.0, 1e300])
def test_verdicts_do_not_depend_on_the_scale(scale):
    for difference, spread, kind in ((-0.1, 0.05, "better"), (0.0, 0.01, "equivalent"), (0.01, 0.05, "undecided")):
        for first, n in ((0, 10), (50, 10)):
            found = judge_two((BASE + around(difference, spread, n)) * scale, BASE * scale, first=first)
            assert (
                found.kind == kind if first == 0 or kind != "equivalent" else found.kind in ("equivalent", "undecided")
            )
            assert found.relative.mean == pytest.approx(difference, abs=1e-12)


@pytest.mark.parametrize("n", [3, 6, 20])
def test_differences_of_rounding_are_equivalent(n):
    base = np.linspace(0.1, 0.101, n)
    assert judge_two(base + np.spacing(base), base).kind == "equivalent"
    assert judge_two(np.nextafter(base, 0), base[::-1].copy()[::-1], first=0).kind == "equivalent"


@pytest.mark.parametrize("n", [6, 20])
def test_a_difference_that_is_always_the_same_is_one(n):
    assert judge_two(np.full(n, 0.3), np.full(n, 0.2)).kind == "worse"
    assert judge_two(np.full(n, 0.3), np.full(n, 0.2), first=100).kind == "worse"
    assert judge_two(np.full(n, 1e-17), np.zeros(n)).kind == "worse", "a baseline of 0 has no band"


def test_a_share_of_next_to_nothing_is_no_number():
    assert judge_two([1e300, 2e300], [1e-300, 1e-300]).relative is None
    assert judge_two([1.0, 2.0], [0.0, 0.0]).relative is None
    assert judge_two([1.0, 2.0], [2.0, 2.0]).relative == Estimate(
        -0.25, 2, pytest.approx(-3.4265, abs=1e-4), pytest.approx(2.9265, abs=1e-4)
    )
