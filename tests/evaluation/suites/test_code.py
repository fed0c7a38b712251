"""The code suite: formulas by hand and against numpy, PCA as its own measure, and codes that are dead or constant."""

import json
import math

import numpy as np
import pytest
import torch

from aecli.components.architecture.dense_network import Autoencoder
from aecli.components.evaluation.suites import Skipped
from aecli.evaluation.subject import Subject
from aecli.evaluation.suites.code import (
    alive_units,
    correlate,
    describe,
    describe_units,
    dimensions_for,
    histogram,
    judge,
    largest_pair,
    lifetime_sparsity,
    participation_ratio,
    spectrum,
)
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


@pytest.fixture
def code():
    """Correlated units of different size."""
    rng = np.random.default_rng(0)
    return rng.standard_normal((200, 6)) @ rng.standard_normal((6, 6)) * [1, 2, 3, 4, 5, 6] + 1


@pytest.mark.parametrize(
    ("variances", "expected"),
    [([3, 0, 0], 1), ([2, 2, 2], 3), ([1, 0.5], 1.8), ([1e-200, 1e-200], 2), ([0, 0], 0), ([], 0)],
)
def test_the_participation_ratio_is_that_of_the_formula(variances, expected):
    assert participation_ratio(np.array(variances, float)) == pytest.approx(expected)


def test_the_effective_dimension_is_that_of_numpys_covariance(code):
    variances = np.linalg.eigvalsh(np.cov(code.T))
    found = describe(code)
    assert found["effective_dimension"] == pytest.approx(variances.sum() ** 2 / (variances**2).sum(), rel=1e-10)
    of_units = np.linalg.eigvalsh(np.corrcoef(code.T))
    assert found["effective_dimension_standardised"] == pytest.approx(36 / (of_units**2).sum(), rel=1e-10)
    assert spectrum(code) == pytest.approx(variances[::-1] * 199 / 200)


def test_the_effective_dimension_of_standardised_units_does_not_know_their_scale(code):
    first, second = describe(code), describe(code * [10, 1, 1, 1, 1, 0.1])
    assert first["effective_dimension_standardised"] == pytest.approx(
        second["effective_dimension_standardised"], rel=1e-9
    )
    assert first["effective_dimension"] != pytest.approx(second["effective_dimension"], rel=0.1)


@pytest.mark.parametrize(("share", "expected"), [(0.5, 1), (0.8, 1), (0.81, 2), (0.9, 2), (0.99, 3), (1.0, 3)])
def test_the_dimensions_for_a_share_of_the_variance_are_the_fewest_that_hold_it(share, expected):
    assert dimensions_for(share, np.array([8.0, 1.0, 1.0])) == expected


def test_rounding_asks_for_no_dimension_too_many():
    assert [dimensions_for(count / 10, np.full(10, 0.1)) for count in range(1, 11)] == list(range(1, 11))


def test_lifetime_sparsity_is_that_of_the_formula():
    unit = np.array([1.0, 2.0, 0.0, 0.0])
    a = (3 / 4) ** 2 / (5 / 4)
    signs, none = np.array([1, -1, 1, -1]), np.zeros(4)
    found = lifetime_sparsity(np.stack([unit, -unit, 7 * unit * signs, signs, np.eye(4)[0], none], axis=1))
    expected = (1 - a) / (1 - 1 / 4)
    assert found[:5] == pytest.approx([expected, expected, expected, 0, 1]) and math.isnan(found[5])


def test_correlations_are_those_of_numpy_and_the_largest_pair_is_found(code):
    code[:, 4] = -code[:, 1] + 0.01 * code[:, 0]
    correlation = correlate(code)
    assert correlation == pytest.approx(np.corrcoef(code.T), abs=1e-12)
    pair = largest_pair(correlation, np.arange(6) * 10)
    assert pair["units"] == [10, 40] and -1 <= pair["correlation"] < -0.99
    pairs = np.abs(correlation[np.triu_indices(6, 1)])
    found = describe(code)
    assert (found["mean_abs_correlation"], found["max_abs_correlation"]) == pytest.approx((pairs.mean(), pairs.max()))


def test_sparsity_counts_zeros_and_takes_the_mean_of_hoyer_over_the_images_that_have_a_code():
    code = np.array([[3.0, 0, 0, 0], [1, 1, 1, 1], [0, 0, 0, 0], [1, 1, 0, 0]])
    found = describe(code)
    assert found["exact_zeros"] == 9 / 16 and found["images_with_empty_code"] == 1
    assert found["hoyer_per_image"] == pytest.approx((1 + 0 + (2 - math.sqrt(2))) / 3)


def test_units_that_do_not_move_are_dead_and_leave_no_infinite_number(code):
    code[:, 1], code[:, 3] = 0.0, 5.0
    code[0, 3] += 1e-7
    found, alone = describe(code), describe(code[:, [0, 2, 4, 5]])
    assert alive_units(code).tolist() == [0, 2, 4, 5] and found["alive"] == 4
    for key in ("effective_dimension", "mean_abs_correlation", "lifetime_sparsity", "effective_dimension_standardised"):
        assert found[key] == pytest.approx(alone[key])
    units = describe_units(code)
    assert units["alive"] == [True, False, True, False, True, True] and units["lifetime_sparsity"][1] is None
    assert units["exact_zeros"][:2] == [0.0, 1.0] and units["min"][3] == 5.0
    assert units["mean"] == pytest.approx(code.mean(0)) and units["sd"] == pytest.approx(code.std(0))
    json.dumps([found, units], allow_nan=False)


@pytest.mark.parametrize("noise", [0.0, 1e-9], ids=["exact", "rounded"])
@pytest.mark.parametrize("level", [0.0, 2.5])
def test_a_constant_code_has_no_dimension(level, noise):
    found = describe(level + noise * np.random.default_rng(0).standard_normal((30, 4)))
    assert (found["alive"], found["effective_dimension"], found["effective_dimension_standardised"]) == (0, 0.0, 0.0)
    assert (found["dimensions_90"], found["mean_abs_correlation"], found["lifetime_sparsity"]) == (0, None, None)


def test_the_histogram_counts_every_value_once():
    code = np.maximum(np.random.default_rng(0).standard_normal((50, 8)), 0)
    found = histogram(code)
    assert found["zeros"] == (code == 0).sum() > 0 and found["zeros"] + sum(found["counts"]) == code.size
    assert len(found["edges"]) == len(found["counts"]) + 1 and found["edges"][-1] == code.max()


def test_a_net_that_is_pca_has_skill_1_and_a_constant_code_skill_0(values):
    subject = make_subject(values)
    pca = subject.pca()
    with torch.no_grad():
        subject.model.encoder[0].weight.copy_(pca.components_KP)
        subject.model.encoder[0].bias.copy_(-pca.components_KP @ pca.mean_P)
    findings = judge(subject)
    assert findings.skill == pytest.approx(1.0, rel=1e-5)
    code, of_pca = findings.numbers["code"], findings.numbers["pca_4"]
    assert code["effective_dimension"] == pytest.approx(of_pca["effective_dimension"], rel=1e-5)
    assert code["hoyer_per_image"] == pytest.approx(of_pca["hoyer_per_image"], rel=1e-4)
    with torch.no_grad():
        subject.model.encoder[0].weight.zero_()
    subject.memory.clear()
    assert judge(subject).skill == 0.0


def test_pcas_code_on_its_own_training_images_is_uncorrelated(values):
    subject = make_subject(values)
    subject.splits = Splits(*[subject.train] * 3, None, True, {"scaling": {}})
    of_pca = judge(subject).numbers["pca_4"]
    assert of_pca["mean_abs_correlation"] < 1e-4 and of_pca["effective_dimension_standardised"] == pytest.approx(4)
    variances = np.linalg.eigvalsh(np.cov(values[:50].T))[-4:]
    assert of_pca["effective_dimension"] == pytest.approx(variances.sum() ** 2 / (variances**2).sum(), rel=1e-4)


def test_the_judged_images_are_those_of_the_target(values):
    subject = make_subject(values, activation="relu")
    with torch.no_grad():
        code = subject.model.encode(torch.as_tensor(values[50:100], dtype=torch.float32)).double().numpy()
    assert judge(Subject(subject.model, subject.splits, None, "validation")).numbers["code"] == pytest.approx(
        describe(code), rel=1e-5
    )
    assert judge(subject).numbers["code"]["effective_dimension"] != pytest.approx(
        describe(code)["effective_dimension"], rel=1e-5
    )


def test_the_same_numbers_at_every_call(values):
    assert judge(make_subject(values)).numbers == judge(make_subject(values)).numbers


def test_a_code_that_is_not_finite_is_skipped_with_a_reason(values):
    subject = make_subject(values)
    with torch.no_grad():
        subject.model.encoder[0].bias[1] = math.nan
    with pytest.raises(Skipped, match="not finite; judge another checkpoint"):
        judge(subject)


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
    check(judge(subject))


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("rows", [3, 6], ids=["one image each", "two images each"])
def test_hardly_any_images_give_numbers_and_pictures(rows, values):
    check(judge(make_subject(values[:rows])))


@pytest.mark.filterwarnings("error")
def test_constant_pixels_give_numbers_without_a_skill():
    findings = judge(make_subject(np.full((60, 9), 0.5)))
    check(findings)
    assert findings.skill is None and findings.numbers["code"]["alive"] == 0


def check(findings):
    json.dumps(findings.numbers, allow_nan=False)
    assert all(len(row) == len(findings.columns) <= 7 for row in findings.rows) and len(findings.rows) <= 15
    expected = {"code_units"} | ({"code_correlation"} if findings.numbers["code"]["alive"] > 1 else set())
    assert set(findings.pictures) == expected
    for figure in findings.pictures.values():
        figure.savefig("/dev/null", format="png")
