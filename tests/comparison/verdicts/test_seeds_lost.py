"""Seeds that diverged or have no number count: the survivors alone make nobody better."""

import pytest

from aecli.comparison.evidence.lost_seeds import lost_by
from aecli.comparison.statistics.collapse import most_that_collapse
from aecli.comparison.telling.basis_words import basis_words
from aecli.comparison.telling.finding_words import finding_words
from aecli.comparison.verdicts.compare import compare
from aecli.comparison.verdicts.seeds_lost import lost_seeds

MAE = ["loss.name=mae"]


@pytest.fixture
def judged(write_run, tmp_path):
    """A function that compares mse with mae, which is better by half, with the seeds of mae that were lost."""

    def judge(lost, **how):
        for seed in range(5):
            write_run(seed=seed, test={"mse": 0.01 * (1 + 0.01 * seed)})
            if seed not in lost:
                write_run(seed=seed, set=MAE, test={"mse": 0.005 * (1 + 0.01 * seed)})
        for seed in lost:
            write_run(seed=seed, set=MAE, **how)
        return compare([tmp_path / "runs"], baseline="mse").groups[0]

    return judge


@pytest.mark.parametrize(
    "how", [{"status": "diverged"}, {"test": {"mse": float("nan")}}], ids=["diverged", "no finite number"]
)
def test_who_lost_a_seed_is_better_than_nobody(judged, how):
    group = judged([3], **how)
    (verdict,) = group.verdicts
    assert (verdict.kind, verdict.reason) == ("undecided", "lost-seeds")
    (told,) = [finding_words(one) for one in group.findings if one.code == "lost-seeds"]
    assert told == (
        "lost-seeds: training diverged or gave no finite number: mae lost 1 of 5 seeds (3; up to 66 % may); "
        "its mean is that of the seeds that are left, so it is called better than nobody"
    )
    assert [lost_by(one, verdict.metric) for one in group.candidates if one.label == "mae"] == [(3,)]


def test_whole_ones_are_judged_as_ever_and_what_they_cannot_exclude_is_said(judged):
    group = judged([])
    assert group.verdicts[0].kind == "better" and list(lost_seeds(group)) == []
    assert "5 seeds without a collapse cannot exclude that 45 % of all seeds collapse" in basis_words(group)


def test_a_seed_that_was_trained_again_is_not_lost(write_run, judged):
    write_run(seed=2, set=MAE, status="diverged")
    assert judged([]).verdicts[0].kind == "better"


def test_who_lost_seeds_does_not_lead(write_run, tmp_path):
    for seed in range(4):
        for loss, value in (("mse", 0.01), ("huber", 0.02)):
            write_run(seed=seed, set=[f"loss.name={loss}"], test={"mse": value * (1 + 0.01 * seed)})
        write_run(seed=seed, set=MAE, test={"mse": 0.005}, status="diverged" if seed == 1 else "completed")
    group = compare([tmp_path / "runs"]).groups[0]
    assert group.baseline.label == "mse" and set(group.best.members) == {"mse", "mae"}


def test_the_bound_is_that_of_the_binomial_distribution():
    from scipy.stats import binom

    for collapsed, seeds in ((0, 10), (1, 10), (3, 30)):
        assert binom.cdf(collapsed, seeds, most_that_collapse(collapsed, seeds)) == pytest.approx(0.05)
