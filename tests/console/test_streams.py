"""Streams: plain characters where others cannot be encoded, and progress that may lose its reader."""

import io
import os
import pty
import subprocess
import sys
from contextlib import suppress

import pytest

from aecli import console
from aecli.console.streams import ERRORS, Progress, discard, plain, prepare_streams

SAYS = """
import sys
from aecli.console import prepare_streams
prepare_streams()
from aecli.console import say, tell, message
"""


def run(code, **options):
    return subprocess.run([sys.executable, "-c", SAYS + code], capture_output=True, text=True, **options)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mse ↓ → ±0.1…", "mse v -> +-0.1..."),
        ("▁▄█", "_-#"),
        ("Zürich", "Zurich"),
        ("日本", r"\u65e5\u672c"),
        ("╭─╮", "+-+"),
    ],
    ids=["arrows", "sparkline", "letters", "no letter like it", "frame"],
)
def test_what_a_stream_cannot_encode_becomes_plain(text, expected):
    prepare_streams()
    assert text.encode("ascii", ERRORS).decode() == expected


def test_bytes_of_a_file_name_stay_those_bytes():
    prepare_streams()
    assert "runs/\udcff".encode("utf-8", ERRORS) == b"runs/\xff"


def test_it_is_for_what_cannot_be_encoded_alone():
    with pytest.raises(UnicodeDecodeError):
        plain(UnicodeDecodeError("ascii", b"\xff", 0, 1, "no"))


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "ascii:strict", "latin-1"])
@pytest.mark.parametrize("code", ["say('mse ↓')", "tell('mse ↓')"], ids=["answer", "progress"])
def test_both_streams_are_prepared(encoding, code):
    done = run(code, env={**os.environ, "PYTHONIOENCODING": encoding})
    assert (done.returncode, "mse v" in done.stdout + done.stderr) == (0, True)


def test_a_way_that_the_user_chose_stays():
    done = run("say('mse ↓')", env={**os.environ, "PYTHONIOENCODING": "ascii:replace"})
    assert done.stdout == "mse ?\n"


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_a_stream_that_is_closed_leads_nowhere_and_no_file_gets_its_number(closed, tmp_path):
    code = f"{SAYS}\nsay('a'); tell('b'); number = open({str(tmp_path / 'file')!r}, 'w').fileno()\nsys.exit(number < 3)"
    done = subprocess.run(["sh", "-c", f'exec "$0" -c "$1" {closed}', sys.executable, code])
    assert done.returncode == 0


def test_progress_ends_nothing_when_its_reader_is_gone():
    reader, writer = os.pipe()
    os.close(reader)
    process = subprocess.Popen(
        [sys.executable, "-c", f"{SAYS}\nfor _ in range(3): tell('epoch')\nprint('trained')"],
        stdout=subprocess.PIPE,
        stderr=writer,
        text=True,
    )
    os.close(writer)
    assert process.communicate()[0] == "trained\n"
    assert process.returncode == 0


BAR = """
from rich.progress import Progress
from aecli.console import stderr
with Progress(console=stderr(), transient=True) as progress:
    progress.add_task("epoch", total=3)
    tell("told above the bar")
    print("written by somebody else", file=sys.stderr)
print("trained")
"""


def test_a_bar_on_a_terminal_is_drawn_with_what_is_told_above_it():
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm"}
    process = subprocess.Popen([sys.executable, "-c", SAYS + BAR], stdout=theirs, stderr=theirs, env=environment)
    os.close(theirs)
    said = b""
    with suppress(OSError):  # once nobody has the other end any more
        while part := os.read(ours, 10_000):
            said += part
    assert process.wait() == 0
    os.close(ours)
    assert all(text in said for text in (b"told above", b"somebody else", b"epoch", b"trained"))


def test_an_answer_that_nobody_reads_is_told_to_whoever_called():
    reader, writer = os.pipe()
    os.close(reader)
    code = "from aecli.console.printing import show\ntry:\n    show('table')\nexcept BrokenPipeError:\n    sys.exit(7)"
    done = subprocess.run([sys.executable, "-c", SAYS + code], stdout=writer)
    os.close(writer)
    assert done.returncode in (7, 120), "rich itself would end the process with 1"


def test_streams_without_a_file_are_left_alone(monkeypatch):
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    prepare_streams()
    discard(sys.stderr)
    console.tell("text →")
    assert sys.stderr.getvalue() == "text →\n"
    assert (Progress().isatty(), Progress().encoding) == (False, "utf-8")
