"""Which numbers of a config are strengths, where they are 0, and the config without them."""

import pytest

from aecli.comparison.evidence.strengths import drop, drop_term, has_zero, is_strength


@pytest.mark.parametrize(
    "key", ["regularization.k_sparse.k", "loss.delta", "optimization.optimizer.lr", "regularization.kl_sparsity.rho"]
)
def test_what_is_no_strength_that_can_be_0_has_no_dose_0(key):
    assert not has_zero(key)


def test_numbers_of_what_can_be_left_out_are_strengths():
    assert is_strength("regularization.activity_l1.target.code.l0")
    assert is_strength("data.corruption.std")
    assert not is_strength("data.contamination.share"), "what the data is like is no strength of a method"
    assert not is_strength("training.epochs")


def test_what_is_dropped_is_found_by_its_name_and_nothing_else_goes():
    config = {"loss": [{"name": "mse"}, {"name": "ssim", "weight": 0.1}], "regularization": [], "seed": 0}
    assert drop(config, ["loss", "ssim", "weight"])["loss"] == [{"name": "mse"}, {"name": "ssim"}]
    assert drop(config, ["regularization", "l1", "weight"]) == config
    assert drop_term(config, "loss.ssim.weight")["loss"] == {"name": "mse"}


def test_a_key_that_has_dots_itself_is_dropped_too():
    config = {"regularization": [{"name": "activity_l1", "target": {"code.l0": 8}}]}
    dropped = drop(config, "regularization.activity_l1.target.code.l0".split("."))
    assert dropped == {"regularization": [{"name": "activity_l1", "target": "asked"}]}
