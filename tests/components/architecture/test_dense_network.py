"""The dense autoencoder: shapes, tied weights, normalization, output bias."""

import numpy as np
import pytest
import torch
from dense_nets import DOCUMENT, SMALL, net, parameter_count, pixels
from nets import matrices_of
from torch import nn

from aecli.components.architecture.activations import ACTIVATIONS
from aecli.components.architecture.dense_network import inverse_output


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
