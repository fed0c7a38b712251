"""What a search found, and what went wrong in a sweep, on the screen."""

from pathlib import Path

from aecli.console.sweep_results import show_search_result, tell_trouble
from aecli.sweep.record.outcome import TrialOutcome
from aecli.sweep.record.sweep_folder import SweepFolder
from aecli.sweep.run_sweep import Swept
from aecli.sweep.search.optimism import Optimism
from aecli.sweep.search.search_result import CompletedSetting, SearchResult


def test_the_winner_is_told_with_why_it_looks_too_good_and_the_way_out(capsys):
    best = (CompletedSetting(3, {"lr": 0.1}, (0.0125,), (), fresh=Path("out/winner.yaml")),)
    show_search_result(SearchResult(("validation.mse",), {"tried": 4, "completed": 4}, best, Optimism(4, 2, 1.0, 0.5)))
    assert capsys.readouterr().out.splitlines() == [
        "4 tried, 4 completed; the best by validation.mse:",
        "  0.0125  setting 3: lr=0.1",
        "the winner was chosen as the best of 4 on the validation split, so its validation number is optimistic,",
        "and its test number as far as its seeds were lucky: were all 4 settings equally good, the best of them would "
        "look 0.5 better than it is.",
        "fresh seeds for it:",
        "  aecli sweep --config out/winner.yaml",
    ]


def test_where_nothing_came_to_its_end_there_is_no_best(capsys):
    show_search_result(SearchResult(("validation.mse",), {"tried": 1, "failed": 1}, (), None))
    assert capsys.readouterr().out == "1 tried, 1 failed; no setting has come to its end, so there is no best one\n"


def test_what_failed_and_what_was_not_tried_is_told_on_stderr(plan_around, capsys):
    trial = plan_around().trials[0]
    failed = ((trial, TrialOutcome(trial.digest, "failed", "runs/a", "no memory")),)
    tell_trouble(Swept(SweepFolder(Path("out")), 4, 0, failed, is_whole=False, untried=3))
    assert capsys.readouterr().err.splitlines() == [
        "error: loss=mse, seed=0: failed: no memory (runs/a)",
        "note: stopped there; 3 trials were not tried, and the same command goes on",
    ]
