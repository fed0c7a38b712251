"""Findings about single runs: machines, seeds, choices on the test split, what was left out, and searches."""

import pytest
from fake_findings import found


@pytest.mark.parametrize(
    ("environment", "what"),
    [
        ({"host": "there"}, "different hosts: here (2 runs), there (1 run)"),
        ({"host": "\x1b[31m"}, "different hosts: here (2 runs), \\x1b[31m (1 run)"),
        ({"cpu": "Other"}, "different processors: Some Processor (2 runs), Other (1 run)"),
        ({"device": "cuda"}, "different devices: cpu (2 runs), cuda (1 run)"),
        ({"threads": 8}, "different thread counts: 2 (2 runs), 8 (1 run)"),
        ({"versions": {"torch": "3", "aecli": "0.1.0"}}, "different versions of PyTorch: 2.14.1 (2 runs), 3 (1 run)"),
        ({"versions": {"torch": "2.14.1", "aecli": "9"}}, "different versions of aecli: 0.1.0 (2 runs), 9 (1 run)"),
    ],
)
def test_machines_that_differ_are_named(write_run, runs, environment, what):
    write_run()
    write_run(seed=1)
    write_run(set=["loss.name=mae"])
    assert found(runs, "different-machines") == []
    for path in runs.glob("*_s1_*"):
        (path / "status.json").unlink()
        (path / "config.yaml").unlink()
    write_run(seed=1, environment=environment)
    write_run(seed=2, environment={"host": None, "cpu": [], "device": None, "threads": None, "versions": 5})
    assert found(runs, "different-machines") == [
        (what, "times are not comparable, and equal seeds need not give equal weights")
    ]


@pytest.mark.parametrize(
    ("settings", "number"),
    [
        ([], 0),
        (["data.validation=test"], 1),
        (["data.validation=test", "evaluation.checkpoint=last"], 0),
        (["data.validation=test", "evaluation.checkpoint=last", "training.early_stopping={patience: 5}"], 1),
        (["data.validation=test", "evaluation.checkpoint=last", "optimization.schedule.name=plateau"], 1),
    ],
    ids=["validation images", "best checkpoint", "nothing is chosen", "early stopping", "plateau"],
)
def test_choosing_by_the_test_split_is_named(write_run, runs, settings, number):
    write_run(set=settings)
    write_run(set=["loss.name=mae"])
    expected = (
        "1 of 2 runs validated on the test split and chose by it",
        "their test numbers are optimistic, and a winner among them has no fresh number",
    )
    assert found(runs, "selected-on-test") == [expected] * number


def test_the_same_seed_twice_is_named(write_run, runs):
    write_run()
    assert found(runs, "duplicate-seed") == []
    write_run()
    write_run()
    assert found(runs, "duplicate-seed") == [
        (
            "trained more than once with the same seed: fake (seed 0)",
            "the same draw cannot count twice, so only the latest run does",
        )
    ]


@pytest.mark.parametrize(
    ("first", "second", "what"),
    [
        (1, 1, "1 seed each: a smoke test"),
        (4, 10, "4 seeds for some candidates: a smoke test"),
        (5, 5, "5 seeds each: a first look"),
        (9, 10, "9 seeds for some candidates: a first look"),
        (10, 10, None),
    ],
)
def test_few_seeds_are_named(write_seeds, runs, first, second, what):
    write_seeds([0.1] * first)
    write_seeds([0.1] * second, set=["loss.name=mae"])
    assert found(runs, "few-seeds") == ([(what, "a claim needs 10, a headline 30")] if what else [])


def test_the_seeds_that_verdicts_rest_on_are_counted(write_run, runs):
    for seed in range(10):
        write_run(seed=seed, test={"mse": 0.1 + seed / 100})
        write_run(seed=seed + 3, test={"mse": 0.2 + seed / 100}, set=["loss.name=mae"])
    assert found(runs, "few-seeds") == [("7 seeds in some verdicts: a first look", "a claim needs 10, a headline 30")]


def test_runs_that_were_left_out_are_named_and_foreign_files_are_not(write_run, tmp_path):
    write_run()
    (tmp_path / "runs" / "report.html").write_text("")
    assert found(f"{tmp_path}/runs/*", "unfinished") == []
    write_run(name="a", status="diverged")
    broken = write_run(name="b\n")
    (broken / "summary.json").write_text("{")
    assert found(f"{tmp_path}/runs/*", "unfinished") == [
        (
            "2 runs left out: a (failed), b\\n (broken)",
            "if bad settings fail more often, what is left looks better than it is",
        )
    ]


def test_runs_of_a_search_say_that_its_winner_was_chosen(write_run, runs, tmp_path):
    write_run()
    assert found(runs, "searched") == []
    (tmp_path / "winner.yaml").touch()
    (tmp_path / "search.json").write_text(
        '{"objectives": ["validation.mse"], "best": [{"fresh_seeds": "winner.yaml"}]}'
    )
    assert found(runs, "searched") == [
        (
            f"{tmp_path} is a search: its settings were chosen by validation.mse; the best of many is partly the "
            f"luckiest",
            "the winner's validation number is optimistic, and its test number as far as its seeds were lucky; "
            f"fresh seeds for it: aecli sweep --config {tmp_path}/winner.yaml",
        )
    ]
