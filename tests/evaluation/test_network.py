"""The inside of a network: matrices, idle units, sizes counted by hand, and twins that nobody trained."""

import json

import numpy as np
import pytest
import torch
from torch import nn

from aecli.components.architecture.contract import Network
from aecli.components.architecture.dense_network import Autoencoder
from aecli.components.evaluation.suites import SUITES
from aecli.config.load import load_config
from aecli.evaluation.network import (
    decoder_values,
    idle_units,
    named_matrices,
    random_encoder,
    random_encoder_parts,
    untrained_twin,
    with_matrices,
)
from aecli.evaluation.subject import Subject
from aecli.training.build import prepare
from aecli.training.splits import Split, Splits


def make_net(*, tied=False, normalization=None):
    torch.manual_seed(0)
    names = {"activation": "relu", "code_activation": "linear", "output_activation": "sigmoid"}
    return Autoencoder([64, 12, 4], **names, tied=tied, normalization=normalization)


class Convolutional(Network):
    """One convolution each way: a network that shares nothing with dense ones but the contract."""

    output_activation = staticmethod(torch.sigmoid)

    def __init__(self):
        super().__init__()
        torch.manual_seed(0)
        self.encoder = nn.ModuleDict({"conv": nn.Conv2d(1, 2, 4, stride=4)})
        self.decoder = nn.ModuleDict({"spread": nn.Linear(18, 144), "smooth": nn.Conv2d(1, 1, 3, padding=1)})

    @property
    def code_size(self):
        return 18

    def encode(self, x_BP):
        return self.through("code", self.encoder["conv"](x_BP.view(-1, 1, 12, 12)).flatten(1))

    def decode_logits(self, code_BL):
        return self.decoder["smooth"](self.decoder["spread"](code_BL).view(-1, 1, 12, 12)).flatten(1)


def make_subject(config, **options):
    checked = load_config(config, **options)
    prepared = prepare(checked)
    return Subject(prepared.trainee.model, prepared.splits, checked)


@pytest.mark.parametrize("tied", [False, True], ids=["untied", "tied"])
def test_matrices_have_the_names_of_their_parameters_and_tied_ones_are_there_once(tied):
    model = make_net(tied=tied)
    matrices = named_matrices(model)
    names = ["encoder.0.weight", "encoder.1.weight", "decoder.0.weight", "decoder.1.weight"]
    assert list(matrices) == (names[:2] if tied else names)
    parameters = dict(model.named_parameters())
    assert all(matrix.data_ptr() == parameters[name].data_ptr() for name, matrix in matrices.items())


@pytest.mark.parametrize("tied", [False, True], ids=["untied", "tied"])
def test_units_without_an_incoming_weight_are_idle_in_tied_layers_too(tied):
    model = make_net(tied=tied)
    with torch.no_grad():
        model.encoder[0].weight[:, :5] = 0
        model.encoder[1].weight[2] = 0
    idle = {"encoder.0.weight": 0, "encoder.1.weight": 1, "decoder.0.weight": 0, "decoder.1.weight": 5 if tied else 0}
    assert idle_units(model) == idle


@pytest.mark.parametrize(
    ("tied", "normalization", "more"),
    [(False, None, 0), (True, None, 0), (False, "layer", 2 * 12), (False, "batch", 4 * 12)],
)
def test_a_decoder_is_counted_number_by_number(tied, normalization, more):
    expected = 4 * 12 + 12 + 12 * 64 + 64
    assert decoder_values(make_net(tied=tied, normalization=normalization)) == expected + more


def test_the_twin_of_a_seed_is_the_net_that_a_run_with_this_seed_starts_from(small):
    small["architecture"]["output_bias"] = "mean_image"
    subject, other = make_subject(small), make_subject(small, seed=9)
    twin = untrained_twin(subject, subject.config.seed).state_dict()
    assert all(torch.equal(value, twin[name]) for name, value in subject.model.state_dict().items())
    of_nine = named_matrices(untrained_twin(subject, 9))
    assert all(torch.equal(value, of_nine[name]) for name, value in named_matrices(other.model).items())


def test_a_random_encoder_does_to_its_code_what_the_model_does(small):
    subject = make_subject(small | {"regularization": [{"name": "k_sparse", "k": 2}]})
    model, x_BP = random_encoder(subject, 7), subject.target.batch(slice(0, 20))
    assert not model.training and (model.encode(x_BP) != 0).sum(1).max() == 2
    assert not torch.equal(model.encode(x_BP), random_encoder(subject, 8).encode(x_BP))


def test_what_changes_a_random_encoder_is_among_its_parts_and_penalties_are_not(small):
    plain = random_encoder_parts(make_subject(small))
    assert random_encoder_parts(make_subject(small | {"seed": 5, "regularization": ["l1"]})) == plain
    assert random_encoder_parts(make_subject(small, set=["architecture.activation=tanh"])) != plain
    assert random_encoder_parts(make_subject(small | {"regularization": [{"name": "k_sparse", "k": 2}]})) != plain


def test_kernels_are_rows_of_units_and_their_copies_are_changed_in_their_own_shape():
    model = Convolutional()
    matrices = named_matrices(model)
    assert {name: tuple(matrix.shape) for name, matrix in matrices.items()} == {
        "encoder.conv.weight": (2, 16),
        "decoder.spread.weight": (144, 18),
        "decoder.smooth.weight": (1, 9),
    }
    assert decoder_values(model) == 144 * 18 + 144 + 9 + 1
    other = with_matrices(model, {name: 2 * matrix.detach() for name, matrix in matrices.items()})
    assert torch.equal(other.encoder["conv"].weight, 2 * model.encoder["conv"].weight)
    with torch.no_grad():
        model.encoder["conv"].weight[1] = 0
    assert idle_units(model)["encoder.conv.weight"] == 1 and idle_units(other)["encoder.conv.weight"] == 0


@pytest.mark.parametrize("suite", [name for name in SUITES if name != "features"])
def test_every_suite_measures_a_network_that_is_not_dense(suite, monkeypatch, tmp_path):
    monkeypatch.setenv("AECLI_CACHE", str(tmp_path))
    values = torch.as_tensor(np.random.default_rng(0).integers(0, 256, (60, 144)), dtype=torch.uint8)
    splits = Splits(*(Split(values[i : i + 20], None) for i in (0, 20, 40)), (1, 12, 12), True, {"scaling": {}})
    found = SUITES[suite].function(Subject(Convolutional(), splits, None))
    json.dumps(found.numbers, allow_nan=False)
    assert found.rows and found.pictures
