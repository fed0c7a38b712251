"""Watching a run: a line for each epoch with its speed and what is left, on stderr."""

from types import SimpleNamespace

import pytest

from aecli.config.load import load_config
from aecli.console.progress_line import CLOCK, bar_width
from aecli.console.run_watchers import Bars, Lines, Warnings, make_watcher
from aecli.runs.folder import RunFolder


@pytest.fixture
def begun(small, tmp_path):
    """A watcher of each kind that was told of a run of three epochs."""
    splits = SimpleNamespace(train=range(300), description={"images": {"train": 300, "validation": 100, "test": 10}})
    model = SimpleNamespace(parameters=lambda: [SimpleNamespace(numel=lambda: 1500)])
    prepared = SimpleNamespace(splits=splits, trainee=SimpleNamespace(model=model), device="cpu")

    def make(kind):
        watcher = kind()
        watcher.begin(load_config(small), prepared, RunFolder(tmp_path), 1)
        return watcher

    return make


def record(epoch, **more):
    told = {"epoch": epoch, "objective": 0.5 if epoch else None, "validation": {"mse": 0.25}, "is_best": epoch != 2}
    return {**told, "train_s": 2.0 * epoch, "elapsed_s": 3.0 * epoch, **more}


def test_an_epoch_is_a_line_with_speed_and_what_is_left(begun, capsys):
    watcher = begun(Lines)
    for epoch in range(3):
        watcher.epoch(record(epoch))
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "small, seed 0: 1,500 parameters; 300 training, 100 validation, 10 test images; cpu"
    assert lines[2] == "epoch 0/3  before training  validation mse 0.250000 *"
    assert lines[3] == "epoch 1/3  loss 0.500000  validation mse 0.250000 *  150 images/s  0:06 left"
    assert lines[4] == "epoch 2/3  loss 0.500000  validation mse 0.250000    150 images/s  0:03 left"


def test_a_bar_moves_and_is_gone_in_the_end(begun):
    watcher = begun(Bars)
    watcher.step(SimpleNamespace(epoch=2, images=100, loss=0.125))
    (task,) = watcher.progress.tasks
    assert (task.completed, task.total, task.description) == (400, 900, "epoch 2/3")
    assert task.fields["numbers"].startswith("loss 0.12500")
    watcher.stage("judging ...")
    assert watcher.progress is None


def test_who_wants_quiet_is_told_warnings_alone(begun, capsys):
    assert type(make_watcher(quiet=True)) is Warnings and type(make_watcher(quiet=False)) is Lines
    watcher = begun(Warnings)
    watcher.note("a note")
    watcher.note("warning bce-output: a warning", severity="warning")
    watcher.epoch(record(1))
    watcher.stage("judging ...")
    assert capsys.readouterr().err == "warning bce-output: a warning\n"


def test_the_time_that_is_left_follows_the_last_epochs(begun, capsys):
    """A machine that was busy at first does not stay slow in what is told."""
    watcher = begun(Lines)
    watcher.epochs = 12
    for epoch, elapsed_s in enumerate([0.0, 100.0, *(102.0 + 2.0 * number for number in range(9))]):
        watcher.epoch(record(epoch, elapsed_s=elapsed_s))
    lines = capsys.readouterr().err.splitlines()
    assert lines[3].endswith("18:20 left")
    assert lines[-1].endswith("0:04 left")


@pytest.mark.parametrize(
    ("columns", "line"),
    [
        (200, "epoch 2/3  loss 0.500000  validation mse 0.250000    150 images/s  0:03 left"),
        (70, "epoch 2/3  loss 0.500000  validation mse 0.250000    0:03 left"),
        (60, "epoch 2/3  validation mse 0.250000    0:03 left"),
        (40, "epoch 2/3  mse 0.250000    0:03 left"),
        (30, "epoch 2/3  mse 0.250000"),
    ],
)
def test_a_narrow_line_leaves_parts_out_and_cuts_no_number(columns, line, begun, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", str(columns))
    watcher = begun(Lines)
    for epoch in range(3):
        watcher.epoch(record(epoch))
    assert capsys.readouterr().err.splitlines()[-1] == line


@pytest.mark.parametrize("columns", [40, 60, 80, 120])
def test_everything_beside_the_bar_has_room(columns, begun, monkeypatch, capsys):
    """The bar, the clock and three gaps are 8 + 7 + 3 letters at least."""
    monkeypatch.setenv("COLUMNS", str(columns))
    watcher = begun(Bars)
    watcher.epoch(record(1))
    watcher.step(SimpleNamespace(epoch=2, images=100, loss=0.125))
    (task,) = watcher.progress.tasks
    watcher.progress.stop()
    numbers = task.fields["numbers"]
    assert len(task.description) + len(numbers) + bar_width(columns) + CLOCK + 3 <= columns
    whole = {"loss", "0.12500", "validation", "mse", "0.25000", "*"}
    assert {word for word in numbers.split() if "images" not in word and "," not in word} <= whole and "mse" in numbers
