"""A run on the screen: its scores, its story, what the suites found. It knows the run folder and nothing of torch."""

import math
import textwrap
from typing import TYPE_CHECKING, Any

from aecli.config.telling import describe_terms, heading, next_step, score_rows, sparkline, thin
from aecli.console.printing import message, number, say, show, stdout
from aecli.console.tables import table
from aecli.runs.bought import bought_words, missed_words
from aecli.runs.folder import RunFolder
from aecli.runs.notes import Notes, read_notes
from aecli.runs.standing import warn_of_standing
from aecli.text import counted, printable

if TYPE_CHECKING:
    from aecli.components.evaluation.suites import Findings

KEY_WIDTH = 15
"""Letters before what is told of a run, line by line."""
SUMMARY = "summary.json"
"""Of the run, where every number is."""
METRICS = "metrics.jsonl"
"""Of the run, where every epoch is."""


def show_scores(summary: dict[str, Any]) -> None:
    """The metrics of a finished run beside the baselines."""
    names, rows = score_rows(summary)
    if not rows:
        return
    title = f"{summary['name']}, seed {summary['seed']}: epoch {summary['judged_epoch']} of {summary['epochs']}"
    title += f", {summary['train_s']:.1f} s of training"
    by_metric = zip(*([number(value) for value in values] for _, *values in rows), strict=True)
    cells = [[heading(name), *values] for name, values in zip(names, by_metric, strict=True)]
    labels = [label for label, *_ in rows]
    further = [name.replace("_", " ") for name in summary.get("baselines", {})][2:]
    leaves = [labels.index(label) + 1 for label in (*reversed(further), "train", "validation") if label in labels]
    show(table(title, ["", *labels], cells, leaves=leaves, more=SUMMARY))
    code = summary["code"]
    best = f"best epoch {summary['best_epoch']} by {summary['selected_by']}"
    say(f"{code['alive']} of {code['units']} code units alive; {best}")


def show_findings(name: str, numbers: dict[str, Any], findings: "Findings | None") -> None:
    """What a suite found: its table if it was measured now, else a line."""
    skill = "" if numbers.get("skill") is None else f", skill {numbers['skill']:.3f}"
    title = f"{name} (protocol {numbers['protocol']}{skill})"
    if "skipped" in numbers:
        say(f"{title}: skipped: {numbers['skipped']}")
    elif findings is None:
        say(f"{title}: measured before; its numbers are in summary.json")
    else:
        rows = [[cell if isinstance(cell, str) else number(cell) for cell in row] for row in findings.rows]
        show(table(title, findings.columns, rows, leaves=findings.leaves))


def show_run(folder: RunFolder, config: dict[str, Any]) -> None:
    """The story of a run on one screen; a file that is broken or incomplete is named, and the rest is told."""
    status = folder.read_status()
    say(f"{folder.path}")
    reason = f": {status['reason']}" if status.get("reason") else ""
    say_pair("status", f"{status.get('status')}, epoch {status.get('epoch')} of {status.get('epochs')}{reason}")
    show_notes(read_notes(folder.path))
    parts = {
        folder.config: lambda: show_terms(config),
        folder.metrics: lambda: show_course(folder.read_metrics()),
        folder.summary: lambda: show_scores_and_standing(folder, config),
        folder.environment: lambda: show_environment(folder.read_environment()),
    }
    for path, show_part in parts.items():
        try:
            show_part()
        except UnicodeError:  # of the stream, not of the file
            raise
        except (KeyError, TypeError, ValueError, IndexError, AttributeError):
            say(f"{path} is incomplete")
    say(next_step(folder, status))


def show_scores_and_standing(folder: RunFolder, config: dict[str, Any]) -> None:
    """The metrics, and whether a predictor that needs no training is better."""
    show_scores(folder.read_summary())
    show_bought(folder.read_summary())
    show_standing(folder, config)


def show_standing(folder: RunFolder, config: dict[str, Any]) -> None:
    """A warning where a predictor that needs no training is better than the net."""
    if warning := warn_of_standing(folder.read_summary(), config, folder.read_metrics()):
        message(warning, severity="warning")


def show_notes(found: Notes) -> None:
    """What somebody wrote about it."""
    if found.tags:
        say_pair("tags", printable(" ".join(found.tags)))
    for note in found.notes:
        say_pair("note", f"{printable(note['text'])} ({printable(note['time'][:10])})")


def show_terms(config: dict[str, Any]) -> None:
    """What was chosen."""
    for key, text in describe_terms(config):
        say_pair(key, text)


def say_pair(key: str, text: str) -> None:
    """What is told of a part of a run, beside its name; a long text goes on below, and no word is broken."""
    indent = " " * (KEY_WIDTH + 1)
    lines = textwrap.wrap(
        f"{key:{KEY_WIDTH}} {text}",
        stdout().width,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
    say("\n".join(lines))


def show_course(records: list[dict[str, Any]]) -> None:
    """How the validation error went, and what the objective was made of in the end."""
    if records:
        values = [record["validation"]["mse"] for record in records]
        ends = [f"{values[0]:.5f}", f"{values[-1]:.5f}"]
        room = stdout().width - KEY_WIDTH - sum(map(len, ends)) - 3
        curve = sparkline(thin([math.log(value) for value in values], max(2, min(50, room))))
        say(f"{'validation mse':{KEY_WIDTH}} {ends[0]} {curve} {ends[1]}")
    if records and records[-1]["terms"]:
        columns = ["term of the objective", "raw", "weight", "weighted", "share"]
        rows = [
            [key, f"{term['raw']:.5g}", f"{term['weight']:.5g}", f"{term['weighted']:.5g}", f"{term['share']:.1%}"]
            for key, term in records[-1]["terms"].items()
        ]
        show(table("", columns, rows, leaves=(3, 1, 2), more=METRICS))


def show_bought(summary: dict[str, Any]) -> None:
    """What weights were found for the targets, and whether these were reached."""
    for text in bought_words(summary):
        say_pair("target", text)
    for text in missed_words(summary):
        message(text, severity="warning")


def show_environment(environment: dict[str, Any]) -> None:
    """On what it was trained."""
    if environment:
        versions = environment["versions"]
        where = f"{environment['cpu']}, {counted(environment['threads'], 'thread')}, {environment['device']}"
        say(f"{where}; torch {versions['torch']}")
