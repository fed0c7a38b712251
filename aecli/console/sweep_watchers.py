"""Watching a sweep: its plan, then one live view of all trials on a terminal, plain lines elsewhere."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from aecli.comparison.power.power import Power
from aecli.console.printing import duration, message, say, stderr, tell
from aecli.console.progress_line import CLOCK, bar_width, labelled
from aecli.console.sweep_plan import plain_plan, plan_lines, plural
from aecli.errors import known
from aecli.sweep.planning.trial import Trial
from aecli.sweep.record.outcome import COMPLETED, TrialOutcome
from aecli.sweep.watching import PlanTold

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

Foresee: TypeAlias = Callable[[PlanTold], Power | None]
"""What tells what a plan can show."""

RECENT = 8
"""Trials by which the time that is left is told."""


def make_sweep_watcher(*, quiet: bool, json: bool = False, foresee: Foresee | None = None) -> "SweepLines":
    """The watcher that suits where the output goes; where the answer is JSON, the plan is told beside it.

    Args:
        quiet: say nothing but warnings.
        json: the answer is JSON.
        foresee: tells what the plan can show.
    """
    kind = Silence if quiet else SweepBars if stderr().is_terminal else SweepLines
    watcher = kind(tell if json else say)
    watcher.foresee = foresee
    return watcher


class SweepLines:
    """One plain line for each trial that ends."""

    total = 0
    planned: dict[str, object]
    """The plan, plain enough for JSON."""
    foresee: Foresee | None = None

    def __init__(self, answer: Callable[[str], None]) -> None:
        self.answer = answer
        self.ends: list[tuple[float, int]] = []
        """When how many trials were done, the latest last."""

    def note(self, text: str) -> None:
        """A line of progress."""
        tell(text)

    def plan(self, told: PlanTold) -> None:
        """What will be done."""
        power = self.foresee(told) if self.foresee else None
        self.planned = plain_plan(told, power)
        for line in plan_lines(told, power):
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
