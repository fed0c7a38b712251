"""Why a verdict is open: the reason that is given is the one that kept the rules from deciding."""

import re

import numpy as np
import pytest
from fake_candidates import BASE, MSE, ONE_PER_CENT, around, candidate, judge_two

from aecli.comparison.evidence.candidates import Candidate, fold
from aecli.comparison.evidence.collect import collect
from aecli.comparison.telling.verdict_words import reason_words
from aecli.comparison.verdicts.decide import reach_verdicts

pytestmark = pytest.mark.filterwarnings("error")
"""A warning in the middle of a comparison would tell the user nothing."""


def test_it_says_so_where_the_band_is_too_uncertain_to_decide():
    base = around(1.0, 1.0, 8)
    found = judge_two(base + around(0.0, 0.008, 8)[::-1], base)
    assert found.kind == "undecided" and found.difference.estimate.high < found.band
    assert (
        reason_words(found)
        == "the interval fits into the band, but the band, a share of the baseline's mean, is itself too uncertain"
    )
    assert found.needed > 8


def test_two_pairs_cannot_decide_and_it_says_so():
    found = judge_two(np.ones(2) + np.arange(2) / 100 + 5, np.ones(2))
    assert (found.kind, found.needed, found.p_corrected) == ("undecided", 3, None)
    assert reason_words(found) == "2 common seeds cannot decide"
    assert judge_two([1.0, 5.0], [1.0, 5.0]).kind == "undecided", "nor that two are equivalent"


@pytest.mark.parametrize("n", [3, 4, 5])
@pytest.mark.parametrize("others", [0, 1, 14])
def test_three_seeds_decide_what_is_huge(n, others):
    """188 % with every seed is no open question, however many others are compared."""
    random = np.random.default_rng(n)
    base = candidate("base", 1 + 0.05 * random.normal(size=n))
    ours = candidate("ours", 2.88 + 0.05 * random.normal(size=n))
    beside = [candidate(str(at), 1 + 0.05 * random.normal(size=n)) for at in range(others)]
    found = reach_verdicts([base, ours, *beside], base, [MSE], ONE_PER_CENT, was_chosen=False)
    assert found[0].kind == "worse" and found[0].relative.low > 1


def test_an_interval_with_0_in_it_is_the_reason():
    found = judge_two(BASE + around(0.01, 0.05), BASE)
    assert reason_words(found) == "the interval includes 0" and found.needed > 10


def test_a_small_p_beside_an_interval_with_0_in_it_is_not_enough():
    """Lopsided differences: their interval reaches further than Student's test knows of."""
    found = judge_two(1 + np.array([0.5, 0.6, 0.6, 0.55, 0.65, -0.5, 0.6]), np.ones(7))
    assert found.p_corrected < 0.05 and found.difference.estimate.low < 0
    assert (found.kind, reason_words(found)) == ("undecided", "the interval includes 0")


def test_a_large_p_beside_an_interval_without_0_is_the_reason():
    base = candidate("base", BASE)
    ours = candidate("ours", BASE + around(0.08, 0.1))
    (found,) = reach_verdicts([ours, base], base, [MSE], ONE_PER_CENT, was_chosen=False, level=0.01)
    assert re.fullmatch(r"the interval leaves out 0, but p = 0\.03\d* is not below 0\.01", reason_words(found))


def test_the_correction_is_the_reason_only_where_it_is():
    base = candidate("base", BASE)
    others = [candidate(str(shift), BASE + around(shift, 0.1)) for shift in (0.08, 0.079, 0.081)]
    alone = reach_verdicts([others[0], base], base, [MSE], ONE_PER_CENT, was_chosen=False)[0]
    assert alone.kind == "worse"
    found = reach_verdicts([*others, base], base, [MSE], ONE_PER_CENT, was_chosen=False)
    assert {one.kind for one in found} == {"undecided"}
    for one in found:
        assert re.fullmatch(
            r"p = 0\.0[234]\d* is not below 0\.05 after the correction for 3 comparisons", reason_words(one)
        ), reason_words(one)
        assert one.difference.p < 0.05 <= one.p_corrected and one.needed > 10


def test_without_common_seeds_nothing_is_paired():
    found = judge_two(BASE[:3] + 0.001, BASE[:2] + 0.1, first=70)
    assert (found.seeds, found.difference.paired, found.kind) == ((), False, "undecided")
    assert reason_words(found) == "3 and 2 seeds cannot decide"
    assert found.needed >= 3, "of each"
    assert judge_two(BASE[:4] + 1, BASE[:4], first=3).seeds == (), "a single common seed makes no pairs"
    found = judge_two(BASE + 1, BASE, first=8)
    assert (found.seeds, found.kind, found.difference.estimate.n) == ((), "worse", 10), (
        "two common ones do not throw away all others"
    )
    assert judge_two(BASE + 1, BASE, first=3).seeds == tuple(range(3, 10))


def test_single_seeds_say_nothing_and_how_many_would_at_least(write_run):
    runs = collect([write_run(seed=0, test={"mse": 1.0}), write_run(seed=0, set=["loss=mae"], test={"mse": 2.0})]).runs
    candidates = fold(runs)[1]
    (found,) = reach_verdicts(candidates, candidates[0], [MSE], ONE_PER_CENT, was_chosen=True)
    assert (found.kind, found.p_corrected, found.images, found.seeds) == ("undecided", None, None, (0,))
    assert (reason_words(found), found.needed) == ("one seed each says nothing about the spread over seeds", 3)


def test_a_single_common_seed_beside_others_is_named_as_such(write_seeds, write_run):
    runs = collect([*write_seeds([1.0, 1.1, 1.2]), write_run(seed=1, set=["loss=mae"], test={"mse": 2.0})]).runs
    candidates = fold(runs)[1]
    (found,) = reach_verdicts(candidates, candidates[0], [MSE], ONE_PER_CENT, was_chosen=True)
    assert (reason_words(found), found.seeds) == ("a single common seed says nothing about the spread over seeds", (1,))
    assert found.difference.estimate.mean == pytest.approx(0.9)


def test_a_single_value_of_another_seed_cannot_be_compared():
    found = judge_two([1.0], [1.0, 2.0], first=9)
    assert (found.kind, found.difference, found.needed) == ("undecided", None, 3)
    assert reason_words(found) == "no common seed, and a single value has no spread"


def test_what_was_not_measured_is_named():
    base, bare = candidate("base", BASE), Candidate("bare", {}, (), (), {MSE.name: {}})
    for pair, chosen in (([base, bare], base), ([base, bare], bare)):
        (found,) = reach_verdicts(pair, chosen, [MSE], ONE_PER_CENT, was_chosen=False)
        assert (found.kind, reason_words(found)) == ("not measured", "test.mse was not measured for bare")


def test_a_metric_that_is_no_number_was_measured(write_run):
    paths = [write_run(test={"mse": 1.0}), write_run(test={"mse": float("nan")}, set=["loss=mae"])]
    candidates = fold(collect(paths).runs)[1]
    (found,) = reach_verdicts(candidates, candidates[0], [MSE], ONE_PER_CENT, was_chosen=True)
    assert (found.kind, reason_words(found)) == ("not measured", "test.mse is no finite number for mae")
