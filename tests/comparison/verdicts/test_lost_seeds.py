"""Seeds that diverged, failed or have no number: named, and never the reason why a config is better."""

import contextlib

import numpy as np
import pytest
from scipy.stats import binom

import aecli
from aecli.comparison.recommendation.recommend import recommend
from aecli.comparison.statistics.collapse import most_that_collapse
from aecli.comparison.telling.baseline_words import baseline_words
from aecli.comparison.telling.basis_words import basis_words
from aecli.comparison.telling.finding_words import finding_words
from aecli.comparison.telling.verdict_words import verdict_words
from aecli.comparison.verdicts.compare import compare
from aecli.comparison.verdicts.lost_seeds import far_behind
from aecli.errors import DivergedError, UsageError

HUBER, MAE = ["loss=huber"], ["loss=mae"]


def write_two(write_run, n, mean=0.6, **lost):
    """Runs of mse, and of mae, which is better; seed -> what its run of mae is to be instead."""
    random = np.random.default_rng(n)
    for seed in range(n):
        write_run(seed=seed, test={"mse": 0.04 + 0.001 * random.normal()})
        value = mean * 0.04 + 0.001 * random.normal()
        write_run(**{"seed": seed, "set": MAE, "test": {"mse": value}, **lost.get(f"seed_{seed}", {})})


def told(group, code):
    return [finding_words(one) for one in group.findings if one.code == code]


DIVERGED = {"status": "diverged"}
NULL = {"test": {"mse": float("nan")}}


@pytest.mark.parametrize("lost", [DIVERGED, NULL], ids=["diverged", "null"])
def test_nobody_is_better_by_the_seeds_that_are_left(write_run, runs, lost):
    write_two(write_run, 10, seed_3=lost)
    for baseline in ("loss=mse", "loss=mae", None):
        (group,) = compare([runs], baseline=baseline).groups
        (verdict,) = group.verdicts
        assert (verdict.kind, verdict.reason, verdict.needed) == ("undecided", "lost-seeds", 20)
        assert (
            "mae is better only by the seeds that are left: not with the lost ones counted as worst; about 20 seeds "
            in verdict_words(verdict)
        )
        assert set(group.best.members) == {"mae", "mse"}


def test_with_many_seeds_one_that_is_lost_leaves_the_verdict(write_run, runs):
    write_two(write_run, 20, seed_3=DIVERGED)
    (group,) = compare([runs], baseline="loss=mse").groups
    assert [one.kind for one in group.verdicts] == ["better"]
    assert told(group, "lost-seeds")
    for seed in range(20):
        write_run(seed=seed, set=HUBER, test={"mse": 0.06 + seed / 10_000})
    (chosen,) = compare([runs]).groups
    assert (chosen.baseline.label, chosen.best.members) == ("mse", ("mae",))
    assert set(chosen.best.worse) == {"mse", "huber"}
    assert baseline_words(chosen) == (
        "against mse (the best by test.mse of those that lost no seed; mae has a better mean over the seeds that are "
        "left; mae also with the lost ones counted as worst; --baseline names another):"
    )


def test_who_is_worse_without_its_lost_seeds_is_worse(write_run, runs):
    write_two(write_run, 8, mean=1.5, seed_0=DIVERGED, seed_1=NULL)
    (group,) = compare([runs], baseline="loss=mse").groups
    assert [one.kind for one in group.verdicts] == ["worse"]


def test_a_run_that_failed_or_is_not_finished_is_named_and_is_no_fault_of_the_config(write_run, runs):
    write_two(write_run, 10, seed_3={"status": "interrupted"}, seed_4={"status": "failed"})
    (group,) = compare([runs], baseline="loss=mse").groups
    assert [one.kind for one in group.verdicts] == ["better"]
    (words,) = told(group, "lost-seeds")
    assert words.startswith("lost-seeds: mae: seed 3 was interrupted, seed 4 failed; ")
    assert words.endswith(f"go on with: aecli resume {next(runs.glob('*s3_0007'))}")
    assert told(group, "collapse") == []


def test_every_seed_that_was_lost_is_named_with_what_to_do(write_run, runs):
    write_two(write_run, 10, seed_3=DIVERGED, seed_4=DIVERGED, seed_7=NULL)
    for seed in range(2):
        write_run(seed=seed, set=HUBER, status="diverged")
    (group,) = compare([runs]).groups
    assert told(group, "lost-seeds") == [
        "lost-seeds: mae: seeds 3, 4 diverged, seed 7 has no finite test.mse; huber: every run diverged (seeds 0, 1), "
        "so it has no row; a mean is of the seeds that are left, and nobody is better by these alone; "
        "where training diverged, try a lower optimization.optimizer.lr"
    ]
    assert told(group, "collapse") == [
        "collapse: by test.mse some seeds collapsed, far behind the others or without a number: mae in 3 of 10 seeds "
        "(seeds 3, 4, 7), so up to 61 % may; a mean over few seeds says little about a config that sometimes fails; "
        "count its failures over more seeds"
    ]


def test_a_seed_that_was_trained_again_is_not_lost(write_run, runs):
    write_two(write_run, 4)
    write_run(seed=2, set=MAE, status="diverged")
    (group,) = compare([runs]).groups
    assert told(group, "lost-seeds") == told(group, "collapse") == []


def test_what_does_not_meet_the_conditions_or_is_of_other_data_is_not_named(write_run, runs):
    write_two(write_run, 4)
    other = {"data": {"dataset": "fashion", "sha256": "01234567", "images": {"test": 9}}}
    write_run(seed=9, set=HUBER, status="diverged", environment=other)
    write_run(seed=9, set=["loss=bce"], status="diverged")
    (group,) = compare([runs], where="loss=mae").groups
    assert told(group, "lost-seeds") == []
    (words,) = told(compare([runs]).groups[0], "lost-seeds")
    assert "bce: every run diverged (seed 9)" in words
    assert "huber" not in words


def test_where_nothing_is_left_the_reasons_stand(write_run, runs):
    write_run(status="diverged")
    with pytest.raises(UsageError, match="no run here can be compared"):
        compare([runs])


def test_a_recommendation_says_it_too_and_does_not_rest_on_lost_seeds(write_run, runs):
    write_two(write_run, 10, seed_3=DIVERGED)
    found = recommend([runs], goals="reconstruction")
    assert (found.kind, set(found.between)) == ("undecided", {"mae", "mse"})
    assert found.reason.endswith(
        "its lead over mse is of the seeds that are left: not with the lost ones counted as worst"
    )
    assert [text[:34] for text in found.warnings if text.startswith("lost-seeds")] == [
        "lost-seeds: mae: seed 3 diverged; "
    ]


def test_a_seed_far_behind_its_others_has_collapsed(write_seeds, runs):
    good = [0.0100, 0.0104, 0.0098, 0.0101, 0.0103]
    write_seeds([*good, 0.02])
    write_seeds([0.0110, 0.0115, 0.0109], set=MAE)
    write_seeds([0.0110, 0.0115, 0.0675], set=HUBER)
    (group,) = compare([runs]).groups
    (words,) = told(group, "collapse")
    assert "mse in 1 of 6 seeds (seed 5), so up to 58 % may, huber" in words
    assert "huber in 1 of 3 seeds (seed 2), so up to 86 % may" in words
    assert "mae" not in words
    assert "3 seeds without a collapse cannot exclude that 63 % of all seeds collapse" in basis_words(group)


def test_what_ordinary_seeds_do_is_no_collapse():
    """Also of four seeds, of which three are often close by chance."""
    random = np.random.default_rng(5)
    found = [
        bool(far_behind(dict(enumerate(1 + 0.05 * random.normal(size=n))), None, is_ratio=True))
        for n in (4, 5, 10)
        for _ in range(300)
    ]
    assert sum(found) == 0


def test_the_bound_is_that_of_the_binomial_distribution():
    for collapsed, seeds in ((0, 10), (1, 10), (3, 30)):
        assert binom.cdf(collapsed, seeds, most_that_collapse(collapsed, seeds)) == pytest.approx(0.05)
    assert most_that_collapse(0, 10) == pytest.approx(1 - 0.05 ** (1 / 10))


@pytest.mark.slow
def test_real_trainings_that_diverge_are_named(small, tmp_path):
    """At this rate some seeds of plain descent diverge and others do not; at the highest all of them do."""
    statuses = {}
    for rate, seeds in ((0.5, 2), (1000, 4), (1e6, 2)):
        sets = [f"optimization.optimizer={{name: sgd, lr: {rate}}}", "architecture.output_activation=linear"]
        for seed in range(seeds):
            with contextlib.suppress(DivergedError):
                aecli.train(small, out=tmp_path, seed=seed, set=[*sets, "evaluation.suites=[reconstruction]"])
    for path in tmp_path.iterdir():
        run = aecli.load(path)
        config = run.config.plain()
        of_rate = statuses.setdefault(config["optimization"]["optimizer"]["lr"], {})
        of_rate[config["seed"]] = run.status["status"]
    (group,) = compare([tmp_path]).groups
    (words,) = told(group, "lost-seeds")
    lost = [str(seed) for seed, status in sorted(statuses[1000].items()) if status == "diverged"]
    assert "lr=1e+06: every run diverged (seeds 0, 1), so it has no row" in words
    if 0 < len(lost) < 4:
        assert f"lr=1000: seed{'s' * (len(lost) > 1)} {', '.join(lost)} diverged" in words
        assert all(one.kind != "better" for one in group.verdicts if one.candidate == "lr=1000")
