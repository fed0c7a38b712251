"""Where a training goes on: a checkpoint put in place, with the history up to it."""

import json
from collections.abc import Mapping
from typing import Any

from aecli.components.evaluation.metrics import loss_like
from aecli.config.schema import Config
from aecli.errors import DataError
from aecli.experiment.checkpoint import link_best
from aecli.experiment.fitting import misfit, restore
from aecli.experiment.record import Recorder, best_epoch
from aecli.files.writing import write_text
from aecli.runs.stored_values import finite_number


def take_up(recorder: Recorder, moment: Mapping[str, Any] | None) -> int:
    """Put a checkpoint in place, with the metrics up to it; nothing is written before all of it fits.

    Args:
        recorder: of the run that goes on.
        moment: the checkpoint; None where there is none yet.

    Returns: its epoch, 0 if there is none.

    Raises:
        DataError: metrics.jsonl has not a line for each epoch up to it.
        CheckpointError: it is not of this config.
    """
    folder, config, trainee = recorder.folder, recorder.config, recorder.prepared.trainee
    if moment is None:
        write_text(folder.metrics, "")
        return 0
    epoch: int = moment["epoch"]
    records = folder.read_metrics()[: epoch + 1]
    if len(records) != epoch + 1 or not all(is_line_of(at, one, config) for at, one in enumerate(records)):
        raise DataError(f"{folder.metrics}: has not one line for each of the epochs 0 to {epoch}; train again")
    multipliers, states = trainee.objective.multipliers, moment.get("multipliers", ())
    if len(multipliers) != len(states):
        raise misfit(f"it has {len(states)} multipliers instead of {len(multipliers)}")
    restore(moment, trainee.model, trainee.optimizers)
    for multiplier, state in zip(multipliers, states, strict=True):
        multiplier.take_up(state)
    write_text(folder.metrics, "".join(json.dumps(record) + "\n" for record in records))
    recorder.records = records
    recorder.train_s, recorder.elapsed_before_s = records[-1]["train_s"], records[-1]["elapsed_s"]
    select = config.evaluation.select
    trainee.history += [loss_like(select, record["validation"][select]) for record in records]
    if best_epoch(config, records) == epoch:  # the kill may have come between the checkpoint and its second name
        link_best(folder.checkpoints / "last.pt", folder.checkpoints / "best.pt")
    return epoch


def is_line_of(epoch: int, record: Mapping[str, Any], config: Config) -> bool:
    """Whether a line of metrics.jsonl is that of an epoch, with everything that going on needs."""
    stopping = config.training.early_stopping
    needed = {config.evaluation.select, *([stopping.metric] if stopping else [])}
    measured = record.get("validation", {})
    return (
        record.get("epoch") == epoch
        and {"train_s", "elapsed_s"} <= record.keys()
        and all(finite_number(measured.get(name)) is not None for name in needed)
    )
