"""A recommendation as a whole, on run folders with numbers that the test chooses."""

import json
import subprocess
import sys

import pytest

from aecli.comparison.recommendation.recommend import recommend, share_words
from aecli.errors import UsageError


@pytest.fixture
def runs(tmp_path):
    return tmp_path / "runs"


@pytest.fixture
def write_candidate(write_run):
    """A function that writes a candidate: one validation MSE for each seed, and test numbers if they are others."""

    def write(loss, values, *, test=None, **options):
        sets = [f"loss.name={loss}", *options.pop("set", ())]
        for seed, value in enumerate(values):
            reported = {"mse": value if test is None else test[seed]}
            write_run(seed=seed, set=sets, validation={"mse": value}, test=reported, train={"mse": value}, **options)

    return write


GOOD = [0.0100, 0.0102, 0.0099, 0.0101, 0.0100, 0.0103]
BAD = [0.0120, 0.0121, 0.0118, 0.0121, 0.0121, 0.0122]


def test_the_one_that_is_better_with_every_seed_is_recommended(write_candidate, runs):
    write_candidate("mse", GOOD)
    write_candidate("mae", BAD)
    found = recommend([runs], goals=["reconstruction"])
    assert (found.kind, found.leader, found.between) == ("recommended", "mse", ("mse",))
    assert (
        found.reason
        == "mse wins 100 % of 2,000 resamples of the seeds, and the paired 95 % interval of its lead leaves out 0 for every other candidate"
    )
    assert [(one.label, one.wins) for one in found.standings] == [("mse", 1.0), ("mae", 0.0)]
    assert found.standings[1].score == pytest.approx(sum(BAD) / sum(GOOD) - 1)
    assert found.standings[0].settings == {"loss": "mse"}


def test_test_numbers_are_reported_and_do_not_choose(write_candidate, runs):
    write_candidate("mse", GOOD, test=[0.05] * 6)
    write_candidate("mae", BAD, test=[0.001] * 6)
    found = recommend([runs], goals=["reconstruction"])
    assert (found.chosen_on, found.kind, found.leader) == ("validation", "recommended", "mse")
    assert found.numbers[0].estimate.mean == pytest.approx(0.05)
    assert (found.numbers[0].best, found.numbers[0].behind.mean) == ("mae", pytest.approx(49))


def test_suites_choose_by_the_validation_split_too(write_run, runs):
    for loss, chosen, reported in (("mse", 0.9, 0.1), ("mae", 0.5, 0.8)):
        for seed in range(5):
            suites = {
                place: {"sparsity": {"skill": skill}} for place, skill in (("validation", chosen), ("test", reported))
            }
            write_run(seed=seed, set=[f"loss.name={loss}"], suites=suites)
    found = recommend([runs], goals={"sparsity": 1})
    assert (found.kind, found.leader, found.numbers[0].estimate.mean) == ("recommended", "mse", pytest.approx(0.1))


def test_a_lead_that_the_seeds_do_not_bear_out_is_undecided(write_candidate, runs):
    write_candidate("mse", GOOD)
    write_candidate("mae", [value * (1 + shift) for value, shift in zip(GOOD, (0.2, -0.1) * 3, strict=True)])
    write_candidate("bce", [value * 2 for value in GOOD])
    found = recommend([runs], goals=["reconstruction"])
    assert (found.kind, found.leader, found.between) == ("undecided", "mse", ("mse", "mae"))
    assert found.reason.endswith("; the paired 95 % interval of its lead over mae includes 0")


def test_one_seed_each_names_the_leader_and_nothing_more(write_candidate, runs):
    write_candidate("mse", [0.02])
    write_candidate("mae", [0.01])
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
def test_few_seeds_are_called_what_they_are(write_candidate, runs, seeds, warning):
    for loss, level in (("mse", 1), ("mae", 2)):
        write_candidate(loss, [level * (0.01 + seed / 1e5) for seed in range(seeds)])
    warnings = [text for text in recommend([runs], goals=["reconstruction"]).warnings if " seeds: a " in text]
    assert warnings == ([f"{warning}; a claim needs 10, a headline 30"] if warning else [])


def test_different_seeds_are_resampled_each_on_their_own_and_it_is_said(write_run, runs):
    for seed, value in enumerate(GOOD):
        write_run(seed=seed, test={"mse": value})
        write_run(seed=seed + 10, test={"mse": value * 2}, set=["loss.name=mae"])
    found = recommend([runs], goals=["reconstruction"])
    assert (found.is_paired, found.kind, found.leader) == (False, "recommended", "mse")
    assert (
        "the candidates share too few seeds to be paired, so each one's own were resampled; the same seeds for all would decide sooner"
        in found.warnings
    )


def test_seeds_that_do_not_count_are_told(write_candidate, write_run, runs):
    write_candidate("mse", GOOD)
    write_candidate("mae", BAD[:2])
    found = recommend([runs], goals=["reconstruction"])
    assert "only the seeds count for which every candidate was measured: 0, 1" in found.warnings
    assert found.standings[0].seeds == (0, 1)


def test_runs_that_validate_on_the_test_split_get_a_strong_warning(write_candidate, runs):
    for loss, values in (("mse", GOOD), ("mae", BAD)):
        write_candidate(loss, values, set=["data.validation=test"])
    found = recommend([runs], goals=["reconstruction"])
    assert found.chosen_on == "test"
    assert found.warnings[0].startswith(
        "chosen on test numbers: these runs validate on the test split, so the numbers reported here are optimistic"
    )


def test_what_the_winner_costs_elsewhere_and_the_front_are_told(write_run, runs):
    for loss, level, probe in (("mse", 1.0, 0.80), ("mae", 1.2, 0.85), ("bce", 1.3, 0.75)):
        for seed, value in enumerate(GOOD):
            features = {"features": {"code": {"linear_probe": {"accuracy": probe + seed / 1000}}}}
            suites = {"validation": features, "test": features}
            write_run(
                seed=seed,
                set=[f"loss.name={loss}"],
                test={"mse": value * level},
                train={"mse": value * level},
                suites=suites,
            )
    found = recommend([runs], goals=["reconstruction"])
    cost = next(one for one in found.numbers if one.goal == "classification")
    assert (cost.best, cost.unit, cost.behind.mean) == ("mae", "points", pytest.approx(0.05))
    assert (found.leader, found.front.labels) == ("mse", ("mse", "mae"))
    assert recommend([runs], goals="reconstruction=1,classification=20").leader == "mae"


def test_a_goal_without_test_numbers_is_told_with_the_command(write_run, runs):
    for loss in ("mse", "mae"):
        path = write_run(
            set=[f"loss.name={loss}"], suites={"validation": {"sparsity": {"skill": 0.5 + (loss == "mae") / 10}}}
        )
    assert (
        "no test numbers of sparsity, so what is known is what chose; measure them in every run, for example: "
        f"aecli evaluate {path} --suite sparsity"
    ) in recommend([runs], goals=["sparsity"]).warnings


def test_confounded_settings_are_named(write_candidate, runs):
    write_candidate("mse", GOOD)
    write_candidate("mae", BAD, set=["training.epochs=7"])
    codes = [text.partition(":")[0] for text in recommend([runs], goals=["reconstruction"]).warnings]
    assert {"two-factors", "unequal-epochs"} <= set(codes)
    assert not {"own-referee", "few-seeds"} & set(codes), "three referees judge, and the seeds are told in other words"


def test_one_candidate_is_no_choice(write_candidate, runs):
    write_candidate("mse", GOOD)
    found = recommend([runs], goals=["reconstruction"])
    assert (found.kind, found.reason) == ("only", "it is the only candidate that can be chosen")


def test_conditions_choose_the_runs(write_candidate, runs):
    for loss, values in (("mse", GOOD), ("mae", BAD), ("bce", [0.02] * 6)):
        write_candidate(loss, values)
    assert recommend([runs], goals=["reconstruction"], where=["loss.name!=mse"]).leader == "mae"


def test_runs_of_different_data_are_refused(write_run, runs):
    write_run()
    other = {"data": {"dataset": "fashion_mnist", "sha256": "77", "images": {"test": 9000}}}
    write_run(environment=other, set=["data.dataset.name=fashion_mnist"])
    with pytest.raises(UsageError) as caught:
        recommend([runs], goals=["reconstruction"])
    assert str(caught.value) == (
        "these runs are of 2 data sets, whose numbers cannot be ranked together: mnist, 10,000 test images (1 run); fashion_mnist, 9,000 "
        "test images (1 run); name the runs of one, or choose them with --where, for example --where data.dataset.name=mnist"
    )


def test_data_of_one_name_are_told_apart_and_no_condition_is_proposed_that_does_not_choose(write_run, runs):
    for digest in ("aaaaaaaaaa", "bbbbbbbbbb"):
        write_run(environment={"data": {"dataset": "mine", "sha256": digest, "images": {"test": 50}}})
    with pytest.raises(UsageError) as caught:
        recommend([runs], goals=["reconstruction"])
    assert str(caught.value) == (
        "these runs are of 2 data sets, whose numbers cannot be ranked together: mine, 50 test images (SHA-256 aaaaaaaa) (1 run); "
        "mine, 50 test images (SHA-256 bbbbbbbb) (1 run); name the run folders of one"
    )


def test_goals_are_read_before_any_run_is(tmp_path):
    with pytest.raises(UsageError, match="unknown goal"):
        recommend([tmp_path / "nothing"], goals=["speed"])


def test_the_plain_form_is_json_with_a_version(write_candidate, runs):
    write_candidate("mse", GOOD)
    write_candidate("mae", BAD)
    found = recommend([runs], goals=["reconstruction=2", "generalization"])
    plain = json.loads(json.dumps(found.plain(), allow_nan=False))
    assert (plain["schema"], plain["kind"], plain["leader"]) == (1, "recommended", "mse")
    assert plain["goals"] == {"reconstruction": 2.0, "generalization": 1.0}
    assert plain["standings"][1]["behind"]["low"] > 0
    assert plain["config_file"].endswith("/config.yaml")
    assert plain["command"] == f"aecli train --config {plain['config_file']} --seed 6"


def test_no_torch_is_needed(write_candidate, runs):
    write_candidate("mse", GOOD[:2])
    code = f"import sys; from aecli.comparison.recommendation.recommend import recommend; recommend([{str(runs)!r}], goals=['reconstruction']); print('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"


def test_shares_that_are_nearly_all_or_nothing_are_not_rounded_to_it():
    assert [share_words(share) for share in (0.0, 0.0004, 0.5, 0.9996, 1.0)] == [
        "0 %",
        "0.1 %",
        "50 %",
        "99.9 %",
        "100 %",
    ]


def test_two_common_seeds_of_many_do_not_recommend_alone(write_run, runs):
    """Ten seeds each, two of them common: as in a verdict, all of them count."""
    for seed in range(10):
        write_run(seed=seed, test={"mse": 0.010 + 0.0001 * (seed % 3)})
        write_run(seed=seed + 8, test={"mse": 0.013 + 0.0001 * (seed % 4)}, set=["loss.name=mae"])
    found = recommend([runs], goals=["reconstruction"])
    assert (found.is_paired, found.kind, found.leader, [len(one.seeds) for one in found.standings]) == (
        False,
        "recommended",
        "mse",
        [10, 10],
    )
