"""The words for ends of trials are those of the run folders."""

from aecli.sweep.engines.train_trial import Pruned
from aecli.sweep.record.outcome import COMPLETED, DIVERGED, PRUNED_WHY, TrialOutcome
from aecli.sweep.record.run_index import DONE


def test_what_is_done_in_a_run_folder_is_an_end_of_a_trial():
    assert set(DONE) == {COMPLETED, DIVERGED}


def test_a_trial_that_was_stopped_is_known_by_how_its_reason_begins():
    assert str(Pruned(3)) == f"{PRUNED_WHY} after epoch 3"


def test_an_outcome_is_no_fault_of_the_machine_unless_that_is_said():
    outcome = TrialOutcome("abc", "failed", None)
    assert (outcome.reason, outcome.is_machine, outcome.is_lost) == ("", False, False)
