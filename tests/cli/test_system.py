"""Where the system says no, every command says so in one line, with its exit code, and without a traceback."""

import errno
import os
import shutil
import subprocess
import sys

import pytest
from in_process import call_main

from aecli.cli.system import has_lost_its_directory, refusal_of_system

LOCKED = (
    "sweep --status locked/x",
    "report runs -o locked/r.html",
    "init mse.yaml locked/m.yaml",
    "compare runs --plots locked/p",
    "compare locked/x",
    "recommend runs --for reconstruction -o locked/w.yaml",
    "check {run} --assert test.mse<=1 --junit locked/j.xml",
    "dose runs --key loss.delta --plot locked/d.png",
    "show locked/x",
    "resume locked/x",
    "evaluate locked/x",
)
AS_ANYBODY = "setpriv --bounding-set=-dac_override,-dac_read_search"
"""Takes from root what lets it into every folder."""


@pytest.fixture
def run(write_seeds, write_run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_seeds([0.01, 0.011], set=["loss={name: huber, delta: 0.1}"])
    write_seeds([0.02, 0.021], set=["loss={name: huber, delta: 0.2}"])
    return write_run()


def is_refused(code, stderr):
    *_, last = stderr.strip().splitlines()
    return code in (1, 2, 4) and "Traceback" not in stderr and (last.startswith("error: ") and "locked" in stderr)


@pytest.mark.parametrize("command", LOCKED)
def test_a_path_that_leads_in_a_circle_or_is_too_long_is_refused_in_a_line(run, command, tmp_path):
    (tmp_path / "locked").symlink_to("locked")
    for text in (command, command.replace("locked", "locked" * 60)):
        done = call_main(*text.format(run=run).split())
        assert is_refused(done.returncode, done.stderr), (text, done)


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() == 0 and not shutil.which("setpriv"), reason="root is let in everywhere")
@pytest.mark.parametrize("command", LOCKED)
def test_a_folder_that_is_locked_is_refused_in_a_line(run, command, tmp_path):
    (tmp_path / "locked").mkdir(mode=0)
    prefix = AS_ANYBODY.split() if os.geteuid() == 0 else []
    call = [*prefix, sys.executable, "-m", "aecli", *command.format(run=run).split()]
    done = subprocess.run(call, capture_output=True, text=True)
    assert is_refused(done.returncode, done.stderr), done
    assert "Permission denied" in done.stderr


def test_a_directory_that_is_gone_is_named(tmp_path):
    (tmp_path / "gone").mkdir()
    command = f'cd "{tmp_path}/gone" && rmdir ../gone && exec "{sys.executable}" -P -m aecli show mse.yaml'
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stderr == "error: the current folder has been removed: cd into one that exists, and try again\n"


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (
            OSError(errno.EACCES, "Permission denied", "a"),
            "a: Permission denied; change its permissions, or choose another place",
        ),
        (OSError(errno.EXDEV, "Invalid cross-device link", "a", None, "b"), "b: Invalid cross-device link"),
        (OSError(errno.ENOSPC, "No space left on device"), "stdout: cannot be written: No space left on device"),
        (OSError(errno.ELOOP, "Too many levels", b"a\nb"), r"a\nb: Too many levels"),
        (OSError(errno.EBADF, "Bad file descriptor"), None),
        (OSError("no number"), None),
    ],
    ids=["permissions", "a move", "stdout", "bytes", "a bug", "no number"],
)
def test_what_the_system_says_becomes_a_line_unless_it_is_a_bug(error, expected):
    assert refusal_of_system(error) == expected


def test_the_directory_is_there():
    assert not has_lost_its_directory()
