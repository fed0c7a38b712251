"""Signals: the first is a wish, the second Ctrl-C ends, and afterwards everything is as it was."""

import os
import signal
import threading

import pytest

from aecli.runs.interrupts import SIGNALS, Interrupts, watch_interrupts


@pytest.mark.parametrize("number", SIGNALS, ids=["SIGINT", "SIGTERM"])
def test_the_first_signal_is_remembered_and_ends_nothing(number):
    with watch_interrupts() as interrupts:
        assert interrupts.received is None
        os.kill(os.getpid(), number)
        assert interrupts.received == number


def test_a_second_ctrl_c_ends_in_the_ordinary_way():
    with watch_interrupts() as interrupts:
        os.kill(os.getpid(), signal.SIGTERM)
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)
        assert interrupts.received == signal.SIGTERM


def test_a_second_sigterm_is_the_same_wish():
    interrupts = Interrupts()
    for _ in range(2):
        interrupts.handle(signal.SIGTERM, None)
    assert interrupts.received == signal.SIGTERM


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
