"""What a measurement depends on besides the programs: the machine, the day, the load, the command."""

import os
import platform
import shlex
import sys
from datetime import UTC, datetime
from typing import Any


def describe_machine() -> dict[str, Any]:
    """Processor, cores that this process may use, system, and how busy it was in the last minute."""
    from aecli.experiment.environment import cpu_name

    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    load = round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None
    return {"cpu": cpu_name(), "cores": cores, "system": platform.platform(terse=True), "load_before": load}


def describe_occasion() -> dict[str, Any]:
    """Everything that a table says below it."""
    return {
        "schema": 1,
        "date": datetime.now(UTC).strftime("%d %B %Y, %H:%M UTC"),
        "command": shlex.join(["python", *sys.argv]),
        "machine": describe_machine(),
        "omp_wait_policy": os.environ.get("OMP_WAIT_POLICY"),
        "python": platform.python_version(),
    }


def footer(result: dict[str, Any], versions: dict[str, str]) -> str:
    """The occasion and the versions in words."""
    machine = result["machine"]
    packages = "".join(f", {name} {version}" for name, version in sorted(versions.items()))
    policy = f", OMP_WAIT_POLICY={result['omp_wait_policy']}" if result["omp_wait_policy"] else ""
    return (
        f"{machine['cpu']}, {machine['cores']} cores, load {machine['load_before']} before the start{policy}; "
        f"{result['date']}; Python {result['python']}{packages}. `{result['command']}`"
    )
