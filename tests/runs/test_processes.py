"""Who lives: this process does, one that ended does not, nor does a zombie, nor another that got its number."""

import os
import subprocess
import sys

import pytest

from aecli.runs.processes import UNKNOWN, birth, lives


def test_this_process_lives_and_was_born_once():
    assert birth(os.getpid()) == birth(os.getpid()) is not None
    assert lives(os.getpid(), birth(os.getpid())) and lives(os.getpid(), None)


def test_a_number_that_was_given_again_is_another_process():
    assert birth(os.getpid()) == UNKNOWN or not lives(os.getpid(), "0")


@pytest.mark.skipif(not os.path.exists("/proc/self/stat"), reason="zombies are seen in /proc")  # noqa: PTH110
def test_a_process_that_ended_is_gone_also_before_it_is_asked_how():
    process = subprocess.Popen([sys.executable, "-c", ""], stdout=subprocess.PIPE)
    process.stdout.read()
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)  # it has ended, and stays a zombie
    assert birth(process.pid) is None
    process.wait()
    assert birth(process.pid) is None


@pytest.mark.parametrize("pid", [None, "abc", -1, 0, True, 10**30, 1.5], ids=str)
def test_what_is_no_process_number_is_nobody(pid):
    assert birth(pid) is None
    assert not lives(pid, None)
