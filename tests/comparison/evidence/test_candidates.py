"""Folding runs over seeds."""

import json

from aecli.comparison.evidence.candidates import fold
from aecli.comparison.evidence.collect import collect
from aecli.comparison.evidence.measures import measure


def folded(tmp_path):
    return fold(collect([tmp_path / "runs"]).runs)


def test_runs_that_differ_only_in_the_seed_are_one_candidate(write_seeds, tmp_path):
    write_seeds([0.1, 0.2, 0.3])
    factors, (candidate,) = folded(tmp_path)
    assert factors == []
    assert (candidate.label, candidate.seeds, candidate.settings) == ("fake", (0, 1, 2), {})
    assert candidate.values(measure("mse")) == {0: 0.1, 1: 0.2, 2: 0.3}


def test_names_suites_devices_and_threads_make_no_candidate_of_their_own(write_run, tmp_path):
    for seed, setting in enumerate(
        ["name=a", "name=b", "evaluation.suites=[code]", "training.device=cpu", "training.threads=2"]
    ):
        write_run(seed=seed, set=[setting])
    factors, candidates = folded(tmp_path)
    assert (factors, [candidate.seeds for candidate in candidates]) == ([], [(0, 1, 2, 3, 4)])


def test_candidates_stand_in_the_order_of_their_first_runs(write_run, tmp_path):
    for loss, seed in (("mae", 1), ("mse", 0), ("mae", 0)):
        write_run(seed=seed, set=[f"loss.name={loss}"])
    factors, candidates = folded(tmp_path)
    assert factors == ["loss"]
    assert [(candidate.label, candidate.seeds, candidate.settings) for candidate in candidates] == [
        ("mae", (0, 1), {"loss": "mae"}),
        ("mse", (0,), {"loss": "mse"}),
    ]


def test_of_the_same_seed_the_run_that_began_last_counts(write_run, tmp_path):
    for name, started, mse in (
        ("a", "2026-11-22T12:00:00.000Z", 0.3),
        ("b", "2026-11-22T11:00:00.000Z", 0.1),
        ("c", "2026-11-22T10:00:00.000Z", 0.2),
    ):
        path = write_run(name=name, test={"mse": mse})
        status = json.loads((path / "status.json").read_text())
        (path / "status.json").write_text(json.dumps(status | {"started": started}))
    _, (candidate,) = folded(tmp_path)
    assert [run.path.name for run in candidate.runs] == ["a"]
    assert [run.path.name for run in candidate.duplicates] == ["b", "c"]
    assert candidate.values(measure("mse")) == {0: 0.3}


def test_where_nobody_knows_when_they_began_the_last_name_counts(write_run, tmp_path):
    for mse in (0.1, 0.2):
        write_run(test={"mse": mse})
    _, (candidate,) = folded(tmp_path)
    assert candidate.values(measure("mse")) == {0: 0.2}


def test_what_was_not_measured_is_no_value(write_run, tmp_path):
    write_run(test={"mse": 0.1})
    write_run(seed=1, summary={"test": {"mse": None}})
    _, (candidate,) = folded(tmp_path)
    assert candidate.values(measure("mse")) == {0: 0.1}
    assert candidate.values(measure("features.linear_probe")) == {}


def test_labels_and_settings_can_be_printed(write_run, tmp_path):
    for value in ("a\\n[bold]", "\\e[31mred"):
        path = write_run()
        text = (path / "config.yaml").read_text()
        (path / "config.yaml").write_text(text.replace("  activation: relu", f'  activation: "{value}"'))
    _, candidates = folded(tmp_path)
    assert [candidate.label for candidate in candidates] == ["activation=a\\n[bold]", "activation=\\x1b[31mred"]
    assert [candidate.settings for candidate in candidates] == [
        {"architecture.activation": "a\\n[bold]"},
        {"architecture.activation": "\\x1b[31mred"},
    ]


def test_of_no_runs_there_is_no_candidate():
    assert fold([]) == ([], [])
