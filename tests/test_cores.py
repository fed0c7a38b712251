"""Cores, and how threads wait on them: what the user says stays."""

import os
import subprocess
import sys

import pytest

from aecli.cores import SPINS, shorten_waiting, usable_cores, usual_thread_counts


def test_there_are_cores_and_libraries_take_as_many_threads_or_fewer():
    assert usable_cores() >= 1
    assert 1 <= min(usual_thread_counts()) <= max(usual_thread_counts()) == usable_cores()


@pytest.mark.parametrize(
    ("said", "expected"),
    [({}, SPINS), ({"GOMP_SPINCOUNT": "7"}, "7"), ({"OMP_WAIT_POLICY": "PASSIVE"}, None)],
    ids=["nothing", "spins", "policy"],
)
def test_waiting_is_shortened_unless_the_user_says_how_to_wait(monkeypatch, said, expected):
    for name in ("GOMP_SPINCOUNT", "OMP_WAIT_POLICY"):
        monkeypatch.delenv(name, raising=False)
    for name, value in said.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delitem(sys.modules, "torch", raising=False)
    shorten_waiting()
    assert os.environ.get("GOMP_SPINCOUNT") == expected


@pytest.mark.parametrize(
    "code",
    [
        "import aecli; aecli.train",
        "from aecli.cli import main; import sys; sys.argv = ['aecli', 'list', 'losses']; main()",
    ],
    ids=["Python", "command line"],
)
def test_it_is_shortened_from_python_and_from_the_command_line(code):
    check = f"import atexit, os, sys\natexit.register(lambda: print(os.environ.get('GOMP_SPINCOUNT')))\n{code}"
    environment = {
        name: value for name, value in os.environ.items() if name not in ("GOMP_SPINCOUNT", "OMP_WAIT_POLICY")
    }
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, env=environment, check=True)
    assert done.stdout.split()[-1] == SPINS
