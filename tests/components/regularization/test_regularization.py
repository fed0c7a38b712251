"""Regularizers: where each acts, rules beyond those of `aecli.testing`, and what `parameters` selects."""

import numpy as np
import pytest
import torch
from small_nets import arrays, moment, net, pixels, take_step, value

from aecli.components.regularization import REGULARIZERS, penalties
from aecli.components.regularization.registration import select_parameters

PENALTIES, STEPS, HIDDEN, CODE = (
    [name for name in REGULARIZERS if REGULARIZERS[name].facts.acts == place]
    for place in ("penalty", "step", "hidden", "code")
)


def test_these_regularizers_are_registered_where_they_act():
    assert set(PENALTIES) == {"l1", "l2", "activity_l1", "kl_sparsity", "contractive", "orthogonality"}
    assert set(STEPS) == {"l1_proximal", "group_lasso", "weight_decay"}
    assert (HIDDEN, CODE) == (["dropout"], ["k_sparse"])
    assert len(REGULARIZERS) == len(PENALTIES + STEPS + HIDDEN + CODE)


@pytest.mark.parametrize("name", PENALTIES + STEPS)
def test_a_regularizer_of_the_objective_costs_something_and_has_a_weight(name):
    assert value(REGULARIZERS[name].function, net()) > 0
    assert 0 < REGULARIZERS[name].facts.weight <= 3


@pytest.mark.parametrize("name", STEPS)
def test_what_a_step_changes_is_still_trained(name):
    model = net()
    take_step(REGULARIZERS[name].facts.step, model, 0.01)
    assert all(parameter.is_leaf and parameter.requires_grad for parameter in model.parameters())


@pytest.mark.parametrize("name", PENALTIES)
def test_the_gradient_of_a_penalty_pulls_its_value_down(name):
    torch.manual_seed(0)
    model = net()
    params = {"estimator": "exact"} if name == "contractive" else {}
    before = value(REGULARIZERS[name].function, model, **params)
    before.backward()
    gradients = [parameter.grad for parameter in model.parameters() if parameter.grad is not None]
    assert all(gradient.isfinite().all() for gradient in gradients)
    size = sum(gradient.square().sum() for gradient in gradients)
    assert size > 0
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.grad is not None:
                parameter -= 1e-4 * before / size * parameter.grad
    decrease = (before - value(REGULARIZERS[name].function, model, **params)) / before
    assert decrease.item() == pytest.approx(1e-4, rel=0.01)


@pytest.mark.parametrize("name", PENALTIES)
def test_a_penalty_leaves_weights_and_input_alone(name):
    model, x = net(), pixels()
    before = arrays(model.parameters())
    REGULARIZERS[name].function(moment(model, x))
    assert all(np.array_equal(one, other) for one, other in zip(before, arrays(model.parameters()), strict=True))
    assert torch.equal(x, pixels()) and not x.requires_grad


def test_a_selection_has_the_tensors_its_name_says():
    model = net(normalization="layer")
    encoder = [layer.weight for layer in model.encoder]
    decoder = [layer.weight for layer in model.decoder]
    for selection, expected in [
        ("all", list(model.parameters())),
        ("weights", encoder + decoder),
        ("encoder", encoder),
        ("decoder", decoder),
    ]:
        assert list(map(id, select_parameters(model, selection))) == list(map(id, expected))
    assert len(select_parameters(model, "all")) == 12 + 8  # matrices and biases, and scale and shift of each norm


def test_tied_weights_are_counted_once():
    model = net(tied=True)
    assert select_parameters(model, "decoder") == []
    assert value(penalties.l2, model, parameters="decoder") == 0
    assert value(penalties.l2, model, parameters="weights") == value(penalties.l2, model, parameters="encoder")
