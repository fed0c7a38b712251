"""What the user sees: the only module that imports rich.

stdout carries the answer, stderr the progress. On a terminal there are bars and colours, elsewhere plain lines; rich
itself honours NO_COLOR. The last line of an answer that names a folder is printed as it is, never wrapped.
"""

import json
import math
import sys
from functools import cache
from typing import TYPE_CHECKING, Any

from aecli.errors import AecliError, ConfigError
from aecli.runs.folder import RunFolder
from aecli.runs.story import describe_terms, heading, next_step, score_rows, sparkline, thin

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

COLOURS = {"error": "bold red", "warning": "yellow", "note": "dim"}
PLAIN_WIDTH = 120
"""Columns where there is no terminal to ask."""


@cache
def stdout() -> "Console":
    """The console of answers."""
    return make_console(stderr=False)


@cache
def stderr() -> "Console":
    """The console of progress and messages."""
    return make_console(stderr=True)


def make_console(*, stderr: bool) -> "Console":
    """A console that neither highlights numbers nor reads markup in data."""
    from rich.console import Console

    stream = sys.stderr if stderr else sys.stdout
    return Console(stderr=stderr, highlight=False, markup=False, emoji=False, width=None if stream.isatty() else PLAIN_WIDTH)


def say(text: str) -> None:
    """One line of the answer, as it is."""
    print(text, flush=True)


def say_json(data: Any) -> None:
    """The answer as JSON."""
    print(json.dumps(data, indent=2), flush=True)


def message(text: str, *, severity: str = "error") -> None:
    """A message to the user; the first word is coloured, lines are never cut."""
    from rich.text import Text

    head = "" if text.startswith(severity) else f"{severity}: "
    line = Text(head + text)
    line.stylize(COLOURS[severity], 0, len(severity) + 1)
    stderr().print(line, soft_wrap=True)


def show_error(error: AecliError) -> None:
    """An error for the user: the problems of a config as `file:line:column: ...`, anything else as one message."""
    if isinstance(error, ConfigError):
        for problem in error.problems:
            stderr().print(str(problem), soft_wrap=True)
        count = len(error.problems)
        message(f"the config was refused: {count} problem{'s' if count > 1 else ''}")
    else:
        message(str(error))


def table(title: str, columns: list[str], rows: list[list[str]], *, text_columns: int = 1) -> "Table":
    """A table whose first columns are text and whose others are numbers."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    made = Table(title=title or None, title_justify="left", title_style="bold", box=SIMPLE_HEAD, pad_edge=False)
    for index, column in enumerate(columns):
        is_text = index < text_columns
        made.add_column(column, justify="left" if is_text else "right", overflow="fold", no_wrap=not is_text and " " not in column)
    for row in rows:
        made.add_row(*row)
    return made


def show(renderable: Any) -> None:
    """Print a table or a text as part of the answer."""
    stdout().print(renderable)


def show_scores(summary: dict[str, Any]) -> None:
    """The metrics of a finished run beside the baselines."""
    names, rows = score_rows(summary)
    if not rows:
        return
    title = f"{summary['name']}, seed {summary['seed']}: epoch {summary['judged_epoch']} of {summary['epochs']}"
    title += f", {summary['train_s']:.1f} s of training"
    by_metric = zip(*([number(value) for value in values] for _, *values in rows), strict=True)
    cells = [[heading(name), *values] for name, values in zip(names, by_metric, strict=True)]
    show(table(title, ["", *(label for label, *_ in rows)], cells))
    code = summary["code"]
    say(f"{code['alive']} of {code['units']} code units alive; best epoch {summary['best_epoch']} by {summary['selected_by']}")


def tell(text: str) -> None:
    """One line of progress."""
    stderr().print(text, soft_wrap=True)


def show_findings(name: str, numbers: dict[str, Any], findings: Any) -> None:
    """What a suite found: its table if it was measured now, else a line."""
    skill = "" if numbers.get("skill") is None else f", skill {numbers['skill']:.3f}"
    title = f"{name} (protocol {numbers['protocol']}{skill})"
    if "skipped" in numbers:
        say(f"{title}: skipped: {numbers['skipped']}")
    elif findings is None:
        say(f"{title}: measured before; its numbers are in summary.json")
    else:
        rows = [[cell if isinstance(cell, str) else number(cell) for cell in row] for row in findings.rows]
        show(table(title, findings.columns, rows))


def show_run(folder: RunFolder, config: dict[str, Any]) -> None:
    """The story of a run on one screen; a file that is broken or incomplete is named, and the rest is told."""
    status = folder.read_status()
    say(f"{folder.path}")
    reason = f": {status['reason']}" if status.get("reason") else ""
    say(f"{'status':15} {status.get('status')}, epoch {status.get('epoch')} of {status.get('epochs')}{reason}")
    parts = {
        folder.config: lambda: show_terms(config),
        folder.metrics: lambda: show_course(folder.read_metrics()),
        folder.summary: lambda: show_scores(folder.read_summary()),
        folder.environment: lambda: show_environment(folder.read_environment()),
    }
    for path, show_part in parts.items():
        try:
            show_part()
        except (KeyError, TypeError, ValueError, IndexError, AttributeError):
            say(f"{path} is incomplete")
    say(next_step(folder, status))


def show_terms(config: dict[str, Any]) -> None:
    """What was chosen."""
    for key, text in describe_terms(config):
        say(f"{key:15} {text}")


def show_course(records: list[dict[str, Any]]) -> None:
    """How the validation error went, and what the objective was made of in the end."""
    if records:
        values = [record["validation"]["mse"] for record in records]
        say(f"{'validation mse':15} {values[0]:.5f} {sparkline(thin([math.log(value) for value in values], 50))} {values[-1]:.5f}")
    if records and records[-1]["terms"]:
        columns = ["term of the objective", "raw", "weight", "weighted", "share"]
        rows = [
            [key, f"{term['raw']:.5g}", f"{term['weight']:.5g}", f"{term['weighted']:.5g}", f"{term['share']:.1%}"]
            for key, term in records[-1]["terms"].items()
        ]
        show(table("", columns, rows))


def show_environment(environment: dict[str, Any]) -> None:
    """On what it was trained."""
    if environment:
        versions = environment["versions"]
        say(f"{environment['cpu']}, {environment['threads']} threads, {environment['device']}; torch {versions['torch']}")


def show_entries(entries: list[dict[str, Any]]) -> None:
    """Registered names, a block each: summary, formula, parameters with ranges and defaults, source."""
    from rich.text import Text

    for entry in entries:
        better = f"  ({entry['better']} is better)" if "better" in entry else ""
        show(Text.assemble((entry["name"], "bold"), f"  {entry['summary']}{better}"))
        if entry["formula"]:
            show(Text(f"    {entry['formula']}"))
        if "weight" in entry:
            show(Text(f"    weight: >= 0, default {entry['weight']:g}"))
        for parameter in entry["parameters"]:
            default = "required" if parameter["required"] else f"default {shown(parameter['default'])}"
            show(Text(f"    {parameter['name']}: {parameter['range']}, {default}: {parameter['meaning']}"))
        for key in ("note", "source"):
            if key in entry:
                show(Text(f"    {key}: {entry[key]}", style="dim"))


def shown(value: Any) -> str:
    """A default as it stands in YAML."""
    if isinstance(value, tuple):
        return f"[{', '.join(shown(item) for item in value)}]"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return f"{value:g}" if isinstance(value, float) else str(value)


def number(value: float | None) -> str:
    """A measured value with four significant digits, a count whole; a dash where there is none."""
    if value is None:
        return "-"
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value + 0.0:.4g}"


def duration(seconds: float) -> str:
    """`0:07`, `12:34`, `1:02:03`."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def make_watcher(*, quiet: bool) -> Any:
    """The watcher that suits where the output goes."""
    if quiet:
        return None
    return Bars() if stderr().is_terminal else Lines()


class Lines:
    """One plain line per epoch, for CI and files."""

    def note(self, text: str, *, severity: str = "note") -> None:
        """A message."""
        message(text, severity=severity)

    def begin(self, config: Any, prepared: Any, folder: Any, first_epoch: int) -> None:
        """Say what is trained on what."""
        self.epochs = config.training.epochs
        self.first_epoch = first_epoch
        self.select = config.evaluation.select
        self.count = len(prepared.splits.train)
        sizes = prepared.splits.description["images"]
        parameters = sum(parameter.numel() for parameter in prepared.trainee.model.parameters())
        self.line(
            f"{config.name}, seed {config.seed}: {parameters:,} parameters; {sizes['train']:,} training, "
            f"{sizes['validation']:,} validation, {sizes['test']:,} test images; {prepared.device}"
        )
        self.line(f"writing {folder.path}")

    def line(self, text: str) -> None:
        """Print one line."""
        stderr().print(text, soft_wrap=True)

    def step(self, event: Any) -> None:
        """Nothing: an epoch is enough."""

    def epoch(self, record: dict[str, Any]) -> None:
        """The line of an epoch."""
        self.line(self.describe(record))

    def describe(self, record: dict[str, Any]) -> str:
        """`epoch 3/50  loss 0.01234  validation mse 0.01211 *  78,000 images/s  0:36 left`."""
        epoch, value = record["epoch"], record["validation"][self.select]
        width = len(str(self.epochs))
        text = f"epoch {epoch:>{width}}/{self.epochs}  "
        text += f"loss {record['objective']:.6f}  " if record["objective"] is not None else "before training  "
        text += f"validation {self.select} {value:.6f} {'*' if record['is_best'] else ' '}"
        if epoch < self.first_epoch:
            self.start = (epoch, record["train_s"], record["elapsed_s"])
            return text
        if not hasattr(self, "start"):
            self.start = (epoch, record["train_s"], record["elapsed_s"])
            return text
        done, train_s, elapsed_s = (now - then for now, then in zip((epoch, record["train_s"], record["elapsed_s"]), self.start, strict=True))
        left = elapsed_s / done * (self.epochs - epoch)
        return f"{text}  {done * self.count / max(train_s, 1e-9):,.0f} images/s  {duration(left)} left"

    def stage(self, text: str) -> None:
        """What comes after training."""
        self.line(text)


class Bars(Lines):
    """A live bar on a terminal."""

    def __init__(self) -> None:
        self.progress: Any = None

    def begin(self, config: Any, prepared: Any, folder: Any, first_epoch: int) -> None:
        """Start the bar."""
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

        super().begin(config, prepared, folder, first_epoch)
        self.progress = Progress(
            TextColumn("epoch {task.fields[epoch]}/{task.fields[epochs]}"),
            BarColumn(),
            TextColumn("loss {task.fields[loss]}  {task.fields[metric]}  {task.fields[rate]}"),
            TimeRemainingColumn(),
            console=stderr(),
            transient=True,
        )
        total = self.count * (self.epochs - first_epoch + 1)
        fields = {"epoch": first_epoch, "epochs": self.epochs, "loss": "-", "metric": "", "rate": ""}
        self.task = self.progress.add_task("", total=total, **fields)
        self.progress.start()

    def step(self, event: Any) -> None:
        """Move the bar."""
        done = (event.epoch - self.first_epoch) * self.count + event.images
        task = self.progress.tasks[0]
        rate = f"{task.speed:,.0f} images/s" if task.speed else ""
        self.progress.update(self.task, completed=done, epoch=event.epoch, loss=f"{event.loss:.5f}", rate=rate)

    def epoch(self, record: dict[str, Any]) -> None:
        """Show the validation metric; best epochs leave a line behind."""
        value = record["validation"][self.select]
        mark = " *" if record["is_best"] else ""
        self.progress.update(self.task, metric=f"validation {self.select} {value:.5f}{mark}")
        if record["epoch"] == self.epochs or record["epoch"] % max(self.epochs // 10, 1) == 0:
            self.line(self.describe(record))

    def stage(self, text: str) -> None:
        """The bar has done its work."""
        self.close()
        self.line(text)

    def close(self) -> None:
        """Take the bar away; nothing is left on the screen."""
        if self.progress is not None:
            self.progress.stop()
            self.progress = None
