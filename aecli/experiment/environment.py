"""What a run depended on besides its config: versions, machine, data, code, command line."""

import os
import platform
import socket
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

if TYPE_CHECKING:
    from aecli.training.splits import Splits

PACKAGES = ("aecli", "torch", "torchvision", "numpy", "scipy", "scikit-learn", "pydantic")


def describe_environment(splits: "Splits", device: torch.device) -> dict[str, Any]:
    """The content of environment.json."""
    return {
        "schema": 1,
        "versions": {"python": platform.python_version(), **{name: version(name) for name in PACKAGES}},
        "platform": platform.platform(),
        "host": socket.gethostname(),
        "cpu": cpu_name(),
        "cpu_count": os.cpu_count(),
        "threads": torch.get_num_threads(),
        "device": str(device),
        "device_name": torch.cuda.get_device_name(device) if device.type == "cuda" else None,
        "git": describe_git(Path.cwd()),
        "data": splits.description,
        "command": sys.argv,
        "working_directory": str(Path.cwd()),
    }


def version(package: str) -> str | None:
    """The installed version of a package."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def cpu_name() -> str:
    """The processor as the system names it."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def describe_git(folder: Path) -> dict[str, Any] | None:
    """Commit and dirty flag of the repository around a folder; None outside of one."""
    try:
        commit, changes = (
            subprocess.run(["git", *command], cwd=folder, capture_output=True, text=True, timeout=5, check=True).stdout
            for command in (("rev-parse", "HEAD"), ("status", "--porcelain", "--untracked-files=no"))
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return {"commit": commit.strip(), "dirty": bool(changes.strip())}
