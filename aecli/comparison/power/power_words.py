"""What a design can show, in one or two short lines."""

from aecli.comparison.power.pilot import Pilot
from aecli.comparison.power.power import Power, ShownAt
from aecli.comparison.statistics.pairing import FEWEST
from aecli.comparison.statistics.sample_size import POWER
from aecli.comparison.telling.digits import amount
from aecli.text import counted


def power_lines(power: Power) -> list[str]:
    """`16 configs x 10 seeds can show a difference of 6.6 % (named baseline: 6 %)`, and by which spread."""
    now, configs = power.now, counted(power.configs, "config")
    if now.seeds < FEWEST:
        told = [f"{configs} x {counted(now.seeds, 'seed')} cannot decide anything: three seeds are the fewest"]
    else:
        told = [f"{configs} x {size_words(now, power.configs)}"]
    told += [f"{size_words(one, power.configs)}, at the last look" for one in power.sizes[1:]]
    if not power.can_decide:
        return told
    return [*told, f"{POWER * 100:.0f} % power; {pilot_words(power.pilot)}{range_words(power)}"]


def size_words(one: ShownAt, configs: int) -> str:
    """`10 seeds can show a difference of 6.6 % (named baseline: 6 %)`; of two configs it is the same for both."""
    named = f" (named baseline: {percent(one.from_named)})" if configs > 2 else ""
    return f"{counted(one.seeds, 'seed')} can show a difference of {percent(one.from_best)}{named}"


def range_words(power: Power) -> str:
    """`: 5.4 to 8.2 %`: how well a pilot tells; nothing where there is none."""
    if not power.pilot.runs or not power.now.from_best:
        return ""
    low, high = (amount(end, "%").removesuffix(" %") for end in map(two_digits, power.spread_of(power.now.from_best)))
    return f": {low} to {high} %"


def percent(share: float) -> str:
    """`6.6 %`."""
    return amount(two_digits(share), "%")


def two_digits(share: float) -> float:
    """A share with the digits that can be known of it."""
    return float(f"{share:.2g}")


def pilot_words(pilot: Pilot) -> str:
    """`seed SD 4.6 %, correlation .41 from 20 runs in runs/pilot`."""
    spread = f"seed SD {pilot.seed_sd * 100:.2g} %"
    if not pilot.runs:
        return f"{spread}, correlation {short_share(pilot.correlation)} as on MNIST; --pilot RUNS measures it"
    where = f"from {counted(pilot.runs, 'run')} in {pilot.source}"
    if pilot.is_paired:
        return f"{spread}, correlation {short_share(pilot.correlation)} {where}"
    return f"{spread} {where}, correlation {short_share(pilot.correlation)} as on MNIST"


def short_share(share: float) -> str:
    """`.41`, `-.2`."""
    return f"{share:.2g}".replace("0.", ".", 1)
