"""Checkpoints: one moment of a training, whole.

A checkpoint has the weights, the state of the optimizers, the epoch and the best epoch so far; random streams and
schedules follow from the seed and the epoch. Files are read with PyTorch's restricted unpickler, which can build
tensors and plain containers and executes nothing.
"""

import io
import os
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

import torch

from aecli.errors import CheckpointError
from aecli.experiment.fitting import head_problem
from aecli.files.reading import NO_LIMIT, open_file, read_bytes
from aecli.files.writing import sync_folder, temporary_name, write_atomic, writing
from aecli.runs.folder import RunFolder
from aecli.text import printable

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
    write_atomic(fresh, lambda file: file.write(buffer.getbuffer()), durable=True, below=folder.path)
    with writing(last):
        if last.exists():
            last.replace(previous)
        fresh.replace(last)
    if is_best:
        link_best(last, best)
    sync_folder(folder.checkpoints)


def link_best(last: Path, best: Path) -> None:
    """Make `best.pt` the same file as `last.pt`, or a copy of it where the file system has no hard links.

    Raises:
        RunFolderError: the folder cannot be written.
    """
    temporary = temporary_name(best)
    try:
        with writing(best):
            try:
                os.link(last, temporary, follow_symlinks=False)
            except OSError:
                content = read_bytes(last, NO_LIMIT, below=last.parent.parent)
                write_atomic(best, lambda file: file.write(content), durable=True)
            else:
                temporary.replace(best)
    finally:
        with suppress(OSError):  # where both were one file already, replacing does nothing
            temporary.unlink()


def load_checkpoint(path: Path) -> dict[str, Any]:
    """Read a checkpoint onto the CPU.

    Raises:
        CheckpointError: it is missing, cut off, damaged, or holds anything but tensors and plain values.
    """
    try:
        with open_file(path, below=path.parent.parent) as file:
            refuse_damaged(file, path)
            file.seek(0)
            moment = torch.load(file, map_location="cpu", weights_only=True)
    except FileNotFoundError:
        raise CheckpointError(f"{path}: no such checkpoint") from None
    except CheckpointError:
        raise
    except OSError as error:
        raise CheckpointError(f"{path}: cannot be read: {error.strerror or error}") from None
    except Exception as error:  # the unpickler raises many kinds; all of them mean that the file is not ours
        if "weights_only" in str(error) or "Unsupported" in str(error):
            raise CheckpointError(f"{path}: holds more than tensors and plain values; it was not executed") from None
        raise CheckpointError(f"{path}: is cut off or no checkpoint") from None
    if not isinstance(moment, dict) or not moment.keys() >= KEYS:
        raise CheckpointError(f"{path}: is no checkpoint of aecli")
    if moment["format"] != FORMAT:
        told = printable(moment["format"])[:20]
        raise CheckpointError(f"{path}: has format {told}; this version of aecli reads {FORMAT}")
    if problem := head_problem(moment):
        raise CheckpointError(f"{path}: {problem}; it is no checkpoint of aecli")
    return moment


def refuse_damaged(file: BinaryIO, path: Path) -> None:
    """Refuse what is no archive of torch's, or is not whole; torch itself does not look at the checksums.

    torch compresses nothing, so that a checkpoint takes no more memory than room on the disk.

    Raises:
        CheckpointError: with what is wrong.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            packed = [member for member in archive.infolist() if member.compress_type != zipfile.ZIP_STORED]
            damaged = None if packed else archive.testzip()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError, RuntimeError):
        raise CheckpointError(f"{path}: is cut off or no checkpoint") from None
    if packed:
        raise CheckpointError(f"{path}: is compressed, and torch compresses no checkpoint; it was not read")
    if damaged:
        raise CheckpointError(f"{path}: is damaged: the checksum of {printable(damaged)} is wrong")


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
        with writing(path):
            path.replace(folder.checkpoints / "last.pt")
        return moment, refused
    if refused:
        raise CheckpointError("\n".join([*refused, f"no checkpoint in {folder.checkpoints} can be read; train again"]))
    return None, refused
