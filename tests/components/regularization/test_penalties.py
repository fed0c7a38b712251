"""Penalties, each against its formula: l1, l2, activity, sparsity, contraction, orthogonality."""

import math

import numpy as np
import pytest
import torch
from nets import matrices_of
from small_nets import arrays, net, pixels, value

from aecli.components.regularization import REGULARIZERS, Moment, penalties
from aecli.components.regularization.registration import select_parameters


@pytest.mark.parametrize("selection", ["all", "weights", "encoder", "decoder"])
def test_l1_and_l2_are_plain_sums_over_their_selection(selection):
    model = net()
    tensors = arrays(select_parameters(model, selection))
    l1, l2 = (value(REGULARIZERS[name].function, model, parameters=selection).item() for name in ("l1", "l2"))
    assert l1 == pytest.approx(sum(np.abs(one).sum() for one in tensors), rel=1e-12)
    assert l2 == pytest.approx(sum((one**2).sum() for one in tensors), rel=1e-12)


def test_l1_and_l2_run_over_biases_too_unless_told_otherwise():
    model = net()
    for name in ("l1", "l2"):
        assert (
            value(REGULARIZERS[name].function, model)
            == value(REGULARIZERS[name].function, model, parameters="all")
            > value(REGULARIZERS[name].function, model, parameters="weights")
        )


def test_the_gradient_of_l2_is_twice_the_weight_and_that_of_l1_its_sign():
    model = net()
    weight = model.encoder[1].weight
    (l2,) = torch.autograd.grad(value(penalties.l2, model), weight)
    (l1,) = torch.autograd.grad(value(penalties.l1, model), weight)
    torch.testing.assert_close(l2, 2 * weight.detach())
    torch.testing.assert_close(l1, weight.detach().sign())


def test_activity_l1_is_the_mean_absolute_code():
    code = torch.tensor([[1.0, -2.0], [0.0, 5.0]])
    assert penalties.activity_l1(Moment(None, None, code)).item() == 2.0


def test_kl_sparsity_equals_its_formula():
    code = torch.rand(9, 5, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    rho, active = 0.15, code.numpy().mean(0)
    expected = sum(rho * math.log(rho / r) + (1 - rho) * math.log((1 - rho) / (1 - r)) for r in active)
    result = penalties.kl_sparsity(Moment(None, None, code), rho=rho).item()
    assert result == pytest.approx(expected, rel=1e-12)


def test_kl_sparsity_is_zero_only_where_every_unit_has_the_wanted_mean():
    kl = penalties.kl_sparsity
    code = torch.tensor([[0.2, 0.0], [0.0, 0.2]], dtype=torch.float64)
    assert kl(Moment(None, None, code), rho=0.1).item() == pytest.approx(0, abs=1e-12)
    assert kl(Moment(None, None, 1.1 * code), rho=0.1) > 1e-4
    assert kl(Moment(None, None, 0.9 * code), rho=0.1) > 1e-4
    one_too_many = torch.tensor([[0.15, 0.05], [0.15, 0.05]], dtype=torch.float64)
    assert kl(Moment(None, None, one_too_many), rho=0.1) > 1e-3  # per unit, not on average


def test_kl_sparsity_is_finite_for_dead_and_saturated_units():
    code = torch.tensor([[0.0, 1.0]] * 3).requires_grad_()
    result = penalties.kl_sparsity(Moment(None, None, code))
    result.backward()
    assert result.isfinite() and code.grad.isfinite().all()


def exact_contraction(model, x):
    jacobians = [torch.autograd.functional.jacobian(model.encode, one[None]).squeeze() for one in x]
    assert jacobians[0].shape == (4, 10)
    return sum(jacobian.square().sum() for jacobian in jacobians) / len(x)


def test_exact_contractive_is_the_mean_squared_norm_of_the_jacobian():
    model = net()
    result = value(penalties.contractive, model, estimator="exact")
    torch.testing.assert_close(result.detach(), exact_contraction(model, pixels()))


def test_hutchinson_is_unbiased():
    torch.manual_seed(0)
    model = net()
    samples = torch.stack([value(penalties.contractive, model, probes=1).detach() for _ in range(600)])
    error = samples.std() / len(samples) ** 0.5
    assert error < 0.05 * samples.mean()
    assert abs(samples.mean() - exact_contraction(model, pixels())) < 4 * error


def test_hutchinson_draws_signs_so_it_is_exact_for_a_single_code_unit():
    torch.manual_seed(0)
    model = net()
    model.encoder[2] = torch.nn.Linear(6, 1, dtype=torch.float64)
    exact = value(penalties.contractive, model, estimator="exact")
    torch.testing.assert_close(value(penalties.contractive, model, probes=1), exact)


def test_more_probes_are_more_exact_and_independent_of_each_other():
    torch.manual_seed(0)
    model = net()
    one, many = (
        torch.stack([value(penalties.contractive, model, probes=probes).detach() for _ in range(150)])
        for probes in (1, 25)
    )
    assert one.std() / many.std() == pytest.approx(5.0, rel=0.3)
    torch.testing.assert_close(one.mean(), many.mean(), rtol=0.1, atol=0)


@pytest.mark.parametrize("estimator", ["exact", "hutchinson"])
def test_the_gradient_of_contractive_goes_through_the_jacobian(estimator):
    model = net()
    weight = model.encoder[0].weight

    def contraction():
        torch.manual_seed(0)
        return value(penalties.contractive, model, estimator=estimator, probes=2)

    (gradient,) = torch.autograd.grad(contraction(), weight)
    for row, column in [(0, 0), (3, 7)]:
        values = []
        for change in (1e-5, -2e-5):
            with torch.no_grad():
                weight[row, column] += change
            values.append(contraction().item())
        with torch.no_grad():
            weight[row, column] += 1e-5
        assert gradient[row, column].item() == pytest.approx((values[0] - values[1]) / 2e-5, rel=1e-5)


def test_contractive_of_a_linear_encoder_is_the_norm_of_its_matrix():
    model = net(activation="linear", code_activation="linear")
    product = model.encoder[2].weight @ model.encoder[1].weight @ model.encoder[0].weight
    torch.testing.assert_close(value(penalties.contractive, model, estimator="exact"), product.square().sum())


@pytest.mark.parametrize("selection", ["weights", "encoder", "decoder"])
def test_orthogonality_equals_its_formula(selection):
    model = net()
    expected = 0.0
    for weight in arrays(select_parameters(model, selection)):
        short = weight if len(weight) <= weight.shape[1] else weight.T
        expected += np.linalg.norm(short @ short.T - np.eye(len(short))) ** 2
    assert value(penalties.orthogonality, model, parameters=selection).item() == pytest.approx(expected, rel=1e-10)


def test_orthogonal_matrices_of_either_shape_cost_nothing():
    model = net()
    torch.manual_seed(0)
    for weight in matrices_of(model):
        torch.nn.init.orthogonal_(weight)
    assert value(penalties.orthogonality, model).item() == pytest.approx(0, abs=1e-20)
    with torch.no_grad():
        model.decoder[0].weight[0] *= 2
    assert value(penalties.orthogonality, model) > 0.1


@pytest.mark.parametrize("size", [32, 256, 2048])
def test_the_activity_penalty_and_its_gradient_do_not_depend_on_the_size_of_the_batch(size):
    images = torch.rand(32, 12, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    weight = torch.randn(7, 12, generator=torch.Generator().manual_seed(1), dtype=torch.float64).requires_grad_()
    pulls = []
    for batch in (images, images.repeat(size // 32, 1)):
        code = torch.relu(batch @ weight.T)
        value = penalties.activity_l1(Moment(None, batch, code))
        pulls.append((value.item(), torch.autograd.grad(value, weight)[0]))
    assert pulls[0][0] == pytest.approx(pulls[1][0], rel=1e-12)
    torch.testing.assert_close(pulls[0][1], pulls[1][1], rtol=1e-10, atol=1e-14)
