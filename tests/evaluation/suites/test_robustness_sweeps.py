"""Sweeps of the robustness suite: distances and probes by hand, noise block by block, baselines from the cache."""

import numpy as np
import pytest
import torch

from aecli.components.architecture.dense_network import Autoencoder
from aecli.evaluation.instruments.severity import MOTIONS, SEVERITY_CORRUPTIONS
from aecli.evaluation.subject import Subject
from aecli.evaluation.suites import robustness_sweeps
from aecli.evaluation.suites.clean_images import BLOCK
from aecli.evaluation.suites.robustness_sweeps import (
    drift,
    mean_distance,
    measure_errors,
    measure_motions,
    probe_rows,
    sweep_errors,
)
from aecli.training.splits import Split, Splits

SHAPE = (1, 8, 8)


@pytest.fixture(autouse=True)
def own_cache(monkeypatch, tmp_path):
    """No baselines from other tests."""
    monkeypatch.setenv("AECLI_CACHE", str(tmp_path))


def make_subject(seed=0, labels=True):
    """A net with random weights on 40 images, the last 20 of which are judged."""
    values = torch.as_tensor(np.random.default_rng(0).random((40, 64)), dtype=torch.float32)
    labels_N = np.arange(40) % 2 if labels else None
    train, test = (
        Split(values[part], None if labels_N is None else labels_N[part]) for part in (slice(0, 20), slice(20, 40))
    )
    torch.manual_seed(seed)
    net = {"activation": "linear", "code_activation": "linear", "output_activation": "sigmoid"}
    model = Autoencoder([64, 3], **net, tied=False, normalization=None).eval()
    return Subject(model, Splits(train, test, test, SHAPE, unit_range=True, description={"scaling": {}}), None)


def test_the_second_model_on_the_same_data_meets_the_same_baselines_without_computing_them(monkeypatch):
    swept = []
    real = robustness_sweeps.sweep_errors
    monkeypatch.setattr(robustness_sweeps, "sweep_errors", lambda *args: (swept.append(list(args[3])), real(*args))[1])
    first, second = (
        measure_errors(subject, subject.array(subject.target), ["gaussian"])
        for subject in (make_subject(), make_subject(seed=1))
    )
    assert swept == [["model", "pca", "input"], ["model"]]
    assert np.array_equal(first["pca/gaussian"], second["pca/gaussian"])
    assert not np.array_equal(first["model/gaussian"], second["model/gaussian"])


def test_another_code_size_has_other_baselines():
    subject = make_subject()
    x = subject.array(subject.target)
    first = measure_errors(subject, x, ["masking"])
    subject.model = Autoencoder(
        [64, 9],
        activation="linear",
        code_activation="linear",
        output_activation="linear",
        tied=False,
        normalization=None,
    ).eval()
    assert measure_errors(subject, x, ["masking"])["pca/masking"][0] < first["pca/masking"][0]


def test_every_block_of_images_meets_noise_of_its_own():
    subject, seen = make_subject(), []
    x = np.full((2 * BLOCK, 64), 0.5, np.float32)
    sweep_errors(subject, x, ["gaussian"], {"input": lambda y: (seen.append(y), y)[1]})
    blocks = [y for y in seen if len(y) == BLOCK]
    assert len(blocks) == 10 and not np.array_equal(blocks[0], blocks[5])
    ratio = (blocks[4] - 0.5)[np.abs(blocks[4] - 0.5) < 0.4] / (blocks[0] - 0.5)[np.abs(blocks[4] - 0.5) < 0.4]
    levels = SEVERITY_CORRUPTIONS["gaussian"].facts.levels
    assert np.median(ratio) == pytest.approx(levels[4] / levels[0], rel=1e-3)  # the same draws at every severity


@pytest.mark.parametrize("labels", [True, False], ids=["labels", "no labels"])
def test_pixels_drift_and_have_no_probe_and_without_labels_nobody_has(labels):
    subject = make_subject(labels=labels)
    curves = measure_motions(subject, subject.array(subject.target))
    probed = ("model", "pca") if labels else ()
    expected = {f"{who}/drift/{name}" for who in ("model", "pca", "pixels") for name in MOTIONS}
    assert set(curves) == expected | {f"{who}/accuracy/{name}" for who in probed for name in MOTIONS}
    assert all(curve.shape == (6,) and np.isfinite(curve).all() for curve in curves.values())
    assert all(curves[key][0] == 0 for key in expected), "severity 0 is the unmoved image"


def test_the_mean_distance_is_over_all_pairs_of_different_images():
    assert mean_distance(np.array([[0.0, 0], [3, 4], [0, 0]])) == pytest.approx(10 / 3)
    assert mean_distance(np.zeros((1, 2))) == 0


def test_drift_is_a_mean_distance_in_units_of_another():
    assert drift(np.array([[3.0, 4.0], [0.0, 0.0]]), np.zeros((2, 2)), 2.0) == 1.25
    assert np.isnan(drift(np.ones((2, 2)), np.zeros((2, 2)), 0.0))


def test_a_sorted_training_set_is_probed_in_all_its_classes(monkeypatch):
    monkeypatch.setattr(robustness_sweeps, "PROBE_IMAGES", 4)
    assert probe_rows(make_subject()).tolist() == [0, 6, 13, 19]
