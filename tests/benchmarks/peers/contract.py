"""What a peer and the driver say to each other; runs in both environments, so it imports only the standard library.

A peer is a process of its own. It imports and sets up, and whenever it could begin an epoch it calls `wait`, which
sleeps until the driver writes a line to its stdin; after the epoch it calls `done`. It may do so in a loop of its own
or from the callbacks of a framework. Each answer is one line of JSON on stdout; whatever else a library prints there
goes to stderr. The end of stdin ends the process, so no peer outlives its driver for longer than an epoch.
"""

import json
import os
import sys
import time
from importlib import metadata
from pathlib import Path
from typing import Any, TextIO

WIDTHS = (784, 128, 64, 32, 64, 128, 784)
BATCH = 256
LEARNING_RATE = 1e-3


class Turns:
    """The peer's end of the conversation.

    Args:
        packages: distributions whose versions the driver is told.
    """

    def __init__(self, *packages: str) -> None:
        self.packages = packages
        self.began: tuple[float, ...] | None = None
        self.ended: tuple[float, ...] | None = None
        self.answers: TextIO = os.fdopen(os.dup(1), "w")
        os.dup2(2, 1)

    def wait(self) -> None:
        """Sleep until it is this peer's turn, then start the clock; the first call says that the set-up is done.

        Raises:
            SystemExit: the driver is done with this peer.
        """
        if self.began is None:
            self.say(event="ready", versions={name: version(name) for name in self.packages})
        if not sys.stdin.readline():
            raise SystemExit
        self.began, self.ended = (time.perf_counter(), time.process_time()), None

    def stop(self) -> None:
        """Stop the clock; what follows before `done` is not measured."""
        self.ended = time.perf_counter(), time.process_time()

    def done(self, **findings: Any) -> None:
        """Stop the clock if it runs, and tell the driver, who lets the next peer begin."""
        if self.ended is None:
            self.stop()
        seconds, cpu_s = (end - begin for begin, end in zip(self.began, self.ended, strict=True))
        self.say(event="turn", seconds=seconds, cpu_s=cpu_s, peak_mb=peak_memory_mb(), **findings)

    def say(self, **answer: Any) -> None:
        """One line of JSON."""
        self.answers.write(json.dumps(answer) + "\n")
        self.answers.flush()


def version(package: str) -> str | None:
    """The installed version of a distribution."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def peak_memory_mb() -> float | None:
    """The largest resident size this process ever had; None where there is no /proc."""
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:")), None)


def read_images(folder: str, part: str = "train") -> Any:
    """The training or test images as the float32 array in [0, 1] that tutorials make of MNIST, (N, 784)."""
    import numpy as np

    with np.load(Path(folder) / "mnist.npz", allow_pickle=False) as archive:
        return archive[f"x_{part}"].astype("float32") / 255
