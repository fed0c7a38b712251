"""Judging a stored run: load its model and its data again, and run suites on them."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import torch

from aecli.components.data import load_dataset
from aecli.components.data.scaling import in_unit_range
from aecli.components.evaluation.suites import SUITES, Findings
from aecli.config.load import load_config
from aecli.config.schema import Config
from aecli.config.typed_value import read_value
from aecli.errors import DataError, UsageError
from aecli.evaluation.run_suites import judge_suites
from aecli.evaluation.subject import Subject
from aecli.experiment.began import told_where_it_began
from aecli.experiment.checkpoint import load_checkpoint
from aecli.experiment.restore import judged_checkpoint, load_model, recorded_scaling
from aecli.registry import unknown_name
from aecli.runs.folder import RunFolder, open_run_folder
from aecli.runs.locks import locked
from aecli.text import each, shell_word
from aecli.training.build import choose_device, flush_denormals
from aecli.training.splits import Split, Splits, as_tensor, class_names, load_splits


def evaluate(
    path: str | Path,
    *,
    suites: str | Sequence[str] = (),
    split: str = "test",
    checkpoint: str | None = None,
    data: str | None = None,
    again: bool = False,
    tell: Callable[[str], None] = lambda text: None,
) -> tuple[RunFolder, str, dict[str, Findings | None]]:
    """Run suites on a complete run and add them to its summary.json.

    A run that is judged as its config says (test split, its own data, its judged checkpoint) gets what `train` would
    have written: also the top-level sections of the summary, per_image.npz and examples.npz.

    Args:
        path: the run folder.
        suites: names; all if none is given.
        split: `test` or `validation`.
        checkpoint: `best` or `last`; the one that the run's summary judges if not given.
        data: other data to judge on: the name of a data set, or `{name: csv, file: other.csv}`.
        again: measure anew what was measured before.
        tell: is told what is being measured.

    Returns: the folder, the key under `suites` in its summary, and the findings of each suite.

    Raises:
        UsageError: the run is not complete, or a name is unknown, or the other data does not fit the model.
        DataError: the run's data is not what it was.
        CheckpointError: the checkpoint cannot be read.
    """
    check_names(suites := each(suites), split, checkpoint)
    folder = open_run_folder(path)
    with locked(folder.path, shared=True):  # a resume waits for nobody, and is refused meanwhile
        require_complete(folder)
        subject, place, epoch = take_subject(folder, split, checkpoint, data)
        found = judge_suites(
            subject,
            suites or list(SUITES),
            folder,
            place=place,
            head={"judged_epoch": epoch, "data_sha256": subject.splits.description["sha256"]},
            is_default=place == "test",
            again=again,
            tell=tell,
        )
    return folder, place, found


def take_subject(folder: RunFolder, split: str, checkpoint: str | None, data: str | None) -> tuple[Subject, str, int]:
    """The model and the data that are asked for, where the summary keeps what is found, and the model's epoch.

    Raises:
        UsageError, DataError, CheckpointError: see `evaluate`.
    """
    config = load_config(folder.config)
    flush_denormals()
    device = choose_device(config)
    with told_where_it_began(folder, "evaluate"):
        splits = load_splits(config, device, scaling=recorded_scaling(folder))
    check_unchanged(folder, splits)
    judged = judged_checkpoint(folder, config)
    chosen = checkpoint or judged
    place = split if chosen == judged else f"{split}#{chosen}"
    if data is not None:
        splits = with_other_data(splits, config, data, device)
        split, place = "test", f"{place}@{splits.description['dataset']}-{splits.description['sha256'][:8]}"
    model = load_model(folder, config, checkpoint=chosen).to(device)
    epoch = load_checkpoint(folder.checkpoints / f"{chosen}.pt")["epoch"]
    return Subject(model, splits, config, split), place, epoch


def check_names(suites: Sequence[str], split: str, checkpoint: str | None) -> None:
    """Refuse names that mean nothing.

    Raises:
        UsageError: with what there is.
    """
    for name in suites:
        if name not in SUITES:
            raise UsageError(f"unknown suite {unknown_name(name, SUITES)}")
    if split not in ("test", "validation"):
        raise UsageError(f"unknown split {unknown_name(split, ('test', 'validation'))}")
    if checkpoint not in (None, "best", "last"):
        raise UsageError(f"unknown checkpoint {unknown_name(checkpoint, ('best', 'last'))}")


def check_unchanged(folder: RunFolder, splits: Splits) -> None:
    """Refuse data that is not what the run was trained on.

    Raises:
        DataError: its content differs.
    """
    before = folder.data.get("sha256")
    if before not in (None, splits.description["sha256"]):
        raise DataError(f"{folder.path}: the data has changed since the run; its SHA-256 was {before}")


def require_complete(folder: RunFolder) -> None:
    """Refuse a run whose training has not come to its end.

    Raises:
        UsageError: with what to do.
    """
    status, first = folder.read_status(), f"first: aecli resume {shell_word(folder.path)}"
    if status.get("status") != "completed":
        epochs = f"epoch {status.get('epoch')} of {status.get('epochs')}"
        raise UsageError(f"{folder.path}: is not complete ({status.get('status')}, {epochs}); {first}")
    if not folder.read_summary():
        raise UsageError(f"{folder.summary}: is missing or damaged; {first}")


def with_other_data(splits: Splits, config: Config, text: str, device: torch.device) -> Splits:
    """The run's own training images, and the test part of another data set to judge on.

    A scaling that was fitted on the run's training rows is part of the model, so the other rows are scaled by it too.

    Raises:
        UsageError: the other data has rows of another size, or values of another range.
    """
    term = load_config({"data": {"dataset": read_value(text, f"--data {text}")}}).data.dataset
    other = load_dataset(term.name, term.model_dump(exclude={"name"}))
    size = splits.train.values_NP.shape[1]
    if other.size != size:
        raise UsageError(f"--data {text}: has rows of {other.size} values, and the model takes {size}")
    own = splits.description["scaling"]
    fitted = "offset" in own and other.scaling["kind"] != "bytes"
    scaling = own if fitted else other.scaling
    if splits.unit_range and not fitted and not other.rows.unit_range:
        raise UsageError(
            f"--data {text}: has values outside [0, 1], and the model was trained on values inside; use scaling: minmax"
        )
    test = Split(as_tensor(other.test_NP, scaling), other.test_labels_N).to(device)
    description = {**splits.description, "dataset": other.name, "sha256": other.sha256, "scaling": scaling}
    description |= {"classes": {}} | class_names(other)
    unit_range = splits.unit_range and in_unit_range(other.test_NP, scaling)
    return replace(splits, test=test, description=description, unit_range=unit_range)
