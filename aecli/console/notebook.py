"""Progress in a notebook: one line under the cell that is written anew. IPython is used where it is there already."""

import sys
import time
from typing import TYPE_CHECKING, Any, Protocol

from aecli.console.printing import message
from aecli.console.run_watchers import Lines
from aecli.console.sweep_plan import plain_plan, plan_lines
from aecli.console.sweep_watchers import SweepLines
from aecli.console.watched_run import Prepared, Step
from aecli.runs.folder import RunFolder

if TYPE_CHECKING:
    from aecli.config.schema import Config
    from aecli.sweep.planning.trial import Trial
    from aecli.sweep.record.outcome import TrialOutcome
    from aecli.sweep.watching import PlanTold

PAUSE_S = 0.2
"""Seconds between two steps that are shown."""


def in_notebook() -> bool:
    """Whether this process is the kernel of a notebook; a shell in a terminal is none."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return hasattr(shell, "kernel")


class Text:
    """A text that a notebook shows as it is."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return self.text


class DisplayHandle(Protocol):
    """What IPython gives for something that it displays."""

    def update(self, shown: object) -> None:
        """Show something else in its place."""


class LiveText:
    """A place under the cell whose text changes; it appears with the first one."""

    handle: "DisplayHandle | None" = None

    def show(self, text: str) -> None:
        """Show a text in place of the one before."""
        if self.handle is None:
            display = sys.modules["IPython"].display.display
            self.handle = display(Text(text), display_id=True)
        else:
            self.handle.update(Text(text))


class NotebookRun(Lines):
    """A run in one line; notes and warnings stay on stderr."""

    def __init__(self) -> None:
        self.live = LiveText()
        self.last = ""
        self.shown_at = 0.0

    def begin(self, config: "Config", prepared: Prepared, folder: RunFolder, first_epoch: int) -> None:
        """Say where it is written."""
        self.expect(config, prepared, first_epoch)
        self.live.show(f"{folder.path}: before training")

    def step(self, event: Step) -> None:
        """How far the epoch is, a few times a second."""
        now = time.monotonic()
        if now - self.shown_at >= PAUSE_S:
            self.shown_at = now
            place = f"epoch {event.epoch}/{self.epochs}, {event.images / self.count:.0%}"
            self.live.show("  |  ".join(filter(None, [place, self.last])))

    def epoch(self, record: dict[str, Any]) -> None:
        """The line of an epoch."""
        self.last = self.describe(record)
        self.live.show(self.last)

    def stage(self, text: str) -> None:
        """What comes after training."""
        self.live.show("  |  ".join(filter(None, [self.last, text])))

    def close(self) -> None:
        """The last epoch stays."""
        if self.last:
            self.live.show(self.last)


class NotebookSweep(SweepLines):
    """A sweep in one line; trials that went wrong stay on stderr."""

    done = 0

    def __init__(self) -> None:
        super().__init__(lambda line: None)
        self.live = LiveText()

    def note(self, text: str) -> None:
        """A line of progress."""
        self.live.show(text)

    def plan(self, told: "PlanTold") -> None:
        """The first line of the plan."""
        self.planned = plain_plan(told)
        self.live.show(plan_lines(told)[0])

    def epoch(self, trial: "Trial", epoch: int, epochs: int, metrics: dict[str, float]) -> None:
        """Who is how far."""
        self.live.show(f"{self.done}/{self.total}  {trial.label}: epoch {epoch}/{epochs}")

    def begin(self, total: int, done: int) -> None:
        """The sweep starts."""
        self.total, self.done = total, done

    def finished(self, trial: "Trial", outcome: "TrialOutcome", done: int) -> None:
        """How many are done."""
        self.done = done
        self.live.show(f"{done}/{self.total}  {trial.label}: {outcome.kind}")
        if outcome.reason:
            message(f"{trial.label}: {outcome.kind}: {outcome.reason}", severity="warning")

    def elsewhere(self, count: int) -> None:
        """Nothing: the end is waited for."""

    def close(self) -> None:
        """How it came out."""
        if self.total:
            self.live.show(f"{self.done}/{self.total} trials done")
