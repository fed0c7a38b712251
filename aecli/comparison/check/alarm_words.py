"""How often a check takes an unchanged run for worse, in words."""

from aecli.comparison.check.alarms import TYPICAL_SDS, Reference, alarm_rate, typical_alarm_rates
from aecli.comparison.evidence.measures import Measure

SEVERAL = "name several seeds of it, --baseline A --baseline B"


def alarm_words(made: Measure, reference: Reference, allowed: float, reach: float) -> str:
    """How often an unchanged run fails by one metric, and what this is known from."""
    if reference.runs > 1:
        return several_words(made, reference, allowed, reach)
    rates = typical_alarm_rates(allowed, reference.mean, made.scale)
    if rates is None:
        return (
            f"{made.name}: one baseline run has no spread, so nobody knows how often an unchanged run fails; {SEVERAL}"
        )
    shown = " to ".join(dict.fromkeys(percent(rate) for rate in rates))
    low, high = (f"{100 * sd:g}" for sd in TYPICAL_SDS)
    return (
        f"{made.name}: one baseline run has no spread; where seeds spread by {low} to {high} % of the error, "
        f"a run with another seed and nothing else fails in {shown} %; {SEVERAL}"
    )


def several_words(made: Measure, reference: Reference, allowed: float, reach: float) -> str:
    """The same where the baseline runs tell how much seeds spread."""
    rate = alarm_rate(reference, allowed + reach)
    if rate is None:
        return f"{made.name}: the {reference.runs} baseline runs do not spread, so the limit is the tolerance alone"
    alone = alarm_rate(reference, allowed) or 0.0
    return (
        f"{made.name}: the limit is {reach:.3g} beyond the tolerance, by the spread of {reference.runs} seeds; "
        f"an unchanged run fails in {percent(rate)} %, by the tolerance alone it would in {percent(alone)} %"
    )


def percent(share: float) -> str:
    """A chance in percent, never rounded to none.

    Example:
        >>> percent(0.344), percent(0.0451), percent(0.0003)
        ('34', '4.5', 'less than 0.1')
    """
    if share < 0.001:
        return "less than 0.1"
    return f"{100 * share:.0f}" if share >= 0.1 else f"{100 * share:.1f}".removesuffix(".0")
