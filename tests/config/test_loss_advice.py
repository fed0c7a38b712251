"""Rules on losses: what each says of its key and its remedy, with the numbers of the config in them."""

from aecli.config import loss_advice
from aecli.config.load import load_config


def only(found):
    """The finding of a rule that has one."""
    (finding,) = found
    return finding


def test_every_term_is_looked_at_and_named_by_its_own_key():
    config = load_config({"loss": [{"name": "huber", "delta": 1}, "mse", {"name": "smooth_l1", "beta": 2}]})
    assert [key for key, _, _ in loss_advice.scale_never_bends(config)] == ["loss[0].delta", "loss[2].beta"]


def test_a_loss_from_logits_is_told_the_output_that_every_metric_sees():
    config = load_config({"loss": "bce", "architecture": {"output_activation": "tanh"}})
    key, message, remedy = only(loss_advice.cross_entropy_without_sigmoid(config))
    assert key == "loss" and "the reconstruction is tanh(logit)" in message and remedy.endswith(": sigmoid")


def test_a_flat_loss_is_offered_an_annealing_that_ends_where_it_was():
    config = load_config({"loss": {"name": "welsch", "c": 0.05}})
    key, _, remedy = only(loss_advice.redescending_with_small_scale(config))
    assert key == "loss.c" and remedy.endswith("anneal: c: {start: 0.5, end: 0.05, epochs: 20}")


def test_the_collapse_is_only_feared_where_nothing_eases_the_start():
    black = {"loss": "mae"}
    assert only(loss_advice.median_is_black(load_config(black)))[0] == "loss"
    eased = black | {"optimization": {"schedule": {"name": "cosine", "warmup": 1}}}
    assert list(loss_advice.median_is_black(load_config(eased))) == []


def test_a_single_ssim_among_losses_is_enough_for_low_precision_to_matter():
    config = load_config({"loss": ["mse", "ssim"], "training": {"precision": "medium"}})
    assert only(loss_advice.ssim_in_low_precision(config))[0] == "training.precision"
    assert list(loss_advice.ssim_in_low_precision(load_config({"loss": ["mse", "ssim"]}))) == []


def test_the_output_of_the_continuous_bernoulli_is_explained_at_its_own_term():
    config = load_config({"loss": ["mse", "continuous_bernoulli"]})
    assert only(loss_advice.continuous_bernoulli_output(config))[0] == "loss[1]"
