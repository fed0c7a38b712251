"""The generalization suite: differences by hand, MNIST's known errors, and awkward data."""

import json
import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from linear_nets import become_pca
from nets import matrices_of

from aecli.components.architecture.dense_network import Autoencoder
from aecli.components.data import load_dataset
from aecli.components.evaluation.metrics import METRICS, compute
from aecli.components.evaluation.per_image import QUANTITIES
from aecli.config.load import load_config
from aecli.evaluation.subject import Subject
from aecli.evaluation.suites.generalization import chosen_parts, measure
from aecli.training.build import prepare
from aecli.training.splits import Split, Splits, as_tensor


def linear_net(widths):
    net = {"activation": "linear", "code_activation": "linear", "output_activation": "linear"}
    return Autoencoder(widths, **net, tied=False, normalization=None).eval()


def make_subject(values, labels=None, *, shape=None, unit_range=True, code=2, cut=(0, 60, 80), **options):
    """A linear net with random weights on rows of an array: train, validation and test at the given cuts."""
    ends = [*cut, len(values)]
    parts = [
        Split(torch.as_tensor(values[a:b], dtype=torch.float32), None if labels is None else labels[a:b])
        for a, b in zip(ends, ends[1:], strict=False)
    ]
    splits = Splits(*parts, shape, unit_range, {"scaling": {}})
    torch.manual_seed(0)
    return Subject(linear_net([values.shape[1], code]), splits, None, **options)


@pytest.fixture
def values():
    return np.random.default_rng(0).random((120, 9))


@pytest.mark.parametrize("name", METRICS)
def test_every_metric_is_a_function_of_means_as_the_bootstrap_takes_it_to_be(name):
    rng = np.random.default_rng(0)
    errors = {quantity: rng.gamma(2.0, size=50) for quantity in QUANTITIES}
    means = {quantity: values.mean() for quantity, values in errors.items()}
    assert compute(means, [name]) == pytest.approx(compute(errors, [name]), rel=1e-12)


def test_values_and_differences_are_those_of_numpy(values):
    subject = make_subject(values)
    found = measure(subject).numbers["metrics"]["mse"]
    x = torch.as_tensor(values, dtype=torch.float32)
    with torch.no_grad():
        squared = ((subject.model(x).x_hat_BP - x) ** 2).mean(1).double().numpy()
    train, validation, test = squared[:60].mean(), squared[60:80].mean(), squared[80:].mean()
    assert (found["train"]["value"], found["test"]["value"]) == pytest.approx((train, test), rel=1e-6)
    assert found["test_minus_train"]["value"] == pytest.approx(test - train, rel=1e-4)
    assert found["test_minus_train_relative"]["value"] == pytest.approx((test - train) / train, rel=1e-4)
    assert found["validation_minus_train"]["value"] == pytest.approx(validation - train, rel=1e-4)
    spread = squared[80:].std() / math.sqrt(40)
    low, high = found["test"]["interval"]
    assert (low, high) == pytest.approx((test - 1.96 * spread, test + 1.96 * spread), abs=0.3 * spread)


def test_what_was_learnt_by_heart_shows_as_a_gap_and_pca_of_the_same_kind_takes_it_away():
    values = np.random.default_rng(0).random((300, 40))
    subject = make_subject(values, code=12, cut=(0, 20, 40))
    become_pca(subject)
    numbers = measure(subject).numbers
    gap = numbers["metrics"]["mse"]["test_minus_train"]
    assert gap["interval"][0] > 0.01
    assert numbers["pca_12"]["mse"]["test_minus_train"]["interval"] == pytest.approx(gap["interval"], rel=1e-4)
    assert numbers["beyond_pca"]["test_minus_train"]["value"] == pytest.approx(0.0, abs=1e-6)
    assert numbers["beyond_pca"]["test_minus_train_relative"]["interval"] == pytest.approx([0.0, 0.0], abs=1e-4)


def test_beyond_pca_is_the_models_gap_less_that_of_pca(values):
    numbers = measure(make_subject(values)).numbers
    for key in ("test_minus_train", "test_minus_train_relative"):
        expected = numbers["metrics"]["mse"][key]["value"] - numbers["pca_2"]["mse"][key]["value"]
        assert numbers["beyond_pca"][key]["value"] == pytest.approx(expected, rel=1e-9)


def test_validation_images_that_are_the_test_images_are_said_to_be_and_left_out(values):
    subject = make_subject(values)
    numbers = measure(subject).numbers
    assert numbers["validation_is_test"] is False and list(numbers["images"]) == ["train", "validation", "test"]
    subject = Subject(subject.model, replace(subject.splits, validation=subject.splits.test), None)
    numbers = measure(subject).numbers
    assert numbers["validation_is_test"] is True and numbers["images"] == {"train": 60, "test": 40}
    assert "validation" not in numbers["metrics"]["mse"] and "validation_minus_train" not in numbers["metrics"]["mse"]


def test_judging_the_validation_images_leaves_the_test_images_unseen(values):
    subject = make_subject(values, target_name="validation")
    numbers = measure(subject).numbers
    assert numbers["images"] == {"train": 60, "validation": 20} and "test" not in subject.per_image
    assert set(numbers["beyond_pca"]) == {"validation_minus_train", "validation_minus_train_relative"}
    assert chosen_parts("validation", is_test=True) == ["train", "validation"]


def test_a_class_that_only_the_test_images_find_hard_stands_out():
    rng = np.random.default_rng(0)
    labels = np.arange(600) % 3
    values = 0.5 + 0.01 * rng.standard_normal((600, 9))
    values[400:][labels[400:] == 2] += 0.3 * rng.standard_normal((9,))
    subject = make_subject(values, labels, cut=(0, 300, 400))
    become_pca(subject)
    gaps = measure(subject).numbers["per_class_mse"]
    assert list(gaps) == ["0", "1", "2"]
    assert gaps["2"]["difference"]["interval"][0] > 0.001 > gaps["1"]["difference"]["interval"][1]
    assert gaps["2"]["difference"]["value"] == pytest.approx(gaps["2"]["test"] - gaps["2"]["train"])


def test_the_same_numbers_at_every_call_whatever_was_drawn_before(values):
    labels = np.arange(120) % 2
    first = measure(make_subject(values, labels)).numbers
    np.random.default_rng().random(7), torch.rand(3)
    assert measure(make_subject(values, labels)).numbers == first


def test_pca_and_the_mean_image_of_mnist_have_the_known_errors():
    data = load_dataset("mnist", {})
    train, test = (Split(as_tensor(x, data.scaling), None) for x in (data.train_NP, data.test_NP))
    splits = Splits(
        train, test, test, image_shape=None, unit_range=True, description={"scaling": data.scaling}
    )  # no shape: no SSIM
    subject = Subject(linear_net([784, 32]), splits, None)
    with torch.no_grad():
        for weight in matrices_of(subject.model):
            weight.zero_()
        subject.model.decoder[0].bias.copy_(splits.mean_image_P)
    numbers = measure(subject).numbers
    assert numbers["validation_is_test"] and numbers["images"] == {"train": 60000, "test": 10000}
    assert round(numbers["metrics"]["mse"]["test"]["value"], 5) == 0.06747
    assert round(numbers["pca_32"]["mse"]["test"]["value"], 5) == 0.01683
    low, high = numbers["pca_32"]["mse"]["test"]["interval"]
    assert 0.0160 < low < 0.01683 < high < 0.0176


@pytest.mark.slow
def test_training_noise_is_no_part_of_the_comparison_but_spoilt_training_images_are_named(small):
    clean = load_config(small)
    prepared = prepare(clean)
    model = prepared.trainee.model
    plain = measure(Subject(model, prepared.splits, clean)).numbers
    noisy = load_config(small, set=["data.corruption.name=masking"])
    assert measure(Subject(model, prepare(noisy).splits, noisy)).numbers == plain
    spoilt = load_config(small, set=["data.contamination.name=salt_and_pepper"])
    numbers = measure(Subject(model, prepare(spoilt).splits, spoilt)).numbers
    assert numbers["train_contamination"] == "salt_and_pepper" and plain["train_contamination"] is None


AWKWARD = {
    "table": {"unit_range": False},
    "one class": {"labels": np.zeros(120, int)},
    "text labels": {"labels": np.array(["cat", "dog"] * 60)},
    "two images of a class": {"labels": np.array([0] * 118 + [1] * 2)},
    "one test image": {"cut": (0, 100, 119), "labels": np.arange(120) % 2},
    "more units than images": {"cut": (0, 4, 8), "code": 9},
}


@pytest.mark.parametrize("options", AWKWARD.values(), ids=AWKWARD)
def test_awkward_data_gives_numbers_and_a_picture(options, values):
    findings = measure(make_subject(values, **options))
    json.dumps(findings.numbers, allow_nan=False)
    assert findings.skill is None and set(findings.pictures) == {"generalization"}
    assert all(len(row) == len(findings.columns) <= 7 for row in findings.rows) and len(findings.rows) <= 15
    findings.pictures["generalization"].savefig("/dev/null", format="png")


def test_a_single_image_has_a_value_but_no_interval(values):
    found = measure(make_subject(values, cut=(0, 100, 119))).numbers["metrics"]["mse"]
    assert found["test"]["value"] > 0 and found["test"]["interval"] is None
    assert found["test_minus_train"]["interval"] is None and found["train"]["interval"] is not None


def test_colour_images_have_ssim_too():
    values = np.random.default_rng(0).random((70, 3 * 12 * 12))
    numbers = measure(make_subject(values, shape=(3, 12, 12), cut=(0, 40, 50))).numbers
    assert set(numbers["metrics"]) == set(METRICS)


@pytest.mark.filterwarnings("error")
def test_constant_pixels_that_are_learnt_exactly_give_no_infinite_number():
    subject = make_subject(np.full((90, 9), 0.5))
    with torch.no_grad():
        for weight in matrices_of(subject.model):
            weight.zero_()
        subject.model.decoder[0].bias.fill_(0.5)
    findings = measure(subject)
    json.dumps(findings.numbers, allow_nan=False)
    metrics = findings.numbers["metrics"]
    assert metrics["mse"]["test"] == {"value": 0.0, "interval": [0.0, 0.0]}
    assert metrics["psnr_db"]["test"] == metrics["fvu"]["test"] == {"value": None, "interval": None}
    assert metrics["mse"]["test_minus_train_relative"]["value"] is None
    findings.pictures["generalization"].savefig("/dev/null", format="png")
