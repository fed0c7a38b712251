"""log.txt: what was said, every epoch and how it ended, in UTC; and a training that goes on without its reader."""

import json
import re

import pytest

import aecli
from aecli.errors import InterruptedRun
from aecli.experiment.journal import Journal
from aecli.experiment.record import Nobody
from aecli.runs.folder import RunFolder

LINE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (INFO|WARNING|ERROR) (.*)")


class Gone(Nobody):
    """A watcher whose reader goes away at some moment."""

    def __init__(self, moment):
        self.moment = moment

    def __getattribute__(self, name):
        if name == object.__getattribute__(self, "moment"):
            raise BrokenPipeError(32, "Broken pipe")
        return object.__getattribute__(self, name)


class Raises(Nobody):
    def __init__(self, error):
        self.error = error

    def epoch(self, record):
        if record["epoch"] == 2:
            raise self.error


def lines_of(folder):
    return [LINE.fullmatch(line).groups() for line in folder.log.read_text(encoding="utf-8").splitlines()]


def test_the_log_has_notes_epochs_stages_and_the_end_with_times_that_say_their_zone(small, tmp_path):
    run = aecli.train(small, out=tmp_path, set=["loss=bce", "architecture.output_activation=linear"])
    lines = lines_of(run.folder)
    (advice,) = (text for level, text in lines if text.startswith("warning bce-output"))
    assert ("WARNING", advice) in lines
    epochs = [text for _, text in lines if text.startswith("epoch ")]
    assert [text.split(":")[0] for text in epochs] == ["epoch 0", "epoch 1", "epoch 2", "epoch 3"]
    assert f"loss {run.metrics[3]['objective']:.6g}, validation mse" in epochs[3]
    assert [text for _, text in lines[-3:]] == ["evaluating", "drawing", "completed"]


@pytest.mark.parametrize("moment", ["note", "begin", "step", "epoch", "stage"])
def test_a_training_goes_on_when_its_progress_has_no_reader(small, tmp_path, moment):
    run = aecli.train(small, out=tmp_path, watcher=Gone(moment))
    assert run.status["status"] == "completed"
    said = "nobody reads the progress any more (Broken pipe); the training goes on"
    assert lines_of(run.folder).count(("WARNING", said)) == 1


@pytest.mark.parametrize(
    ("error", "status", "reason"),
    [
        (SystemExit(1), "failed", "the program was asked to end (exit code 1)"),
        (KeyError("weights"), "failed", "KeyError: 'weights'"),
        (ZeroDivisionError(), "failed", "ZeroDivisionError"),
        (MemoryError(), "failed", "there was not enough memory"),
        (KeyboardInterrupt(), "interrupted", "stopped at once by a second Ctrl-C; go on with: aecli resume "),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else "",
)
def test_the_reason_of_an_end_is_in_words_and_in_the_log(small, tmp_path, error, status, reason):
    with pytest.raises(InterruptedRun if status == "interrupted" else type(error)):
        aecli.train(small, out=tmp_path, watcher=Raises(error))
    (path,) = tmp_path.iterdir()
    found = json.loads((path / "status.json").read_text())
    assert found["status"] == status and found["reason"].startswith(reason)
    assert f"ERROR {status}: {reason}" in (path / "log.txt").read_text()


def test_a_log_that_cannot_be_written_ends_nothing(tmp_path, capfd):
    (tmp_path / "log.txt").mkdir()
    journal = Journal()
    journal.note("said before there is a folder")
    journal.open(RunFolder(tmp_path))
    journal.note("said later")
    journal.close()
    assert capfd.readouterr().err == ""
