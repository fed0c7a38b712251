"""The smallest difference that a design can show: so many configs with so many seeds, before any of them is trained.

Tables without any difference are drawn, and each pair of them is given the standard error that `compare_family` would
give it. Seeds only shift means here, and of normal values the spread that a table shows says nothing about its means:
so each table has several draws of the means, and the true difference that is told in 80 % of them is found by halving.

Beside a chosen best the difference is that of one config from all others, which are alike; beside a named baseline it
is that of one config, while the others are like the baseline.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache

from aecli.comparison.statistics.families import (
    MANY,
    blend,
    correct,
    level_beside_best,
    pairs_of,
    shared_spread,
)
from aecli.comparison.statistics.intervals import ALPHA, FEWEST_FOR_SKEWNESS, hull, t_quantile
from aecli.comparison.statistics.pairing import FEWEST
from aecli.comparison.statistics.sample_size import POWER
from aecli.lazy import np

TABLES, FEWEST_TABLES, DIFFERENCES = 100, 4, 1500
"""How many tables are drawn at most and at least, and about how many differences in all."""
DRAWS = 12
"""Of the means of each table."""
MOST_CONFIGS, MOST_SEEDS = 100, 100
"""That are drawn; of more configs the level is made stricter, and of more seeds the root of their number counts."""
HALVINGS = 12


@dataclass(frozen=True)
class Design:
    """What will be compared."""

    configs: int
    """At least two."""
    seeds: int
    level: float = ALPHA
    """What a corrected p has to be below."""
    was_chosen: bool = True
    """The best one will be the baseline, and nobody names another."""
    image_variance: float = 0.0
    """What the draw of the test images adds to the variance of a mean difference, as a share of the variance over seeds
    of the difference of two configs; 0 where verdicts are about these images."""


@dataclass(frozen=True)
class ShownSpreads:
    """What tables without differences show of their spread, in units of the true SD of a pair: T tables, P pairs."""

    error_TP: "np.ndarray"
    degrees_TP: "np.ndarray"
    skewness_TP: "np.ndarray"
    """Of the differences by seed."""


@lru_cache(maxsize=100)
def smallest_difference(design: Design) -> float:
    """The true difference that is told with a power of 80 %, in units of the SD over seeds of a pair's difference.

    Returns: infinitely much where there are too few seeds for any verdict.

    Raises:
        ValueError: fewer than two configs have no difference.
    """
    if design.configs < 2:
        raise ValueError(f"{design.configs} configs have no difference")
    if design.seeds < FEWEST:
        return math.inf
    if design.seeds > MOST_SEEDS:
        ratio = MOST_SEEDS / design.seeds
        fewer = replace(design, seeds=MOST_SEEDS, image_variance=design.image_variance / ratio)
        return smallest_difference(fewer) * math.sqrt(ratio)
    if design.configs > MOST_CONFIGS:
        counts = [pairs_of(one) if design.was_chosen else one - 1 for one in (MOST_CONFIGS, design.configs)]
        fewer = replace(design, configs=MOST_CONFIGS, level=design.level * counts[0] / counts[1])
        return smallest_difference(fewer)
    spreads = with_images(shown_spreads(design.configs, design.seeds), design)
    reach_TP = reach_of(spreads, design)
    random, (tables, pairs) = np.random.default_rng(1), spreads.error_TP.shape
    sd = math.sqrt((1 / design.seeds + design.image_variance) / 2)
    noise_DTK = random.normal(size=(DRAWS, tables, pairs + 1)) * sd
    means_DTP = noise_DTK[:, :, 1:] - noise_DTK[:, :, :1]
    return halved(lambda difference: share_told(difference, means_DTP, (spreads, reach_TP), design))


def halved(power: Callable[[float], float]) -> float:
    """Where a power that rises with the difference comes to what is asked for."""
    low, high = 0.0, 1.0
    while power(high) < POWER:
        low, high = high, 2 * high
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if power(middle) < POWER else (low, middle)
    return high


def with_images(spreads: ShownSpreads, design: Design) -> ShownSpreads:
    """The same with what the draw of few test images adds."""
    error_TP = np.sqrt(spreads.error_TP**2 + design.image_variance)
    degrees_TP = spreads.degrees_TP * (error_TP / spreads.error_TP) ** 4
    return replace(spreads, error_TP=error_TP, degrees_TP=np.minimum(degrees_TP, MANY))


def reach_of(spreads: ShownSpreads, design: Design) -> "np.ndarray":
    """How far the interval of each difference reaches below it, (T, P)."""
    alpha = level_beside_best(design.configs) if design.was_chosen else ALPHA
    rows = zip(*(one.ravel().tolist() for one in vars(spreads).values()), strict=True)
    found = [
        max(
            -hull(0.0, design.seeds, error, t_quantile(degrees), skew).ends[0],
            t_quantile(degrees, alpha) * error,
        )
        for error, degrees, skew in rows
    ]
    return np.array(found).reshape(spreads.error_TP.shape)


def share_told(
    difference: float, means_DTP: "np.ndarray", shown: "tuple[ShownSpreads, np.ndarray]", design: Design
) -> float:
    """How often a true difference is told; beside a chosen best of all pairs with it, else of the first of them."""
    from scipy.special import stdtr

    spreads, reach_TP = shown
    shown_DTP = means_DTP.copy()
    shown_DTP[..., slice(None) if design.was_chosen else 0] += difference
    p_DTP = 2 * stdtr(spreads.degrees_TP, -np.abs(shown_DTP) / spreads.error_TP)
    order = np.argsort(p_DTP, axis=-1)
    limits_P = limits(design.configs, design.level, was_chosen=design.was_chosen)
    is_below = np.logical_and.accumulate(np.take_along_axis(p_DTP, order, -1) < limits_P, axis=-1)
    is_told = np.empty_like(is_below)
    np.put_along_axis(is_told, order, is_below, -1)
    is_told &= shown_DTP > reach_TP
    return float((is_told if design.was_chosen else is_told[..., 0]).mean())


@lru_cache(maxsize=100)
def limits(configs: int, level: float, *, was_chosen: bool) -> "np.ndarray":
    """Below which p the smallest one, the next one and so on are told, as far as all before them are."""
    found = []
    for before in range(configs - 1):
        low, high = 0.0, 1.0
        for _ in range(40):
            middle = (low + high) / 2
            p_values = [0.0] * before + [middle] * (configs - 1 - before)
            is_told = correct(p_values, was_chosen=was_chosen, is_paired=True)[before] < level
            low, high = (middle, high) if is_told else (low, middle)
        found.append(low)
    return np.array(found)


@lru_cache(maxsize=20)
def shown_spreads(configs: int, seeds: int) -> ShownSpreads:
    """The standard errors, degrees of freedom and skewness of tables without differences, as `share_spread` has them.

    Args:
        configs: at least two.
        seeds: at least three.
    """
    random = np.random.default_rng(0)
    tables = max(FEWEST_TABLES, min(TABLES, DIFFERENCES // (configs - 1)))
    rows = [spreads_of_table(random.normal(size=(configs, seeds)) / math.sqrt(2)) for _ in range(tables)]
    error_TP, degrees_TP, skewness_TP = (np.array(one) for one in zip(*rows, strict=True))
    return ShownSpreads(error_TP, degrees_TP, skewness_TP)


def spreads_of_table(values_KN: "np.ndarray") -> tuple[list[float], list[float], list[float]]:
    """Standard error, degrees of freedom and skewness of each config's difference from the first one."""
    seeds = values_KN.shape[1]
    spread = shared_spread([dict(enumerate(row.tolist())) for row in values_KN])
    differences_PN = values_KN[1:] - values_KN[0]
    centred_PN = differences_PN - differences_PN.mean(axis=1, keepdims=True)
    skew_P = (centred_PN**3).mean(axis=1) / (centred_PN**2).mean(axis=1) ** 1.5 * (seeds >= FEWEST_FOR_SKEWNESS)
    blended = [blend(sd, spread, seeds - 1) for sd in differences_PN.std(axis=1, ddof=1).tolist()]
    return [sd / math.sqrt(seeds) for sd, _ in blended], [degrees for _, degrees in blended], skew_P.tolist()
