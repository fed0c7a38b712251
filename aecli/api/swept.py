"""What sweeps come to as Python sees it: a sweep that ended, a plan, how far one is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aecli.api.answer import Answer
from aecli.api.foreseen import foresee
from aecli.api.html import table_html, text_html
from aecli.api.run import Run
from aecli.comparison.power.power import Power
from aecli.console.sweep_plan import plain_plan, plan_lines
from aecli.errors import known
from aecli.runs.folder import RunFolder
from aecli.sweep import run_sweep
from aecli.sweep.planning.trial import Trial
from aecli.sweep.record import sweep_status
from aecli.sweep.record.outcome import TrialOutcome
from aecli.sweep.record.sweep_folder import SweepFolder
from aecli.sweep.watching import PlanTold
from aecli.text import counted


class InFolder:
    """What stands for the folder of a sweep wherever a path is taken."""

    folder: SweepFolder

    def __fspath__(self) -> str:
        return str(self.folder.path)

    @property
    def runs(self) -> list[Run]:
        """The runs of the sweep in the order of their names, whatever became of them."""
        if not self.folder.runs.is_dir():
            return []
        return [Run(RunFolder(path.parent)) for path in sorted(self.folder.runs.glob("*/status.json"))]


@dataclass(frozen=True, repr=False)
class Swept(InFolder, Answer, run_sweep.Swept):
    """What a sweep came to; it stands for its folder wherever a path is taken."""

    def brief(self) -> str:
        """`'runs/losses', 20 of 20 completed`."""
        failed = f", {len(self.failed)} failed" if self.failed else ""
        return f"{str(self.folder.path)!r}, {self.completed} of {self.trials} completed{failed}"

    def show(self) -> None:
        """Print what `aecli sweep` prints in the end."""
        from aecli.console.printing import say
        from aecli.console.sweep_results import show_search_result, show_tuned, tell_trouble

        tell_trouble(self)
        if self.found:
            show_search_result(self.found)
        show_tuned(self.tuned)
        say(str(self.folder.path))

    def plain(self) -> dict[str, Any]:
        """As data for JSON: `aecli sweep --json`."""
        return run_sweep.Swept.plain(self)

    def _repr_html_(self) -> str:
        if self.found:
            return text_html(str(self))
        rows = [(trial.label, outcome.kind, outcome.reason) for trial, outcome in self.failed]
        return table_html(["trial", "status", "reason"], rows, title=self.brief()) if rows else text_html(self.brief())


@dataclass(frozen=True, repr=False)
class SweepState(InFolder, Answer, sweep_status.SweepState):
    """A sweep now; it stands for its folder wherever a path is taken."""

    def brief(self) -> str:
        """`'runs/losses', running; 12 completed, 8 waiting`."""
        counts = ", ".join(f"{number} {kind}" for kind, number in self.counts.items())
        return f"{str(self.folder.path)!r}, {self.status}; {counts}"

    def show(self) -> None:
        """Print what `aecli sweep --status` prints."""
        from aecli.console.sweep_results import show_sweep_state

        show_sweep_state(self)

    def plain(self) -> dict[str, Any]:
        """As data for JSON: `aecli sweep --status DIR --json`."""
        return sweep_status.SweepState.plain(self)

    def _repr_html_(self) -> str:
        rows = [
            (one.label, one.kind, f"{'-' if one.epoch is None else one.epoch}/{one.epochs or '-'}", one.reason)
            for one in self.trials
        ]
        return table_html(["trial", "status", "epoch", "reason"], rows, title=self.brief())


@dataclass(frozen=True, repr=False)
class SweepPlan(Answer, PlanTold):
    """What a sweep would do."""

    can_show: Power | None = None
    """The smallest differences that it can show; None where nothing will be compared."""

    def brief(self) -> str:
        """`'runs/losses', 20 trials, 5 to do`."""
        return f"{str(self.path)!r}, {counted(self.plan.expected, 'trial')}, {self.left} to do"

    def show(self) -> None:
        """Print what `aecli sweep --plan` prints."""
        from aecli.console.printing import say

        say("\n".join(plan_lines(self, self.can_show)))

    def plain(self) -> dict[str, Any]:
        """As data for JSON: `aecli sweep --plan --json`."""
        return plain_plan(self, self.can_show)


class PlanKeeper:
    """Watches a sweep and keeps its plan."""

    told: PlanTold | None = None

    def plan(self, told: PlanTold) -> None:
        """Keep it."""
        self.told = told

    def kept(self, pilot: Sequence[str] = ()) -> SweepPlan:
        """The plan that was told, and what it can show by the spread of a pilot."""
        told = known(self.told)
        return SweepPlan(**vars(told), can_show=foresee(told, pilot))

    def note(self, text: str) -> None:
        """Nothing."""

    def begin(self, total: int, done: int) -> None:
        """Nothing."""

    def started(self, trial: Trial) -> None:
        """Nothing."""

    def epoch(self, trial: Trial, epoch: int, epochs: int, metrics: dict[str, float]) -> None:
        """Nothing."""

    def finished(self, trial: Trial, outcome: TrialOutcome, done: int) -> None:
        """Nothing."""

    def elsewhere(self, count: int) -> None:
        """Nothing."""
