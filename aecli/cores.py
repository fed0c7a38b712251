"""The cores of the processor: how many this process may use, and how threads on them wait for each other."""

import os
import sys
from pathlib import Path

SPINS = "1000"
"""How often a thread of OpenMP looks for work before it sleeps: a twentieth of a millisecond instead of libgomp's
sixteen. While other programs keep the cores busy, threads that wait longer make an epoch many times as slow."""
WAITING = ("GOMP_SPINCOUNT", "OMP_WAIT_POLICY")
"""Where a user says how threads wait."""
COUNTS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS")
"""Where a user says, for every program, how many threads there are."""


def usable_cores() -> int:
    """Cores that this process may use, which a container or `taskset` can make fewer than the machine has."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # macOS and Windows
        return os.cpu_count() or 1


def usual_thread_counts() -> set[int]:
    """How many threads a library of numbers takes by itself: one for each usable core, or for each that is physical."""
    try:
        usable = os.sched_getaffinity(0)
        files = [Path(f"/sys/devices/system/cpu/cpu{core}/topology/thread_siblings_list") for core in usable]
        return {len(usable), len({file.read_text() for file in files})}
    except (AttributeError, OSError):
        return set(range(1, usable_cores() + 1))


def shorten_waiting() -> None:
    """Let threads of OpenMP sleep soon while they wait, if the user says nothing; read when torch is loaded."""
    if "torch" not in sys.modules and not any(name in os.environ for name in WAITING):
        os.environ["GOMP_SPINCOUNT"] = SPINS
