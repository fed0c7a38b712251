"""Regularizers that act after a step: soft thresholds, whole units, decay."""

import math

import numpy as np
import pytest
import torch
from nets import matrices_of
from small_nets import arrays, net, pixels, take_step, value

from aecli.components.regularization import REGULARIZERS, steps


@pytest.mark.parametrize("amount", [0.01, 0.1, 0.3])
def test_l1_proximal_is_the_soft_threshold_and_gives_exact_zeros(amount):
    model = net()
    before, biases = arrays(matrices_of(model)), arrays(layer.bias for layer in model.encoder)
    take_step(steps.soft_threshold, model, amount)
    zeros = 0
    for old, new in zip(before, arrays(matrices_of(model)), strict=True):
        np.testing.assert_allclose(new, np.sign(old) * np.maximum(np.abs(old) - amount, 0), rtol=1e-12)
        assert np.array_equal(new == 0, np.abs(old) <= amount)
        zeros += (new == 0).sum()
    assert zeros > 0
    assert all(
        np.array_equal(*pair) for pair in zip(biases, arrays(layer.bias for layer in model.encoder), strict=True)
    )


@pytest.mark.parametrize("name", ["l1_proximal", "weight_decay"])
def test_a_step_over_all_parameters_reaches_the_biases(name):
    model = net()
    before = arrays(model.parameters())
    take_step(REGULARIZERS[name].facts.step, model, 0.01, "all")
    assert all((one != other).all() for one, other in zip(before, arrays(model.parameters()), strict=True))


def test_the_values_of_the_steps_equal_their_formulas():
    model = net()
    weights = arrays(matrices_of(model))
    assert value(steps.l1_proximal, model).item() == pytest.approx(sum(np.abs(one).sum() for one in weights))
    assert value(steps.weight_decay, model).item() == pytest.approx(sum((one**2).sum() / 2 for one in weights))
    groups = sum(math.sqrt(one.shape[1]) * math.sqrt((row**2).sum()) for one in weights for row in one)
    assert value(steps.group_lasso, model).item() == pytest.approx(groups)


def test_group_lasso_shrinks_rows_as_its_formula_and_removes_whole_units():
    model = net()
    before = arrays(matrices_of(model))
    amount = 0.17
    take_step(steps.shrink_units, model, amount)
    removed = kept = 0
    for old, new in zip(before, arrays(matrices_of(model)), strict=True):
        for old_row, new_row in zip(old, new, strict=True):
            scale = max(1 - amount * math.sqrt(len(old_row)) / np.linalg.norm(old_row), 0)
            np.testing.assert_allclose(new_row, old_row * scale, rtol=1e-12)
            removed += (new_row == 0).all()
            kept += (new_row != 0).all()
    assert removed > 3 and kept > 3 and removed + kept == sum(map(len, before))


def test_group_lasso_leaves_a_unit_that_is_gone_at_zero():
    model = net()
    with torch.no_grad():
        model.encoder[0].weight[2] = 0
    for amount in (0.01, 0.0):
        take_step(steps.shrink_units, model, amount)
        assert torch.equal(model.encoder[0].weight[2], torch.zeros(10, dtype=torch.float64))
        assert all(parameter.isfinite().all() for parameter in model.parameters())


@pytest.mark.parametrize("name", ["l1_proximal", "group_lasso"])
def test_the_proximal_step_minimises_distance_plus_penalty(name):
    torch.manual_seed(0)
    model, start, amount = net(), net(), 0.1

    def cost():
        pairs = zip(matrices_of(model), matrices_of(start), strict=True)
        return (
            sum((one - other).square().sum() / 2 for one, other in pairs)
            + amount * value(REGULARIZERS[name].function, model)
        ).item()

    take_step(REGULARIZERS[name].facts.step, model, amount)
    least = cost()
    for _ in range(20):
        with torch.no_grad():
            moves = [1e-2 * torch.randn_like(weight) for weight in matrices_of(model)]
            for weight, move in zip(matrices_of(model), moves, strict=True):
                weight += move
            assert cost() > least
            for weight, move in zip(matrices_of(model), moves, strict=True):
                weight -= move


def test_weight_decay_behind_adam_is_adamw_up_to_the_order_of_decay_and_step():
    lr, wd = 0.05, 0.3
    ours, adamw, start = net(), net(), net()
    optimizers = [
        torch.optim.Adam(ours.parameters(), lr=lr),
        torch.optim.AdamW(adamw.parameters(), lr=lr, weight_decay=wd),
    ]
    for model, optimizer in zip((ours, adamw), optimizers, strict=True):
        (model(pixels()).x_hat_BP - pixels()).square().mean().backward()
        optimizer.step()
    stepped = [weight.detach().clone() for weight in matrices_of(ours)]
    biases = arrays(layer.bias for layer in ours.encoder)
    take_step(steps.decay, ours, lr * wd)
    for w, after_adam, mine, theirs in zip(
        matrices_of(start), stepped, matrices_of(ours), matrices_of(adamw), strict=True
    ):
        update = (w - after_adam) / lr
        torch.testing.assert_close(mine, (w - lr * update) * (1 - lr * wd))
        torch.testing.assert_close(theirs, w * (1 - lr * wd) - lr * update)
        torch.testing.assert_close(mine, theirs + lr * lr * wd * update)
        assert not torch.allclose(mine, after_adam)
    assert all(np.array_equal(*pair) for pair in zip(biases, arrays(layer.bias for layer in ours.encoder), strict=True))
