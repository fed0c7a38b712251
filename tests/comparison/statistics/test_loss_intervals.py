"""How much worse candidates are than a baseline, with intervals."""

import math

import numpy as np
import pytest

from aecli.comparison.statistics.losses import losses, share_of_level


@pytest.mark.parametrize("is_share", [True, False])
@pytest.mark.parametrize("ratio", [1.0, 1.1, 3.0])
@pytest.mark.parametrize("is_paired", [True, False])
def test_intervals_cover_what_they_promise(is_paired, ratio, is_share):
    """200 tables: the standard error of a coverage of 95 % is 1.5 %."""
    random, covered = np.random.default_rng(21), 0
    for _ in range(200):
        shared = random.normal(size=8) * is_paired
        made = [dict(enumerate(factor * (1 + 0.04 * (shared + random.normal(size=8))))) for factor in (1, 1, ratio)]
        baseline = {seed + 100 * (not is_paired): value for seed, value in made[0].items()}
        low, high = losses(made[1:], baseline, is_share=is_share)[1].ends
        covered += low <= ratio - 1 <= high
    assert covered / 200 >= 0.91


def test_a_level_is_shared_by_the_sides_of_all_claims():
    assert [share_of_level(claims) for claims in (1, 2, 4)] == [0.05, 0.05, 0.025]


def test_more_families_and_more_candidates_make_it_wider():
    samples = [
        {0: 1.5, 1: 1.52, 2: 1.47, 3: 1.49},
        {0: 1.0, 1: 1.01, 2: 1.0, 3: 1.02},
        {0: 1.2, 1: 1.2, 2: 1.3, 3: 1.1},
    ]
    alone, beside = (losses(samples, samples[1], is_share=True, families=count)[0] for count in (1, 7))
    assert alone.ends[1] < alone.most < beside.most and beside.ends[0] < alone.ends[0] < alone.ends[1] < beside.ends[1]
    assert alone.p_above(0.1) == beside.p_above(0.1) < 1e-3 < 0.5 < alone.p_above(0.6)


def test_two_seeds_have_no_interval_and_no_mean_of_0_has_a_share():
    (two,) = losses([{0: 2.0, 1: 2.2}], {0: 1.0, 1: 1.1}, is_share=True)
    assert (two.ends, two.most, two.p_above(0.1)) == ((-math.inf, math.inf), math.inf, None)
    assert losses([{0: 1.0, 1: 2.0, 2: 3.0}], {0: 0.0, 1: 0.0, 2: 0.0}, is_share=True) == [None]
    (same,) = losses([{0: 1.2, 1: 1.2, 2: 1.2}], {0: 1.0, 1: 1.0, 2: 1.0}, is_share=True)
    assert (same.p_above(0.1), same.p_above(0.3)) == (0.0, 1.0)


def test_images_that_are_drawn_too_make_it_wider():
    samples, baseline = [{seed: 1.5 + seed / 100 for seed in range(4)}], {seed: 1.0 for seed in range(4)}
    plain, drawn = (losses(samples, baseline, is_share=True, image_variances=one)[0] for one in (None, [0.01]))
    assert drawn.ends[0] < plain.ends[0] and plain.ends[1] < drawn.ends[1]
