"""Which checkpoint of a trained run is judged, and what is said where it was lost."""

import shutil

import pytest
import torch
from overshooting import OVERSHOOT

import aecli
from aecli.config.load import load_config
from aecli.experiment.checkpoint import load_checkpoint
from aecli.experiment.finish import describe_run, load_judged
from aecli.experiment.record import Nobody, Recorder
from aecli.runs.folder import create_run_folder
from aecli.runs.interrupts import Interrupts
from aecli.training.build import prepare
from aecli.training.loop import EpochEvent


def test_the_summary_judges_the_best_checkpoint(overshot):
    summary = overshot.summary
    assert summary["judged_epoch"] == summary["best_epoch"]
    validation = overshot.metrics[summary["best_epoch"]]["validation"]["mse"]
    assert summary["validation"]["mse"] == validation == min(record["validation"]["mse"] for record in overshot.metrics)


def test_the_last_checkpoint_can_be_judged_instead(small, tmp_path):
    run = aecli.train(small, out=tmp_path, set=[*OVERSHOOT, "evaluation.checkpoint=last"])
    assert run.summary["judged_epoch"] == 6
    assert run.summary["best_epoch"] < 6
    assert run.summary["validation"]["mse"] == run.metrics[6]["validation"]["mse"]


def test_a_lost_best_checkpoint_is_said_and_the_last_one_judged(small, tmp_path):
    class Saboteur:
        notes: list = []

        def note(self, text, *, severity="note"):
            self.notes.append((severity, text))

        def begin(self, config, prepared, folder, first_epoch):
            self.folder = folder

        def step(self, event):
            pass

        def epoch(self, record):
            if record["epoch"] == 6:
                (self.folder.checkpoints / "best.pt").write_bytes(b"broken")

        def stage(self, text):
            pass

    saboteur = Saboteur()
    run = aecli.train(small, out=tmp_path, set=OVERSHOOT, watcher=saboteur)
    best = run.folder.checkpoints / "best.pt"
    assert ("warning", f"{best}: is cut off or no checkpoint; the last checkpoint is judged instead") in saboteur.notes
    assert run.summary["judged_epoch"] == 6


@pytest.fixture
def trained(small, tmp_path):
    """A recorder of two epochs whose weights were then spoilt, so that it shows what is put back."""
    prepared = prepare(load_config(small))
    recorder = Recorder(create_run_folder(tmp_path / "runs", "small", 0), prepared, Notes(), Interrupts())
    recorder.begin()
    for parameter in prepared.trainee.model.parameters():
        parameter.data.mul_(30.0)
    recorder(EpochEvent(1, 0.5, [0.25], 1e-3, 2.0))
    return recorder


class Notes(Nobody):
    """Remembers what was worth saying."""

    def __init__(self):
        self.notes = []

    def note(self, text, *, severity="note"):
        self.notes.append((severity, text))


def test_the_weights_of_the_judged_epoch_are_put_into_the_model(trained):
    model = trained.prepared.trainee.model
    assert load_judged(trained, 1) == 1, "the last epoch's are there already"
    assert load_judged(trained, 0) == 0
    best = load_checkpoint(trained.folder.checkpoints / "best.pt")["model"]
    assert all(torch.equal(value, best[key]) for key, value in model.state_dict().items())
    assert trained.watcher.notes == []


def test_a_best_checkpoint_of_another_epoch_is_not_taken_for_the_best(trained):
    shutil.copy(trained.folder.checkpoints / "last.pt", trained.folder.checkpoints / "other.pt")
    (trained.folder.checkpoints / "other.pt").replace(trained.folder.checkpoints / "best.pt")
    assert load_judged(trained, 0) == 1
    assert trained.watcher.notes == [
        ("warning", "best.pt is of epoch 1, not 0; the last checkpoint is judged instead"),
    ]


def test_the_head_of_the_summary_says_what_was_trained_and_which_epoch_counts(trained):
    head = describe_run(trained, 0, 0, [])
    assert (head["name"], head["seed"], head["epochs"], head["stopped_early"]) == ("small", 0, 1, True)
    assert (head["best_epoch"], head["judged_epoch"], head["selected_by"]) == (0, 0, "validation.mse")
    assert head["parameters"] == 784 * 16 + 16 + 16 * 8 + 8 + 8 * 16 + 16 + 16 * 784 + 784
    assert (head["train_s"], head["images_per_s"], head["advice"]) == (2.0, 150, [])
