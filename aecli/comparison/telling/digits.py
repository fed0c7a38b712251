"""Numbers as text: with the digits that are known of them."""

import math

from aecli.comparison.statistics.intervals import Estimate

DASH = "-"
VISIBLE = 1e-3
"""Share of a mean from which on its spread is seen in four digits."""
LARGE = 1e9
"""From here on numbers have a power of ten instead of all their digits."""


def show_estimate(estimate: Estimate | None, of: int) -> str:
    """`0.00788 ±0.00036`: the mean to the second digit of half the interval; four digits where there is no interval.

    Example:
        >>> show_estimate(Estimate(0.0078812, 5, 0.0075212, 0.0082412), 5)
        '0.00788 ±0.00036'
    """
    if estimate is None:
        return DASH
    missing = f" (n={estimate.n})" if estimate.n != of else ""
    half, decimals = estimate.half_width, decimals_of(estimate)
    if half is None:
        return show_mean(estimate) + missing
    is_written_out = half < LARGE and not (decimals is None and half)
    return f"{show_mean(estimate)} ±{f'{half:.{decimals or 0}f}' if is_written_out else f'{half:.1e}'}{missing}"


def show_predictor(estimate: Estimate | None) -> str:
    """A predictor that needs no training, fitted to several training sets: their spread only where four digits show it.

    Example:
        >>> show_predictor(Estimate(0.0168293, 10, 0.0168285, 0.0168301)), show_predictor(Estimate(0.17, 2, 0.16, 0.18))
        ('0.01683', '0.170 ±0.010')
    """
    if estimate is None:
        return DASH
    half = estimate.half_width
    is_seen = half is not None and half > VISIBLE * abs(estimate.mean)
    return show_estimate(estimate, estimate.n) if is_seen else f"{estimate.mean:.4g}"


def show_mean(estimate: Estimate | None) -> str:
    """The mean alone, with the digits that are known of it."""
    if estimate is None:
        return DASH
    decimals = decimals_of(estimate)
    is_written_out = decimals is not None and abs(estimate.mean) < LARGE
    return f"{estimate.mean:.{decimals}f}" if is_written_out else f"{estimate.mean:.4g}"


def decimals_of(estimate: Estimate) -> int | None:
    """Digits behind the point down to the second one of half the interval; None where there is none, or too many."""
    if not estimate.half_width or not math.isfinite(estimate.half_width):
        return None
    decimals = max(0, 1 - math.floor(math.log10(estimate.half_width)))
    return decimals if decimals < 10 else None


def interval_words(shown: Estimate, unit: str) -> str:
    """`-4.0 % to +2.2 %`."""
    return " to ".join(amount(end, unit, signed=True) for end in shown.ends)


def amount(value: float, unit: str = "", *, signed: bool = False) -> str:
    """A number to three digits, as a share in per cent where the unit says so.

    Example:
        >>> amount(0.0312, "%"), amount(12.345, "%"), amount(-0.0004, signed=True)
        ('3.12 %', '1,234 %', '-0.0004')
    """
    value, sign = (value * 100 if unit == "%" else value), "+" if signed else ""
    text = f"{value:{sign},.0f}" if 100 <= abs(value) < LARGE else f"{value:{sign}.3g}"
    return f"{text} {unit}".strip()


def short_p(p: float) -> str:
    """A p-value in a cell.

    Example:
        >>> short_p(0.0119), short_p(0.00002)
        ('0.012', '< 0.0001')
    """
    return p_words(p).removeprefix("p ").removeprefix("= ")


def p_words(p: float, comparisons: int = 1) -> str:
    """`p = 0.012 after correction for 4 comparisons`.

    Example:
        >>> p_words(0.0119, 4), p_words(0.00002)
        ('p = 0.012 after correction for 4 comparisons', 'p < 0.0001')
    """
    text = f"p = {p:.2g}" if p >= 1e-4 else "p < 0.0001"
    return f"{text} after correction for {comparisons} comparisons" if comparisons > 1 else text
