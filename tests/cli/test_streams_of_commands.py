"""What every command writes where its streams cannot encode everything: plain characters, and files in UTF-8."""

import io
import sys
from contextlib import redirect_stderr, redirect_stdout
from unittest.mock import patch

import pytest

from aecli import console
from aecli.cli import main
from aecli.cli.compare_command import FORMATS

COMMANDS = (
    "compare runs --metric mse",
    "compare runs --matrix",
    *(f"compare runs --format {name}" for name in FORMATS),
    "report runs --force",
    "recommend runs --for reconstruction",
    "dose runs --key loss.delta",
    "show {run}",
    "show mse.yaml",
    "check {run} --assert test.mse<=1",
    "list losses",
    "list metrics",
    "docs comparing",
    "docs",
    "schema",
    "--help",
    "compare --help",
    "compare nowhere",
    "train -c mse.yaml --set loss=no→where",
)


@pytest.fixture
def run(write_seeds, write_run, tmp_path, monkeypatch):
    """Runs that differ in their loss, one of them with a course, on a machine whose name is not ASCII."""
    monkeypatch.chdir(tmp_path)
    terms = {"loss.mse": {"raw": 0.1, "weight": 1.0, "weighted": 0.1, "share": 1.0}}
    for delta in (0.1, 0.2):
        write_seeds([0.01, 0.011, 0.012], set=[f"loss={{name: huber, delta: {delta}}}"], validation={"mse": 0.01})
    records = [
        {"epoch": epoch, "objective": 0.1, "terms": terms, "validation": {"mse": 0.1 / (1 + epoch)}, "train_s": 1.0}
        for epoch in range(4)
    ]
    return write_run(environment={"cpu": "Prozeßör → 2"}, records=records)


def call(arguments, encoding):
    """The exit code and what was written, as bytes."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding=encoding, errors="strict") for _ in range(2))
    console.stdout.cache_clear()
    console.stderr.cache_clear()
    code = 0
    with patch.object(sys, "argv", ["aecli", *arguments]), redirect_stdout(out), redirect_stderr(err):
        try:
            main()
        except SystemExit as end:
            code = end.code or 0
        out.flush()
        err.flush()
    return code, out.buffer.getvalue(), err.buffer.getvalue()


@pytest.mark.parametrize(
    ("command", "encoding"), [*((command, "ascii") for command in COMMANDS), ("compare runs", "cp1252")]
)
def test_a_command_says_the_same_in_plain_characters(run, command, encoding):
    arguments = command.format(run=run).split()
    whole, plain = call(arguments, "utf-8"), call(arguments, encoding)
    assert plain[0] == whole[0]
    assert plain[1].count(b"incomplete") == whole[1].count(b"incomplete")
    said = (plain[1] + plain[2]).decode(encoding)
    assert said and "�" not in said
    assert len(said) > 0.8 * len((whole[1] + whole[2]).decode())


def test_a_report_is_utf_8_whatever_the_stream_is(run, tmp_path):
    assert call(["report", "runs", "-o", "r.html", "--title", "Grüße"], "ascii")[0] == 0
    assert "Grüße" in (tmp_path / "r.html").read_text(encoding="utf-8")
