"""A worker process: torch is loaded once, then it trains one trial after the other.

It speaks with the sweep through a pipe: ("work", ...), ("measure", ...) and ("prune",) come in; ("ready",), ("epoch", ...),
("done", outcome) and ("speed", ...) go out. When the sweep's process is gone, it stops at the next step, with a checkpoint.
"""

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

GONE = (EOFError, BrokenPipeError, ConnectionResetError)
"""What a pipe raises whose other end is closed."""


def main(connection: Connection, threads: int, out: str) -> None:
    """Work until the pipe closes.

    Args:
        connection: to the sweep.
        threads: of PyTorch, for trials whose config does not say.
        out: the folder of the runs.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches everyone; while a trial trains it is handled there
    if hasattr(signal, "pthread_sigmask"):  # they were held back until here
        signal.pthread_sigmask(signal.SIG_UNBLOCK, (signal.SIGINT, signal.SIGTERM))
    threading.Thread(target=end_with_parent, daemon=True).start()
    import aecli.config.schema  # noqa: F401  a second slower once torch is there: inspect then walks all of its modules
    import torch  # isort: skip

    torch.set_num_threads(threads)
    try:
        connection.send(("ready",))
        while True:
            kind, *arguments = connection.recv()
            if kind == "work":
                connection.send(("done", train(connection, Path(out), *arguments)))
            elif kind == "measure":
                connection.send(("speed", measure(*arguments)))
    except GONE:
        os._exit(0)  # nothing is left to do, and to take torch down in order takes a second


def end_with_parent() -> None:
    """End this process as SIGTERM would as soon as the sweep's process is gone, however it ended."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)


def train(connection: Connection, out: Path, digest: str, plain: dict[str, Any], resumable: str | None) -> Any:
    """One trial."""
    from aecli.config.load import load_config
    from aecli.sweep.engines.work import Reporter, work

    def tell(epoch: int, epochs: int, metrics: dict[str, float]) -> None:
        with interrupted_when_alone():  # every epoch, however short: a pruner compares trials at the same one
            connection.send(("epoch", digest, epoch, epochs, metrics))

    def should_stop() -> bool:
        with interrupted_when_alone():
            return connection.poll() and connection.recv()[0] == "prune"

    return work(digest, load_config(plain), out, Path(resumable) if resumable else None, Reporter(tell, should_stop))


@contextmanager
def interrupted_when_alone() -> Iterator[None]:
    """A closed pipe is no fault of the trial.

    Raises:
        InterruptedRun: the sweep's process is gone.
    """
    from aecli.errors import InterruptedRun

    try:
        yield
    except GONE:
        raise InterruptedRun("stopped: the sweep's process is gone", signal.SIGTERM) from None


def measure(plain: dict[str, Any], threads: int, seconds: float) -> float | None:
    """Training speed in images per second."""
    from aecli.config.load import load_config
    from aecli.sweep.engines.calibration import images_per_s

    return images_per_s(load_config(plain), threads, seconds)
