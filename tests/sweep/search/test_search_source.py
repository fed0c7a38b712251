"""A search: its space, its objectives, what it tries and tells, across restarts and beside other processes."""

import json

import pytest
from fake_searches import CODE, LR, fake_run, finish, open_search, settings
from one_thread import OneThread, Watcher

from aecli.errors import UsageError
from aecli.sweep.record.outcome import TrialOutcome
from aecli.sweep.schedule import run_trials
from aecli.sweep.search.search_result import conclude_search


@pytest.mark.parametrize("sampler", ["tpe", "random", "qmc", "cmaes", "nsga2"])
def test_the_same_seed_tries_the_same_also_when_every_trial_is_cut_off(write_search, tmp_path, sampler):
    file = write_search(sampler=sampler, trials=14)
    first = settings(finish(file))
    (tmp_path / "found").rename(tmp_path / "first")
    assert settings(finish(file, restarts=True)) == first
    assert len({json.dumps(one) for one in first}) > 10
    (tmp_path / "found").rename(tmp_path / "second")
    assert settings(finish(write_search(sampler=sampler, trials=14, seed=1))) != first


def test_tpe_goes_where_it_was_good(write_search):
    tried = [one[LR] for one in settings(finish(write_search(trials=40, space={LR: {"uniform": [0.0001, 1]}})))]
    near = [lr < 0.1 for lr in tried]
    assert sum(near[:10]) <= 3 and sum(near[10:]) >= 10, "by chance it would be 3 of 30"


def test_a_setting_that_the_machine_failed_is_tried_again_by_the_same_command(write_search):
    def full_disk(source, trial):
        return TrialOutcome(trial.digest, "failed", None, "No space left on device", is_machine=True)

    file = write_search(trials=3)
    source = finish(file, kind=full_disk)
    found = conclude_search("find", source)
    assert (found.counts, found.best) == ({"tried": 3, "unfinished": 3}, ())
    again = open_search(file)
    assert len(again.begin()) == 3 and again.ended == {}
    assert conclude_search("find", finish(file)).counts == {"tried": 3, "completed": 3}


def test_a_setting_that_comes_again_is_told_and_not_trained(write_search):
    source = finish(write_search(trials=9, space={CODE: {"choice": ["relu", "linear"]}}))
    assert [len(source.trials), source.count, source.spared, source.total] == [2, 9, 7, 9]
    assert {one.params[CODE]: one.values for one in source.study.trials()}.keys() == {0, 1}
    assert all(one.state.name == "COMPLETE" for one in source.study.trials())


def test_two_processes_share_a_search(write_search):
    file = write_search(trials=2)
    one = open_search(file)
    one.begin()
    (mine,) = one.more()
    other = open_search(file)
    assert [trial.digest for trial in other.begin()] == [mine.digest]
    assert other.known(mine, None) is None
    (second,) = other.more()
    assert second.digest != mine.digest
    one.tell(fake_run(one, mine))
    assert other.known(mine, None).kind == "completed"
    assert [trial.digest for trial in one.more()] == [second.digest], "the last trials of the other are waited for"
    assert one.more() == other.more() == [] and one.count == 2


def test_another_space_under_an_old_search_is_refused(write_search):
    finish(write_search(trials=1))
    with pytest.raises(
        UsageError, match="its search was begun with another search.seed, search.space, and what it has learnt"
    ):
        open_search(write_search(trials=1, seed=5, space={LR: {"uniform": [0.1, 0.2]}}))
    assert finish(write_search(trials=3)).count == 3, "more trials are welcome"


def test_a_pruner_stops_what_is_worse_than_the_median(write_search):
    file = write_search(base={"training": {"epochs": 5, "batch_size": 64, "device": "cpu", "threads": 1}}, trials=8,
                        sampler="random", pruner="median", space={LR: {"log_uniform": [1e-7, 1e-1]}})  # fmt: skip
    source, watcher = open_search(file), Watcher()
    progress = run_trials(source, source.folder, OneThread(source.folder.runs), watcher)
    trials = source.study.trials()
    pruned = [one for one in trials if one.state.name == "PRUNED"]
    assert len(trials) == len(watcher.kinds) == 8 and not progress.failed
    assert 0 < len(pruned) < 4 and watcher.kinds.count("pruned") == len(pruned)
    best = min(one.values[0] for one in trials if one.state.name == "COMPLETE")
    for one in pruned:
        (run,) = source.numbers[one.number].runs
        epochs = len((source.folder.runs / run / "metrics.jsonl").read_text().splitlines()) - 1
        assert epochs == max(one.intermediate_values) < 5, "not an epoch was trained after the last that was needed"
        assert min(one.intermediate_values.values()) > best
    again = open_search(file)
    watcher = Watcher()
    run_trials(again, again.folder, OneThread(source.folder.runs), watcher)
    assert watcher.kinds == [], "what was pruned stays so"
