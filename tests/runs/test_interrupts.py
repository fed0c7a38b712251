"""Signals: the first is a wish, a second Ctrl-C ends unless it is an echo, and afterwards everything is as it was."""

import os
import signal
import subprocess
import sys
import threading

import pytest

from aecli.runs.interrupts import ECHO_S, ECHOES, SIGNALS, Echoes, Interrupts, interrupt_once, watch_interrupts


@pytest.fixture(autouse=True)
def long_silence():
    """No signal came before, also none of the test before."""
    ECHOES.last = -ECHO_S


@pytest.fixture
def at():
    """Interrupts whose time is what the test says."""
    now = [100.0]
    interrupts = Interrupts(Echoes(lambda: now[0]))

    def signal_at(seconds, number):
        now[0] = 100.0 + seconds
        interrupts.handle(number, None)
        return interrupts

    return signal_at


@pytest.mark.parametrize("number", SIGNALS, ids=[number.name for number in SIGNALS])
def test_the_first_signal_is_remembered_and_ends_nothing(number):
    with watch_interrupts() as interrupts:
        assert interrupts.received is None
        os.kill(os.getpid(), number)
        assert interrupts.received == number


def test_a_second_ctrl_c_ends_in_the_ordinary_way(at):
    at(0, signal.SIGTERM)
    with pytest.raises(KeyboardInterrupt):
        at(2 * ECHO_S, signal.SIGINT)


def test_several_at_once_are_one_wish(at):
    for number in range(4):
        assert at(number * ECHO_S / 5, signal.SIGINT).received == signal.SIGINT
    with watch_interrupts() as interrupts:
        for _ in range(4):
            os.kill(os.getpid(), signal.SIGINT)
        assert interrupts.received == signal.SIGINT


def test_nothing_disturbs_a_training_on_its_way_out(at):
    at(0, signal.SIGINT).is_granted = True
    assert at(5 * ECHO_S, signal.SIGINT).received == signal.SIGINT


def test_an_echo_does_not_interrupt_the_way_out_of_the_process():
    with watch_interrupts():
        os.kill(os.getpid(), signal.SIGINT)
    interrupt_once(signal.SIGINT, None)
    ECHOES.last = -ECHO_S
    with pytest.raises(KeyboardInterrupt):
        interrupt_once(signal.SIGINT, None)
    interrupt_once(signal.SIGINT, None)


def test_a_second_sigterm_is_the_same_wish(at):
    at(0, signal.SIGTERM)
    assert at(2 * ECHO_S, signal.SIGTERM).received == signal.SIGTERM


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="this system has none")
def test_a_terminal_that_closes_is_ignored_where_that_was_asked_for():
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with watch_interrupts() as interrupts:
            os.kill(os.getpid(), signal.SIGHUP)
            assert interrupts.received is None
    finally:
        signal.signal(signal.SIGHUP, before)


def test_afterwards_signals_do_what_they_did_before_also_after_an_error():
    before = [signal.getsignal(number) for number in SIGNALS]
    with pytest.raises(ZeroDivisionError), watch_interrupts():
        assert [signal.getsignal(number) for number in SIGNALS] != before
        raise ZeroDivisionError
    assert [signal.getsignal(number) for number in SIGNALS] == before


def test_in_another_thread_nothing_is_watched_and_nothing_fails():
    found = []

    def watch():
        before = [signal.getsignal(number) for number in SIGNALS]
        with watch_interrupts() as interrupts:
            found.append((interrupts.received, [signal.getsignal(number) for number in SIGNALS] == before))

    thread = threading.Thread(target=watch)
    thread.start()
    thread.join()
    assert found == [(None, True)]


ENDS = """
import os, signal, sys
from aecli.runs import interrupts
interrupts.take_signals_once()
if sys.argv[2] == "echo":
    interrupts.ECHOES.is_echo()  # the first one was taken by a training
os.kill(os.getpid(), int(sys.argv[1]))
print("went on")
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP], ids=["SIGTERM", "SIGHUP"])
def test_outside_of_a_training_a_signal_ends_the_process_and_its_echo_does_not(number):
    for how, code, said in (("first", -number, ""), ("echo", 0, "went on\n")):
        done = subprocess.run([sys.executable, "-c", ENDS, str(int(number)), how], capture_output=True, text=True)
        assert (done.returncode, done.stdout) == (code, said)
