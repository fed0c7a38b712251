"""What a design can show: the smallest difference that its verdicts tell with a power of 80 %, by a pilot's spread."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aecli.comparison.evidence.measures import DEFAULT_METRIC
from aecli.comparison.power.pilot import RANGE, Pilot
from aecli.comparison.statistics.pairing import FEWEST
from aecli.comparison.statistics.sample_size import POWER
from aecli.comparison.statistics.smallest_difference import Design, smallest_difference


@dataclass(frozen=True)
class ShownAt:
    """What can be shown at one size of a sweep, as shares of the mean."""

    seeds: int
    level: float
    """What a corrected p has to be below."""
    from_best: float
    """By how much one config has to be better than all others to be told from each; infinite where nothing can be."""
    from_named: float
    """By how much one config has to differ from a baseline that was named, while the others do not."""


@dataclass(frozen=True)
class Power:
    """What a sweep can show."""

    configs: int
    """That will be compared; of several data sets those of the one with the most."""
    sizes: tuple[ShownAt, ...]
    """Now, and at the last look where several are planned."""
    pilot: Pilot

    @property
    def can_decide(self) -> bool:
        """Whether there are enough seeds for any verdict."""
        return any(one.seeds >= FEWEST for one in self.sizes)

    @property
    def now(self) -> ShownAt:
        """With the seeds that are trained now."""
        return self.sizes[0]

    def spread_of(self, difference: float) -> tuple[float, float]:
        """Between which differences it may be, since a pilot shows the spread only so well."""
        low, high = self.pilot.range
        return difference * low, difference * high

    def plain(self) -> dict[str, Any]:
        """As data for JSON."""
        return {
            "power": POWER,
            "metric": DEFAULT_METRIC,
            "configs": self.configs,
            "can_decide": self.can_decide,
            "sizes": [self.plain_size(one) for one in self.sizes],
            "pilot": {
                "runs": self.pilot.runs,
                "source": self.pilot.source or None,
                "seed_sd": self.pilot.seed_sd,
                "correlation": self.pilot.correlation,
                "pair_sd": self.pilot.pair_sd,
            },
        }

    def plain_size(self, one: ShownAt) -> dict[str, Any]:
        """One size as data for JSON; differences are shares of the mean, null where nothing can be shown."""
        is_enough = math.isfinite(one.from_best)
        return {
            "seeds": one.seeds,
            "level": one.level,
            "difference": one.from_best if is_enough else None,
            "from_named_baseline": one.from_named if is_enough else None,
            "range": list(self.spread_of(one.from_best)) if is_enough and self.pilot.runs else None,
            "range_confidence": RANGE if is_enough and self.pilot.runs else None,
        }


def find_power(configs: int, looks: Sequence[tuple[int, float]], pilot: Pilot) -> Power:
    """What so many configs can show.

    Args:
        configs: at least two.
        looks: seeds and level of each size that is asked about.
        pilot: whose spread is expected.
    """
    return Power(configs, tuple(shown_at(configs, seeds, level, pilot) for seeds, level in looks), pilot)


def shown_at(configs: int, seeds: int, level: float, pilot: Pilot) -> ShownAt:
    """What can be shown with so many seeds."""
    extra = pilot.image_variance / pilot.pair_sd**2 if pilot.pair_sd else 0.0
    designs = [Design(configs, seeds, level=level, was_chosen=chosen, image_variance=extra) for chosen in (True, False)]
    best, named = (math.inf if seeds < FEWEST else smallest_difference(design) * pilot.pair_sd for design in designs)
    return ShownAt(seeds, level, best, named)
