"""The spread over seeds that is to be expected: that of runs which are there already, or what MNIST has shown.

Everything is a share of each config's own mean, so that one number stands for configs whose means differ.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from aecli.comparison.evidence.candidates import Candidate, fold
from aecli.comparison.evidence.collect import collect
from aecli.comparison.evidence.datasets import split_by_data
from aecli.comparison.evidence.measures import DEFAULT_METRIC, Measure, measure
from aecli.comparison.evidence.tunings import set_apart
from aecli.comparison.statistics.differences import compare_pairs
from aecli.comparison.statistics.families import LESS_EFFICIENT, shared_spread
from aecli.comparison.statistics.intervals import mean_and_sd
from aecli.comparison.verdicts.new_images import image_variances
from aecli.errors import UsageError
from aecli.lazy import np
from aecli.text import each, printable

SEED_SD, CORRELATION = 0.04, 0.3
"""Of two losses on MNIST: seeds spread by 3.5 to 4.7 % of the mean, and correlate by .1 (mse, huber) to .7 (bce)."""
FEWEST_DEGREES = 2
"""Of freedom, from which on a pilot is taken that nobody named."""
MOST_PAIRED = 20
"""Configs of which every pair is looked at."""
RANGE = 0.8
"""Confidence of the range in which the true spread lies."""


@dataclass(frozen=True)
class Pilot:
    """What is known of the spread of one config over seeds, and of the difference of two."""

    seed_sd: float = SEED_SD
    """As a share of the mean."""
    correlation: float = CORRELATION
    """Of two configs by seed."""
    pair_sd: float = SEED_SD * math.sqrt(2 - 2 * CORRELATION)
    """Of the difference of two configs with the same seed, as a share of the mean."""
    image_variance: float = 0.0
    """What the draw of few test images adds to the variance of a mean difference; a share of the mean squared."""
    degrees: float = math.inf
    """Of freedom of the spread; infinitely many where it is taken for granted."""
    runs: int = 0
    """0 where nothing was measured."""
    source: str = ""
    """What was named, or found."""
    is_paired: bool = False
    """Whether the correlation was measured, too."""

    @property
    def range(self) -> tuple[float, float]:
        """By which factors the true spread may be smaller and larger, with a confidence of 80 %."""
        from scipy.special import chdtri

        if math.isinf(self.degrees):
            return 1.0, 1.0
        tails = ((1 - RANGE) / 2, (1 + RANGE) / 2)
        few, many = (math.sqrt(self.degrees / float(chdtri(self.degrees, tail))) for tail in tails)
        return few, many


def find_pilot(named: str | Sequence[str], folder: Path) -> Pilot:
    """The pilot that was named; else the runs that a sweep's folder has already, where these are enough; else MNIST's.

    Raises:
        UsageError: no run that was named can be compared, or none of them has a second seed.
    """
    if asked := each(named):
        return read_pilot(asked)
    if not (folder / "runs").is_dir():
        return Pilot()
    try:
        found = read_pilot([str(folder)])
    except UsageError:
        return Pilot()
    return found if found.degrees >= FEWEST_DEGREES else Pilot()


def read_pilot(paths: Sequence[str]) -> Pilot:
    """The spread of runs by the metric that `compare` judges by; of several data sets, of that with the most runs.

    Args:
        paths: run folders, folders of runs, sweeps or globs.

    Raises:
        UsageError: none of them can be compared, or none has a second seed.
    """
    source = ", ".join(printable(path).rstrip("/") for path in paths)
    judged = set_apart(collect(paths).runs).judged
    groups = split_by_data(judged).values()
    metric = measure(DEFAULT_METRIC)
    found = [one for one in fold(max(groups, key=len, default=[]))[1] if len(one.values(metric)) > 1]
    usable = [one for one in found if mean_and_sd(list(one.values(metric).values()))[0]]
    if not usable:
        raise UsageError(
            f"{source}: no config there has two seeds with a number for {metric.name}, so that nothing is known about "
            "the spread; train two configs with the same five seeds, or leave --pilot out"
        )
    return measure_spread(usable, metric, source)


def measure_spread(candidates: Sequence[Candidate], metric: Measure, source: str) -> Pilot:
    """What candidates with two seeds or more show of the spread."""
    samples = [as_shares(one.values(metric)) for one in candidates]
    counts = [len(one) for one in samples]
    variance, number = typical_variance(samples), len(samples)
    of_pair = variance_of_pairs(samples)
    is_paired = of_pair is not None
    if of_pair is None:
        of_pair = variance * (2 - 2 * CORRELATION)
    correlation = 1 - of_pair / (2 * variance) if variance and is_paired else CORRELATION
    degrees = (sum(counts) - number) * ((number - 1) / number if is_paired else 1)
    return Pilot(
        seed_sd=math.sqrt(variance),
        correlation=max(-1.0, correlation),
        pair_sd=math.sqrt(of_pair),
        image_variance=variance_of_images(candidates, metric),
        degrees=degrees / (LESS_EFFICIENT if number > 2 else 1),
        runs=sum(counts),
        source=source,
        is_paired=is_paired,
    )


def as_shares(values: Mapping[int, float]) -> dict[int, float]:
    """Values by seed as shares of their mean."""
    mean = mean_and_sd(list(values.values()))[0]
    return {seed: value / abs(mean) for seed, value in values.items()}


def typical_variance(samples: Sequence[Mapping[int, float]]) -> float:
    """Over seeds; of three configs or more the median, so that one that collapses now and then does not count."""
    variances = [mean_and_sd(list(one.values()))[1] ** 2 for one in samples]
    if len(variances) < 3:
        degrees = [len(one) - 1 for one in samples]
        return float(np.average(variances, weights=degrees))
    degrees_of_median = float(np.median([len(one) for one in samples])) - 1
    return float(np.median(variances)) / (1 - 2 / (9 * degrees_of_median)) ** 3


def variance_of_pairs(samples: Sequence[Mapping[int, float]]) -> float | None:
    """Of the differences of two configs by seed, as `compare` finds it; None where no two share their seeds."""
    if spread := shared_spread(samples).sd:
        return spread**2
    found = [compare_pairs(one, other) for one, other in combinations(samples[:MOST_PAIRED], 2)]
    variances = [one.sd**2 for one in found if one and one.paired and one.sd is not None]
    return float(np.mean(variances)) if variances else None


def variance_of_images(candidates: Sequence[Candidate], metric: Measure) -> float:
    """What the draw of the test images adds to the variance of a mean difference; 0 where these are many."""
    baseline = candidates[0]
    found = image_variances(metric, candidates[1:], baseline)
    mean = mean_and_sd(list(baseline.values(metric).values()))[0]
    return float(np.median(found)) / mean**2 if found else 0.0
