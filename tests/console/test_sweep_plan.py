"""The plan of a sweep: in words and as data, with what it can show."""

from dataclasses import replace
from pathlib import Path

import pytest

from aecli.comparison.power.pilot import Pilot
from aecli.comparison.power.power import find_power
from aecli.console.sweep_plan import SHOWN, plain_plan, plan_lines, size
from aecli.sweep.engines.calibration import Layout
from aecli.sweep.planning.document import load_sweep
from aecli.sweep.planning.forecast import Forecast
from aecli.sweep.planning.plan import make_plan
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


def test_what_a_plan_can_show_stands_above_its_trials(told):
    power = find_power(2, [(2, 0.05)], Pilot())
    assert plan_lines(told, power)[3] == "2 configs x 2 seeds cannot decide anything: three seeds are the fewest"
    assert plain_plan(told, power)["can_show"] == power.plain() and plain_plan(told)["can_show"] is None


@pytest.mark.parametrize(("count", "text"), [(999, "0.999 kB"), (1_230_000, "1.23 MB"), (5 * 10**13, "50 TB")])
def test_a_size_is_told_in_three_digits(count, text):
    assert size(count) == text
