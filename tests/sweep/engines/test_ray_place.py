"""A run that comes home from a node: among the others, with advice that can be followed here."""

import pytest

from aecli.runs.folder import RunFolder
from aecli.sweep.engines.messages import EpochDone, TrialDone
from aecli.sweep.engines.ray_place import Place, bring_home
from aecli.sweep.record.archive import pack
from aecli.sweep.record.outcome import TrialOutcome


@pytest.fixture
def place(tmp_path):
    """A place that makes its runs where this machine does not look, and is at one of them."""
    there = tmp_path / "there"
    (there / "a_run").mkdir(parents=True)
    (there / "a_run/config.yaml").write_text("seed: 1\n")
    RunFolder(there / "a_run").write_status("interrupted", reason=f"go on with: aecli resume {there}/a_run")
    return Place(actor=None, call=None, is_ready=True, runs=str(there))


def test_a_run_comes_home_with_its_reason_told_from_here(place, tmp_path):
    archive, here = pack(tmp_path / "there/a_run"), tmp_path / "here"
    reason = f"go on with: aecli resume {place.runs}/a_run"
    outcome = TrialOutcome("abc", "interrupted", f"{place.runs}/a_run", reason)
    event = bring_home(place, TrialDone(outcome, archive), here)
    assert event.outcome.run == str(here / "a_run") and event.archive is None
    assert event.outcome.reason == f"go on with: aecli resume {here}/a_run"
    assert RunFolder(here / "a_run").read_status()["reason"] == event.outcome.reason


def test_what_is_no_run_folder_is_a_failure_of_the_trial_and_not_of_the_sweep(place, tmp_path):
    event = bring_home(place, TrialDone(TrialOutcome("abc", "completed", "a"), b"no archive"), tmp_path / "here")
    assert (event.outcome.kind, event.outcome.digest, event.outcome.run) == ("failed", "abc", None)
    assert event.outcome.reason.startswith(f"cannot store a run in {tmp_path / 'here'}: ")


def test_an_epoch_is_told_as_it_is(place, tmp_path):
    event = EpochDone("abc", 1, 3, {"mse": 0.5})
    assert bring_home(place, event, tmp_path) is event
