"""The code suite: PCA as its own measure, and codes that are dead, constant, or hardly there."""

import json
import math

import numpy as np
import pytest
import torch

from aecli.components.architecture.dense_network import Autoencoder
from aecli.components.evaluation.suites import Skipped
from aecli.evaluation.instruments.code_statistics import describe
from aecli.evaluation.subject import Subject
from aecli.evaluation.suites.code import measure
from aecli.training.splits import Split, Splits


def make_subject(values, code=4, *, activation="linear", shape=None):
    """A net with one layer each way and random weights; the last third of the rows is the test split."""
    third = len(values) // 3
    parts = [Split(torch.as_tensor(values[i : i + third], dtype=torch.float32), None) for i in (0, third, 2 * third)]
    torch.manual_seed(0)
    net = {"activation": "linear", "code_activation": activation, "output_activation": "linear"}
    model = Autoencoder([values.shape[1], code], **net, tied=False, normalization=None)
    return Subject(model.eval(), Splits(*parts, shape, True, {"scaling": {}}), None)


@pytest.fixture
def values():
    return np.random.default_rng(0).random((150, 9))


def test_a_net_that_is_pca_has_skill_1_and_a_constant_code_skill_0(values):
    subject = make_subject(values)
    pca = subject.pca()
    with torch.no_grad():
        subject.model.encoder[0].weight.copy_(pca.components_KP)
        subject.model.encoder[0].bias.copy_(-pca.components_KP @ pca.mean_P)
    findings = measure(subject)
    assert findings.skill == pytest.approx(1.0, rel=1e-5)
    code, of_pca = findings.numbers["code"], findings.numbers["pca_4"]
    assert code["effective_dimension"] == pytest.approx(of_pca["effective_dimension"], rel=1e-5)
    assert code["hoyer_per_image"] == pytest.approx(of_pca["hoyer_per_image"], rel=1e-4)
    with torch.no_grad():
        subject.model.encoder[0].weight.zero_()
    subject.known_codes.clear()
    assert measure(subject).skill == 0.0


def test_pcas_code_on_its_own_training_images_is_uncorrelated(values):
    subject = make_subject(values)
    subject.splits = Splits(*[subject.train] * 3, None, True, {"scaling": {}})
    of_pca = measure(subject).numbers["pca_4"]
    assert of_pca["mean_abs_correlation"] < 1e-4 and of_pca["effective_dimension_standardised"] == pytest.approx(4)
    variances = np.linalg.eigvalsh(np.cov(values[:50].T))[-4:]
    assert of_pca["effective_dimension"] == pytest.approx(variances.sum() ** 2 / (variances**2).sum(), rel=1e-4)


def test_the_judged_images_are_those_of_the_target(values):
    subject = make_subject(values, activation="relu")
    with torch.no_grad():
        code = subject.model.encode(torch.as_tensor(values[50:100], dtype=torch.float32)).double().numpy()
    assert measure(Subject(subject.model, subject.splits, None, "validation")).numbers["code"] == pytest.approx(
        describe(code), rel=1e-5
    )
    assert measure(subject).numbers["code"]["effective_dimension"] != pytest.approx(
        describe(code)["effective_dimension"], rel=1e-5
    )


def test_the_same_numbers_at_every_call(values):
    assert measure(make_subject(values)).numbers == measure(make_subject(values)).numbers


def test_a_code_that_is_not_finite_is_skipped_with_a_reason(values):
    subject = make_subject(values)
    with torch.no_grad():
        subject.model.encoder[0].bias[1] = math.nan
    with pytest.raises(Skipped, match="not finite; judge another checkpoint"):
        measure(subject)


def kill_all(model):
    model.encoder[0].bias.fill_(-100.0)


def kill_all_but_one(model):
    model.encoder[0].bias[1:] = -100.0
    model.encoder[0].bias[0] = 100.0


AWKWARD = {
    "all dead": ({}, kill_all),
    "one alive": ({}, kill_all_but_one),
    "one unit": ({"code": 1}, None),
    "more units than images": ({"code": 300}, None),
}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(("options", "spoil"), AWKWARD.values(), ids=AWKWARD)
def test_awkward_codes_give_numbers_and_pictures(options, spoil, values):
    subject = make_subject(values, activation="relu", **options)
    if spoil:
        with torch.no_grad():
            spoil(subject.model)
    check(measure(subject))


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("rows", [3, 6], ids=["one image each", "two images each"])
def test_hardly_any_images_give_numbers_and_pictures(rows, values):
    check(measure(make_subject(values[:rows])))


@pytest.mark.filterwarnings("error")
def test_constant_pixels_give_numbers_without_a_skill():
    findings = measure(make_subject(np.full((60, 9), 0.5)))
    check(findings)
    assert findings.skill is None and findings.numbers["code"]["alive"] == 0


def check(findings):
    json.dumps(findings.numbers, allow_nan=False)
    assert all(len(row) == len(findings.columns) <= 7 for row in findings.rows) and len(findings.rows) <= 15
    expected = {"code_units"} | ({"code_correlation"} if findings.numbers["code"]["alive"] > 1 else set())
    assert set(findings.pictures) == expected
    for figure in findings.pictures.values():
        figure.savefig("/dev/null", format="png")
