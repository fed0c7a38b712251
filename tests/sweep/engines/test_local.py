"""Worker processes: who dies is replaced, what the machine did is tried again, and stopping leaves checkpoints."""

import os
import signal
import time
from pathlib import Path

import pytest

from aecli.config.load import load_config
from aecli.errors import AecliError
from aecli.runs.folder import RunFolder
from aecli.runs.processes import birth
from aecli.sweep.engines.local import LocalEngine, death
from aecli.sweep.engines.messages import EpochDone, TrialDone
from aecli.sweep.planning.trial import Trial
from aecli.sweep.schedule import run_trials

PATIENCE_S = 120


def trial_of(small, **changes):
    config = load_config(small, **changes)
    return Trial(config.digest(), config, {})


def events_until(engine, done):
    """Events of an engine until one of them is the last that is wanted."""
    seen, deadline = [], time.monotonic() + PATIENCE_S
    while not (seen and done(seen[-1])):
        assert time.monotonic() < deadline
        for event in engine.events():
            seen.append(event)
            if done(event):
                break
    return seen


class Killer:
    """Watches a sweep, and kills the worker of its first trial as soon as it has trained an epoch."""

    def __init__(self, engine, kills):
        self.engine, self.kills, self.ends = engine, kills, []

    def begin(self, total, done):
        pass

    def started(self, trial):
        pass

    def epoch(self, trial, epoch, epochs, metrics):
        if epoch and self.kills:
            self.kills -= 1
            worker = next(worker for worker in self.engine.workers if worker.trial is trial)
            os.kill(worker.process.pid, signal.SIGKILL)

    def finished(self, trial, outcome, done):
        self.ends.append((outcome.kind, outcome.reason))

    def elsewhere(self, count):
        raise AssertionError("nobody else is here")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kills", "end"),
    [(1, ("completed", "")), (2, ("failed", "its worker process was killed by SIGKILL, perhaps for want of memory"))],
    ids=["once", "twice"],
)
def test_a_trial_whose_worker_is_killed_is_tried_once_more_in_the_same_folder(kills, end, small, empty_sweep):
    small["training"]["epochs"] = 40
    engine = LocalEngine(1, 1, empty_sweep.runs)
    watcher = Killer(engine, kills)
    run_trials([trial_of(small)], empty_sweep, engine, watcher)
    assert watcher.ends == [end]
    (run,) = empty_sweep.runs.iterdir()
    assert RunFolder(run).read_status()["status"] == ("completed" if kills == 1 else "interrupted")
    assert list(empty_sweep.claims.iterdir()) == []


def test_stopping_leaves_a_checkpoint_and_no_process(small, tmp_path):
    small["training"]["epochs"] = 100_000
    engine = LocalEngine(2, 1, tmp_path)
    trial = trial_of(small)
    engine.submit(trial, None)
    events_until(engine, lambda event: isinstance(event, EpochDone) and event.epoch > 1)
    pids = [worker.process.pid for worker in engine.workers]
    (told,) = [event.outcome for event in engine.stop() if isinstance(event, TrialDone)]
    assert (told.kind, told.digest) == ("interrupted", trial.digest)
    assert (Path(told.run) / "checkpoints/last.pt").is_file()
    assert RunFolder(Path(told.run)).read_status()["status"] == "interrupted"
    assert [birth(pid) for pid in pids] == [None, None]
    engine.close()


def test_workers_that_die_one_after_the_other_as_they_start_end_the_sweep(tmp_path):
    engine = LocalEngine(1, 1, tmp_path)
    reason = "the last one was killed by SIGKILL, perhaps for want of memory"
    with pytest.raises(AecliError, match=f"^the worker processes die as they start: {reason}$"):
        for _ in range(50):
            os.kill(engine.workers[0].process.pid, signal.SIGKILL)
            list(engine.events())
    engine.close()


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (-9, "was killed by SIGKILL, perhaps for want of memory"),
        (-15, "was killed by SIGTERM"),
        (1, "ended with exit code 1"),
    ],
)
def test_a_death_is_told_in_words(code, words):
    assert death(code) == words
