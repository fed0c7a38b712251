"""Propagation by hand: the bits of autograd, and autograd for every network that is not plain."""

import pytest
import torch

from aecli.components.architecture.activations import ACTIVATIONS
from aecli.components.architecture.contract import CutPass
from aecli.config.load import load_config
from aecli.training.build import prepare
from aecli.training.loop import fit
from aecli.training.propagation import make_propagate

WITH_BACKWARD = [name for name, entry in ACTIVATIONS.items() if entry.facts.backward]

PLAIN = {
    "the article's": {},
    "no hidden layer": {"architecture.widths": "[784, 5]"},
    "deep": {"architecture.widths": "[784, 20, 12, 9, 7, 5]"},
    "linear code": {"architecture.code_activation": "linear"},
    "tanh everywhere": {"architecture.activation": "tanh", "architecture.code_activation": "tanh"},
    "sigmoid code": {"architecture.code_activation": "sigmoid"},
    "linear output": {"architecture.output_activation": "linear"},
    "mae": {"loss": "mae"},
    "bce": {"loss": "bce"},
    "autograd's loss": {"loss": "huber"},
    "a loss with a gradient beside one without": {"loss": "[{name: mse, weight: 0.3}, {name: ssim, weight: 2}]"},
    "logits and pixels": {"loss": "[{name: mse, weight: 0.3}, {name: bce, weight: 0.01}]"},
    "annealed weight": {"loss": "[{name: mse, weight: {start: 0.2, end: 1, epochs: 2}}]"},
    "penalty on weights": {"regularization": "[{name: l2, weight: 0.001}]"},
    "penalty on the code": {"regularization": "[{name: activity_l1, weight: 0.01}]"},
    "penalty with a pass of its own": {"regularization": "[{name: contractive, weight: 0.01}]"},
    "penalty on the code behind one layer": {
        "architecture.widths": "[784, 5]",
        "regularization": "[{name: activity_l1, weight: 0.01}]",
    },
    "three penalties": {
        "regularization": "[{name: l1, weight: 0.001}, {name: kl_sparsity, weight: 0.01}, orthogonality]",
        "architecture.code_activation": "sigmoid",
    },
}  # fmt: skip
ADDED_IN_ANOTHER_ORDER = {"a loss with a gradient beside one without"}
LEFT_TO_AUTOGRAD = {
    "dropout": {"regularization": "[dropout]"},
    "k-sparse code": {"regularization": "[{name: k_sparse, k: 3}]"},
    "batch normalization": {"architecture.normalization": "batch"},
    "layer normalization": {"architecture.normalization": "layer"},
    "tied weights": {"architecture.tied": "true"},
    "hidden activation without a backward": {"architecture.activation": "gelu"},
    "code activation without a backward": {"architecture.code_activation": "elu"},
    "output activation without a backward": {"architecture.output_activation": "softplus"},
}


def ready(small, settings):
    """A config, prepared."""
    return prepare(load_config(small, set=[f"{key}={value}" for key, value in settings.items()]))


def step(prepared, *, by_hand, rows=slice(0, 44)):
    """Objective, logged values and gradients of one batch, whose input is not its target."""
    trainee = prepared.trainee
    for parameter in trainee.model.parameters():
        parameter.grad = None
    x = trainee.train.batch(rows)
    seen = x.flip(0)
    output, backward = make_propagate(trainee.model, by_hand=by_hand)(seen)
    assert isinstance(output, CutPass) == by_hand
    torch.manual_seed(0)
    loss, logged = trainee.objective(trainee.model, seen, x, output, 2)
    backward(loss)
    return loss.detach(), logged, {name: parameter.grad for name, parameter in trainee.model.named_parameters()}


@pytest.mark.parametrize("name", PLAIN)
def test_a_plain_network_by_hand_has_the_gradients_of_autograd(small, name):
    prepared = ready(small, PLAIN[name])
    loss, logged, ours = step(prepared, by_hand=True)
    expected_loss, expected_logged, theirs = step(prepared, by_hand=False)
    assert loss == logged[0]
    torch.testing.assert_close(logged, expected_logged, rtol=2e-6, atol=0)
    assert ours.keys() == theirs.keys()
    for parameter, gradient in theirs.items():
        if name in ADDED_IN_ANOTHER_ORDER:
            torch.testing.assert_close(ours[parameter], gradient, rtol=1e-5, atol=1e-8)
        else:
            assert torch.equal(ours[parameter], gradient), parameter
    assert max(gradient.abs().max() for gradient in ours.values()) > 0


@pytest.mark.parametrize("settings", LEFT_TO_AUTOGRAD.values(), ids=LEFT_TO_AUTOGRAD)
def test_what_is_not_plain_is_left_to_autograd(small, settings):
    model = ready(small, settings).trainee.model
    assert not isinstance(make_propagate(model, by_hand=True)(torch.rand(2, model.origin.size))[0], CutPass)
    output, _ = make_propagate(model, by_hand=True)(torch.rand(4, 784))
    assert output.logits_BP.grad_fn is not None


@pytest.mark.parametrize("name", WITH_BACKWARD)
def test_the_way_back_through_an_activation_is_that_of_autograd(name):
    entry = ACTIVATIONS[name]
    x = torch.tensor([-30.0, -2.0, -0.0, 0.0, 1e-8, 0.5, 3.0, 40.0], requires_grad=True)
    y = entry.function(x)
    gradient = torch.linspace(-1, 2, 8)
    expected = torch.autograd.grad(y, x, gradient)[0]
    assert torch.equal(entry.facts.backward(gradient.clone(), y.detach()), expected)


def test_gradients_are_added_to_what_is_there(small):
    prepared = ready(small, {})
    _, _, once = step(prepared, by_hand=True)
    once = {name: gradient.clone() for name, gradient in once.items()}
    trainee = prepared.trainee
    x = trainee.train.batch(slice(0, 44))
    output, backward = make_propagate(trainee.model, by_hand=True)(x.flip(0))
    backward(trainee.objective(trainee.model, x, x, output, 2)[0])
    for name, parameter in trainee.model.named_parameters():
        torch.testing.assert_close(parameter.grad, 2 * once[name], rtol=1e-6, atol=0)


def test_the_weights_that_are_used_are_the_present_ones(small):
    trainee = ready(small, {}).trainee
    x = trainee.train.batch(slice(0, 8))
    propagate = make_propagate(trainee.model, by_hand=True)
    before = propagate(x)[0].x_hat_BP
    trainee.model.load_state_dict({name: 0.5 * value for name, value in trainee.model.state_dict().items()})
    after = propagate(x)[0].x_hat_BP
    assert not torch.equal(before, after)
    assert torch.equal(after, trainee.model(x).x_hat_BP)


@pytest.mark.parametrize(("loss", "is_asked"), [("mse", False), ("bce", False), ("huber", True)])
def test_autograd_is_asked_only_where_no_gradient_is_registered(small, loss, is_asked):
    trainee = ready(small, {"loss": loss}).trainee
    x = trainee.train.batch(slice(0, 8))
    output, _ = make_propagate(trainee.model, by_hand=True)(x)
    assert trainee.objective(trainee.model, x, x, output, 1)[0].requires_grad is is_asked


@pytest.mark.parametrize(
    ("settings", "by_hand"),
    [({}, True), (LEFT_TO_AUTOGRAD["dropout"], False), ({"training.precision": "bf16"}, False)],
    ids=["plain", "dropout", "bf16"],
)
def test_a_training_goes_by_hand_where_it_can(small, settings, by_hand):
    trainee = ready(small, settings).trainee
    passes = []
    trainee.model.register_forward_hook(lambda *_: passes.append(1))
    fit(trainee, 1, lambda event: False)
    assert bool(passes) is not by_hand
