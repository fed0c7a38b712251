"""SIGINT and SIGTERM as a wish that is granted between two steps, never in the middle of a write."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Interrupts:
    """Remembers the first signal; a second SIGINT ends the process in the ordinary way."""

    def __init__(self) -> None:
        self.received: int | None = None

    def handle(self, number: int, frame: FrameType | None) -> None:
        """Note a signal."""
        if self.received is not None and number == signal.SIGINT:
            signal.default_int_handler(number, frame)
        self.received = number


@contextmanager
def watch_interrupts() -> Iterator[Interrupts]:
    """Handle the signals while inside; in a thread other than the main one nothing can be handled, and nothing is."""
    interrupts = Interrupts()
    if threading.current_thread() is not threading.main_thread():
        yield interrupts
        return
    before = {number: signal.signal(number, interrupts.handle) for number in SIGNALS}
    try:
        yield interrupts
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
