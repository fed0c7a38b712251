"""Initial weights of the dense network: their kinds, their seed, and what nets of other widths share."""

import pytest
import torch
from dense_nets import DOCUMENT, net
from nets import matrices_of
from torch import nn


@pytest.mark.parametrize(
    ("init", "variance", "bound"),
    [
        ("glorot_uniform", lambda i, o: 2 / (i + o), lambda i, o: (6 / (i + o)) ** 0.5),
        ("glorot_normal", lambda i, o: 2 / (i + o), lambda i, o: 2 * (2 / (i + o)) ** 0.5 / 0.8796256610342398),
        ("he_uniform", lambda i, o: 2 / i, lambda i, o: (6 / i) ** 0.5),
        ("he_normal", lambda i, o: 2 / i, lambda i, o: 2 * (2 / i) ** 0.5 / 0.8796256610342398),
        ("torch", lambda i, o: 1 / (3 * i), lambda i, o: i**-0.5),
    ],
    ids=["glorot_uniform", "glorot_normal", "he_uniform", "he_normal", "torch"],
)
def test_initial_weights_have_the_bound_and_the_variance_of_their_kind(init, variance, bound):
    model = net(DOCUMENT, init=init)
    for layer in (*model.encoder, *model.decoder):
        fan = layer.in_features, layer.out_features
        largest = layer.weight.abs().max().item()
        assert 0.98 * bound(*fan) < largest <= bound(*fan) * 1.000001
        error = 5 * (2 / layer.weight.numel()) ** 0.5
        assert layer.weight.var().item() == pytest.approx(variance(*fan), rel=error)
        assert layer.weight.mean().item() == pytest.approx(0, abs=5 * (variance(*fan) / layer.weight.numel()) ** 0.5)


@pytest.mark.parametrize("init", ["glorot_normal", "he_normal"])
def test_normal_weights_are_bell_shaped_and_uniform_ones_are_not(init):
    def share_near_zero(kind):
        weight = net(DOCUMENT, init=kind).encoder[0].weight
        return (weight.abs() < weight.abs().max() / 2).float().mean().item()

    assert share_near_zero(init) == pytest.approx(0.6827 / 0.9545, abs=0.01)  # one of two standard deviations
    assert share_near_zero(init.replace("normal", "uniform")) == pytest.approx(0.5, abs=0.01)


@pytest.mark.parametrize("init", ["glorot_uniform", "glorot_normal", "he_uniform", "he_normal"])
def test_initial_biases_are_zero(init):
    model = net(init=init)
    assert all(layer.bias.abs().sum() == 0 for layer in (*model.encoder, *model.decoder))


def test_torch_init_has_the_bounds_of_a_torch_linear_layer():
    model = net(DOCUMENT, init="torch")
    torch.manual_seed(0)
    for layer in (*model.encoder, *model.decoder):
        theirs = nn.Linear(layer.in_features, layer.out_features)
        assert layer.weight.abs().max().item() == pytest.approx(theirs.weight.abs().max().item(), rel=0.02)
        assert 0.7 * theirs.bias.abs().max() < layer.bias.abs().max() <= layer.in_features**-0.5


def test_the_penalties_of_the_documents_net_have_their_known_size_at_the_start():
    model = net(DOCUMENT)
    assert sum(weight.abs().sum() for weight in model.parameters()).item() == pytest.approx(1.0e4, rel=0.02)
    assert sum(weight.square().sum() for weight in model.parameters()).item() == pytest.approx(700, rel=0.02)


def test_the_seed_alone_decides_the_initial_weights():
    torch.manual_seed(1)
    first = net(init="torch")
    torch.manual_seed(2)
    for one, other in zip(first.parameters(), net(init="torch").parameters(), strict=True):
        assert torch.equal(one, other)
    for one, other in zip(first.parameters(), net(init="torch", seed=1).parameters(), strict=True):
        assert not (one == other).any()


@pytest.mark.parametrize(
    ("widths", "changes"),
    [
        ((784, 128, 32), {}),
        ((784, 64, 32), {}),
        ((784, 128, 64, 16), {}),
        ((784, 128, 64, 32, 8), {}),
        (DOCUMENT, {"tied": True}),
        (DOCUMENT, {"normalization": "batch", "activation": "tanh", "code_activation": "linear"}),
        (DOCUMENT, {"output_bias": "mean_pixel"}),
    ],
    ids=str,
)
def test_layers_of_equal_shape_start_equal_in_different_nets(widths, changes):
    one, other = net(DOCUMENT), net(widths, **changes)
    shared = 0
    for part in ("encoder", "decoder"):
        weights = {layer.weight.shape: layer.weight for layer in getattr(one, part)}
        for layer in getattr(other, part):
            if layer.weight is not None and layer.weight.shape in weights:
                assert torch.equal(layer.weight, weights[layer.weight.shape])
                shared += 1
    assert shared >= 2


def test_layers_of_one_net_start_different_even_where_their_shapes_are_equal():
    weights = matrices_of(net((16, 16, 16, 16)))
    for index, one in enumerate(weights):
        for other in weights[index + 1 :]:
            assert not torch.equal(one, other) and not torch.equal(one, other.T)
