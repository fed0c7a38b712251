"""Watching a sweep: the plan in words and as data, then a line for each trial that ends."""

from dataclasses import replace
from pathlib import Path

import pytest

from aecli.console.sweep_watchers import SHOWN, SweepBars, SweepLines, make_sweep_watcher, plain_plan, plan_lines, size
from aecli.sweep.engines.calibration import Layout
from aecli.sweep.planning.document import load_sweep
from aecli.sweep.planning.forecast import Forecast
from aecli.sweep.planning.plan import make_plan
from aecli.sweep.record.outcome import TrialOutcome
from aecli.sweep.watching import PlanTold


@pytest.fixture
def told(tmp_path):
    """A plan of 24 trials of which four are done."""
    (tmp_path / "s.yaml").write_text("base: mse.yaml\nseeds: 12\ngrid: {loss: [mse, mae, mse]}\n")
    sweep, document, path = load_sweep(str(tmp_path / "s.yaml"))
    plan = make_plan(sweep, document, path)
    return PlanTold(sweep, plan, 20, Layout(2, 1, None), expected=Forecast(75.0, 1_230_000), path=Path("out"))


def test_a_plan_is_told_in_words_and_long_ones_are_cut(told):
    lines = plan_lines(told)
    assert lines[:3] == [
        "s: 24 trials around mse.yaml, 12 seeds; 4 done, 20 to do",
        "12 combinations came to a config that is there already",
        "2 workers x 1 thread; about 1:15; about 1.23 MB in out",
    ]
    assert lines[3].endswith("  loss=mse, seed=0") and lines[-1] == f"  and {24 - SHOWN} more"


def test_the_plan_as_data_has_every_trial(told):
    plain = plain_plan(told)
    assert len(plain["trials"]) == 24 and plain["trials"][0]["label"] == "loss=mse, seed=0"
    assert [plain[key] for key in ("left", "excluded", "workers", "threads", "seconds")] == [20, 0, 2, 1, 75.0]


def test_what_is_tuned_is_told_before_what_judges(tmp_path):
    tune = "tune: {optimization.optimizer.lr: {log_uniform: [0.001, 0.1]}, trials: 2, seeds: 3}"
    (tmp_path / "s.yaml").write_text(f"base: mse.yaml\nseeds: 5\ngrid: {{loss: [mse, mae]}}\n{tune}\n")
    sweep, document, path = load_sweep(str(tmp_path / "s.yaml"))
    plan = make_plan(sweep, document, path)
    told = PlanTold(sweep, plan, 32, Layout(2, 1, None), expected=Forecast(75.0, 1_230_000), path=Path("out"))
    assert plan_lines(told)[:5] == [
        "s: 32 trials around mse.yaml, 5 seeds; 0 done, 32 to do",
        "tuned first, by validation.mse: 2 configs x 2 points of optimization.optimizer.lr x 3 seeds = 12 trials",
        "then judged: 10 trials with the tuned value, as many with the base's own",
        "  point 1: optimization.optimizer.lr=0.01",
        "  point 2: optimization.optimizer.lr=0.001",
    ]
    tuning = replace(told.plan.tuning, curve=True)
    assert plan_lines(replace(told, plan=replace(told.plan, tuning=tuning)))[2] == (
        "then judged: 10 trials with the tuned value, as many with the base's own, "
        "about 10 with what fewer points choose"
    )
    plain = plain_plan(told)["tune"]
    assert (plain["configs"], plain["trials_to_come"]) == ([{"loss": "mse"}, {"loss": "mae"}], 10)


@pytest.mark.parametrize(("count", "text"), [(999, "0.999 kB"), (1_230_000, "1.23 MB"), (5 * 10**13, "50 TB")])
def test_a_size_is_told_in_three_digits(count, text):
    assert size(count) == text


def test_a_trial_that_ends_is_a_line_and_on_a_terminal_only_what_went_wrong(told, capsys):
    trial = told.plan.trials[0]
    good, bad = TrialOutcome("a", "completed", None), TrialOutcome("a", "diverged", None, "not finite")
    lines, bars = SweepLines(print), SweepBars(print)
    for watcher in (lines, bars):
        watcher.begin(24, 4)
        watcher.started(trial)
        watcher.epoch(trial, 1, 3, {"mse": 0.5})
        watcher.finished(trial, good, 5)
        watcher.finished(trial, bad, 6)
        watcher.close()
    said = capsys.readouterr().err.splitlines()
    told_lines = [line.removesuffix("; 0:00 left") for line in said if "loss=mse" in line]
    assert told_lines == [
        "5/24  loss=mse, seed=0: completed",
        "6/24  loss=mse, seed=0: diverged: not finite",
        "6/24  loss=mse, seed=0: diverged: not finite",
    ]


def test_the_time_that_is_left_follows_the_last_trials(told, monkeypatch, capsys):
    clock = iter([0.0, 100.0, *(110.0 + 10.0 * number for number in range(9))])
    monkeypatch.setattr("time.monotonic", lambda: next(clock))
    watcher, trial = SweepLines(print), told.plan.trials[0]
    watcher.begin(12, 0)
    for done in range(1, 11):
        watcher.finished(trial, TrialOutcome("a", "completed", None), done)
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "1/12  loss=mse, seed=0: completed; 18:20 left"
    assert lines[-1] == "10/12  loss=mse, seed=0: completed; 0:20 left"
    assert watcher.left() == "; 0:20 left"
    watcher.ends.append((0.0, 12))
    assert watcher.left() == ""


def test_who_wants_quiet_is_told_warnings_alone(told, capsys):
    watcher = make_sweep_watcher(quiet=True)
    watcher.note("warning: 1 thread per worker so far, 2 now")
    assert capsys.readouterr().err == "warning: 1 thread per worker so far, 2 now\n"
    watcher.plan(told)
    watcher.note("text")
    watcher.elsewhere(3)
    assert capsys.readouterr() == ("", "") and watcher.planned["left"] == 20
