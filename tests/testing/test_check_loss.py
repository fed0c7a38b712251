"""The rules of losses: each one that is broken is told."""

import pytest
import torch
from own_components import own

from aecli.components.loss import LOSSES, loss
from aecli.testing.losses import check_loss

BROKEN_LOSSES = {
    "a sum over the batch": (
        lambda x_hat, x: (x_hat - x).square().mean(),
        "gives the shape ()",
    ),
    "raises": (lambda x_hat, x: x_hat @ x, "it cannot be computed on 5 images of 16 x 16 pixels: RuntimeError"),
    "no tensor": (lambda x_hat, x: 0.5, "gives float"),
    "mixes images": (
        lambda x_hat, x: ((x_hat - x).square() * x.mean()).mean(1),
        "the value of an image changes with the other images",
    ),
    "gradient elsewhere": (
        lambda x_hat, x: (x_hat - x).square().mean(1) * (1 + 1e-9 * x_hat.mean()),
        "the loss of one image has a gradient in another one",
    ),
    "detached": (lambda x_hat, x: (x_hat.detach() - x).square().mean(1), "it has no gradient"),
    "wrong gradient": (
        lambda x_hat, x: ((x_hat - x).square() * (1 + (x_hat - x).abs().detach())).mean(1),
        "its gradient is not the derivative",
    ),
    "infinite gradient": (
        lambda x_hat, x: (x_hat - x).square().mean(1).sqrt(),
        "its gradient is not finite where the reconstruction is perfect",
    ),
    "minimum elsewhere": (lambda x_hat, x: (x_hat - x + 0.3).square().mean(1), "has no larger loss than a perfect one"),
    "negative": (lambda x_hat, x: (x_hat - x).square().mean(1) - 1.0, "say nonnegative=False"),
    "in place": (lambda x_hat, x: x_hat.sub_(x).square().mean(1), "changes the reconstruction or the target in place"),
    "other type": (lambda x_hat, x: (x_hat - x).square().mean(1).double(), "it makes torch.float64 of float32"),
    "not finite": (lambda x_hat, x: (x_hat - x).square().mean(1) + (x[:, 0] * torch.inf), "it is not finite"),
}


@pytest.mark.parametrize("case", BROKEN_LOSSES)
def test_a_loss_that_breaks_a_rule_is_told_which(problems, case):
    function, message = BROKEN_LOSSES[case]
    found = problems(check_loss, LOSSES, loss(), own(function))
    assert any(message in one for one in found), found


def test_a_gradient_by_hand_that_is_not_the_losss_is_told(problems):
    def twice(x_hat, x, scale):
        e = x_hat - x
        return e.square().sum(), 4.0 * scale * e

    found = problems(check_loss, LOSSES, loss(gradient=twice), own(lambda x_hat, x: (x_hat - x).square().mean(1)))
    assert found == ["its registered gradient is not the one that autograd finds"]


def test_a_sound_loss_passes_and_what_its_docstring_lacks_is_told(problems):
    def own(x_hat_BP, x_BP, *, power: float = 4.0):
        return (x_hat_BP - x_BP).abs().pow(power).mean(1)

    assert problems(check_loss, LOSSES, loss(), own) == [
        "its docstring does not begin with one sentence that ends in a full stop; `aecli list` shows it",
        "its docstring has no formula: a paragraph of its own after the first line",
        "its docstring has no line `Use when: ...`; `aecli list` tells by it which one to take",
        "its docstring does not say under Args what power means",
    ]
