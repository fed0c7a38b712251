"""Losses at one learning rate, and verdicts that another rate turns round."""

from fake_findings import found

from aecli.comparison.verdicts.compare import compare
from aecli.comparison.verdicts.rates import RATE
from aecli.comparison.verdicts.tuned_group import TunedGroup

FORBIDS = (
    "the step size is judged along with the loss; tune it for each: tune: "
    "{optimization.optimizer.lr: {log_uniform: [0.0001, 0.01]}, trials: 6, seeds: 2} in a sweep"
)


def seeds_around(mean):
    return [mean * (1 + (seed * 7 % 10 - 4.5) / 200) for seed in range(10)]


def test_losses_that_share_a_rate_are_judged_along_with_it(write_seeds, runs):
    write_seeds(seeds_around(0.01))
    write_seeds(seeds_around(0.02), set=["loss=mae"])
    write_seeds(seeds_around(0.03), set=["loss={name: mse, weight: 100}"])
    what = "3 losses share the learning rate 0.001, which was tuned for none of them"
    assert found(runs, "untuned") == [(what, FORBIDS)]


def test_one_loss_or_rates_that_differ_say_nothing_about_the_step_size(write_run, runs):
    write_run()
    write_run(set=["training.batch_size=64"])
    assert found(runs, "untuned") == []
    write_run(set=["loss=mae", f"{RATE}=0.01"])
    assert found(runs, "untuned") == []


def test_a_verdict_that_another_rate_turns_round_is_named(write_seeds, runs):
    means = {("mse", 0.0003): 0.02, ("huber", 0.0003): 0.019, ("mse", 0.001): 0.01, ("huber", 0.001): 0.012}
    means |= {("mae", 0.0003): 0.018, ("mae", 0.001): 0.013, ("bce", 0.0003): 0.03, ("bce", 0.001): 0.02}
    for (loss, rate), mean in means.items():
        write_seeds(seeds_around(mean), set=[f"loss={loss}", f"{RATE}={rate}"])
    (told,) = found(runs, "untuned", baseline="mse, lr=0.001")
    what = "by test.mse huber, mae are better than mse at the learning rate 0.0003 and worse at 0.001"
    assert told == (what, FORBIDS)
    (group,) = compare([runs], baseline="mse, lr=0.001").groups
    assert group.tuned is None


def test_rates_that_agree_are_no_finding(write_seeds, runs):
    for loss, rate, mean in (("mse", 0.01, 1), ("mae", 0.01, 2), ("mse", 0.001, 3), ("mae", 0.001, 4)):
        write_seeds(seeds_around(mean), set=[f"loss={loss}", f"{RATE}={rate}"])
    assert found(runs, "untuned") == []


def test_nothing_tuned_has_no_ends():
    assert TunedGroup(keys=(), objective="", better="lower", seeds=(), points=(), rows=(), verdicts=()).edges == {}
