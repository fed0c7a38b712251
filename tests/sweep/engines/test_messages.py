"""What goes between a sweep and its workers comes through a pipe as it was."""

import multiprocessing

import pytest

from aecli.sweep.engines import messages
from aecli.sweep.record.outcome import TrialOutcome

SAID = [
    messages.TrainTrial("abc", {"seed": 1}, None),
    messages.MeasureSpeed({"seed": 1}, 2, 0.3),
    messages.StopTrial(),
    messages.Ready(),
    messages.Unfit("no such module"),
    messages.Speed(1e4, None),
    messages.EpochDone("abc", 1, 3, {"mse": 0.5}),
    messages.TrialDone(TrialOutcome("abc", "completed", "runs/a"), b"tar"),
]


@pytest.mark.parametrize("said", SAID, ids=lambda said: type(said).__name__)
def test_a_message_arrives_as_it_was(said):
    ours, theirs = multiprocessing.Pipe()
    ours.send(said)
    assert theirs.recv() == said


def test_a_sweep_hears_of_epochs_and_ends_alone():
    told = [type(said).__name__ for said in SAID if isinstance(said, messages.TrialEvent)]
    assert told == ["EpochDone", "TrialDone"]
