"""The answer on a whole comparison in plain English."""

import math

from fake_answers import BASE, answer, shifted

from aecli.comparison.telling.answer_words import answer_words, question_words
from aecli.comparison.telling.baseline_words import baseline_words
from aecli.comparison.telling.verdict_words import verdict_words
from aecli.comparison.verdicts.compare import compare


def test_a_worse_candidate(judged):
    group = judged(mae=shifted(0.30, 0.32))
    assert verdict_words(group.verdicts[0]) == (
        "mae is worse than mse by test.mse: 31 % higher (95 % interval +29.8 % to +32.1 %), better in 0 % of 6 common "
        "seeds, p < 0.0001"
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


def test_one_seed_each_says_nothing_about_the_losses(judged):
    group = judged(base=[0.008], mae=[0.012])
    assert answer(group).startswith("Undecided.")
    assert answer(group).endswith(
        "One seed each says nothing about the losses, only about these nets: train at least 3 seeds each."
    )
    assert "better than mse by" not in verdict_words(group.verdicts[0])
    assert "p =" not in verdict_words(group.verdicts[0])


def test_one_config_is_set_beside_the_baselines(judged):
    assert answer(judged()) == (
        "One config, so there is nothing to compare it with: test.mse 0.00805 ±0.00020, 6 seeds. "
        "It is ahead of mean image (0.0675) and pca 32 (0.0168)."
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
        "--baseline names another):"
    )
    best, verdict, *_ = answer_words(group, group.metrics[0])
    assert best == "huber has the best single net (0.005, 1 seed)."
    assert verdict == (
        "Undecided. mse (0.00805 ±0.00020, 6 seeds) is the best by test.mse with more than one seed; huber has a "
        "better single run. "
        "It is not shown to be better than huber."
    )


def test_a_better_single_run_is_told_of_a_named_baseline_too(judged):
    assert answer(judged(huber=[0.005], baseline="mse")).startswith(
        "Undecided. By test.mse, against mse (0.00805 ±0.00020, 6 seeds): undecided: huber. huber has a better single "
        "run."
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
