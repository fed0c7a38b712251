"""The plan of a sweep in words and as data: its trials, what it takes, and what it can show."""

from collections.abc import Mapping

from aecli.comparison.power.power import Power
from aecli.comparison.power.power_words import power_lines
from aecli.console.printing import duration
from aecli.sweep.planning.document import Sweep, search_of
from aecli.sweep.planning.trial import Tuning, short
from aecli.sweep.watching import PlanTold

SHOWN = 20
"""Trials of a plan that are listed."""


def size(count: int) -> str:
    """`1.2 GB`."""
    power = min(max((len(str(count)) - 1) // 3, 1), 4)
    return f"{count / 1000**power:.3g} {('kB', 'MB', 'GB', 'TB')[power - 1]}"


def plural(count: int, noun: str) -> str:
    """`1 worker`, `1,000 workers`."""
    return f"{count:,} {noun}" + "s" * (count != 1)


def plain_plan(told: PlanTold, power: Power | None = None) -> dict[str, object]:
    """A plan as data for JSON, with what it can show where that is known."""
    trials = [{"config_sha256": trial.digest, "label": trial.label} for trial in told.plan.trials]
    return {
        "sweep": told.sweep.name,
        "folder": str(told.path),
        "trials": trials,
        "left": told.left,
        "excluded": told.plan.excluded,
        "workers": told.layout.workers,
        "threads": told.layout.threads,
        "seconds": told.expected.seconds,
        "bytes": told.expected.bytes,
        "can_show": power and power.plain(),
        **({"tune": plain_tuning(told.plan.tuning)} if told.plan.tuning else {}),
    }


def plain_tuning(tuning: Tuning) -> dict[str, object]:
    """What is tuned as data for JSON."""
    return {
        "objective": tuning.objective,
        "points": [dict(point) for point in tuning.points],
        "seeds": list(tuning.seeds),
        "configs": [cell.changes for cell in tuning.cells],
        "curve": tuning.curve,
        "trials_to_come": tuning.to_come,
    }


def plan_lines(told: PlanTold, power: Power | None = None) -> list[str]:
    """A plan in words: how many trials, what was left out, what it takes, what it can show, and the first of them."""
    sweep, plan, expected = told.sweep, told.plan, told.expected
    count, seeds = plan.expected, plural(len(set(sweep.seeds)), "seed")
    planned = (
        f"{plural(count, 'trial')} around {sweep.around}, {seeds}; {count - told.left:,} done, {told.left:,} to do"
    )
    lines = [describe_search(sweep, told.left) if sweep.search else f"{sweep.name}: {planned}"]
    if plan.tuning:
        lines += tuning_lines(plan.tuning)
    if plan.doubles:
        lines.append(f"{plan.doubles:,} combinations came to a config that is there already")
    if plan.excluded:
        lines.append(f"{plan.excluded:,} were excluded")
    time = "unknown" if expected.seconds is None else f"about {duration(expected.seconds)}"
    workers, threads = plural(told.layout.workers, "worker"), plural(told.layout.threads, "thread")
    lines.append(f"{workers} x {threads}; {time}; about {size(expected.bytes)} in {told.path}")
    lines += power_lines(power) if power else []
    lines += [f"  {trial.digest[:8]}  {trial.label}" for trial in plan.trials[:SHOWN]]
    if count > SHOWN:
        lines.append(f"  and {count - SHOWN:,} more")
    return lines


def tuning_lines(tuning: Tuning) -> list[str]:
    """What is tuned before anything is judged, and how many trials that takes."""
    cells, points = plural(len(tuning.cells), "config"), plural(len(tuning.points), "point")
    keys, judged = ", ".join(tuning.points[0]), tuning.chosen_to_come
    curve = f", about {tuning.to_come - judged:,} with what fewer points choose" if tuning.curve else ""
    return [
        f"tuned first, by {tuning.objective}: {cells} x {points} of {keys} x {plural(len(tuning.seeds), 'seed')} "
        f"= {plural(len(tuning.cells) * len(tuning.points) * len(tuning.seeds), 'trial')}",
        f"then judged: {plural(judged, 'trial')} with the tuned value, as many with the base's own{curve}",
        *(f"  point {number}: {point_words(point)}" for number, point in enumerate(tuning.points[:SHOWN], start=1)),
    ]


def point_words(point: Mapping[str, object]) -> str:
    """`optimization.optimizer.lr=0.003`."""
    return ", ".join(f"{key}={short(value)}" for key, value in point.items())


def describe_search(sweep: Sweep, left: int) -> str:
    """The first line of a search's plan."""
    search, seeds = search_of(sweep), plural(len(set(sweep.seeds)), "seed")
    what = f"{search.sampler} search around {sweep.around} for {', '.join(search.objective)}"
    settings = f"{search.trials:,} settings of {', '.join(search.space)}, {seeds} each"
    return f"{sweep.name}: {what}; {settings}; {left:,} runs to do"
