"""Why a candidate is recommended or not, and what weakens that."""

import pytest
from chosen_runs import BAD, GOOD, write_candidate

from aecli.comparison.recommendation.recommend import recommend
from aecli.comparison.recommendation.recommend_words import share_words
from aecli.comparison.verdicts.compare import compare


@pytest.fixture
def runs(tmp_path):
    return tmp_path / "runs"


def test_a_lead_that_the_seeds_do_not_bear_out_is_undecided(write_run, runs):
    write_candidate(write_run, "mse", GOOD)
    write_candidate(write_run, "mae", [value * (1 + shift) for value, shift in zip(GOOD, (0.2, -0.1) * 3, strict=True)])
    found = recommend([runs], goals=["reconstruction"])
    assert (found.kind, found.leader, found.between) == ("undecided", "mse", ("mse", "mae"))
    assert found.reason.endswith("; its lead over mae is not shown: p = 0.5")


def test_two_seeds_recommend_nobody_and_are_told(write_run, runs):
    write_candidate(write_run, "mse", GOOD[:2])
    write_candidate(write_run, "mae", [value * 2 for value in GOOD[:2]])
    found = recommend([runs], goals=["reconstruction"])
    assert (found.kind, found.leader) == ("undecided", "mse")
    assert found.reason.endswith("its lead over mae is not shown: too few common seeds")


def test_recommend_and_compare_are_one_truth(write_run, runs):
    write_candidate(write_run, "mse", GOOD)
    write_candidate(write_run, "mae", BAD)
    write_candidate(write_run, "bce", [value * 2 for value in GOOD])
    verdicts = compare([runs]).groups[0].verdicts
    found = recommend([runs], goals=["reconstruction"])
    assert [one.kind for one in verdicts] == ["worse", "worse"]
    assert (found.kind, found.leader, found.standings[0].wins > 0.99) == ("recommended", "mse", True)


def test_one_seed_each_names_the_leader_and_nothing_more(write_run, runs):
    write_candidate(write_run, "mse", [0.02])
    write_candidate(write_run, "mae", [0.01])
    found = recommend([runs], goals=["reconstruction"])
    assert (found.kind, found.leader, found.standings[0].wins) == ("undecided", "mae", None)
    assert (
        found.reason
        == "one seed each: nothing is known about the spread, so this compares nets and not what they were trained with"
    )
    assert "1 seed: a smoke test; a claim needs 10, a headline 30" in found.warnings


@pytest.mark.parametrize(
    ("seeds", "warning"), [(4, "4 seeds: a smoke test"), (5, "5 seeds: a first look"), (10, None)], ids=["4", "5", "10"]
)
def test_few_seeds_are_called_what_they_are(write_run, runs, seeds, warning):
    for loss, level in (("mse", 1), ("mae", 2)):
        write_candidate(write_run, loss, [level * (0.01 + seed / 1e5) for seed in range(seeds)])
    warnings = [text for text in recommend([runs], goals=["reconstruction"]).warnings if " seeds: a " in text]
    assert warnings == ([f"{warning}; a claim needs 10, a headline 30"] if warning else [])


def test_different_seeds_count_each_on_their_own_and_it_is_said(write_run, runs):
    for seed, value in enumerate(GOOD):
        write_run(seed=seed, test={"mse": value})
        write_run(seed=seed + 10, test={"mse": value * 2}, set=["loss.name=mae"])
    found = recommend([runs], goals=["reconstruction"])
    assert (found.is_paired, found.kind, found.leader) == (False, "recommended", "mse")
    assert (
        "not all candidates have the same seeds: each counts with its own, and two are paired by those in common "
        "where these are enough; the same seeds for all would decide sooner"
    ) in found.warnings


def test_runs_that_validate_on_the_test_split_get_a_strong_warning(write_run, runs):
    for loss, values in (("mse", GOOD), ("mae", BAD)):
        write_candidate(write_run, loss, values, set=["data.validation=test"])
    found = recommend([runs], goals=["reconstruction"])
    assert found.chosen_on == "test"
    assert found.warnings[0].startswith(
        "chosen on test numbers: these runs validate on the test split, so the numbers reported here are optimistic"
    )


def test_a_goal_without_test_numbers_is_told_with_the_command(write_run, runs):
    for loss in ("mse", "mae"):
        path = write_run(
            set=[f"loss.name={loss}"], suites={"validation": {"sparsity": {"skill": 0.5 + (loss == "mae") / 10}}}
        )
    assert (
        "no test numbers of sparsity, so what is known is what chose; measure them in every run, for example: "
        f"aecli evaluate {path} --suite sparsity"
    ) in recommend([runs], goals=["sparsity"]).warnings


def test_one_candidate_is_no_choice(write_run, runs):
    write_candidate(write_run, "mse", GOOD)
    found = recommend([runs], goals=["reconstruction"])
    assert (found.kind, found.reason) == ("only", "it is the only candidate that can be chosen")


def test_shares_that_are_nearly_all_or_nothing_are_not_rounded_to_it():
    assert [share_words(share) for share in (0.0, 0.0004, 0.5, 0.9996, 1.0)] == [
        "0 %",
        "0.1 %",
        "50 %",
        "99.9 %",
        "100 %",
    ]
