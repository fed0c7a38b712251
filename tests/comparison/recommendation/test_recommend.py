"""A recommendation as a whole, on run folders with numbers that the test chooses."""

import math
import subprocess
import sys

import pytest
from chosen_runs import BAD, GOOD, write_candidate

from aecli.comparison.recommendation.recommend import recommend
from aecli.errors import UsageError


@pytest.fixture
def runs(tmp_path):
    return tmp_path / "runs"


def test_the_one_that_is_better_with_every_seed_is_recommended(write_run, runs):
    write_candidate(write_run, "mse", GOOD)
    write_candidate(write_run, "mae", BAD)
    found = recommend([runs], goals=["reconstruction"])
    assert (found.kind, found.leader, found.between) == ("recommended", "mse", ("mse",))
    assert found.reason == (
        "mse wins 100 % of 2,000 draws of the means, and its lead over every other candidate is clear: p < 0.0001"
    )
    assert [(one.label, one.wins) for one in found.standings] == [("mse", 1.0), ("mae", 0.0)]
    assert found.standings[1].score == pytest.approx(math.log(sum(BAD) / sum(GOOD)))
    assert found.standings[1].behind.mean == pytest.approx(sum(BAD) / sum(GOOD) - 1)
    assert found.standings[0].settings == {"loss": "mse"}


def test_test_numbers_are_reported_and_do_not_choose(write_run, runs):
    write_candidate(write_run, "mse", GOOD, test=[0.05] * 6)
    write_candidate(write_run, "mae", BAD, test=[0.001] * 6)
    found = recommend([runs], goals=["reconstruction"])
    assert (found.chosen_on, found.kind, found.leader) == ("validation", "recommended", "mse")
    assert found.numbers[0].estimate.mean == pytest.approx(0.05)
    assert (found.numbers[0].best, found.numbers[0].behind.mean) == ("mae", pytest.approx(49))


def test_suites_choose_by_the_validation_split_too(write_run, runs):
    for loss, chosen, reported in (("mse", 0.9, 0.1), ("mae", 0.5, 0.8)):
        for seed in range(6):
            suites = {
                place: {"sparsity": {"skill": skill}} for place, skill in (("validation", chosen), ("test", reported))
            }
            write_run(seed=seed, set=[f"loss.name={loss}"], suites=suites)
    found = recommend([runs], goals={"sparsity": 1})
    assert (found.kind, found.leader, found.numbers[0].estimate.mean) == ("recommended", "mse", pytest.approx(0.1))


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


def test_confounded_settings_are_named(write_run, runs):
    write_candidate(write_run, "mse", GOOD)
    write_candidate(write_run, "mae", BAD, set=["training.epochs=7"])
    codes = [text.partition(":")[0] for text in recommend([runs], goals=["reconstruction"]).warnings]
    assert {"two-factors", "unequal-epochs"} <= set(codes)
    assert not {"own-referee", "few-seeds"} & set(codes), "three referees judge, and the seeds are told in other words"


def test_conditions_choose_the_runs(write_run, runs):
    for loss, values in (("mse", GOOD), ("mae", BAD), ("bce", [0.02] * 6)):
        write_candidate(write_run, loss, values)
    assert recommend([runs], goals=["reconstruction"], where=["loss.name!=mse"]).leader == "mae"


def test_goals_are_read_before_any_run_is(tmp_path):
    with pytest.raises(UsageError, match="unknown goal"):
        recommend([tmp_path / "nothing"], goals=["speed"])


def test_no_torch_is_needed(write_run, runs):
    write_candidate(write_run, "mse", GOOD[:2])
    code = (
        "import sys; from aecli.comparison.recommendation.recommend import recommend; "
        f"recommend([{str(runs)!r}], goals=['reconstruction']); print('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"


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


def test_a_third_candidate_reverses_nobody_not_even_one_that_lost_seeds(write_run, runs):
    measured = {"mse": (1.0, 1.28), "mae": (1.25, 1.0), "huber": (3.0, 0.2)}
    for loss, (mse, mae) in measured.items():
        for seed in (0, 4, 5) if loss == "huber" else range(6):
            values = {"mse": 0.01 * mse + seed / 1e5, "mae": 0.03 * mae + seed / 1e5}
            write_run(seed=seed, set=[f"loss.name={loss}"], validation=values, test=values, train=values)
    all_three = recommend([runs], goals=["reconstruction"]).standings
    two = recommend([runs], goals=["reconstruction"], where=["loss.name!=huber"]).standings
    three = [one for one in all_three if one.label != "huber"]
    assert [one.label for one in three] == [one.label for one in two]
    assert three[1].score - three[0].score == pytest.approx(two[1].score - two[0].score)
    assert [one.seeds for one in two] == [tuple(range(6))] * 2 == [one.seeds for one in three]
