"""The autoencoder: shapes, initial weights, tied weights, normalization, output bias."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch
from nets import make_model, matrices_of
from torch import nn

from aecli.components.architecture.activations import ACTIVATIONS
from aecli.components.architecture.dense_network import inverse_output

DOCUMENT = (784, 128, 64, 32)
SMALL = (20, 12, 8, 5)


def net(widths=SMALL, *, seed=0, mean_image=None, **changes):
    config = {
        "activation": "relu",
        "code_activation": "relu",
        "output_activation": "sigmoid",
        "tied": False,
        "normalization": None,
        "init": "glorot_uniform",
        "output_bias": "zero",
    }
    mean_image = torch.full((widths[0],), 0.2) if mean_image is None else mean_image
    return make_model(SimpleNamespace(**config | changes), widths, seed, mean_image)


def pixels(count, width=20, seed=0):
    return torch.rand(count, width, generator=torch.Generator().manual_seed(seed))


def parameter_count(model):
    return sum(parameter.numel() for parameter in model.parameters())


# ------------------------------------------------------------ shapes and passes


@pytest.mark.parametrize("tied", [False, True], ids=["untied", "tied"])
@pytest.mark.parametrize("normalization", [None, "batch", "layer"])
@pytest.mark.parametrize("widths", [SMALL, (20, 5), (20, 8, 8, 8, 3)], ids=str)
def test_a_pass_has_the_shapes_of_code_and_image(widths, tied, normalization):
    model = net(widths, tied=tied, normalization=normalization)
    code, logits, x_hat, posterior = model(pixels(7))
    assert code.shape == (7, widths[-1]) and logits.shape == x_hat.shape == (7, 20)
    assert model.code_size == widths[-1] and posterior is None


def test_the_documents_net_has_its_number_of_parameters():
    assert parameter_count(net(DOCUMENT)) == 222_384
    assert parameter_count(net(DOCUMENT, tied=True)) == 222_384 - 784 * 128 - 128 * 64 - 64 * 32


def test_the_decoder_mirrors_the_encoder():
    model = net(DOCUMENT)
    assert [tuple(layer.weight.shape) for layer in model.encoder] == [(128, 784), (64, 128), (32, 64)]
    assert [tuple(layer.weight.shape) for layer in model.decoder] == [(64, 32), (128, 64), (784, 128)]
    assert [tuple(weight.shape) for weight in matrices_of(model)] == [
        (128, 784), (64, 128), (32, 64), (64, 32), (128, 64), (784, 128),
    ]  # fmt: skip


@pytest.mark.parametrize("code_activation", ["relu", "linear"])
def test_a_pass_equals_the_chain_of_matrix_products(code_activation):
    model = net(code_activation=code_activation, activation="tanh", init="torch")
    h = pixels(6).numpy()
    layers = [
        (layer.weight.detach().numpy(), layer.bias.detach().numpy()) for layer in (*model.encoder, *model.decoder)
    ]
    outputs = []
    for index, (weight, bias) in enumerate(layers):
        h = h @ weight.T + bias
        outputs.append(h)
        if index == 2:
            h = outputs[-1] = np.maximum(h, 0) if code_activation == "relu" else h
        elif index < 5:
            h = np.tanh(h)
    code, logits, x_hat = [part.detach().numpy() for part in model(pixels(6))[:3]]
    np.testing.assert_allclose(code, outputs[2], rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(logits, outputs[5], rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(x_hat, 1 / (1 + np.exp(-outputs[5])), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("tied", [False, True], ids=["untied", "tied"])
@pytest.mark.parametrize("normalization", [None, "batch", "layer"])
def test_decoding_the_code_equals_the_pass(tied, normalization):
    model = net(tied=tied, normalization=normalization).eval()
    x = pixels(6)
    assert torch.equal(model.decode(model.encode(x)), model(x).x_hat_BP)
    assert torch.equal(model.decode_logits(model.encode(x)), model(x).logits_BP)


@pytest.mark.parametrize("normalization", [None, "batch", "layer"])
def test_in_evaluation_an_image_does_not_depend_on_its_batch(normalization):
    model = net(normalization=normalization)
    model(pixels(64, seed=1))  # so that batch normalization has statistics
    model.eval()
    x = pixels(9)
    whole = model(x).x_hat_BP
    for size in (1, 4):
        parts = torch.cat([model(part).x_hat_BP for part in x.split(size)])
        torch.testing.assert_close(parts, whole, rtol=1e-5, atol=1e-6)
    torch.testing.assert_close(model(x.flip(0)).x_hat_BP.flip(0), whole, rtol=1e-5, atol=1e-6)


def test_one_layer_is_an_autoencoder_too_and_learns():
    model = net((20, 4), code_activation="linear")
    assert parameter_count(model) == 20 * 4 + 4 + 4 * 20 + 20
    x = pixels(30) > 0.5
    optimizer = torch.optim.Adam(model.parameters(), lr=0.05)
    values = []
    for _ in range(100):
        value = (model(x.float()).x_hat_BP - x.float()).square().mean()
        optimizer.zero_grad()
        value.backward()
        optimizer.step()
        values.append(value.item())
    assert values[-1] < 0.7 * values[0]


# --------------------------------------------------------------- initial weights


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


# ------------------------------------------------------------------ tied weights


def test_a_tied_decoder_uses_the_encoders_matrices_transposed():
    tied, untied = net(tied=True, init="torch"), net(init="torch")
    with torch.no_grad():
        for index in range(3):
            untied.encoder[index].load_state_dict(tied.encoder[index].state_dict())
            untied.decoder[index].weight.copy_(tied.encoder[2 - index].weight.T)
            untied.decoder[index].bias.copy_(tied.decoder[index].bias)
    x = pixels(6)
    torch.testing.assert_close(tied(x).logits_BP, untied(x).logits_BP)
    for model in (tied, untied):
        (model(x).x_hat_BP - x).square().mean().backward()
    for index in range(3):
        both = untied.encoder[index].weight.grad + untied.decoder[2 - index].weight.grad.T
        torch.testing.assert_close(tied.encoder[index].weight.grad, both)
        assert untied.decoder[2 - index].weight.grad.abs().sum() > 0
        torch.testing.assert_close(tied.decoder[index].bias.grad, untied.decoder[index].bias.grad)


def test_a_tied_decoder_has_biases_only():
    model = net(tied=True)
    assert [name for name, _ in model.named_parameters() if name.startswith("decoder")] == [
        "decoder.0.bias", "decoder.1.bias", "decoder.2.bias",
    ]  # fmt: skip
    assert len(matrices_of(model)) == 3


# ----------------------------------------------------------------- normalization


@pytest.mark.parametrize(("normalization", "kind"), [("batch", nn.BatchNorm1d), ("layer", nn.LayerNorm)])
def test_normalization_stands_before_the_activation_of_every_hidden_layer_and_nowhere_else(normalization, kind):
    model = net(normalization=normalization, activation="tanh", code_activation="linear")
    assert [type(module) for module in (*model.encoder_norms, *model.decoder_norms)] == [kind] * 4
    assert parameter_count(model) == parameter_count(net()) + 2 * (12 + 8 + 8 + 12)
    axis = 0 if normalization == "batch" else 1
    x = pixels(50)
    for layers, norms in [(model.encoder, model.encoder_norms), (model.decoder, model.decoder_norms)]:
        for layer, norm in zip(layers[:-1], norms, strict=True):
            x = norm(layer(x))
            torch.testing.assert_close(x.mean(axis), torch.zeros(x.shape[1 - axis]), atol=1e-5, rtol=0)
            torch.testing.assert_close(x.var(axis, correction=0), torch.ones(x.shape[1 - axis]), atol=1e-2, rtol=0)
            x = torch.tanh(x)
        x = layers[-1](x)
        if layers is model.encoder:
            torch.testing.assert_close(model(pixels(50)).code_BL, x)
    torch.testing.assert_close(model(pixels(50)).logits_BP, x)


def test_batch_normalization_uses_the_batch_in_training_and_running_statistics_in_use():
    model = net(normalization="batch")
    x = pixels(50)
    trained = model(x).x_hat_BP
    assert not torch.allclose(model.eval()(x).x_hat_BP, trained, atol=1e-4)
    assert not torch.equal(model.encoder_norms[0].running_mean, torch.zeros(12))


# ------------------------------------------------------------------- output bias


@pytest.mark.parametrize("output_activation", ["sigmoid", "linear", "tanh", "softplus", "relu"])
@pytest.mark.parametrize("tied", [False, True], ids=["untied", "tied"])
def test_the_output_starts_at_the_mean(output_activation, tied):
    mean_image = torch.linspace(0.01, 0.9, 20)
    for output_bias, expected in [("mean_image", mean_image), ("mean_pixel", mean_image.mean().expand(20))]:
        model = net(output_bias=output_bias, output_activation=output_activation, mean_image=mean_image, tied=tied)
        with torch.no_grad():
            (model.encoder[0] if tied else model.decoder[-1]).weight.zero_()
        torch.testing.assert_close(model(pixels(3)).x_hat_BP, expected.expand(3, 20), rtol=1e-4, atol=1e-6)


def test_the_output_bias_is_finite_where_the_mean_is_black_or_white():
    bias = inverse_output("sigmoid", torch.tensor([0.0, 1.0]))
    assert bias.tolist() == pytest.approx([-6.9067, 6.9067], abs=1e-3)
    for name in ACTIVATIONS:
        assert inverse_output(name, torch.tensor([0.0, 0.5, 1.0])).isfinite().all()


def test_without_an_output_bias_a_sigmoid_starts_at_one_half():
    model = net(output_bias="zero")
    with torch.no_grad():
        model.decoder[-1].weight.zero_()
    assert torch.equal(model(pixels(3)).x_hat_BP, torch.full((3, 20), 0.5))
