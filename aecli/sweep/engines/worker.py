"""A worker process: torch is loaded once, then it trains one trial after the other.

It speaks with the sweep through a pipe, in the words of `messages`. When the sweep's process is gone, it stops at the
next step, with a checkpoint.
"""

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path

from aecli.errors import InterruptedRun, UsageError
from aecli.runs.interrupts import HANGUP
from aecli.sweep.engines.messages import EpochDone, MeasureSpeed, Ready, Speed, StopTrial, TrainTrial, TrialDone, Unfit
from aecli.sweep.engines.outside import OutsideModules

GONE = (EOFError, BrokenPipeError, ConnectionResetError)
"""What a pipe raises whose other end is closed."""


def main(connection: Connection, threads: int, out: str, outside: OutsideModules) -> None:
    """Work until the pipe closes.

    Args:
        connection: to the sweep.
        threads: of PyTorch, for trials whose config does not say.
        out: the folder of the runs.
        outside: what is to be imported before a config is read.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches everyone; while a trial trains it is handled there
    if HANGUP:  # a terminal that closes reaches everyone, too; the sweep ends its workers
        signal.signal(HANGUP, signal.SIG_IGN)
    if hasattr(signal, "pthread_sigmask"):  # they were held back until here
        signal.pthread_sigmask(signal.SIG_UNBLOCK, (signal.SIGINT, signal.SIGTERM))
    threading.Thread(target=end_with_parent, daemon=True).start()
    try:
        if get_ready(connection, threads, outside):
            while True:
                answer(connection, Path(out))
    except GONE:
        os._exit(0)  # nothing is left to do, and to take torch down in order takes a second


def get_ready(connection: Connection, threads: int, outside: OutsideModules) -> bool:
    """Load what every trial needs, and tell whether that went well."""
    try:
        outside.load()
    except UsageError as error:
        connection.send(Unfit(str(error)))
        return False
    import aecli.config.schema  # noqa: F401  a second slower once torch is there: inspect then walks all of its modules
    import torch  # isort: skip

    torch.set_num_threads(threads)
    connection.send(Ready())
    return True


def answer(connection: Connection, out: Path) -> None:
    """Do what the sweep asks for next."""
    asked = connection.recv()
    if isinstance(asked, TrainTrial):
        connection.send(train(connection, out, asked))
    elif isinstance(asked, MeasureSpeed):
        connection.send(measure(asked))


def end_with_parent() -> None:
    """End this process as SIGTERM would as soon as the sweep's process is gone, however it ended."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)


def train(connection: Connection, out: Path, asked: TrainTrial) -> TrialDone:
    """One trial."""
    from aecli.config.load import load_config
    from aecli.sweep.engines.train_trial import Reporter, train_trial

    def tell(epoch: int, epochs: int, metrics: dict[str, float]) -> None:
        with interrupted_when_alone():  # every epoch, however short: a pruner compares trials at the same one
            connection.send(EpochDone(asked.digest, epoch, epochs, metrics))

    def should_stop() -> bool:
        with interrupted_when_alone():
            return connection.poll() and isinstance(connection.recv(), StopTrial)

    resumable = Path(asked.resumable) if asked.resumable else None
    reporter = Reporter(tell, should_stop)
    return TrialDone(train_trial(asked.digest, load_config(asked.config), out, resumable, reporter))


@contextmanager
def interrupted_when_alone() -> Iterator[None]:
    """A closed pipe is no fault of the trial.

    Raises:
        InterruptedRun: the sweep's process is gone.
    """
    try:
        yield
    except GONE:
        raise InterruptedRun("stopped: the sweep's process is gone", signal.SIGTERM) from None


def measure(asked: MeasureSpeed) -> Speed:
    """How fast a config is trained here."""
    from aecli.config.load import load_config
    from aecli.sweep.engines.speed import measure_speed

    return measure_speed(load_config(asked.config), asked.threads, asked.seconds)
