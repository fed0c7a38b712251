"""The band of practical equivalence that was asked for: differences within it do not matter in practice."""

import math
import re
from dataclasses import dataclass

from aecli.components.evaluation.scales import DECIBEL, RATIO
from aecli.errors import UsageError
from aecli.text import printable


@dataclass(frozen=True)
class Rope:
    """The band of practical equivalence: differences within it do not matter in practice."""

    size: float
    is_relative: bool

    def half_width(self, baseline_mean: float, scale: str = RATIO) -> float:
        """Half the band's width, in units of the metric: 1 % is also 1 % of the squared error in dB, and one point."""
        if not self.is_relative or scale not in (RATIO, DECIBEL):
            return self.size
        return 10 * math.log10(1 + self.size) if scale == DECIBEL else self.size * abs(baseline_mean)

    def on(self, scale: str) -> str:
        """It as it is meant on the scale of a metric.

        Example:
            >>> Rope(0.01, True).on("ratio"), Rope(0.01, True).on("dB"), Rope(0.01, True).on("points")
            ('1 %', '0.0432 dB', '0.01')
        """
        if self.is_relative and scale == RATIO:
            return str(self)
        return f"{self.half_width(1.0, scale):.3g} {scale if scale == DECIBEL else ''}".strip()

    def __str__(self) -> str:
        return f"{self.size * 100:g} %" if self.is_relative else f"{self.size:g}"


def parse_rope(text: str) -> Rope:
    """`1%` of the baseline's mean, or `0.0001` in units of the metric.

    Raises:
        UsageError: it is neither, or not above 0.
    """
    match = re.fullmatch(r"\s*(\d*\.?\d+(?:[eE][-+]?\d+)?)\s*(%?)\s*", text)
    size = float(match[1]) / (100 if match[2] else 1) if match else 0.0
    if match is None or not 0 < size < math.inf:
        how = "write a share of the baseline such as 1%, or a number above 0 in units of the metric"
        raise UsageError(f'--rope "{printable(text)}": {how}')
    return Rope(size, bool(match[2]))
