"""The sparsity suite: formulas by hand, pruning against torch.nn.utils.prune, the model untouched, and awkward nets."""

import copy
import json
import math

import numpy as np
import pytest
import torch
from nets import make_model, matrices_of
from torch.nn.utils import prune as reference

from aecli.components.architecture.dense_network import Autoencoder
from aecli.components.data import load_dataset
from aecli.config.load import load_config
from aecli.evaluation.instruments.pruning import prune, ranked
from aecli.evaluation.network import named_matrices
from aecli.evaluation.subject import Subject
from aecli.evaluation.suites.sparsity import (
    SHARES,
    baseline_mse,
    describe,
    measure,
    pruned_mse,
)
from aecli.training.build import prepare
from aecli.training.splits import Split, Splits, as_tensor

LINEAR = {"activation": "linear", "code_activation": "linear", "output_activation": "linear", "normalization": None}


def make_subject(values, widths, *, tied=False, **net):
    """A net with random weights on rows of an array, half of them to train on."""
    half = len(values) // 2
    train, test = (Split(torch.as_tensor(part, dtype=torch.float32), None) for part in (values[:half], values[half:]))
    torch.manual_seed(0)
    model = Autoencoder([values.shape[1], *widths], **{**LINEAR, **net}, tied=tied)
    return Subject(
        model.eval(), Splits(train, test, test, image_shape=None, unit_range=True, description={"scaling": {}}), None
    )


@pytest.fixture
def subject():
    return make_subject(np.random.default_rng(0).random((80, 12)), [6, 3], activation="relu")


@pytest.fixture
def real(small):
    """An untrained net on MNIST, with its config."""
    config = load_config(small)
    prepared = prepare(config)
    return Subject(prepared.trainee.model, prepared.splits, config)


def mse_of(model, subject):
    x = subject.target.batch(slice(None))
    with torch.no_grad():
        return float((model(x).x_hat_BP - x).square().double().mean())


def test_weights_are_described_by_hand_computed_numbers():
    found = describe([torch.tensor([[0.0, -9e-4], [0.5, -2.0]]), torch.tensor([[0.0, 0.0, 1.0, 0.0]])])
    assert (found["weights"], found["exact_zeros"], found["small"]) == (8, 0.5, 0.625)
    assert (found["sum_abs"], found["sum_squares"]) == pytest.approx((3.5009, 5.25000081), rel=1e-6)
    assert found["hoyer"] == pytest.approx((math.sqrt(8) - 3.5009 / math.sqrt(5.25)) / (math.sqrt(8) - 1), rel=1e-5)


@pytest.mark.parametrize("share", SHARES)
def test_pruning_over_all_matrices_is_that_of_torch(share, subject):
    matrices = named_matrices(subject.model)
    pruned = prune(matrices, ranked(matrices), share)
    other = copy.deepcopy(subject.model)
    layers = [(layer, "weight") for layer in (*other.encoder, *other.decoder)]
    count = math.ceil(round(share * sum(weight.numel() for weight in matrices.values()), 9))
    if count:
        reference.global_unstructured(layers, pruning_method=reference.L1Unstructured, amount=count)
    assert all(torch.equal(a, layer.weight) for a, (layer, _) in zip(pruned.values(), layers, strict=True))
    assert pruned_mse(subject, pruned) == pytest.approx(mse_of(other, subject), rel=1e-6)


def test_pruning_by_layer_takes_the_same_share_of_each(subject):
    curve = measure(subject).numbers["pruning"]
    other = copy.deepcopy(subject.model)
    for layer in (*other.encoder, *other.decoder):
        reference.l1_unstructured(layer, "weight", layer.weight.numel() // 2)
    assert curve["by_layer"][SHARES.index(0.5)] == pytest.approx(mse_of(other, subject), rel=1e-6)
    assert curve["global"][SHARES.index(0.5)] != curve["by_layer"][SHARES.index(0.5)]
    assert curve["shares"] == list(SHARES) and len(curve["global"]) == len(curve["by_layer"]) == len(SHARES)


def test_the_skill_is_that_of_the_error_with_half_of_the_weights_pruned(subject):
    findings = measure(subject)
    mean_image, pca = findings.numbers["baselines"].values()
    pruned = findings.numbers["pruning"]["global"][5]
    assert findings.skill == pytest.approx((mean_image - pruned) / (mean_image - pca))


@pytest.mark.parametrize(
    "options", [{}, {"tied": True}, {"normalization": "batch"}], ids=["plain", "tied", "batch norm"]
)
def test_the_model_is_left_bitwise_as_it_was(options):
    subject = make_subject(np.random.default_rng(0).random((80, 12)), [6, 3], **options)
    model = subject.model
    before = {name: value.clone() for name, value in model.state_dict().items()}
    tensors = {
        name: (id(parameter), parameter.data_ptr(), parameter.requires_grad)
        for name, parameter in model.named_parameters()
    }
    measure(subject)
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())
    assert tensors == {
        name: (id(parameter), parameter.data_ptr(), parameter.requires_grad)
        for name, parameter in model.named_parameters()
    }
    assert not model.training


def test_the_model_is_left_as_it_was_by_an_evaluation_that_is_killed(subject):
    before = {name: value.clone() for name, value in subject.model.state_dict().items()}

    def fail(model, h):
        raise KeyboardInterrupt

    subject.model.slots("hidden").append(fail)
    matrices = named_matrices(subject.model)
    with pytest.raises(KeyboardInterrupt):
        pruned_mse(subject, prune(matrices, ranked(matrices), 0.9))
    assert all(torch.equal(value, before[name]) for name, value in subject.model.state_dict().items())


def test_the_error_without_pruning_is_that_of_the_model_bit_for_bit(real):
    expected = real.metrics(real.reconstruct(real.target), ["mse"])["mse"]
    assert measure(real).numbers["pruning"]["global"][0] == expected


def test_a_net_that_is_pca_with_half_of_its_weights_zero_has_skill_1():
    rng = np.random.default_rng(0)
    values = np.concatenate([rng.random((100, 6)), np.full((100, 6), 0.5)], axis=1)  # half of the pixels carry nothing
    subject = make_subject(values, [3])
    pca = subject.pca()
    with torch.no_grad():
        weight = pca.components_KP * (torch.arange(12) < 6)
        subject.model.encoder[0].weight.copy_(weight)
        subject.model.encoder[0].bias.copy_(-weight @ pca.mean_P)
        subject.model.decoder[0].weight.copy_(weight.T)
        subject.model.decoder[0].bias.copy_(pca.mean_P)
    findings = measure(subject)
    assert findings.numbers["all_matrices"]["exact_zeros"] == 0.5
    assert findings.skill == pytest.approx(1.0, abs=1e-5)
    assert findings.numbers["prunable_share"]["global"] >= 0.5
    assert findings.numbers["layers"]["decoder.0.weight"]["units_without_input"] == 6
    with torch.no_grad():
        for matrix in matrices_of(subject.model):
            matrix.zero_()
    assert measure(subject).skill == pytest.approx(0.0, abs=1e-6)


def test_tied_matrices_are_counted_once_and_pruned_in_both_places():
    subject = make_subject(np.random.default_rng(0).random((80, 12)), [6, 3], tied=True)
    with torch.no_grad():
        subject.model.encoder[0].weight[:, :5] = 0
        subject.model.encoder[1].weight[2] = 0
    numbers = measure(subject).numbers
    assert numbers["all_matrices"]["weights"] == 12 * 6 + 6 * 3
    assert numbers["layers"]["decoder.1.weight"] == {"tied": True, "units_without_input": 5}
    assert [layer["units_without_input"] for layer in numbers["layers"].values()] == [0, 1, 0, 5]
    assert numbers["all_matrices"]["units_without_input"] == 6
    other = copy.deepcopy(subject.model)
    reference.global_unstructured(
        [(layer, "weight") for layer in other.encoder], pruning_method=reference.L1Unstructured, amount=45
    )
    assert numbers["pruning"]["global"][SHARES.index(0.5)] == pytest.approx(mse_of(other, subject), rel=1e-6)


def test_the_weights_at_initialisation_are_those_the_run_started_from(real, small):
    numbers = measure(real).numbers
    assert numbers["at_initialisation"]["all_parameters"] == pytest.approx(numbers["all_parameters"])
    other = measure(Subject(real.model, real.splits, load_config(small, seed=9))).numbers
    assert other["at_initialisation"]["all_matrices"]["sum_abs"] != numbers["all_matrices"]["sum_abs"]


def test_the_sums_of_the_reference_net_at_glorot_initialisation_are_the_known_ones():
    model = make_model(load_config("keras.yaml").architecture, [784, 128, 64, 32], 0, torch.zeros(784))
    found = describe(list(model.parameters()))
    assert found["weights"] == 222_384
    assert (found["sum_abs"], found["sum_squares"]) == (pytest.approx(1e4, rel=0.02), pytest.approx(700, rel=0.02))


def test_the_baselines_of_mnist_are_the_known_ones():
    data = load_dataset("mnist", {})
    train, test = (Split(as_tensor(x, data.scaling), None) for x in (data.train_NP, data.test_NP))
    model = Autoencoder([784, 32], **LINEAR, tied=False)
    subject = Subject(
        model, Splits(train, test, test, (1, 28, 28), unit_range=True, description={"scaling": data.scaling}), None
    )
    assert {name: round(value, 5) for name, value in baseline_mse(subject).items()} == {
        "mean_image": 0.06747,
        "pca_32": 0.01683,
    }


def test_the_same_numbers_at_every_call(subject):
    assert measure(subject).numbers == measure(subject).numbers


def zero_everything(model):
    for parameter in model.parameters():
        parameter.zero_()


AWKWARD = {
    "one hidden unit": (12, [1], None),
    "one pixel": (1, [1], None),
    "all weights zero": (12, [6, 3], zero_everything),
    "deep": (12, [10, 9, 8, 7, 6, 5, 4, 3], None),
    "wider than the data": (5, [40], None),
}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(("size", "widths", "spoil"), AWKWARD.values(), ids=AWKWARD)
def test_awkward_nets_give_numbers_and_a_picture(size, widths, spoil):
    subject = make_subject(np.random.default_rng(0).random((60, size)), widths)
    if spoil:
        with torch.no_grad():
            spoil(subject.model)
    check(measure(subject))


@pytest.mark.filterwarnings("error")
def test_constant_pixels_give_numbers_without_a_skill():
    findings = measure(make_subject(np.full((60, 9), 0.5), [3]))
    check(findings)
    assert findings.skill is None


def check(findings):
    json.dumps(findings.numbers, allow_nan=False)
    assert all(len(row) == len(findings.columns) <= 7 for row in findings.rows) and len(findings.rows) <= 15
    assert findings.numbers["at_initialisation"] is None and set(findings.pictures) == {"pruning"}
    findings.pictures["pruning"].savefig("/dev/null", format="png")
