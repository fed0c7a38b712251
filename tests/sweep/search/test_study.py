"""The study of a search in its file."""

from fake_searches import finish, open_search


def test_a_trial_that_was_being_made_when_its_process_died_counts_for_nothing(write_search):
    source = open_search(write_search(trials=2))
    source.study.study.ask()  # dead before it had any parameters
    again = finish(write_search(trials=2))
    assert [one.state.name for one in again.study.trials()] == ["COMPLETE", "COMPLETE"]
    assert again.count == 2 and len(again.study.study.trials) == 3
