"""Doses at which runs diverged: named, and not free."""

from dosed_runs import KEY, respond, write_doses

from aecli.comparison.dose.dose_json import dose_json
from aecli.comparison.dose.dose_notes import note_lines
from aecli.comparison.dose.dose_words import response_words
from aecli.comparison.dose.steps import LOST


def diverged(write_run, dose, *seeds):
    for seed in seeds:
        write_run(seed=seed, set=[f"regularization=[{{name: l1, weight: {dose}}}]"], status="diverged")


def test_a_dose_that_lost_seeds_is_named_and_not_free(write_run, tmp_path):
    write_doses(write_run, {0: 1.0, 1e-8: 1.0, 1e-7: 1.0})
    diverged(write_run, 1e-7, 10, 11)
    found = respond(tmp_path, metrics=["mse"])
    (one,) = found.groups
    (response,) = one.responses
    assert (response.free, response.steps[2].kind, response.steps[2].broken) == ("1e-08", LOST, (10, 11))
    words = response_words(response, found.rope)
    assert "1e-07 is not free: without seeds 10, 11, which diverged or have no number; " in words
    assert "no cliff" not in words and "by the seeds that are left" in words
    assert any("1e-07: seeds 10, 11 diverged" in line for line in note_lines(one, KEY))
    assert dose_json(found)["groups"][0]["goals"][0]["doses"][2]["lost_seeds"] == [10, 11]


def test_a_dose_of_which_every_run_diverged_is_named_and_nothing_from_it_on_is_free(write_run, tmp_path):
    write_doses(write_run, {0: 1.0, 1e-8: 1.0, 1e-6: 1.0})
    diverged(write_run, 1e-7, 0, 1)
    found = respond(tmp_path, metrics=["mse"])
    (one,) = found.groups
    assert one.responses[0].free == "1e-08"
    words = response_words(one.responses[0], found.rope)
    assert "not free from 1e-07 on: every run diverged at 1e-07" in words
    assert any("1e-07: every run diverged (seeds 0, 1)" in line for line in note_lines(one, KEY))
    assert dose_json(found)["groups"][0]["doses_without_a_run"] == [{"dose": 1e-7, "diverged_seeds": [0, 1]}]


def test_a_reference_that_lost_seeds_has_no_cliff_behind_it(write_run, tmp_path):
    """It is as good as it is by its survivors alone."""
    write_doses(write_run, {0: 1.0, 1e-7: 1.2})
    for seed in (10, 11, 12):
        write_run(seed=seed, status="diverged")
    found = respond(tmp_path, metrics=["mse"])
    (response,) = found.groups[0].responses
    assert response.cliff is None and response.steps[0].broken == (10, 11, 12)
    words = response_words(response, found.rope)
    assert "; may be a cliff: 1e-07 is 20" in words
    assert words.endswith("; a cliff is above 10 %), by the seeds that are left: 0 lost seeds 10, 11, 12")
