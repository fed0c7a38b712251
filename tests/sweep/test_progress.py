"""How far a sweep is: what has an end, what failed, and how many mishaps came in a row."""

import pytest

from aecli.config.load import load_config
from aecli.sweep.planning.trial import Trial
from aecli.sweep.progress import SweepProgress, look
from aecli.sweep.record.outcome import TrialOutcome
from aecli.sweep.sources import PlanSource


@pytest.fixture
def trials(small):
    configs = [load_config(small, seed=seed) for seed in range(3)]
    return tuple(Trial(config.digest(), config, {}) for config in configs)


def test_what_has_a_result_on_the_disk_is_not_done_again(trials, empty_sweep):
    from fake_sweeps import write_run

    write_run(empty_sweep, "one", "completed", trials[0].digest)
    write_run(empty_sweep, "two", "interrupted", trials[1].digest)
    progress = SweepProgress(PlanSource(trials))
    look(progress, empty_sweep)
    assert (progress.done, progress.waiting, progress.is_over) == (1, list(trials[1:]), False)
    assert progress.counts == {"trials": 3, "completed": 1}


def test_mishaps_are_counted_in_a_row_and_failures_are_all_remembered(trials):
    progress = SweepProgress(PlanSource(trials))
    progress.enrol(trials)
    kinds = [("failed", True), ("completed", False), ("failed", True)]
    counts = []
    for trial, (kind, is_machine) in zip(trials, kinds, strict=True):
        progress.note(TrialOutcome(trial.digest, kind, None, is_machine=is_machine))
        counts.append(progress.mishaps)
    assert counts == [1, 0, 1] and progress.is_over
    assert [trial.digest for trial, _ in progress.failed] == [trials[0].digest, trials[2].digest]
