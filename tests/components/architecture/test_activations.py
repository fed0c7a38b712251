"""Activations: conformance of the whole registry, and each against its formula in numpy."""

import numpy as np
import pytest
import torch
from scipy.special import erf

from aecli.components.architecture.activations import ACTIVATIONS

EVERY_ACTIVATION = pytest.mark.parametrize("name", list(ACTIVATIONS))
GRID = np.linspace(-6, 6, 121)
FORMULAS = {
    "linear": lambda x: x,
    "relu": lambda x: np.maximum(x, 0),
    "leaky_relu": lambda x: np.maximum(x, 0.01 * x),
    "elu": lambda x: np.where(x > 0, x, np.exp(x) - 1),
    "selu": lambda x: 1.0507009873554805 * np.where(x > 0, x, 1.6732632423543772 * (np.exp(x) - 1)),
    "gelu": lambda x: x * (1 + erf(x / np.sqrt(2))) / 2,
    "silu": lambda x: x / (1 + np.exp(-x)),
    "softplus": lambda x: np.log(1 + np.exp(x)),
    "tanh": lambda x: (np.exp(x) - np.exp(-x)) / (np.exp(x) + np.exp(-x)),
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
}


def test_every_registered_activation_has_its_formula_here():
    assert set(ACTIVATIONS) == set(FORMULAS)


@EVERY_ACTIVATION
def test_an_activation_equals_its_formula(name):
    values = ACTIVATIONS[name].function(torch.tensor(GRID))
    np.testing.assert_allclose(values.numpy(), FORMULAS[name](GRID), rtol=1e-10, atol=1e-12)


@EVERY_ACTIVATION
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=["float32", "float64"])
def test_an_activation_keeps_shape_dtype_and_its_argument(name, dtype):
    x = torch.linspace(-3, 3, 24, dtype=dtype).view(2, 3, 4)
    before = x.clone()
    values = ACTIVATIONS[name].function(x)
    assert values.shape == x.shape and values.dtype == dtype
    assert torch.equal(x, before)


@EVERY_ACTIVATION
def test_an_activation_and_its_gradient_are_finite_for_large_inputs(name):
    x = torch.tensor([-1e4, -50.0, 0.0, 50.0, 1e4]).requires_grad_()
    values = ACTIVATIONS[name].function(x)
    values.sum().backward()
    assert values.isfinite().all() and x.grad.isfinite().all()


@EVERY_ACTIVATION
def test_the_gradient_is_the_derivative(name):
    x = torch.tensor([-3.0, -1.1, -0.2, 0.3, 2.0], dtype=torch.float64).requires_grad_()
    assert torch.autograd.gradcheck(ACTIVATIONS[name].function, x)
