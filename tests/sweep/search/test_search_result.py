"""What a search found: its counts, its best, and fresh seeds for them."""

import json

from fake_searches import LR, fake_run, finish, open_search

from aecli.sweep.planning.document import load_sweep
from aecli.sweep.planning.plan import make_plan
from aecli.sweep.record.outcome import TrialOutcome
from aecli.sweep.search.search_result import conclude_search


def test_a_divergence_is_a_result_and_a_failure_is_told_too(write_search):
    def kind(source, trial):
        lr = trial.config.optimization.optimizer.lr
        end = "diverged" if lr > 0.03 else "failed" if lr < 0.0003 else "completed"
        return fake_run(source, trial) if end == "completed" else TrialOutcome(trial.digest, end, None, "why")

    source = finish(write_search(trials=20), kind=kind)
    found = conclude_search("find", source)
    assert found.counts["diverged"] > 0 < found.counts["failed"] and found.counts["tried"] == 20
    assert sum(found.counts.values()) == 40
    again = open_search(source.folder.path.parent / "find.yaml")
    assert {one.kind for one in again.ended.values()} == {"completed", "diverged", "failed"}


def test_several_objectives_give_the_front(write_search):
    file = write_search(objective=["validation.mse", "train_s"], trials=12, sampler="nsga2")
    found = conclude_search("find", finish(file))
    points = [one["values"] for one in json.loads((file.parent / "found" / "search.json").read_text())["trials"]]
    front = [one for one in points if not any(a <= one[0] and b <= one[1] and [a, b] != one for a, b in points)]
    assert sorted(one.values for one in found.best) == sorted(map(tuple, front))
    assert 1 < len(front) < 12
    assert all(one.fresh.name == f"winner-{one.number}.yaml" for one in found.best)


def test_the_winner_gets_seeds_that_the_search_has_not_seen(write_search):
    file = write_search(seeds=[0, 2], trials=3)
    found = conclude_search("find", finish(file))
    winner = found.best[0]
    assert winner.values[0] == min(one.values[0] for one in found.best)
    plan = make_plan(*load_sweep(str(winner.fresh)))
    assert [trial.config.seed for trial in plan.trials] == [1, 3, 4, 5, 6, 7, 8, 9, 10, 11]
    assert {trial.config.optimization.optimizer.lr for trial in plan.trials} == {winner.changes[LR]}
