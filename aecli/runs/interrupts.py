"""SIGINT, SIGTERM and SIGHUP as a wish that is granted between two steps, never in the middle of a write."""

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

HANGUP = getattr(signal, "SIGHUP", None)  # Windows has none
SIGNALS = (signal.SIGINT, signal.SIGTERM, *([HANGUP] if HANGUP else []))
ECHO_S = 1.0
"""Seconds after a signal within which another Ctrl-C is its echo, as a wrapper gives it that forwards signals; no
finger means something else so soon."""


class Echoes:
    """Knows when the process was last asked to end."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self.last = -ECHO_S

    def is_echo(self) -> bool:
        """Whether a signal that comes now belongs to an earlier one; otherwise it counts, and is remembered."""
        now = self.clock()
        if now - self.last < ECHO_S:
            return True
        self.last = now
        return False


ECHOES = Echoes()
"""Of this process, which its signals meet as a whole."""


class Interrupts:
    """Remembers the first signal; a second SIGINT that is no echo ends the process in the ordinary way."""

    def __init__(self, echoes: Echoes = ECHOES) -> None:
        self.received: int | None = None
        self.is_granted = False
        """Whether the training is on its way out, which nothing is to disturb."""
        self.echoes = echoes

    def handle(self, number: int, frame: FrameType | None) -> None:
        """Note a signal."""
        is_echo = self.echoes.is_echo()
        if self.received is None:
            self.received = number
        elif number == signal.SIGINT and not is_echo and not self.is_granted:
            signal.default_int_handler(number, frame)


@contextmanager
def watch_interrupts() -> Iterator[Interrupts]:
    """Handle the signals while inside; in a thread other than the main one nothing can be handled, and nothing is.

    A SIGHUP that is ignored, as under `nohup`, stays ignored.
    """
    interrupts = Interrupts()
    if threading.current_thread() is not threading.main_thread():
        yield interrupts
        return
    numbers = [number for number in SIGNALS if number != HANGUP or signal.getsignal(number) != signal.SIG_IGN]
    before = {number: signal.signal(number, interrupts.handle) for number in numbers}
    try:
        yield interrupts
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def interrupt_once(number: int, frame: FrameType | None) -> None:
    """What Ctrl-C does outside of a training: it interrupts, and its echoes do not interrupt the way out."""
    if not ECHOES.is_echo():
        signal.default_int_handler(number, frame)


def end_once(number: int, frame: FrameType | None) -> None:
    """What SIGTERM and SIGHUP do outside of a training: they end the process, and their echoes leave the way out be."""
    if not ECHOES.is_echo():
        signal.signal(number, signal.SIG_DFL)
        signal.raise_signal(number)


def take_signals_once() -> None:
    """Let the signals of this process count once, where nobody handles or ignores them; for the command line."""
    for number in SIGNALS:
        if signal.getsignal(number) in (signal.default_int_handler, signal.SIG_DFL):
            signal.signal(number, interrupt_once if number == signal.SIGINT else end_once)
