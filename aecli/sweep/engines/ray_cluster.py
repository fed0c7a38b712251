"""Finding a Ray cluster, or starting one on this machine."""

import logging
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

from aecli.errors import UsageError

CONNECT_S = 5.0
ANSWER_S = 15.0
"""Seconds a cluster has to let a process join."""
TRY = """
import sys, ray
try:
    ray.init(address=sys.argv[1], log_to_driver=False, logging_level="ERROR")
except Exception as error:
    sys.exit((str(error).strip() or type(error).__name__).splitlines()[0])
"""


@contextmanager
def joined_cluster(address: str | None) -> Iterator[None]:
    """Be connected to a Ray cluster while inside.

    Args:
        address: `host:port` or `auto`, as for `ray start`; None means what RAY_ADDRESS says, else
            a cluster of this machine alone that ends with this process. Who is connected already stays so.

    Raises:
        UsageError: the package ray is not installed, or no cluster answers.
    """
    ray = import_ray()
    if ray.is_initialized():
        yield
        return
    address = address or os.environ.get("RAY_ADDRESS") or "local"
    if address != "local":
        check_address(address)
    local = {"include_dashboard": False} if address == "local" else {}
    try:
        ray.init(address=address, log_to_driver=False, logging_level=logging.ERROR, **local)
    except (ConnectionError, RuntimeError, ValueError, ray.exceptions.RayError) as error:
        raise UsageError(f"--address {address}: {first_line(error)}") from None
    try:
        yield
    finally:
        ray.shutdown()


def import_ray() -> ModuleType:
    """The package ray, which then reports nothing to its makers.

    Raises:
        UsageError: it is not installed.
    """
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    try:
        import ray
        import ray.exceptions
    except ImportError:
        raise UsageError("the engine ray needs the package ray: pip install 'aecli[ray]'") from None
    return ray


def check_address(address: str, answer_s: float = ANSWER_S) -> None:
    """Ask a cluster whether it is there.

    Args:
        address: see `joined_cluster`.
        answer_s: how long to wait for its answer.

    Raises:
        UsageError: nobody answers within seconds, or somebody else does.
    """
    if address != "auto":
        check_port(address)
    if reason := objection(address, answer_s):
        raise UsageError(f"--address {address}: {reason}")


def check_port(address: str) -> None:
    """Whether anybody listens there, which is quickly told.

    Raises:
        UsageError: nobody does, or it is no address.
    """
    if address.startswith("ray://"):
        raise UsageError(
            f"--address {address}: a sweep does not run through a Ray client; "
            "start it on a node of the cluster, with --address auto"
        )
    host, _, port = address.rpartition(":")
    if not host or not port.isdecimal():
        raise UsageError(f'--address "{address}": write host:port, or auto')
    try:
        socket.create_connection((host.strip("[]"), int(port)), timeout=CONNECT_S).close()
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UsageError(
            f"--address {address}: no Ray cluster answers there ({reason}); on its head node `ray status` shows it"
        ) from None


def objection(address: str, answer_s: float) -> str | None:
    """Why a cluster cannot be joined; None if it can.

    It is tried in a process of its own: by itself, Ray waits for two minutes, and may end the process that asks.
    """
    command = [sys.executable, "-c", TRY, address]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=answer_s, check=False)
    except subprocess.TimeoutExpired:
        return (
            f"something is there, but no Ray cluster answered within {answer_s:g} s; its port is 6379 "
            "if it was not set, and a cluster that asks for a token wants RAY_AUTH_MODE=token here"
        )
    if done.returncode == 0:
        return None
    return (done.stderr.strip().splitlines() or ["it cannot be joined"])[-1]


def places(threads: int, is_gpu: bool) -> int:
    """How many trials the cluster has room for at the same time.

    Args:
        threads: CPUs of each.
        is_gpu: whether each needs a GPU.
    """
    import ray

    total = 0
    for node in ray.nodes():
        held = node["Resources"] if node["Alive"] else {}
        room = int(held.get("CPU", 0) // threads)
        total += min(room, int(held.get("GPU", 0))) if is_gpu else room
    return total


def room_for(threads: int, is_gpu: bool) -> int:
    """`places` of a cluster that has some.

    Raises:
        UsageError: no node is big enough for a trial.
    """
    if count := places(threads, is_gpu):
        return count
    needs = f"{threads} CPU{'s' * (threads != 1)}" + " and a GPU" * is_gpu
    raise UsageError(
        f"no node of the Ray cluster has {needs} for a trial; `ray status` shows its nodes, "
        "and --jobs NxT asks for T CPUs"
    )


def first_line(error: BaseException) -> str:
    """What an error says first."""
    return (str(error).strip() or type(error).__name__).splitlines()[0]
