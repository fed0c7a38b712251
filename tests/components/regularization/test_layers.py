"""Regularizers of the forward pass: dropout and the largest code units."""

import numpy as np
import pytest
import torch
from small_nets import net, pixels

from aecli.components.regularization import layers
from aecli.evaluation.instruments.code_statistics import describe


def test_dropout_is_off_in_evaluation():
    model, h = net().eval(), torch.rand(5, 100)
    assert torch.equal(layers.dropout(model, h, p=0.5), h)


@pytest.mark.parametrize("p", [0.1, 0.4])
def test_dropout_switches_off_its_share_and_scales_the_rest_while_training(p):
    torch.manual_seed(0)
    h = 0.5 + torch.rand(200, 500)
    out = layers.dropout(net().train(), h, p=p)
    off = out == 0
    assert off.float().mean().item() == pytest.approx(p, abs=5 * (p * (1 - p) / h.numel()) ** 0.5)
    torch.testing.assert_close(out[~off], h[~off] / (1 - p))
    assert out.mean().item() == pytest.approx(h.mean().item(), rel=0.02)


@pytest.mark.parametrize("k", [1, 3, 7])
@pytest.mark.parametrize("training", [True, False], ids=["training", "evaluation"])
def test_k_sparse_keeps_the_k_largest_units_in_training_and_in_use(k, training):
    code = torch.randn(20, 8, generator=torch.Generator().manual_seed(0))
    out = layers.k_sparse(net().train(training), code, k=k)
    assert ((out != 0).sum(1) == k).all()
    kept = out != 0
    assert torch.equal(out[kept], code[kept])
    for image in range(20):
        assert code[image][kept[image]].min() > code[image][~kept[image]].max()


def test_k_sparse_keeps_exactly_k_units_where_many_are_equal():
    assert (layers.k_sparse(net(), torch.ones(4, 8), k=3).sum(1) == 3).all()


def test_kept_units_that_are_0_do_not_count_as_active():
    code = torch.relu(torch.randn(50, 30, generator=torch.Generator().manual_seed(0)) - 1.0)
    out = layers.k_sparse(net(), code, k=15).numpy()
    positive = (code > 0).sum(1).numpy()
    assert 0 < positive.mean() < 15, "most images have fewer than k units above 0"
    found = describe(out)
    assert found["active_per_image"] == pytest.approx(np.minimum(positive, 15).mean())
    assert found["exact_zeros"] == pytest.approx(1 - found["active_per_image"] / 30)
    assert describe(np.zeros((4, 3)))["active_per_image"] == 0


def test_the_gradient_of_k_sparse_goes_through_the_kept_units_only():
    code = torch.randn(6, 8, generator=torch.Generator().manual_seed(0)).requires_grad_()
    out = layers.k_sparse(net(), code, k=3)
    out.sum().backward()
    assert torch.equal(code.grad, (out != 0).float())


def test_layers_in_the_model_act_on_hidden_units_and_on_the_code():
    torch.manual_seed(0)
    model = net().train()
    model.slots("code").append(lambda model, code: layers.k_sparse(model, code, k=2))
    assert ((model.encode(pixels()) != 0).sum(1) == 2).all()
    plain = model(pixels()).x_hat_BP
    assert torch.equal(model(pixels()).x_hat_BP, plain)
    model.slots("hidden").append(lambda model, h: layers.dropout(model, h, p=0.5))
    assert not torch.equal(model(pixels()).x_hat_BP, plain)
    assert torch.equal(model.eval()(pixels()).x_hat_BP, plain)
