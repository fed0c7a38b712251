"""How much worse each of several candidates is than a baseline, with an interval to be held against a limit.

A share of the baseline's mean knows that this mean is uncertain too (Cochran 1977, section 6.4), the ends allow for
lopsided differences (see `hull`), and the spread is half a pair's own and half that of the family (see `blend`).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from aecli.comparison.statistics.families import MANY, Spread, blend, shared_spread
from aecli.comparison.statistics.intervals import (
    ALPHA,
    Estimate,
    hull,
    mean_and_sd,
    skewness,
    t_quantile,
    welch,
)
from aecli.comparison.statistics.pairing import FEWEST, common_seeds
from aecli.lazy import np

Values = Mapping[int, float]
"""Seed -> value, of which smaller is better."""


@dataclass(frozen=True)
class Loss:
    """How much worse a candidate is than the baseline: below 0 it is better."""

    estimate: Estimate
    """Without ends where fewer than three seeds say nothing about their spread."""
    alpha: float = ALPHA
    """One minus the confidence of its interval."""
    most: float = math.inf
    """Upper end that holds for all candidates of the family together."""
    error: float = 0.0
    """Standard error."""
    degrees: float = 0.0
    """Degrees of freedom of the standard error; 0 where it is not known."""

    @property
    def ends(self) -> tuple[float, float]:
        """The ends of the interval; infinite where there is none."""
        low, high = self.estimate.low, self.estimate.high
        return (-math.inf if low is None else low, math.inf if high is None else high)

    def p_above(self, limit: float) -> float | None:
        """One-sided p-value of Student's t for being worse by more than a limit; None where nothing is known."""
        from scipy.special import stdtr

        if not self.degrees:
            return None
        if not self.error:
            return float(self.estimate.mean <= limit)
        return float(stdtr(self.degrees, (limit - self.estimate.mean) / self.error))


def losses(
    samples: Sequence[Values],
    baseline: Values,
    *,
    is_share: bool,
    families: int = 1,
    image_variances: Sequence[float] | None = None,
) -> list[Loss | None]:
    """How much worse each candidate is, each side of its interval at 5 % over the number of families, at most 2.5 %.

    Args:
        samples: of the candidates, turned so that smaller is better.
        baseline: the same of the baseline.
        is_share: losses are shares of the baseline's mean, else differences.
        families: in how many such families a claim could be made.
        image_variances: what the draw of the test images adds to the variance of each mean difference.

    Returns: in the order of the samples; None where there is no difference, or no share of such a mean.

    Example:
        >>> found, = losses([{0: 1.5, 1: 1.52, 2: 1.48}], {0: 1.0, 1: 1.0, 2: 1.0}, is_share=True)
        >>> [round(end, 2) for end in found.ends], found.p_above(0.1) < 0.001
        ([0.45, 0.55], True)
    """
    alpha = share_of_level(families)
    of_all = share_of_level(families * max(len(samples), 1))
    spread = spread_of(samples, baseline, is_share=is_share)
    found = []
    for at, sample in enumerate(samples):
        variance = image_variances[at] if image_variances else 0.0
        own = loss(sample, baseline, spread, is_share=is_share, image_variance=variance)
        found.append(None if own is None else own.at(alpha, of_all))
    return found


def share_of_level(claims: int) -> float:
    """One minus the confidence of an interval, each side of which has a share of the 5 %, at most 2.5 %."""
    return min(1.0, 2 / claims) * ALPHA


@dataclass(frozen=True)
class RawLoss:
    """A loss before it is known how sure its interval has to be."""

    mean: float
    n: int
    error: float = 0.0
    degrees: float = 0.0
    skew: float = 0.0

    def at(self, alpha: float, of_all: float) -> Loss:
        """With an interval of confidence 1 - alpha, and an upper end at that which holds for all."""
        if not self.degrees:
            return Loss(Estimate(self.mean, self.n), alpha)
        own, wide = (
            hull(self.mean, self.n, self.error, t_quantile(self.degrees, one), self.skew) for one in (alpha, of_all)
        )
        return Loss(own, alpha, wide.ends[1], self.error, self.degrees)


def loss(sample: Values, baseline: Values, spread: Spread, *, is_share: bool, image_variance: float) -> RawLoss | None:
    """How much worse a candidate is, over the seeds by which the two are paired; see `losses`."""
    if not sample or not baseline:
        return None
    seeds = common_seeds(sample, baseline)
    ours, theirs = (np.array([one[seed] for seed in seeds or one], float) for one in (sample, baseline))
    mean = mean_and_sd(theirs)[0]
    unit = abs(mean) if is_share else 1.0
    if not unit:
        return None
    share = (mean_and_sd(ours)[0] - mean) / unit
    n = min(len(ours), len(theirs))
    if n < FEWEST:
        return RawLoss(share, n)
    theirs = theirs * (1 + share * math.copysign(1, mean)) if is_share else theirs
    if not seeds:
        _, error, degrees = welch(ours, theirs)
        return RawLoss(share, n, math.hypot(error / unit, math.sqrt(image_variance) / unit), degrees)
    pairs = (ours - theirs) / unit
    scaled = replace(spread, sd=spread.sd * max(1 + share, 1.0)) if is_share else spread
    sd, degrees = blend(mean_and_sd(pairs)[1], scaled, n - 1)
    of_seeds, of_images = sd / math.sqrt(n), math.sqrt(image_variance) / unit
    error = math.hypot(of_seeds, of_images)
    degrees = min(degrees / (of_seeds / error) ** 4, MANY) if of_images and of_seeds else degrees
    return RawLoss(share, n, error, degrees, skewness(pairs))


def spread_of(samples: Sequence[Values], baseline: Values, *, is_share: bool) -> Spread:
    """What the family says about the spread of a difference, of shares after each is divided by its own mean."""
    usable = [one for one in (baseline, *samples) if len(one) >= FEWEST]
    if is_share:
        means = [mean_and_sd(list(one.values()))[0] for one in usable]
        if not all(means):
            return Spread(0.0, 0)
        usable = [{seed: value / mean for seed, value in one.items()} for one, mean in zip(usable, means, strict=True)]
    return shared_spread(usable)
