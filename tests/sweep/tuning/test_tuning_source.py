"""A sweep that tunes: what is tried, what is chosen, which trials follow, across restarts and failures."""

import json

import pytest
from one_thread import OneThread, Watcher

from aecli.config.yaml_source import dump
from aecli.files.json_files import write_json
from aecli.runs.folder import RunFolder
from aecli.sweep.planning.document import load_sweep
from aecli.sweep.planning.plan import make_plan
from aecli.sweep.record.outcome import TrialOutcome
from aecli.sweep.record.sweep_folder import prepare_sweep_folder
from aecli.sweep.record.sweep_status import read_sweep
from aecli.sweep.schedule import run_trials
from aecli.sweep.tuning.tuning_source import TuningSource, choose, trials_to_come

LR = "optimization.optimizer.lr"
BEST = {"mse": 0.01, "mae": 0.1}
"""Loss -> the learning rate that is best for it in runs that are made up."""


@pytest.fixture
def open_tuning(tmp_path, small):
    """A function that opens a sweep that tunes, as a process that starts sees it."""

    def make(losses=("mse", "mae"), seeds="0-2", *, tuned_with=2, more=None, **tune):
        base = {**small, **(more or {}), "optimization": {"optimizer": {"name": "adam", "lr": 1e-3}}}
        (tmp_path / "base.yaml").write_text(dump(base))
        asked = {LR: {"log_uniform": [1e-3, 1e-1]}, "trials": 3, "seeds": tuned_with, **tune}
        sweep = {"base": "base.yaml", "seeds": seeds, "grid": {"loss": list(losses)}, "tune": asked}
        (tmp_path / "fair.yaml").write_text(dump(sweep))
        plan = make_plan(*load_sweep(str(tmp_path / "fair.yaml")))
        folder = prepare_sweep_folder(tmp_path / "fair", plan, "")
        return TuningSource(plan, folder)

    return make


def made_up(source, trial, kind="completed"):
    """A run of a trial that is better the nearer its learning rate is to the best one of its loss."""
    path = source.folder.runs / f"{trial.digest[:12]}_s{trial.config.seed}"
    path.mkdir(exist_ok=True)
    config = trial.config
    error = abs(config.optimization.optimizer.lr / BEST[config.loss_terms[0].name] - 1) + config.seed % 7
    write_json(path / "summary.json", {"validation": {"mse": error}, "judged_epoch": 3})
    RunFolder(path).write_status(kind, config_sha256=trial.digest)
    return TrialOutcome(trial.digest, kind, str(path))


def rates(trials):
    return [
        (one.config.loss_terms[0].name, one.config.optimization.optimizer.lr, one.config.seed % 1_000_000)
        for one in trials
    ]


def test_points_are_tried_first_and_the_untuned_need_not_wait(open_tuning):
    source = open_tuning()
    told = rates(source.begin())
    tried = [(loss, lr, seed) for loss in ("mse", "mae") for lr in (0.01, 0.001, 0.1) for seed in (0, 1)]
    assert told == tried + [(loss, 0.001, seed) for loss in ("mse", "mae") for seed in range(3)]
    assert (source.total, source.spared, source.has_more(), source.more()) == (24, 0, True, [])


def test_a_curve_also_judges_what_fewer_trials_choose(open_tuning):
    source = open_tuning(losses=["mae"], curve=True)
    assert source.total == 6 + 3 + 2 * 3, "of three points in random order two are to be expected"
    assert len(trials_to_come(source.plan, source.folder)[0]) == source.total
    trials = source.begin()
    for trial in trials[:6]:
        source.tell(made_up(source, trial))
    judged = [("mae", lr, seed) for lr in (0.1, 0.01) for seed in range(3)]
    assert rates(source.more()) == judged, "0.01 is the first point, and 0.001 worse than it"
    assert (source.total - source.spared, source.has_more(), source.more()) == (6 + 3 + 6, False, [])
    assert [len(cell["judged"]) for cell in json.loads((source.folder.path / "tune.json").read_text())["cells"]] == [3]
    assert rates(open_tuning(losses=["mae"], curve=True).begin())[-6:] == judged, "another process knows them too"


def test_a_curve_that_one_point_leads_from_the_first_trial_on_costs_nothing(open_tuning):
    source = open_tuning(losses=["mse"], curve=True)
    for trial in source.begin()[:6]:
        source.tell(made_up(source, trial))
    assert rates(source.more()) == [("mse", 0.01, seed) for seed in range(3)] and source.spared == 3


def test_fresh_seeds_judge_the_best_point_of_each_candidate(open_tuning):
    source = open_tuning()
    trials = source.begin()
    for trial in trials[:6]:
        source.tell(made_up(source, trial))
    assert rates(source.more()) == [("mse", 0.01, seed) for seed in range(3)], "mae is still tuned"
    assert source.more() == [] and source.has_more()
    for trial in trials[6:12]:
        source.tell(made_up(source, trial))
    assert rates(source.more()) == [("mae", 0.1, seed) for seed in range(3)] and not source.has_more()
    tried = {trial.config.seed for trial in trials[:12]}
    assert tried == {1_000_000, 1_000_001}, "no seed of the tuning judges"
    record = json.loads((source.folder.path / "tune.json").read_text())
    assert [cell["chosen"] for cell in record["cells"]] == [0, 2]
    assert len(record["cells"][0]["judged"]) == 3 and record["cells"][1]["values"][2] == [1.0, 2.0]


def test_a_value_that_is_the_base_s_own_is_not_trained_twice(open_tuning):
    source = open_tuning(losses=["mse"], **{LR: {"choice": [0.001, 0.5, 0.7]}, "trials": 3})
    for trial in source.begin()[:6]:
        source.tell(made_up(source, trial))
    assert source.more() == [] and (source.total, source.spared, source.has_more()) == (12, 3, False)
    assert json.loads((source.folder.plan).read_text())["expected"] == 9


def test_a_point_that_diverges_is_a_bad_one_and_no_failure(open_tuning):
    source = open_tuning(losses=["mse"])
    trials = source.begin()
    for trial in trials[:6]:
        kind = "diverged" if trial is trials[0] else "completed"
        outcome = made_up(source, trial, kind)
        assert source.accepts(outcome)
        source.tell(outcome)
    assert rates(source.more()) == [("mse", 0.001, seed) for seed in range(3)][:0], "lr 0.001 is the base's own"
    assert source.told() == [{"changes": {"loss": "mse"}, "tuned": {LR: 0.001}}]
    assert not source.accepts(TrialOutcome(trials[-1].digest, "diverged", None)), "one that judges has failed"


def test_where_every_point_diverges_nothing_is_tuned(open_tuning):
    source = open_tuning(losses=["mse"])
    for trial in source.begin()[:6]:
        source.tell(made_up(source, trial, "diverged"))
    assert source.more() == [] and (source.has_more(), source.spared) == (False, 3)
    assert source.told() == [{"changes": {"loss": "mse"}, "tuned": None}]


def test_a_point_that_failed_keeps_only_its_candidate_waiting(open_tuning):
    source = open_tuning()
    trials = source.begin()
    for trial in trials[:12]:
        failed = TrialOutcome(trial.digest, "failed", None, "No space left on device")
        source.tell(failed if trial is trials[0] else made_up(source, trial))
    assert rates(source.more()) == [("mae", 0.1, seed) for seed in range(3)] and not source.has_more()
    source.tell(made_up(source, trials[0]))
    assert rates(source.more()) == [("mse", 0.01, seed) for seed in range(3)]


def test_a_process_that_starts_finds_what_others_have_tried(open_tuning):
    first = open_tuning()
    for trial in first.begin()[:12]:
        made_up(first, trial)
    again = open_tuning()
    assert len(again.begin()) == 18 + 6 and not again.has_more()
    left, known = trials_to_come(again.plan, again.folder)
    assert (len(left), len(known)) == (12, 24)
    more = open_tuning(seeds="0-4", trials=5)
    left, _ = trials_to_come(more.plan, more.folder)
    assert len(left) == 2 * (2 * 2 + 5 + 5), "two points more, and the judging of everything"


def test_what_is_left_counts_what_follows(open_tuning):
    source = open_tuning()
    left, known = trials_to_come(source.plan, source.folder)
    assert (len(left), len(known), source.total) == (24, 18, 24)


def test_the_best_has_the_best_mean_of_those_with_all_values():
    assert choose([[3.0], [1.0], [1.0]], "validation.mse") == 1, "of equal ones the first"
    assert choose([[3.0], [1.0]], "validation.psnr_db") == 0
    assert choose([[None], [1.0, None]], "validation.mse") is None


def test_it_is_trained_to_its_end_in_two_stages_and_then_nothing_is_left(open_tuning):
    one_epoch = {"training": {"epochs": 1, "batch_size": 64, "device": "cpu", "threads": 1}}
    asked = {"losses": ["mse"], "seeds": "4", "trials": 2, "tuned_with": 1, "more": one_epoch}
    source = open_tuning(**asked)
    progress = run_trials(source, source.folder, OneThread(source.folder.runs), Watcher())
    assert progress.is_over and not progress.failed and progress.done == source.total == 2 + 1 + 1
    state = read_sweep(source.folder.path)
    assert state.expected == len(state.trials) and state.strangers == 0
    again = open_tuning(**asked)
    assert trials_to_come(again.plan, again.folder)[0] == []
