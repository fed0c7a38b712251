"""The objective: the weighted sum of losses and penalties, its report, and the steps behind the optimizer."""

from types import SimpleNamespace as Spec

import pytest
import torch
from nets import make_model, matrices_of

from aecli.components.architecture.contract import Pass
from aecli.components.loss import LOSSES
from aecli.components.regularization import REGULARIZERS, Moment
from aecli.config.assemble import Anneal
from aecli.training.objective import Objective

CONFIG = Spec(
    activation="tanh",
    code_activation="sigmoid",
    output_activation="sigmoid",
    tied=False,
    normalization=None,
    init="torch",
    output_bias="zero",
)


def ramp():
    """10 in the first epoch, 20 in the second."""
    return Anneal(start=10.0, end=20.0, epochs=2)


def net():
    return make_model(CONFIG, (16, 8, 4), 0, torch.full((16,), 0.2))


def pixels(count=6, seed=0):
    return torch.rand(count, 16, generator=torch.Generator().manual_seed(seed))


def make(*losses, penalties=(), image_shape=(1, 4, 4)):
    return Objective(Spec(loss_terms=losses, regularization=penalties), image_shape)


def evaluate(objective, model, x, epoch=1, corrupted=None):
    seen = x if corrupted is None else corrupted
    loss, logged = objective(model, seen, x, model(seen), epoch)
    assert logged[0] == loss
    return loss, logged[1:]


def loss_value(name, output, x, **params):
    prediction = output.logits_BP if LOSSES[name].facts.from_logits else output.x_hat_BP
    return LOSSES[name].function(prediction, x, **params).mean()


# ------------------------------------------------------------------------- value


def test_one_loss_alone_is_its_mean_over_the_batch():
    model, x = net(), pixels()
    value, raw = evaluate(make(Spec(name="mse", weight=1.0)), model, x)
    assert value.item() == pytest.approx((model(x).x_hat_BP - x).square().mean().item())
    assert raw.tolist() == [value.item()]
    assert value.requires_grad and not raw.requires_grad


def test_the_objective_is_the_weighted_sum_of_its_terms():
    model, x = net(), pixels()
    objective = make(
        Spec(name="mse", weight=0.7),
        Spec(name="bce", weight=0.2),
        Spec(name="huber", weight=3.0, delta=0.05),
        penalties=[Spec(name="l2", weight=1e-3, parameters="weights"), Spec(name="activity_l1", weight=0.5)],
    )
    value, raw = evaluate(objective, model, x)
    output = model(x)
    by_hand = [
        loss_value("mse", output, x),
        loss_value("bce", output, x),
        loss_value("huber", output, x, delta=0.05),
        sum(weight.square().sum() for weight in matrices_of(model)),
        output.code_BL.abs().mean(),
    ]
    weights = [0.7, 0.2, 3.0, 1e-3, 0.5]
    assert objective.keys == ["loss.mse", "loss.bce", "loss.huber", "regularization.l2", "regularization.activity_l1"]
    assert raw.tolist() == pytest.approx([one.item() for one in by_hand])
    assert value.item() == pytest.approx(sum(w * one.item() for w, one in zip(weights, by_hand, strict=True)))


def test_the_gradient_is_that_of_the_weighted_sum():
    model, x = net(), pixels()
    penalties = [Spec(name="l2", weight=0.1, parameters="all")]
    value, _ = evaluate(make(Spec(name="mse", weight=2.0), penalties=penalties), model, x)
    parameters = list(model.parameters())
    gradients = torch.autograd.grad(value, parameters)
    output = model(x)
    expected = torch.autograd.grad(2 * loss_value("mse", output, x), parameters)
    for gradient, of_loss, parameter in zip(gradients, expected, parameters, strict=True):
        torch.testing.assert_close(gradient, of_loss + 0.2 * parameter.detach())


@pytest.mark.parametrize("name", [name for name in LOSSES if name != "ssim"])
def test_every_loss_works_in_an_objective_with_its_defaults(name):
    model, x = net(), pixels()
    defaults = {parameter.name: parameter.default for parameter in LOSSES[name].parameters}
    value, _ = evaluate(make(Spec(name=name, weight=1.0, **defaults)), model, x)
    expected = loss_value(name, model(x), x, **defaults)
    assert value.item() == pytest.approx(expected.item())


def test_a_loss_on_images_is_told_their_shape():
    x, x_hat = torch.rand(2, 3, 2 * 12 * 13, generator=torch.Generator().manual_seed(0))
    output = Pass(torch.zeros(3, 1), torch.logit(x_hat), x_hat)
    value, _ = make(Spec(name="ssim", weight=1.0), image_shape=(2, 12, 13))(None, x, x, output, 1)
    expected = LOSSES["ssim"].function(x_hat, x, image_shape=(2, 12, 13)).mean()
    assert value.item() == pytest.approx(expected.item())


@pytest.mark.parametrize("name", [name for name in REGULARIZERS if REGULARIZERS[name].facts.acts == "penalty"])
def test_every_penalty_works_in_an_objective_with_its_defaults(name):
    model, x = net(), pixels()
    defaults = {parameter.name: parameter.default for parameter in REGULARIZERS[name].parameters}
    objective = make(Spec(name="mse", weight=1.0), penalties=[Spec(name=name, weight=0.5, **defaults)])
    torch.manual_seed(0)
    value, raw = evaluate(objective, model, x)
    torch.manual_seed(0)
    penalty = REGULARIZERS[name].function(Moment(model, x, model(x).code_BL), **defaults)
    assert raw[1].item() == pytest.approx(penalty.item())
    assert value.item() == pytest.approx((raw[0] + 0.5 * penalty).item())


def test_denoising_compares_with_the_clean_target_and_penalties_see_the_corrupted_input():
    model, x, corrupted = net(), pixels(), pixels(seed=9)
    penalties = [Spec(name="contractive", weight=1.0, estimator="exact", probes=1)]
    _, raw = evaluate(make(Spec(name="mse", weight=1.0), penalties=penalties), model, x, corrupted=corrupted)
    assert raw[0].item() == pytest.approx((model(corrupted).x_hat_BP - x).square().mean().item())
    of_corrupted = REGULARIZERS["contractive"].function(Moment(model, corrupted, None), estimator="exact")
    assert raw[1].item() == pytest.approx(of_corrupted.item())


def test_the_value_does_not_depend_on_how_images_are_split_into_batches():
    model, x = net(), pixels(10)
    losses = [Spec(name="mse", weight=1.0), Spec(name="bce", weight=1.0)]
    penalties = [
        Spec(name="activity_l1", weight=1.0),
        Spec(name="l1", weight=1e-3, parameters="all"),
        Spec(name="contractive", weight=0.1, estimator="exact", probes=1),
        Spec(name="kl_sparsity", weight=1.0, rho=0.1),
    ]
    objective = make(*losses, penalties=penalties)
    _, whole = evaluate(objective, model, x)
    parts = [(len(part), evaluate(objective, model, part)[1]) for part in x.split([1, 6, 3])]
    together = sum(count * raw for count, raw in parts) / 10
    torch.testing.assert_close(together[:5], whole[:5])
    assert together[5] > 1.0001 * whole[5]  # its batch mean stands inside a convex function


# ------------------------------------------------------------------ names, report


def test_a_repeated_name_gets_a_number():
    objective = make(
        Spec(name="huber", weight=1.0, delta=0.1),
        Spec(name="huber", weight=1.0, delta=0.3),
        Spec(name="huber", weight=1.0, delta=0.5),
        Spec(name="mse", weight=1.0),
        penalties=[
            Spec(name="l2", weight=1.0, parameters="encoder"),
            Spec(name="l1_proximal", weight=1.0, parameters="weights"),
            Spec(name="l2", weight=1.0, parameters="decoder"),
        ],
    )
    assert objective.keys == [
        "loss.huber", "loss.huber#2", "loss.huber#3", "loss.mse", "regularization.l2", "regularization.l2#2",
    ]  # fmt: skip
    model, x = net(), pixels()
    _, raw = evaluate(objective, model, x)
    assert raw[0] < raw[1] < raw[2]
    report = objective.report(model, raw.tolist(), 1)
    assert list(report) == [*objective.keys, "regularization.l1_proximal"]


def test_the_report_has_raw_weight_product_and_shares_that_sum_to_one():
    model, x = net(), pixels()
    objective = make(
        Spec(name="mse", weight=2.0),
        penalties=[
            Spec(name="l2", weight=1e-3, parameters="all"),
            Spec(name="group_lasso", weight=1e-2, parameters="weights"),
        ],
    )
    value, raw = evaluate(objective, model, x)
    report = objective.report(model, raw.tolist(), 1)
    assert [report[key]["raw"] for key in objective.keys] == raw.tolist()
    groups = REGULARIZERS["group_lasso"].function(Moment(model, None, None)).item()
    assert report["regularization.group_lasso"]["raw"] == pytest.approx(groups)
    assert [row["weight"] for row in report.values()] == [2.0, 1e-3, 1e-2]
    for row in report.values():
        assert row["weighted"] == pytest.approx(row["raw"] * row["weight"])
    assert sum(row["share"] for row in report.values()) == pytest.approx(1.0)
    assert sum(report[key]["weighted"] for key in objective.keys) == pytest.approx(value.item())
    assert report["loss.mse"]["share"] == pytest.approx(2 * raw[0].item() / (value.item() + 1e-2 * groups))


def test_shares_are_of_sizes_where_a_term_is_negative():
    objective = make(Spec(name="continuous_bernoulli", weight=1.0), Spec(name="mse", weight=1.0))
    rows = objective.report(net(), [-3.0, 1.0], 1)
    assert [row["share"] for row in rows.values()] == [-0.75, 0.25]


def test_a_report_of_nothing_has_shares_of_zero():
    assert make(Spec(name="mse", weight=1.0)).report(net(), [0.0], 1)["loss.mse"]["share"] == 0.0


def test_a_report_leaves_the_weights_alone():
    model = net()
    before = torch.nn.utils.parameters_to_vector(model.parameters()).clone()
    objective = make(Spec(name="mse", weight=1.0), penalties=[Spec(name="l1_proximal", weight=1.0, parameters="all")])
    objective.report(model, [0.5], 1)
    assert torch.equal(torch.nn.utils.parameters_to_vector(model.parameters()), before)


# ----------------------------------------------------------------------- annealing


def test_annealed_weights_and_parameters_take_the_value_of_their_epoch():
    model, x = net(), pixels()
    objective = make(
        Spec(name="mse", weight=ramp()),
        Spec(name="charbonnier", weight=1.0, eps=ramp()),
        penalties=[Spec(name="activity_l1", weight=ramp())],
    )
    output = model(x)
    for epoch in (1, 2):
        value, raw = evaluate(objective, model, x, epoch)
        charbonnier = loss_value("charbonnier", output, x, eps=10.0 * epoch).item()
        assert raw[1].item() == pytest.approx(charbonnier)
        assert value.item() == pytest.approx(10 * epoch * (raw[0] + raw[2]).item() + charbonnier)
        report = objective.report(model, raw.tolist(), epoch)
        assert [row["weight"] for row in report.values()] == [10.0 * epoch, 1.0, 10.0 * epoch]


def test_an_annealed_step_takes_the_weight_of_its_epoch():
    objective = make(
        Spec(name="mse", weight=1.0), penalties=[Spec(name="weight_decay", weight=ramp(), parameters="weights")]
    )
    for epoch in (1, 2):
        model = net()
        objective.after_step(model, 1e-3, epoch)
        torch.testing.assert_close(matrices_of(model)[0], matrices_of(net())[0] * (1 - 1e-2 * epoch))


# --------------------------------------------------------- steps and forward layers


def test_steps_change_the_weights_in_place_by_rate_times_weight_and_stay_out_of_the_gradient():
    model, x = net(), pixels()
    penalties = [
        Spec(name="weight_decay", weight=0.5, parameters="weights"),
        Spec(name="l1_proximal", weight=0.1, parameters="encoder"),
    ]
    objective = make(Spec(name="mse", weight=1.0), penalties=penalties)
    assert objective.keys == ["loss.mse"]
    value, raw = evaluate(objective, model, x)
    assert value.item() == raw.item()
    before = [weight.detach().clone() for weight in matrices_of(model)]
    leaves = matrices_of(model)
    objective.after_step(model, 0.2, 1)
    assert all(one is other for one, other in zip(leaves, matrices_of(model), strict=True))
    assert all(weight.is_leaf and weight.requires_grad and weight.grad_fn is None for weight in leaves)
    for index, (old, new) in enumerate(zip(before, leaves, strict=True)):
        decayed = 0.9 * old  # first the first of the list, then the second
        shrunk = decayed.sign() * (decayed.abs() - 0.02).clamp(min=0)
        torch.testing.assert_close(new.detach(), shrunk if index < 2 else decayed)
    evaluate(objective, model, x)[0].backward()


def test_layers_of_the_config_act_in_the_models_forward_pass():
    model, x = net(), pixels()
    objective = make(
        Spec(name="mse", weight=1.0),
        penalties=[
            Spec(name="k_sparse", k=2),
            Spec(name="dropout", p=0.3),
            Spec(name="l2", weight=1.0, parameters="all"),
        ],
    )
    assert objective.keys == ["loss.mse", "regularization.l2"]
    plain = model.eval()(x).x_hat_BP
    objective.attach(model)
    assert (len(model.slots("hidden")), len(model.slots("code"))) == (1, 1)
    assert ((model.encode(x) != 0).sum(1) == 2).all()
    assert not torch.equal(model(x).x_hat_BP, plain)
    model.train()
    torch.manual_seed(0)
    assert not torch.equal(model(x).x_hat_BP, model(x).x_hat_BP)
    hidden = model.hidden(torch.ones(1000))
    assert (hidden == 0).float().mean().item() == pytest.approx(0.3, abs=0.1)
    assert hidden.max().item() == pytest.approx(torch.tanh(torch.tensor(1.0)).item() / 0.7)
