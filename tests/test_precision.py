"""training.precision: what it lowers, and what it never does."""

import pytest
import torch

from aecli.config.load import load_config
from aecli.evaluation.subject import validation_metrics
from aecli.precision import exact_products, matrix_products
from aecli.training.build import prepare
from aecli.training.loop import EpochEvent, fit, own_torch_state


def trained(small, precision, loss="mse"):
    """The loss of the last epoch, the trained model and its data."""
    losses = []

    def record(event):
        if isinstance(event, EpochEvent):
            losses.append(event.loss)
        return False

    with own_torch_state():
        ready = prepare(load_config(small, set=[f"training.precision={precision}", f"loss={loss}"]))
        fit(ready.trainee, 1, record)
    return losses[-1], ready.trainee.model, ready.splits


@pytest.mark.parametrize("loss", ["mse", "bce"])
def test_bf16_trains_to_nearly_the_same_with_weights_in_float32(small, loss):
    exact, _, _ = trained(small, "highest", loss)
    lowered, model, _ = trained(small, "bf16", loss)
    assert lowered != exact
    assert lowered == pytest.approx(exact, rel=0.01)
    assert {parameter.dtype for parameter in model.parameters()} == {torch.float32}


def test_bf16_gives_the_same_bits_again(small):
    _, first, _ = trained(small, "bf16")
    _, again, _ = trained(small, "bf16")
    assert all(torch.equal(a, b) for a, b in zip(first.parameters(), again.parameters(), strict=True))


def test_under_autocast_the_loss_sees_a_reconstruction_in_float32(small):
    ready = prepare(load_config(small))
    with torch.autocast("cpu", dtype=torch.bfloat16):
        result = ready.trainee.model(ready.splits.test.batch(slice(0, 4)))
    assert {part.dtype for part in result[:3]} == {torch.float32}
    assert len(result.x_hat_BP.unique()) > 256  # a sigmoid in bfloat16 has at most about that many values above .5


def test_what_is_measured_is_measured_in_float32(small):
    _, model, splits = trained(small, "bf16")
    x_BP = splits.validation.batch(slice(None))
    with torch.no_grad():
        expected = float((model(x_BP).x_hat_BP - x_BP).square().mean())
    assert validation_metrics(model, splits, ["mse"])["mse"] == pytest.approx(expected, rel=1e-6)


def test_the_precision_of_products_is_given_back_also_after_an_error():
    before = torch.get_float32_matmul_precision()
    with pytest.raises(KeyError), matrix_products("medium"):
        assert torch.get_float32_matmul_precision() == "medium"
        with exact_products():
            assert torch.get_float32_matmul_precision() == "highest"
        raise KeyError
    assert torch.get_float32_matmul_precision() == before
