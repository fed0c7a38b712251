"""Watching a sweep: its plan, then one live view of all trials on a terminal, plain lines elsewhere."""

import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from aecli.console.printing import duration, message, say, stderr, tell
from aecli.console.progress_line import CLOCK, bar_width, labelled
from aecli.errors import known
from aecli.sweep.planning.document import Sweep, search_of
from aecli.sweep.planning.trial import Trial, Tuning, short
from aecli.sweep.record.outcome import COMPLETED, TrialOutcome
from aecli.sweep.watching import PlanTold

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

RECENT = 8
"""Trials by which the time that is left is told."""
SHOWN = 20
"""Trials of a plan that are listed."""


def make_sweep_watcher(*, quiet: bool, json: bool = False) -> "SweepLines":
    """The watcher that suits where the output goes; where the answer is JSON, the plan is told beside it."""
    kind = Silence if quiet else SweepBars if stderr().is_terminal else SweepLines
    return kind(tell if json else say)


def size(count: int) -> str:
    """`1.2 GB`."""
    power = min(max((len(str(count)) - 1) // 3, 1), 4)
    return f"{count / 1000**power:.3g} {('kB', 'MB', 'GB', 'TB')[power - 1]}"


def plural(count: int, noun: str) -> str:
    """`1 worker`, `1,000 workers`."""
    return f"{count:,} {noun}" + "s" * (count != 1)


class SweepLines:
    """One plain line for each trial that ends."""

    total = 0
    planned: dict[str, object]
    """The plan, plain enough for JSON."""

    def __init__(self, answer: Callable[[str], None]) -> None:
        self.answer = answer
        self.ends: list[tuple[float, int]] = []
        """When how many trials were done, the latest last."""

    def note(self, text: str) -> None:
        """A line of progress."""
        tell(text)

    def plan(self, told: PlanTold) -> None:
        """What will be done."""
        self.planned = plain_plan(told)
        for line in plan_lines(told):
            self.answer(line)

    def begin(self, total: int, done: int) -> None:
        """The sweep starts."""
        self.total = total
        self.ends = [(time.monotonic(), done)]

    def started(self, trial: Trial) -> None:
        """Nothing: the end is enough."""

    def epoch(self, trial: Trial, epoch: int, epochs: int, metrics: dict[str, float]) -> None:
        """Nothing."""

    def finished(self, trial: Trial, outcome: TrialOutcome, done: int) -> None:
        """The line of a trial."""
        reason = f": {outcome.reason}" if outcome.reason else ""
        self.ends = [*self.ends[-RECENT:], (time.monotonic(), done)]
        tell(f"{done}/{self.total}  {trial.label}: {outcome.kind}{reason}{self.left()}")

    def left(self) -> str:
        """How long it may take, by the trials that ended last: a machine may become busy, or idle."""
        (before_s, before), (now_s, done) = self.ends[0], self.ends[-1]
        if done <= before or done >= self.total:
            return ""
        return f"; {duration((now_s - before_s) / (done - before) * (self.total - done))} left"

    def elsewhere(self, count: int) -> None:
        """Others are at work too."""
        tell(f"{plural(count, 'trial')} {'is' if count == 1 else 'are'} being worked on by other processes")

    def close(self) -> None:
        """Nothing to take away."""


class Silence(SweepLines):
    """Says nothing but warnings."""

    def __init__(self, answer: Callable[[str], None]) -> None:
        super().__init__(lambda line: None)

    def note(self, text: str) -> None:
        """A warning; nothing else."""
        if text.startswith("warning"):
            message(text, severity="warning")

    def finished(self, trial: Trial, outcome: TrialOutcome, done: int) -> None:
        """Nothing."""

    def elsewhere(self, count: int) -> None:
        """Nothing."""


class SweepBars(SweepLines):
    """A live view: one bar for the sweep, one for each trial that is being trained."""

    def __init__(self, answer: Callable[[str], None]) -> None:
        super().__init__(answer)
        self.progress: Progress | None = None
        self.tasks: dict[str, TaskID] = {}
        self.said_elsewhere = 0

    def begin(self, total: int, done: int) -> None:
        """Show the bar of the sweep."""
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        super().begin(total, done)
        columns = (
            BarColumn(bar_width(stderr().width)),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            TextColumn("{task.description}", markup=False),
        )
        self.progress = Progress(*columns, console=stderr(), transient=True)
        self.whole = self.progress.add_task("trials", total=total, completed=done)
        self.progress.start()

    def started(self, trial: Trial) -> None:
        """A bar for a trial."""
        epochs = trial.config.training.epochs
        self.tasks[trial.digest] = known(self.progress).add_task(self.line(trial, epochs), total=epochs)

    def line(self, trial: Trial, epochs: int, metrics: dict[str, float] | None = None) -> str:
        """The label of a trial and its number, as wide as the bars and the counts leave room for."""
        number = f"validation mse {metrics['mse']:.5f}" if metrics and "mse" in metrics else ""
        width, counts = stderr().width, 2 * len(str(max(self.total, epochs))) + 1
        return labelled(trial.label, number, width - bar_width(width) - counts - CLOCK - 3)

    def epoch(self, trial: Trial, epoch: int, epochs: int, metrics: dict[str, float]) -> None:
        """Move a trial's bar."""
        if trial.digest in self.tasks:
            text = self.line(trial, epochs, metrics)
            known(self.progress).update(self.tasks[trial.digest], completed=epoch, description=text)

    def finished(self, trial: Trial, outcome: TrialOutcome, done: int) -> None:
        """Take a trial's bar away; only what went wrong leaves a line."""
        if trial.digest in self.tasks:
            known(self.progress).remove_task(self.tasks.pop(trial.digest))
        known(self.progress).update(self.whole, completed=done)
        if outcome.kind != COMPLETED:
            super().finished(trial, outcome, done)

    def elsewhere(self, count: int) -> None:
        """Say it once for each number."""
        if count != self.said_elsewhere:
            self.said_elsewhere = count
            super().elsewhere(count)

    def close(self) -> None:
        """Take the bars away."""
        if self.progress is not None:
            self.progress.stop()
            self.progress = None


def plain_plan(told: PlanTold) -> dict[str, object]:
    """A plan as data for JSON."""
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


def plan_lines(told: PlanTold) -> list[str]:
    """A plan in words: how many trials, what was left out, what it takes, and the first of them."""
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
