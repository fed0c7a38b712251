"""Verdicts in plain English, one line each."""

from fake_answers import answer, shifted

from aecli.comparison.evidence.rope import Rope
from aecli.comparison.telling.needed_words import number_words
from aecli.comparison.telling.verdict_words import difference_words, reason_words, rope_words, verdict_words
from aecli.comparison.verdicts.compare import compare


def test_undecided_says_how_many_seeds_would_decide(judged):
    group = judged(mae=shifted(0.20, -0.10))
    (verdict,) = group.verdicts
    assert verdict_words(verdict).startswith("mae against mse is undecided by test.mse: ")
    assert verdict_words(verdict).endswith(f"{reason_words(verdict)}; {number_words([verdict])} would decide")
    assert answer(group).startswith(
        "Undecided. mse has the best mean test.mse (0.00805 ±0.00020, 6 seeds), but is not shown to be better than mae."
    )
    assert answer(group).endswith(
        f"{number_words([verdict])} each would decide with a chance of 80 %. More seeds are another look: plan it with "
        "looks: in a sweep."
    )


def test_two_nets_are_compared_image_by_image(write_run, tmp_path):
    write_run(test={"mse": 0.2}, per_image={"squared": [0.1, 0.2, 0.3, 0.2]})
    write_run(test={"mse": 0.5}, per_image={"squared": [0.4, 0.6, 0.2, 0.8]}, set=["loss.name=mae"])
    (group,) = compare([tmp_path / "runs"]).groups
    assert (
        "the net of mae is better on 25 % of 4 test images (mean squared error: 95 % interval of the difference"
        in verdict_words(group.verdicts[0])
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
