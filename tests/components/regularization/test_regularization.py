"""Regularizers: conformance of the whole registry by where they act, and each against its formula."""

import math
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from nets import make_model, matrices_of

from aecli.components.regularization import REGULARIZERS, Moment
from aecli.components.regularization.registration import select_parameters

PENALTIES, STEPS, HIDDEN, CODE = (
    [name for name in REGULARIZERS if REGULARIZERS[name].facts.acts == place]
    for place in ("penalty", "step", "hidden", "code")
)
WIDTHS = (10, 8, 6, 4)
CONFIG = {
    "activation": "tanh",
    "code_activation": "sigmoid",
    "output_activation": "sigmoid",
    "tied": False,
    "normalization": None,
    "init": "torch",  # biases are not zero
    "output_bias": "zero",
}


def net(seed=0, **changes):
    model = make_model(SimpleNamespace(**CONFIG | changes), WIDTHS, seed, torch.full((10,), 0.2))
    return model.double()


def pixels(count=6):
    return torch.rand(count, 10, generator=torch.Generator().manual_seed(0), dtype=torch.float64)


def moment(model, x=None):
    x = pixels() if x is None else x
    return Moment(model, x, model.encode(x))


def value(name, model, **params):
    return REGULARIZERS[name].function(moment(model), **params)


def take_step(name, model, amount, parameters="weights"):
    with torch.no_grad():
        REGULARIZERS[name].facts.step(model, amount, parameters=parameters)


def arrays(tensors):
    return [tensor.detach().numpy().copy() for tensor in tensors]


# ---------------------------------------------------------------- conformance


def test_these_regularizers_are_registered_where_they_act():
    assert set(PENALTIES) == {"l1", "l2", "activity_l1", "kl_sparsity", "contractive", "orthogonality"}
    assert set(STEPS) == {"l1_proximal", "group_lasso", "weight_decay"}
    assert (HIDDEN, CODE) == (["dropout"], ["k_sparse"])
    assert len(REGULARIZERS) == len(PENALTIES + STEPS + HIDDEN + CODE)


@pytest.mark.parametrize("name", PENALTIES + STEPS)
def test_a_regularizer_of_the_objective_has_a_finite_scalar_value_and_a_weight(name):
    result = value(name, net())
    assert result.shape == () and result.isfinite() and result > 0
    assert 0 < REGULARIZERS[name].facts.weight <= 3


@pytest.mark.parametrize("name", PENALTIES)
def test_the_gradient_of_a_penalty_pulls_its_value_down(name):
    torch.manual_seed(0)
    model = net()
    params = {"estimator": "exact"} if name == "contractive" else {}
    before = value(name, model, **params)
    before.backward()
    gradients = [parameter.grad for parameter in model.parameters() if parameter.grad is not None]
    assert all(gradient.isfinite().all() for gradient in gradients)
    size = sum(gradient.square().sum() for gradient in gradients)
    assert size > 0
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.grad is not None:
                parameter -= 1e-4 * before / size * parameter.grad
    decrease = (before - value(name, model, **params)) / before
    assert decrease.item() == pytest.approx(1e-4, rel=0.01)


@pytest.mark.parametrize("name", PENALTIES)
def test_a_penalty_leaves_weights_and_input_alone(name):
    model, x = net(), pixels()
    before = arrays(model.parameters())
    REGULARIZERS[name].function(moment(model, x))
    assert all(np.array_equal(one, other) for one, other in zip(before, arrays(model.parameters()), strict=True))
    assert torch.equal(x, pixels()) and not x.requires_grad


@pytest.mark.parametrize("name", STEPS)
def test_a_step_of_size_zero_changes_nothing_and_a_larger_one_shrinks(name):
    model = net()
    before = arrays(model.parameters())
    take_step(name, model, 0.0, "weights")
    assert all(np.array_equal(one, other) for one, other in zip(before, arrays(model.parameters()), strict=True))
    first = value(name, model, parameters="weights")
    take_step(name, model, 0.01)
    second = value(name, model, parameters="weights")
    assert second < first
    assert all(parameter.is_leaf and parameter.requires_grad for parameter in model.parameters())


@pytest.mark.parametrize("name", HIDDEN + CODE)
def test_a_layer_keeps_shape_and_dtype_and_has_no_weight(name):
    params = {"k": 2} if name == "k_sparse" else {}
    h = torch.rand(7, 12, dtype=torch.float64)
    before = h.clone()
    out = REGULARIZERS[name].function(net(), h, **params)
    assert out.shape == h.shape and out.dtype == h.dtype and out.isfinite().all()
    assert torch.equal(h, before)
    assert REGULARIZERS[name].facts.weight is None


# ------------------------------------------------------------------- selections


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
    assert value("l2", model, parameters="decoder") == 0
    assert value("l2", model, parameters="weights") == value("l2", model, parameters="encoder")


# --------------------------------------------------------------- l1, l2, activity


@pytest.mark.parametrize("selection", ["all", "weights", "encoder", "decoder"])
def test_l1_and_l2_are_plain_sums_over_their_selection(selection):
    model = net()
    tensors = arrays(select_parameters(model, selection))
    l1, l2 = (value(name, model, parameters=selection).item() for name in ("l1", "l2"))
    assert l1 == pytest.approx(sum(np.abs(one).sum() for one in tensors), rel=1e-12)
    assert l2 == pytest.approx(sum((one**2).sum() for one in tensors), rel=1e-12)


def test_l1_and_l2_run_over_biases_too_unless_told_otherwise():
    model = net()
    for name in ("l1", "l2"):
        assert value(name, model) == value(name, model, parameters="all") > value(name, model, parameters="weights")


def test_the_gradient_of_l2_is_twice_the_weight_and_that_of_l1_its_sign():
    model = net()
    weight = model.encoder[1].weight
    (l2,) = torch.autograd.grad(value("l2", model), weight)
    (l1,) = torch.autograd.grad(value("l1", model), weight)
    torch.testing.assert_close(l2, 2 * weight.detach())
    torch.testing.assert_close(l1, weight.detach().sign())


def test_activity_l1_is_the_mean_absolute_code():
    code = torch.tensor([[1.0, -2.0], [0.0, 5.0]])
    assert REGULARIZERS["activity_l1"].function(Moment(None, None, code)).item() == 2.0


# --------------------------------------------------------------------------- kl


def test_kl_sparsity_equals_its_formula():
    code = torch.rand(9, 5, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    rho, active = 0.15, code.numpy().mean(0)
    expected = sum(rho * math.log(rho / r) + (1 - rho) * math.log((1 - rho) / (1 - r)) for r in active)
    result = REGULARIZERS["kl_sparsity"].function(Moment(None, None, code), rho=rho).item()
    assert result == pytest.approx(expected, rel=1e-12)


def test_kl_sparsity_is_zero_only_where_every_unit_has_the_wanted_mean():
    kl = REGULARIZERS["kl_sparsity"].function
    code = torch.tensor([[0.2, 0.0], [0.0, 0.2]], dtype=torch.float64)
    assert kl(Moment(None, None, code), rho=0.1).item() == pytest.approx(0, abs=1e-12)
    assert kl(Moment(None, None, 1.1 * code), rho=0.1) > 1e-4
    assert kl(Moment(None, None, 0.9 * code), rho=0.1) > 1e-4
    one_too_many = torch.tensor([[0.15, 0.05], [0.15, 0.05]], dtype=torch.float64)
    assert kl(Moment(None, None, one_too_many), rho=0.1) > 1e-3  # per unit, not on average


def test_kl_sparsity_is_finite_for_dead_and_saturated_units():
    code = torch.tensor([[0.0, 1.0]] * 3).requires_grad_()
    result = REGULARIZERS["kl_sparsity"].function(Moment(None, None, code))
    result.backward()
    assert result.isfinite() and code.grad.isfinite().all()


# ------------------------------------------------------------------- contractive


def exact_contraction(model, x):
    jacobians = [torch.autograd.functional.jacobian(model.encode, one[None]).squeeze() for one in x]
    assert jacobians[0].shape == (4, 10)
    return sum(jacobian.square().sum() for jacobian in jacobians) / len(x)


def test_exact_contractive_is_the_mean_squared_norm_of_the_jacobian():
    model = net()
    result = value("contractive", model, estimator="exact")
    torch.testing.assert_close(result.detach(), exact_contraction(model, pixels()))


def test_hutchinson_is_unbiased():
    torch.manual_seed(0)
    model = net()
    samples = torch.stack([value("contractive", model, probes=1).detach() for _ in range(600)])
    error = samples.std() / len(samples) ** 0.5
    assert error < 0.05 * samples.mean()
    assert abs(samples.mean() - exact_contraction(model, pixels())) < 4 * error


def test_hutchinson_draws_signs_so_it_is_exact_for_a_single_code_unit():
    torch.manual_seed(0)
    model = net()
    model.encoder[2] = torch.nn.Linear(6, 1, dtype=torch.float64)
    exact = value("contractive", model, estimator="exact")
    torch.testing.assert_close(value("contractive", model, probes=1), exact)


def test_more_probes_are_more_exact_and_independent_of_each_other():
    torch.manual_seed(0)
    model = net()
    one, many = (
        torch.stack([value("contractive", model, probes=probes).detach() for _ in range(150)]) for probes in (1, 25)
    )
    assert one.std() / many.std() == pytest.approx(5.0, rel=0.3)
    torch.testing.assert_close(one.mean(), many.mean(), rtol=0.1, atol=0)


@pytest.mark.parametrize("estimator", ["exact", "hutchinson"])
def test_the_gradient_of_contractive_goes_through_the_jacobian(estimator):
    model = net()
    weight = model.encoder[0].weight

    def contraction():
        torch.manual_seed(0)
        return value("contractive", model, estimator=estimator, probes=2)

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
    torch.testing.assert_close(value("contractive", model, estimator="exact"), product.square().sum())


# ----------------------------------------------------------------- orthogonality


@pytest.mark.parametrize("selection", ["weights", "encoder", "decoder"])
def test_orthogonality_equals_its_formula(selection):
    model = net()
    expected = 0.0
    for weight in arrays(select_parameters(model, selection)):
        short = weight if len(weight) <= weight.shape[1] else weight.T
        expected += np.linalg.norm(short @ short.T - np.eye(len(short))) ** 2
    assert value("orthogonality", model, parameters=selection).item() == pytest.approx(expected, rel=1e-10)


def test_orthogonal_matrices_of_either_shape_cost_nothing():
    model = net()
    torch.manual_seed(0)
    for weight in matrices_of(model):
        torch.nn.init.orthogonal_(weight)
    assert value("orthogonality", model).item() == pytest.approx(0, abs=1e-20)
    with torch.no_grad():
        model.decoder[0].weight[0] *= 2
    assert value("orthogonality", model) > 0.1


# ------------------------------------------------------------------------- steps


@pytest.mark.parametrize("amount", [0.01, 0.1, 0.3])
def test_l1_proximal_is_the_soft_threshold_and_gives_exact_zeros(amount):
    model = net()
    before, biases = arrays(matrices_of(model)), arrays(layer.bias for layer in model.encoder)
    take_step("l1_proximal", model, amount)
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
    take_step(name, model, 0.01, "all")
    assert all((one != other).all() for one, other in zip(before, arrays(model.parameters()), strict=True))


def test_the_values_of_the_steps_equal_their_formulas():
    model = net()
    weights = arrays(matrices_of(model))
    assert value("l1_proximal", model).item() == pytest.approx(sum(np.abs(one).sum() for one in weights))
    assert value("weight_decay", model).item() == pytest.approx(sum((one**2).sum() / 2 for one in weights))
    groups = sum(math.sqrt(one.shape[1]) * math.sqrt((row**2).sum()) for one in weights for row in one)
    assert value("group_lasso", model).item() == pytest.approx(groups)


def test_group_lasso_shrinks_rows_as_its_formula_and_removes_whole_units():
    model = net()
    before = arrays(matrices_of(model))
    amount = 0.17
    take_step("group_lasso", model, amount)
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
        take_step("group_lasso", model, amount)
        assert torch.equal(model.encoder[0].weight[2], torch.zeros(10, dtype=torch.float64))
        assert all(parameter.isfinite().all() for parameter in model.parameters())


@pytest.mark.parametrize("name", ["l1_proximal", "group_lasso"])
def test_the_proximal_step_minimises_distance_plus_penalty(name):
    torch.manual_seed(0)
    model, start, amount = net(), net(), 0.1

    def cost():
        pairs = zip(matrices_of(model), matrices_of(start), strict=True)
        return (sum((one - other).square().sum() / 2 for one, other in pairs) + amount * value(name, model)).item()

    take_step(name, model, amount)
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
    take_step("weight_decay", ours, lr * wd)
    for w, after_adam, mine, theirs in zip(
        matrices_of(start), stepped, matrices_of(ours), matrices_of(adamw), strict=True
    ):
        update = (w - after_adam) / lr
        torch.testing.assert_close(mine, (w - lr * update) * (1 - lr * wd))
        torch.testing.assert_close(theirs, w * (1 - lr * wd) - lr * update)
        torch.testing.assert_close(mine, theirs + lr * lr * wd * update)
        assert not torch.allclose(mine, after_adam)
    assert all(np.array_equal(*pair) for pair in zip(biases, arrays(layer.bias for layer in ours.encoder), strict=True))


# ----------------------------------------------------------- dropout and k_sparse


def test_dropout_is_off_in_evaluation():
    model, h = net().eval(), torch.rand(5, 100)
    assert torch.equal(REGULARIZERS["dropout"].function(model, h, p=0.5), h)


@pytest.mark.parametrize("p", [0.1, 0.4])
def test_dropout_switches_off_its_share_and_scales_the_rest_while_training(p):
    torch.manual_seed(0)
    h = 0.5 + torch.rand(200, 500)
    out = REGULARIZERS["dropout"].function(net().train(), h, p=p)
    off = out == 0
    assert off.float().mean().item() == pytest.approx(p, abs=5 * (p * (1 - p) / h.numel()) ** 0.5)
    torch.testing.assert_close(out[~off], h[~off] / (1 - p))
    assert out.mean().item() == pytest.approx(h.mean().item(), rel=0.02)


@pytest.mark.parametrize("k", [1, 3, 7])
@pytest.mark.parametrize("training", [True, False], ids=["training", "evaluation"])
def test_k_sparse_keeps_the_k_largest_units_in_training_and_in_use(k, training):
    code = torch.randn(20, 8, generator=torch.Generator().manual_seed(0))
    out = REGULARIZERS["k_sparse"].function(net().train(training), code, k=k)
    assert ((out != 0).sum(1) == k).all()
    kept = out != 0
    assert torch.equal(out[kept], code[kept])
    for image in range(20):
        assert code[image][kept[image]].min() > code[image][~kept[image]].max()


def test_k_sparse_keeps_exactly_k_units_where_many_are_equal():
    assert (REGULARIZERS["k_sparse"].function(net(), torch.ones(4, 8), k=3).sum(1) == 3).all()


def test_the_gradient_of_k_sparse_goes_through_the_kept_units_only():
    code = torch.randn(6, 8, generator=torch.Generator().manual_seed(0)).requires_grad_()
    out = REGULARIZERS["k_sparse"].function(net(), code, k=3)
    out.sum().backward()
    assert torch.equal(code.grad, (out != 0).float())


def test_layers_in_the_model_act_on_hidden_units_and_on_the_code():
    torch.manual_seed(0)
    model = net().train()
    model.slots("code").append(lambda model, code: REGULARIZERS["k_sparse"].function(model, code, k=2))
    assert ((model.encode(pixels()) != 0).sum(1) == 2).all()
    plain = model(pixels()).x_hat_BP
    assert torch.equal(model(pixels()).x_hat_BP, plain)
    model.slots("hidden").append(lambda model, h: REGULARIZERS["dropout"].function(model, h, p=0.5))
    assert not torch.equal(model(pixels()).x_hat_BP, plain)
    assert torch.equal(model.eval()(pixels()).x_hat_BP, plain)
