"""The words of a comparison: what they claim is what the numbers allow."""

import math
from dataclasses import replace

import pytest

from aecli.comparison.evidence.rope import Rope
from aecli.comparison.telling.answer_words import answer_words, question_words
from aecli.comparison.telling.baseline_words import baseline_words, sense_words
from aecli.comparison.telling.digits import p_words
from aecli.comparison.telling.lists import listing
from aecli.comparison.telling.verdict_words import difference_words, reason_words, rope_words, verdict_words
from aecli.comparison.verdicts.compare import compare

BASE = [0.0080, 0.0082, 0.0079, 0.0081, 0.0083, 0.0078]


def shifted(*shifts):
    """The base, each value changed by a share."""
    return [value * (1 + shift) for value, shift in zip(BASE, shifts * 3, strict=False)]


@pytest.fixture
def judged(write_seeds, tmp_path):
    """A function that writes mse and other losses with the values given, and compares them."""

    def judge(*, base=BASE, baseline=None, metrics=("mse",), **others):
        write_seeds(base)
        for loss, values in others.items():
            write_seeds(values, set=[f"loss.name={loss}"])
        (group,) = compare([tmp_path / "runs"], baseline=baseline, metrics=metrics).groups
        return group

    return judge


def answer(group):
    return " ".join(answer_words(group, group.metrics[0]))


def test_a_worse_candidate(judged):
    group = judged(mae=shifted(0.30, 0.32))
    assert verdict_words(group.verdicts[0]) == (
        "mae is worse than mse by test.mse: 31 % higher (95 % interval +29.8 % to +32.1 %), better in 0 % of 6 common "
        "seeds, p = 0.031"
    )
    assert question_words(group) == "Which of 2 configs, which differ in loss, is the best by test.mse?"
    assert answer(group) == (
        "mse is the best by test.mse (0.00805 ±0.00020, 6 seeds): every other config is worse. "
        "The nearest is mae: 31 % higher (95 % interval +29.8 % to +32.1 %)."
    )
    assert baseline_words(group) == "against mse (the best by test.mse; --baseline names another):"


def test_a_better_candidate_against_a_named_baseline(judged):
    group = judged(mae=shifted(-0.30, -0.32), baseline="mse")
    assert verdict_words(group.verdicts[0]).startswith(
        "mae is better than mse by test.mse: 31 % lower (95 % interval -32.1 % to -29.8 %)"
    )
    assert question_words(group) == "Which of 2 configs, which differ in loss, are better than mse by test.mse?"
    assert answer(group) == "By test.mse, against mse (0.00805 ±0.00020, 6 seeds): better: mae. mae has the best mean."
    assert baseline_words(group) == "against mse (as asked):"


def test_an_equivalent_candidate(judged):
    group = judged(mae=shifted(0.0010, 0.0012))
    assert verdict_words(group.verdicts[0]).startswith("mae is equivalent to mse by test.mse: 0.11 % higher")
    assert answer(group).startswith("mse has the best mean test.mse (0.00805 ±0.00020, 6 seeds). Equivalent: mae.")


def test_undecided_says_how_many_seeds_would_decide(judged):
    group = judged(mae=shifted(0.20, -0.10))
    (verdict,) = group.verdicts
    assert verdict_words(verdict).startswith("mae against mse is undecided by test.mse: ")
    assert verdict_words(verdict).endswith(f"{reason_words(verdict)}; about {verdict.needed} seeds would decide")
    assert answer(group).startswith(
        "Undecided. mse has the best mean test.mse (0.00805 ±0.00020, 6 seeds), but is not shown to be better than mae."
    )
    assert answer(group).endswith(f"About {verdict.needed} seeds each would decide, if the spread stays what it is.")


def test_one_seed_each_says_nothing_about_the_losses(judged):
    group = judged(base=[0.008], mae=[0.012])
    assert answer(group).startswith("Undecided.")
    assert answer(group).endswith(
        "One seed each says nothing about the losses, only about these nets: train at least 6 seeds each."
    )
    assert "better than mse by" not in verdict_words(group.verdicts[0])
    assert "p =" not in verdict_words(group.verdicts[0])


def test_two_nets_are_compared_image_by_image(write_run, tmp_path):
    write_run(test={"mse": 0.2}, per_image={"squared": [0.1, 0.2, 0.3, 0.2]})
    write_run(test={"mse": 0.5}, per_image={"squared": [0.4, 0.6, 0.2, 0.8]}, set=["loss.name=mae"])
    (group,) = compare([tmp_path / "runs"]).groups
    assert (
        "the net of mae is better on 25 % of 4 test images (mean squared error: 95 % interval of the difference"
        in verdict_words(group.verdicts[0])
    )


def test_one_config_is_set_beside_the_baselines(judged):
    assert answer(judged()) == (
        "One config, so there is nothing to compare it with: test.mse 0.00805 ±0.00020, 6 seeds. "
        "Better than mean image (0.0675) and pca 32 (0.0168)."
    )


def test_a_metric_that_some_candidates_lack(write_run, tmp_path):
    for seed in range(3):
        write_run(seed=seed, test={"mse": 0.008, "ssim": 0.9})
        write_run(seed=seed, test={"mse": 0.009}, set=["loss.name=mae"])
    (group,) = compare([tmp_path / "runs"], metrics=["ssim"]).groups
    assert verdict_words(group.verdicts[0]) == "mae against mse is not measured: test.ssim was not measured for mae"
    assert answer(group) == "mse has the best mean test.ssim (0.9 ±0, 3 seeds). Not measured: mae."


def test_a_metric_that_is_no_number_is_told_as_such(judged):
    group = judged(mae=[math.nan] * 3, bce=shifted(0.3, 0.32))
    assert answer(group).endswith("No finite number: mae.")
    assert verdict_words(group.verdicts[1]) == "mae against mse is not measured: test.mse is no finite number for mae"


def test_a_better_single_run_is_no_best_mean_but_it_is_told(judged):
    group = judged(huber=[0.005], mae=shifted(0.3, 0.32))
    assert baseline_words(group) == (
        "against mse (the best by test.mse with more than one seed; huber has a better single run; "
        "p is corrected for this choice, the intervals are not; --baseline names another):"
    )
    assert answer_words(group, group.metrics[0])[0] == (
        "Undecided. mse (0.00805 ±0.00020, 6 seeds) is the best by test.mse with more than one seed; huber has a "
        "better single run. "
        "It is not shown to be better than huber and mae."
    )


def test_a_better_single_run_is_told_of_a_named_baseline_too(judged):
    assert answer(judged(huber=[0.005], baseline="mse")).startswith(
        "Undecided. By test.mse, against mse (0.00805 ±0.00020, 6 seeds): undecided: huber. huber has a better single "
        "run."
    )


@pytest.mark.parametrize("baseline", [None, "mse", "bce"])
def test_a_better_mean_over_other_seeds_is_told_where_the_verdict_is_another(judged, baseline):
    """The extra seeds of bce are bad, on the common ones it is better."""
    group = judged(bce=[value * 0.9 for value in BASE] + [0.02] * 3, baseline=baseline)
    if baseline is None:
        assert baseline_words(group) == (
            "against bce (the best by test.mse over the seeds that the verdicts rest on; mse has a better mean over "
            "all of its own; --baseline names another):"
        )
    assert answer(group).startswith(
        {
            None: "bce (0.0115 ±0.0049, 9 seeds) is the best by test.mse over the seeds that the verdicts rest on; "
            "mse has a better mean over all of its own. Worse: mse.",
            "mse": "By test.mse, against mse (0.00805 ±0.00020, 6 seeds): better: bce.",
            "bce": "By test.mse, against bce (0.0115 ±0.0049, 9 seeds): worse: mse. mse has the best mean over its "
            "own seeds.",
        }[baseline]
    )


def test_that_nobody_beats_all_others_is_told(judged):
    group = judged(mae=shifted(-0.3, -0.32))
    verdicts = tuple(replace(one, kind="better") for one in group.verdicts)
    assert sense_words(replace(group, verdicts=verdicts)) == [
        "the best mean test.mse over all of its own seeds",
        "over the seeds of the verdicts no config beats all others, mse this one",
    ]


def test_intervals_against_the_best_of_many_are_not_corrected_and_it_is_said(judged):
    group = judged(mae=shifted(0.3, 0.32), bce=shifted(0.5, 0.52))
    assert (
        baseline_words(group)
        == "against mse (the best by test.mse; p is corrected for this choice, the intervals are not; --baseline "
        "names another):"
    )


def test_differences_are_in_the_units_of_their_scale(write_run, tmp_path):
    for seed in range(8):
        write_run(seed=seed, test={"mse": 0.008, "psnr_db": 20 + seed / 100, "ssim": 0.9 + seed / 1000})
        write_run(
            seed=seed,
            test={"mse": 0.008, "psnr_db": 19.8 + seed / 90, "ssim": 0.85 + seed / 900},
            set=["loss.name=mae"],
        )
    group = compare([tmp_path / "runs"], metrics=["psnr_db", "ssim", "mse"]).groups[0]
    psnr, ssim, _ = map(difference_words, group.verdicts)
    assert psnr == "0.196 dB lower (95 % interval -0.198 dB to -0.194 dB)"
    assert ssim == "0.0496 lower (95 % interval -0.0498 to -0.0494)"
    assert (
        rope_words(Rope(0.01, True), group.metrics) == "0.0432 dB by test.psnr_db, 0.01 by test.ssim, 1 % by test.mse"
    )
    assert (
        rope_words(Rope(0.01, True), group.metrics[2:]) == "1 %"
        and rope_words(Rope(0.002, False), group.metrics[1:]) == "0.002"
    )


def test_a_second_metric_is_told_against_the_same_candidate(write_run, tmp_path):
    for seed, shift in enumerate((0.0, 1e-5, 2e-5, 3e-5, 4e-5, 5e-5, 6e-5)):
        write_run(seed=seed, test={"mse": 0.008 + shift, "ssim": 0.90 + shift})
        write_run(seed=seed, test={"mse": 0.012 + 2 * shift, "ssim": 0.95 + 2 * shift}, set=["loss.name=mae"])
    (group,) = compare([tmp_path / "runs"], metrics=["mse", "ssim"]).groups
    first, second = (answer_words(group, metric)[0] for metric in group.metrics)
    assert first.startswith("mse is the best by test.mse")
    assert second == "By test.ssim, against mse (0.900030 ±0.000020, 7 seeds): better: mae. mae has the best mean."


def test_labels_with_commas_are_told_apart(write_seeds, tmp_path):
    write_seeds(BASE)
    write_seeds(shifted(0.3, 0.31), set=["loss.name=mae"])
    write_seeds(shifted(0.2, -0.1), set=["loss.name=mae", "training.batch_size=64"])
    (group,) = compare([tmp_path / "runs"], baseline="mse, batch_size=256").groups
    assert '"mae, batch_size=256"' in answer(group)


@pytest.mark.parametrize(
    ("p", "text"), [(0.25, "p = 0.25"), (1.0, "p = 1"), (0.0001, "p = 0.0001"), (0.00009, "p < 0.0001")]
)
def test_small_p_values_are_not_overstated(p, text):
    assert p_words(p) == text


@pytest.mark.parametrize(
    ("number", "text"), [(1, "a"), (2, "a and b"), (5, "a, b, c, d and e"), (6, "a, b, c, d and 2 more")]
)
def test_listings_are_cut(number, text):
    assert listing(list("abcdefgh")[:number]) == text
