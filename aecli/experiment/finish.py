"""Judging a run that has been trained: summary, suites, pictures."""

import time
from collections.abc import Sequence
from typing import Any

from aecli.config.advice import Advice
from aecli.errors import CheckpointError
from aecli.evaluation.pictures import plot_learning_curves, plot_reconstructions
from aecli.evaluation.run_suites import judge_suites
from aecli.evaluation.subject import Subject
from aecli.experiment.checkpoint import load_checkpoint
from aecli.experiment.fitting import restore
from aecli.experiment.record import Recorder, best_epoch
from aecli.files.json_files import write_json
from aecli.runs.bought import missed_words
from aecli.runs.folder import SCHEMA
from aecli.runs.standing import warn_of_standing
from aecli.training.splits import Splits


def finish(recorder: Recorder, advice: Sequence[Advice]) -> None:
    """Judge the chosen checkpoint and write summary, what the suites find, and pictures."""
    config, folder, prepared = recorder.config, recorder.folder, recorder.prepared
    recorder.stop_if_interrupted()
    recorder.watcher.stage("evaluating")
    best, last = best_epoch(config, recorder.records), recorder.records[-1]["epoch"]
    model = prepared.trainee.model
    judged = load_judged(recorder, best if config.evaluation.checkpoint == "best" else last)
    subject = Subject(model, prepared.splits, config)
    write_json(folder.summary, describe_run(recorder, best, judged, advice))
    head = {"judged_epoch": judged, "data_sha256": prepared.splits.description["sha256"]}
    judge_suites(
        subject,
        config.evaluation.suites,
        folder,
        place="test",
        head=head,
        is_default=True,
        again=True,
        between=recorder.stop_if_interrupted,
    )
    recorder.watcher.stage("drawing")
    baselines = {
        name: row["test"]["mse"]
        for name, row in folder.read_summary().get("baselines", {}).items()
        if name != "corrupted_input"
    }
    plot_learning_curves(recorder.records, baselines, best, folder.plots / "learning_curves.png")
    if prepared.splits.image_shape:
        plot_reconstructions(subject, folder.plots / "reconstructions.png")
    for text in missed_words(folder.read_summary()):
        recorder.watcher.note(text, severity="warning")
    if warning := warn_of_standing(folder.read_summary(), config.plain(), recorder.records):
        recorder.watcher.note(warning, severity="warning")
    folder.sync()
    folder.write_status("completed", epoch=last, epochs=config.training.epochs)


def about_data(splits: Splits) -> dict[str, Any]:
    """What the summary says of the data, where there is anything to say: its classes, what was not used."""
    told = {"classes": list(splits.class_names.values()), "remarks": [one.message for one in splits.about.remarks]}
    return {"data": {key: value for key, value in told.items() if value}} if any(told.values()) else {}


def load_judged(recorder: Recorder, epoch: int) -> int:
    """Put the weights of the checkpoint that is judged into the model; return the epoch they are of."""
    current = recorder.records[-1]["epoch"]
    if epoch == current:
        return current
    try:
        moment = load_checkpoint(recorder.folder.checkpoints / "best.pt")
        if moment["epoch"] != epoch:
            raise CheckpointError(f"best.pt is of epoch {moment['epoch']}, not {epoch}")
    except CheckpointError as error:
        recorder.watcher.note(f"{error}; the last checkpoint is judged instead", severity="warning")
        return current
    restore(moment, recorder.prepared.trainee.model)
    return epoch


def describe_run(recorder: Recorder, best: int, judged: int, advice: Sequence[Advice]) -> dict[str, Any]:
    """The head of summary.json."""
    config, prepared = recorder.config, recorder.prepared
    trained = len(prepared.splits.train) * recorder.records[-1]["epoch"]
    return {
        "schema": SCHEMA,
        "name": config.name,
        "seed": config.seed,
        "config_sha256": config.digest(),
        "parameters": sum(parameter.numel() for parameter in prepared.trainee.model.parameters()),
        "epochs": recorder.records[-1]["epoch"],
        "stopped_early": recorder.records[-1]["epoch"] < config.training.epochs,
        "best_epoch": best,
        "judged_epoch": judged,
        "selected_by": f"validation.{config.evaluation.select}",
        **{key: value for key, value in recorder.records[judged].items() if key == "targets"},
        "train_s": round(recorder.train_s, 3),
        "elapsed_s": round(recorder.elapsed_before_s + time.perf_counter() - recorder.started, 3),
        "images_per_s": round(trained / recorder.train_s) if recorder.train_s else None,
        "advice": [one.code for one in advice],
        **about_data(prepared.splits),
    }
