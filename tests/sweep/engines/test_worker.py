"""A worker process: it ends when nobody is there any more, and says why it cannot begin."""

import multiprocessing

import pytest

from aecli.errors import InterruptedRun
from aecli.sweep.engines.messages import Unfit
from aecli.sweep.engines.outside import OutsideModules
from aecli.sweep.engines.worker import GONE, get_ready, interrupted_when_alone, main


def test_a_worker_that_lacks_a_module_says_so_and_ends(tmp_path):
    ours, theirs = multiprocessing.Pipe()
    outside = OutsideModules(("no_such_module_anywhere",))
    process = multiprocessing.get_context("spawn").Process(target=main, args=(theirs, 1, str(tmp_path), outside))
    process.start()
    assert ours.poll(60)
    said = ours.recv()
    process.join(60)
    assert isinstance(said, Unfit) and "no_such_module_anywhere" in said.reason
    assert process.exitcode == 0


def test_a_closed_pipe_is_an_interrupt_and_no_fault_of_the_trial():
    for error in GONE:
        with pytest.raises(InterruptedRun, match="^stopped: the sweep's process is gone$"), interrupted_when_alone():
            raise error
    with pytest.raises(ZeroDivisionError), interrupted_when_alone():
        raise ZeroDivisionError


def test_who_cannot_begin_is_not_ready():
    ours, theirs = multiprocessing.Pipe()
    assert not get_ready(theirs, 1, OutsideModules(("no_such_module_anywhere",)))
    assert isinstance(ours.recv(), Unfit)
