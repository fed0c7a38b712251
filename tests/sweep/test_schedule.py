"""Handing out trials: what the machine did is tried again, and not without end."""

import os

import pytest
from one_thread import OneThread, Watcher

from aecli.config.load import load_config
from aecli.runs.folder import RunFolder
from aecli.sweep.engines.messages import TrialDone
from aecli.sweep.planning.trial import Trial
from aecli.sweep.record.outcome import TrialOutcome
from aecli.sweep.schedule import MOST_MISHAPS, run_trials


def trial_of(small, **changes):
    config = load_config(small, **changes)
    return Trial(config.digest(), config, {})


def test_a_machine_that_fails_one_trial_after_the_other_is_not_given_all_of_them(small, empty_sweep):
    small["training"]["epochs"] = 1
    trials = [trial_of(small, seed=seed) for seed in range(MOST_MISHAPS + 2)]
    (empty_sweep.path / "full").touch()  # no run folder can be made in a file
    watcher = Watcher()
    progress = run_trials(trials, empty_sweep, OneThread(empty_sweep.path / "full"), watcher)
    assert watcher.kinds == ["failed"] * MOST_MISHAPS
    assert not progress.is_over and len(progress.failed) == MOST_MISHAPS
    assert {progress.tries[trial.digest] for trial, _ in progress.failed} == {2}
    again = run_trials(trials, empty_sweep, OneThread(empty_sweep.runs), watcher)
    assert again.is_over and watcher.kinds[MOST_MISHAPS:] == ["completed"] * len(trials)


class FullDisk:
    """An engine whose trials end with the disk: their runs stay `running`, by a process that lives."""

    free, next_pid = 1, os.getpid()

    def __init__(self, runs, *, fill):
        self.runs, self.fill, self.trial = runs, fill, None

    def submit(self, trial, resumable):
        path = resumable or self.runs / "one"
        path.mkdir(exist_ok=True)
        RunFolder(path).write_status("running", config_sha256=trial.digest)
        self.fill()
        self.trial = (trial.digest, path)

    def events(self):
        digest, path = self.trial
        reason = "cannot write: No space left on device"
        yield TrialDone(TrialOutcome(digest, "failed", str(path), reason, is_machine=True))

    def stop(self):
        return iter(())


@pytest.mark.parametrize(("cleared", "tries"), [(True, 2), (False, 1)], ids=["room again", "still full"])
def test_a_run_that_a_full_disk_left_running_is_not_waited_for(cleared, tries, small, empty_sweep, monkeypatch):
    original = os.open

    def full(path, flags, *arguments, **options):
        if flags & os.O_EXCL and "status.json" in str(path):
            raise OSError(28, "No space left on device")
        return original(path, flags, *arguments, **options)

    def fill():
        if not cleared:  # nor can main write it
            monkeypatch.setattr(os, "open", full)

    watcher = Watcher()
    progress = run_trials([trial_of(small)], empty_sweep, FullDisk(empty_sweep.runs, fill=fill), watcher)
    assert (watcher.kinds, list(progress.tries.values())) == (["failed"], [tries])
