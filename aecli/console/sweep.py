"""A sweep on the screen: its plan, one live view of all trials on a terminal, plain lines elsewhere, and its status."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from aecli.console.printing import duration, message, say, show, stderr, table, tell

SHOWN = 20
COLOUR_OF = {
    "completed": "green",
    "diverged": "red",
    "failed": "red",
    "interrupted": "yellow",
    "running": "cyan",
    "waiting": "dim",
}


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
    planned: dict[str, Any]
    """The plan, plain enough for JSON."""

    def __init__(self, answer: Callable[[str], None]) -> None:
        self.answer = answer

    def note(self, text: str) -> None:
        """A line of progress."""
        tell(text)

    def plan(self, sweep: Any, plan: Any, left: int, layout: tuple[int, int], expected: Any, path: Path) -> None:
        """What will be done."""
        count, (workers, threads) = len(plan.trials), layout
        trials = [{"config_sha256": trial.digest, "label": trial.label} for trial in plan.trials]
        self.planned = {
            "sweep": sweep.name,
            "folder": str(path),
            "trials": trials,
            "left": left,
            "excluded": plan.excluded,
        }
        self.planned |= {"workers": workers, "threads": threads, "seconds": expected.seconds, "bytes": expected.bytes}
        seeds = plural(len(set(sweep.seeds)), "seed")
        planned = f"{plural(count, 'trial')} around {sweep.base}, {seeds}; {count - left:,} done, {left:,} to do"
        self.answer(describe_search(sweep, left) if sweep.search else f"{sweep.name}: {planned}")
        for number, what in (
            (plan.doubles, "combinations came to a config that is there already"),
            (plan.excluded, "were excluded"),
        ):
            if number:
                self.answer(f"{number:,} {what}")
        time = "unknown" if expected.seconds is None else f"about {duration(expected.seconds)}"
        self.answer(
            f"{plural(workers, 'worker')} x {plural(threads, 'thread')}; {time}; about {size(expected.bytes)} in {path}"
        )
        for trial in plan.trials[:SHOWN]:
            self.answer(f"  {trial.digest[:8]}  {trial.label}")
        if count > SHOWN:
            self.answer(f"  and {count - SHOWN:,} more")

    def begin(self, total: int, done: int) -> None:
        """The sweep starts."""
        self.total = total

    def started(self, trial: Any) -> None:
        """Nothing: the end is enough."""

    def epoch(self, trial: Any, epoch: int, epochs: int, metrics: dict[str, float]) -> None:
        """Nothing."""

    def finished(self, trial: Any, outcome: Any, done: int) -> None:
        """The line of a trial."""
        reason = f": {outcome.reason}" if outcome.reason else ""
        tell(f"{done}/{self.total}  {trial.label}: {outcome.kind}{reason}")

    def elsewhere(self, count: int) -> None:
        """Others are at work too."""
        tell(f"{plural(count, 'trial')} {'is' if count == 1 else 'are'} being worked on by other processes")

    def close(self) -> None:
        """Nothing to take away."""


class Silence(SweepLines):
    """Says nothing."""

    def __init__(self, answer: Callable[[str], None]) -> None:
        super().__init__(lambda line: None)

    def note(self, text: str) -> None:
        """Nothing."""

    def finished(self, trial: Any, outcome: Any, done: int) -> None:
        """Nothing."""

    def elsewhere(self, count: int) -> None:
        """Nothing."""


class SweepBars(SweepLines):
    """A live view: one bar for the sweep, one for each trial that is being trained."""

    def __init__(self, answer: Callable[[str], None]) -> None:
        super().__init__(answer)
        self.progress: Any = None
        self.tasks: dict[str, Any] = {}
        self.said_elsewhere = 0

    def begin(self, total: int, done: int) -> None:
        """Show the bar of the sweep."""
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        super().begin(total, done)
        columns = (
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            TextColumn("{task.description}", markup=False),
        )
        self.progress = Progress(*columns, console=stderr(), transient=True)
        self.whole = self.progress.add_task("trials", total=total, completed=done)
        self.progress.start()

    def started(self, trial: Any) -> None:
        """A bar for a trial."""
        self.tasks[trial.digest] = self.progress.add_task(trial.label, total=trial.config.training.epochs)

    def epoch(self, trial: Any, epoch: int, epochs: int, metrics: dict[str, float]) -> None:
        """Move a trial's bar."""
        if trial.digest in self.tasks:
            text = f"{trial.label}  validation mse {metrics['mse']:.5f}" if "mse" in metrics else trial.label
            self.progress.update(self.tasks[trial.digest], completed=epoch, description=text)

    def finished(self, trial: Any, outcome: Any, done: int) -> None:
        """Take a trial's bar away; only what went wrong leaves a line."""
        if trial.digest in self.tasks:
            self.progress.remove_task(self.tasks.pop(trial.digest))
        self.progress.update(self.whole, completed=done)
        if outcome.kind != "completed":
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


def describe_search(sweep: Any, left: int) -> str:
    """The first line of a search's plan."""
    search, seeds = sweep.search, len(set(sweep.seeds))
    what = f"{search.sampler} search around {sweep.base} for {', '.join(search.objective)}"
    return f"{sweep.name}: {what}; {search.trials:,} settings of {', '.join(search.space)}, {seeds} seed{'s' * (seeds != 1)} each; {left:,} runs to do"


def show_found(found: Any) -> None:
    """What a search found, why its number is too good, and how to get an honest one."""
    from aecli.comparison.telling.search_words import luck_words
    from aecli.sweep.plan import short

    counts = ", ".join(f"{number:,} {kind}" for kind, number in found.counts.items())
    if not found.best:
        say(f"{counts}; no setting has come to its end, so there is no best one")
        return
    say(f"{counts}; {'the Pareto front' if found.is_front else 'the best'} by {', '.join(found.objectives)}:")
    for one in found.best:
        values = ", ".join(f"{value:.5g}" for value in one.values)
        say(
            f"  {values}  setting {one.number}: {', '.join(f'{key}={short(value)}' for key, value in one.changes.items())}"
        )
    offers = [one.fresh for one in found.best if one.fresh]
    if offers:
        what = "each was chosen as one of the best" if found.is_front else "the winner was chosen as the best"
        say(f"{what} of {found.counts['tried']:,} on the validation split, so its validation number is optimistic,")
        say(
            "and its test number as far as its seeds were lucky"
            + (f": {luck_words(vars(found.luck))}." if found.luck else ".")
        )
        say("fresh seeds for it:")
    for path in offers:
        say(f"  aecli sweep --config {path}")


def show_status(state: Any) -> None:
    """How far a sweep is: counts, then what is running or went wrong."""
    from rich.text import Text

    counts = ", ".join(f"{number:,} {kind}" for kind, number in sorted(state.counts.items(), key=lambda item: -item[1]))
    there, expected = f"{len(state.trials):,}", state.expected
    known = f"{there} trials" if len(state.trials) == expected else f"{there} of {expected:,} trials come to"
    say(f"{state.folder.path}: {state.status}; {known}" + (f": {counts}" if counts else ""))
    rows = [
        [
            trial.label,
            Text(trial.kind, COLOUR_OF.get(trial.kind, "")),
            f"{trial.epoch if trial.epoch is not None else '-'}/{trial.epochs}",
            trial.reason,
        ]
        for trial in state.trials
        if trial.kind not in ("completed", "pruned", "waiting")
    ]
    if rows:
        show(table("", ["trial", "status", "epoch", "reason"], rows[:SHOWN], text_columns=4))
    if len(rows) > SHOWN:
        say(f"and {len(rows) - SHOWN} more; --json has them all")
    if state.strangers:
        message(
            f"{state.strangers} run folders belong to no trial of the plan, perhaps to an earlier one", severity="note"
        )
