"""Several candidates against one of them: every difference with its interval, and p-values that allow for the others.

All candidates of a table are trained in much the same way, so their differences spread in much the same way, and a
family of many knows that spread better than ten pairs do. The spread that a test rests on is between the pair's own
and that of the family (see `blend`): with ten seeds it has about 30 degrees of freedom in place of nine, and where one
candidate spreads more than the others its own differences still say so. Two candidates are left with Student's test.

Where the baseline is the best one by these very numbers, all pairs have been compared in looking for it: see
`step_down_from_best`. The intervals are widened until they cover what they should for the best of so many.

Simulations with known truth, 3,000 tables each: some false difference in at most .05 of tables of 2 to 16 candidates
without any (normal, lognormal, t3; 3 to 30 seeds; correlation 0 to .9), in at most .06 where the spreads of half of
them are threefold. Of 16 candidates with 10 seeds and a spread of 5 %, one that is better by 10 % is told from .94 of
the others.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from aecli.comparison.statistics.correction import holm, step_down_from_best
from aecli.comparison.statistics.differences import SHARED, STUDENT, Difference, compare_pairs
from aecli.comparison.statistics.intervals import (
    ALPHA,
    Estimate,
    hull,
    mean_and_sd,
    skewness,
    t_p,
    t_quantile,
)
from aecli.comparison.statistics.pairing import FEWEST, common_seeds
from aecli.lazy import np

Values = Mapping[int, float]
"""Seed -> value."""
MANY = 1e6
"""Degrees of freedom of what is as good as known."""
LESS_EFFICIENT = 1.6
"""Variance of a median as a multiple of that of a mean, of normal values about pi / 2."""


@dataclass(frozen=True)
class Spread:
    """What a family says about the spread of the difference of two typical candidates of it."""

    sd: float
    """Standard deviation, from the median over the candidates of their own variances; 0 of fewer than three."""
    candidates: int


def compare_family(
    samples: Sequence[Values],
    baseline: Values,
    *,
    was_chosen: bool,
    image_variances: Sequence[float] | None = None,
) -> list[Difference | None]:
    """Compare each of several candidates with a baseline.

    Args:
        samples: of the others, seed -> value.
        baseline: seed -> value.
        was_chosen: the baseline is the best of all by these numbers, and nobody named it.
        image_variances: what the draw of the test images adds to the variance of each mean difference; nothing where
            verdicts are about these images.

    Returns: in the order of the samples; None where there is no difference. Those with too few seeds are no part of the
        family, and have no corrected p.
    """
    comparisons = pairs_of(len(samples) + 1) if was_chosen else len(samples)
    found = [compare_pairs(one, baseline, comparisons) for one in samples]
    judged = [at for at, one in enumerate(found) if one is not None and one.can_decide]
    is_paired = all(one.paired for at in judged if (one := found[at]))
    if is_paired and judged:
        spread = shared_spread([baseline, *(samples[at] for at in judged)])
        alpha = level_beside_best(len(judged) + 1) if was_chosen else ALPHA
        for at in judged:
            extra = image_variances[at] if image_variances else 0.0
            found[at] = share_spread(samples[at], baseline, spread, alpha=alpha, image_variance=extra)
    p_values = [one.p for at in judged if (one := found[at]) and one.p is not None]
    corrected = correct(p_values, was_chosen=was_chosen, is_paired=is_paired)
    for at, p in zip(judged, corrected, strict=True):
        if one := found[at]:
            found[at] = replace(one, p_corrected=p)
    return found


def correct(p_values: Sequence[float], *, was_chosen: bool, is_paired: bool) -> list[float]:
    """The p-values of a family, corrected as its design allows: see `step_down_from_best` and `holm`."""
    if was_chosen and is_paired:
        return step_down_from_best(p_values)
    return holm(p_values, pairs_of(len(p_values) + 1) if was_chosen else None)


def pairs_of(candidates: int) -> int:
    """How many pairs so many candidates make."""
    return candidates * (candidates - 1) // 2


def shared_spread(samples: Sequence[Values]) -> Spread:
    """The variance of the difference of two typical candidates, over the seeds that pairs have in common.

    The variance of a candidate follows from those of its differences from all others. The median over the candidates is
    taken, so that one that collapses now and then hides nothing about the others.

    Source: Grubbs 1948, Journal of the American Statistical Association 43, 243
    """
    candidates = len(samples)
    if candidates < 3:
        return Spread(0.0, candidates)
    seeds = sorted({seed for one in samples for seed in one})
    values_KN = np.array([[one.get(seed, np.nan) for seed in seeds] for one in samples])
    exponent = math.frexp(float(np.nanmax(np.abs(values_KN))))[1]
    values_KN = np.ldexp(values_KN, -exponent)
    variance_KK = np.zeros((candidates, candidates))
    count_KK = np.zeros((candidates, candidates))
    for at, own_N in enumerate(values_KN):
        differences_KN = values_KN - own_N
        count_KK[at] = np.isfinite(differences_KN).sum(axis=1)
        with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
            centred_KN = differences_KN - np.nansum(differences_KN, axis=1, keepdims=True) / count_KK[at][:, None]
            variance_KK[at] = np.nansum(centred_KN**2, axis=1) / (count_KK[at] - 1)
    is_pair_KK = (count_KK >= FEWEST) & ~np.eye(candidates, dtype=bool)
    partners_K = np.maximum(is_pair_KK.sum(axis=1), 1)
    variance_KK = np.where(is_pair_KK, variance_KK, 0.0)
    means_K = variance_KK.sum(axis=1) / partners_K
    own_K = (means_K * (candidates - 1) - means_K.sum() / 2) / (candidates - 2)
    degrees = max(float(np.median(count_KK[is_pair_KK])) - 1, 1.0) if is_pair_KK.any() else 1.0
    median_of_chi_square = (1 - 2 / (9 * degrees)) ** 3
    variance = max(2 * float(np.median(own_K)) / median_of_chi_square, 0.0)
    return Spread(math.ldexp(math.sqrt(variance), exponent), candidates)


def share_spread(
    candidate: Values, baseline: Values, spread: Spread, *, alpha: float, image_variance: float
) -> Difference:
    """The difference of a pair, with a spread that is half its own and half that of the family."""
    seeds = common_seeds(candidate, baseline)
    differences = np.array([candidate[seed] - baseline[seed] for seed in seeds])
    n, (mean, sd) = len(seeds), mean_and_sd(differences)
    blended, degrees = blend(sd, spread, n - 1)
    of_seeds, of_images = blended / math.sqrt(n), math.sqrt(image_variance)
    error = math.hypot(of_seeds, of_images)
    degrees = min(degrees / (of_seeds / error) ** 4, MANY) if of_images and of_seeds else degrees
    superiority = float(np.mean(differences < 0) + np.mean(differences == 0) / 2)
    return Difference(
        estimate=reach(
            hull(mean, n, error, t_quantile(degrees), skewness(differences)), t_quantile(degrees, alpha) * error
        ),
        superiority=superiority,
        paired=True,
        test=SHARED if spread.candidates > 2 or image_variance else STUDENT,
        p=t_p(mean, error, degrees),
        sd=blended,
        error=error,
        degrees=degrees,
    )


def reach(estimate: Estimate, half: float) -> Estimate:
    """An interval that reaches at least so far from its mean on both sides."""
    low, high = estimate.ends
    return replace(estimate, low=min(low, estimate.mean - half), high=max(high, estimate.mean + half))


def blend(own: float, spread: Spread, degrees: int) -> tuple[float, float]:
    """The spread that a test rests on: between a pair's own and that of the family, and its degrees of freedom.

    The mean of the two variances; where its own is the larger one, each weighs as much as it is large, so that a pair
    that spreads much more than others is judged by its own spread.

    Args:
        own: standard deviation of the differences of a pair.
        spread: of the family.
        degrees: of the pair's own.

    Returns: a standard deviation, and Satterthwaite's degrees of freedom, at most those where all spreads are equal.
    """
    others = spread.candidates - 1
    if others < 2 or not spread.sd:
        return own, float(degrees)
    ratio = (own / spread.sd) ** 2
    weight = ratio / (ratio + 1) if ratio > 1 else 0.5
    blended = weight * ratio + 1 - weight
    of_median = LESS_EFFICIENT / others
    seen = ((weight * ratio) ** 2 + (1 - weight**2) * of_median) / blended**2
    return spread.sd * math.sqrt(blended), degrees / max(seen, (1 + 3 * of_median) / 4)


@lru_cache(maxsize=1000)
def level_beside_best(candidates: int) -> float:
    """One minus the confidence that an interval needs to cover 95 % of the differences from the best of so many.

    That one was the best is luck in part, most where all are equal: the share of the others whose true difference an
    interval of a given width then covers is K times the integral over m of pdf(m) cdf(m)^(K - 2) (cdf(m) - cdf(m -
    width)).

    Example:
        >>> level_beside_best(2), round(level_beside_best(16), 4)
        (0.05, 0.0096)
    """
    from scipy.special import ndtr

    if candidates < 3:
        return ALPHA
    best = np.linspace(-6, 8, 2801)
    density = np.exp(-(best**2) / 2) / math.sqrt(2 * math.pi) * ndtr(best) ** (candidates - 2)

    def covered(width: float) -> float:
        return float(candidates * (density * (ndtr(best) - ndtr(best - width))).sum() * (best[1] - best[0]))

    low, high = 0.0, 12.0
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if covered(middle) < 1 - ALPHA else (low, middle)
    return float(2 * ndtr(-high / math.sqrt(2)))
