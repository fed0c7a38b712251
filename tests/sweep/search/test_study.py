"""The study of a search in its file."""

from fake_searches import finish, open_search

from aecli.sweep.planning.document import load_sweep
from aecli.sweep.search.study import COMPLETE, FAIL, Study


def test_a_trial_that_was_being_made_when_its_process_died_counts_for_nothing(write_search):
    source = open_search(write_search(trials=2))
    source.study.study.ask()  # dead before it had any parameters
    again = finish(write_search(trials=2))
    assert [one.state.name for one in again.study.trials()] == ["COMPLETE", "COMPLETE"]
    assert again.count == 2 and len(again.study.study.trials) == 3


def test_a_study_remembers_what_it_was_asked_and_names_what_differs(write_search, tmp_path):
    asked, *_ = load_sweep(str(write_search()))
    study = Study(tmp_path / "search.log", asked.search)
    assert study.refuse_another({"seed": 0, "pruner": "none"}) == []
    again = Study(tmp_path / "search.log", asked.search)
    assert again.refuse_another({"seed": 1, "pruner": "none"}) == ["seed"]


def test_a_trial_that_has_ended_stays_as_it_is(write_search, tmp_path):
    asked, *_ = load_sweep(str(write_search()))
    study = Study(tmp_path / "search.log", asked.search)
    study.ask(0)
    study.end(0, COMPLETE, [0.5], notes={"runs": ["a"]})
    study.end(0, FAIL, notes={"runs": ["b"]})
    (one,) = study.trials()
    assert (one.state.name, one.values, one.user_attrs["runs"]) == (COMPLETE, [0.5], ["a"])
