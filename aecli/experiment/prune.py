"""Making runs small: a run that is finished keeps one checkpoint without the optimizer, or none.

It can be judged and loaded as before, and not gone on with. status.json says so before anything is deleted, so that
whatever interrupts this, the same command ends it.
"""

import io
from dataclasses import dataclass
from pathlib import Path

import torch

from aecli.config.load import load_config
from aecli.errors import UsageError
from aecli.experiment.checkpoint import load_checkpoint
from aecli.experiment.restore import judged_checkpoint
from aecli.files.json_files import write_json
from aecli.files.writing import remove_file, write_atomic
from aecli.registry import unknown_name
from aecli.runs.folder import RunFolder, open_run_folder, timestamp
from aecli.runs.locks import locked
from aecli.runs.sizes import bytes_in

BEST, NONE = "best", "none"
KEEP = (BEST, "last", NONE)


@dataclass(frozen=True)
class Pruned:
    """What became of one run."""

    run: Path
    kept: str | None
    """The name of the checkpoint that is left."""
    freed: int
    """Bytes."""


def prune(path: str | Path, *, keep: str, only_tell: bool = False) -> Pruned:
    """Drop the optimizer's states and all checkpoints of a finished run but one.

    Args:
        path: the run.
        keep: `best`, the checkpoint that the summary judges (which is the last one where the config says so), `last`,
            or `none`.
        only_tell: change nothing, and say what would be freed.

    Raises:
        UsageError: the run is not finished, `keep` is unknown, or there is no such checkpoint.
        CheckpointError: the checkpoint to be kept cannot be read; nothing was changed.
    """
    if keep not in KEEP:
        raise UsageError(f"--keep {unknown_name(keep, KEEP)}")
    folder = open_run_folder(path)
    with locked(folder.path):
        status = folder.read_status()
        if status.get("status") not in ("completed", "diverged"):
            raise UsageError(
                f"{folder.path}: is {status.get('status')}, and could not go on without its checkpoints; not pruned"
            )
        kept = find_kept(folder, keep)
        content = content_without_optimizers(kept) if kept else b""
        name = kept.stem if kept else None
        freed = bytes_in(folder.checkpoints) - len(content)
        if not only_tell:
            write_json(folder.status_file, status | {"pruned": {"kept": name, "time": timestamp()}})
            if kept:
                write_atomic(kept, lambda file: file.write(content), durable=True, below=folder.path)
            for file in folder.checkpoints.glob("*.pt"):
                if file != kept:
                    remove_file(file)
        return Pruned(folder.path, name, freed)


def content_without_optimizers(file: Path) -> bytes:
    """A checkpoint as it is written anew, without what only going on would need.

    Raises:
        CheckpointError: it cannot be read.
    """
    buffer = io.BytesIO()
    torch.save(load_checkpoint(file) | {"optimizers": []}, buffer)
    return buffer.getvalue()


def find_kept(folder: RunFolder, keep: str) -> Path | None:
    """The file of the checkpoint that stays.

    Raises:
        UsageError: it is not there.
    """
    if keep == NONE:
        return None
    name = judged_checkpoint(folder, load_config(folder.config)) if keep == BEST else keep
    file = folder.checkpoints / f"{name}.pt"
    if not file.is_file():
        there = ", ".join(sorted(one.stem for one in folder.checkpoints.glob("*.pt"))) or "none"
        raise UsageError(f"{file}: no such checkpoint to keep; there: {there}; not pruned")
    return file
