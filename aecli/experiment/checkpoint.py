"""Checkpoints: one moment of a training, whole.

A checkpoint has the weights, the state of the optimizers, the epoch and the best epoch so far; random streams and
schedules follow from the seed and the epoch. Files are read with PyTorch's restricted unpickler, which can build
tensors and plain containers and executes nothing.
"""

import io
import os
import shutil
import zipfile
from pathlib import Path
from typing import Any

import torch

from aecli.errors import CheckpointError
from aecli.runs.files import write_atomic
from aecli.runs.folder import RunFolder

FORMAT = 1
KEYS = {"format", "epoch", "model", "optimizers"}


def save_checkpoint(folder: RunFolder, moment: dict[str, Any], *, is_best: bool) -> None:
    """Write `last.pt`, keeping the one before as `previous.pt`, and `best.pt` if this is the best.

    At every instant at least one complete checkpoint is in place. `best.pt` is a second name of the same file, so it
    costs nothing and is the same moment whole.
    """
    last, previous, best = (folder.checkpoints / f"{name}.pt" for name in ("last", "previous", "best"))
    fresh = folder.checkpoints / "next.pt"
    buffer = io.BytesIO()  # a full disk then is an OSError with a reason, which torch's own writer would hide
    torch.save({"format": FORMAT, **moment}, buffer)
    write_atomic(fresh, lambda file: file.write(buffer.getbuffer()), durable=True)
    if last.exists():
        last.replace(previous)
    fresh.replace(last)
    if is_best:
        link_best(last, best)


def link_best(last: Path, best: Path) -> None:
    """Make `best.pt` the same file as `last.pt`, or a copy of it where the file system has no hard links."""
    temporary = best.with_name(f".best.{os.getpid()}.tmp")
    temporary.unlink(missing_ok=True)
    try:
        os.link(last, temporary)
    except OSError:
        shutil.copyfile(last, temporary)
    temporary.replace(best)
    temporary.unlink(missing_ok=True)  # where both were one file already, replacing does nothing


def load_checkpoint(path: Path) -> dict[str, Any]:
    """Read a checkpoint onto the CPU.

    Raises:
        CheckpointError: it is missing, cut off, damaged, or holds anything but tensors and plain values.
    """
    if not path.is_file():
        raise CheckpointError(f"{path}: no such checkpoint")
    try:
        with zipfile.ZipFile(path) as archive:
            damaged = archive.testzip()  # torch itself does not look at the checksums
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError, RuntimeError):
        raise CheckpointError(f"{path}: is cut off or no checkpoint") from None
    if damaged:
        raise CheckpointError(f"{path}: is damaged: the checksum of {damaged} is wrong")
    try:
        moment = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # the unpickler raises many kinds; all of them mean that the file is not ours
        if "weights_only" in str(error) or "Unsupported" in str(error):
            raise CheckpointError(f"{path}: holds more than tensors and plain values; it was not executed") from None
        raise CheckpointError(f"{path}: is cut off or no checkpoint") from None
    if not isinstance(moment, dict) or not moment.keys() >= KEYS:
        raise CheckpointError(f"{path}: is no checkpoint of aecli")
    if moment["format"] != FORMAT:
        raise CheckpointError(f"{path}: has format {moment['format']}; this version of aecli reads {FORMAT}")
    return moment


def load_latest(folder: RunFolder) -> tuple[dict[str, Any] | None, list[str]]:
    """The last checkpoint that can be read, and a line for each one that could not.

    Where that is the previous one, it becomes the last.

    Returns: None where no checkpoint has been written yet.

    Raises:
        CheckpointError: there are checkpoints, but none can be read.
    """
    refused: list[str] = []
    for name in ("last.pt", "previous.pt"):
        path = folder.checkpoints / name
        if not path.exists():
            continue
        try:
            moment = load_checkpoint(path)
        except CheckpointError as error:
            refused.append(str(error))
            continue
        path.replace(folder.checkpoints / "last.pt")
        return moment, refused
    if refused:
        raise CheckpointError("\n".join([*refused, f"no checkpoint in {folder.checkpoints} can be read; train again"]))
    return None, refused


def restore(
    moment: dict[str, Any], model: torch.nn.Module, optimizers: list[torch.optim.Optimizer] | None = None
) -> None:
    """Put a moment's weights in place, and the states of the optimizers if there are any to go on with.

    Raises:
        CheckpointError: they belong to another architecture or optimizer.
    """
    try:
        model.load_state_dict(moment["model"])
        if optimizers is not None:
            for optimizer, state in zip(optimizers, moment["optimizers"], strict=True):
                optimizer.load_state_dict(state)
    except (RuntimeError, ValueError, KeyError, TypeError, AttributeError) as error:
        reason = str(error).splitlines()[0]
        raise CheckpointError(f"the checkpoint does not fit the config: {reason}") from None
