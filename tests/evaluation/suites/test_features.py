"""The features suite: its numbers and baselines, what it leaves out and why, and the encoder nobody trained."""

import json
from dataclasses import replace

import numpy as np
import pytest
import torch

from aecli.components.evaluation.suites import SUITES, Skipped
from aecli.config.load import load_config
from aecli.drawing import save_figure
from aecli.evaluation.network import random_encoder
from aecli.evaluation.subject import Subject
from aecli.evaluation.suites import features
from aecli.evaluation.suites.features import RANDOM_SEED, measure, random_key, skill
from aecli.training.build import prepare

REPRESENTATIONS = ["code", "raw_pixels", "pca_8", "random_encoder"]


@pytest.fixture(autouse=True)
def quick(monkeypatch, tmp_path):
    """A small map, and a cache that nothing was put into before."""
    monkeypatch.setattr("aecli.evaluation.suites.features_pictures.POINTS", 60)
    monkeypatch.setenv("AECLI_CACHE", str(tmp_path / "cache"))


def make_subject(config):
    """An untrained model with the data of a config."""
    checked = load_config(config)
    prepared = prepare(checked)
    return Subject(prepared.trainee.model.eval(), prepared.splits, checked)


def config_of(folder, values, labels, *, widths=(16, 8), validation=40, **sections):
    """A config of stored images with labels; every fifth is a test image."""
    np.save(folder / "images.npy", values)
    np.save(folder / "labels.npy", labels)
    dataset = {"name": "npy", "file": str(folder / "images.npy"), "labels": str(folder / "labels.npy")}
    data = {"dataset": dataset, "validation": validation}
    architecture = {"widths": ["auto", *widths]}
    return {"data": data, "architecture": architecture, "training": {"device": "cpu"}, **sections}


def images(count=600, classes=3, shape=(12, 12), seed=0):
    """Images of which each class has a brighter stripe of its own, and their labels."""
    rng = np.random.default_rng(seed)
    labels_N = rng.integers(0, classes, count)
    values = rng.integers(0, 130, (count, *shape), dtype=np.uint8)
    for label in range(classes):
        values[labels_N == label, 3 * label : 3 * label + 3] += 60
    return values, labels_N


@pytest.fixture
def tiny(tmp_path):
    """A config of 600 images of 12 x 12 pixels in 3 classes."""
    return config_of(tmp_path, *images())


def test_every_number_stands_beside_the_same_of_every_baseline(tiny):
    subject = make_subject(tiny)
    found = SUITES["features"].function(subject)
    assert json.loads(json.dumps(found.numbers, allow_nan=False)) == found.numbers
    for name in REPRESENTATIONS:
        scores = found.numbers[name]
        assert {"linear_probe", "few_label_10", "few_label_100", "neighbours", "kmeans"} <= set(scores)
        assert scores["training_images"] == len(subject.train)
        assert 0 <= scores["kmeans"]["nmi"]["mean"] <= 1
    assert found.numbers["classes"] == 3
    assert found.columns == ["", "code", "raw pixels", "PCA 8", "random encoder"]
    assert all(len(row) == 5 for row in found.rows) and len(found.rows) == 10
    widths = [max(len(row[index]) for row in [found.columns, *found.rows]) for index in range(5)]
    assert sum(widths) + 2 * 4 <= 80
    assert set(found.pictures) == {"clusters", "codes"}
    assert np.sum(found.numbers["confusion"]) == len(subject.target)


def test_the_second_time_the_numbers_are_the_same_and_the_baselines_come_from_the_cache(tiny, monkeypatch):
    first = measure(make_subject(tiny)).numbers
    fitted = []
    monkeypatch.setattr(
        features, "score", lambda *args, real=features.score, **kw: fitted.append(1) or real(*args, **kw)
    )
    assert measure(make_subject(tiny)).numbers == first
    assert len(fitted) == 1  # the code alone


def test_a_new_version_of_the_protocol_computes_the_baselines_anew(tiny, monkeypatch):
    measure(make_subject(tiny))
    fitted = []
    monkeypatch.setattr(
        features, "score", lambda *args, real=features.score, **kw: fitted.append(1) or real(*args, **kw)
    )
    newer = replace(SUITES["features"], facts=replace(SUITES["features"].facts, version=999))
    monkeypatch.setitem(SUITES._entries, "features", newer)
    measure(make_subject(tiny))
    assert len(fitted) == 4


def test_the_classes_are_in_the_pixels_and_in_their_principal_components(tiny):
    numbers = measure(make_subject(tiny)).numbers
    assert numbers["pca_8"]["linear_probe"]["accuracy"] > 0.9 > numbers["largest_class"] * 2
    assert numbers["raw_pixels"]["neighbours"]["accuracy"] > 0.9
    assert numbers["pca_8"]["kmeans"]["least_inertia"]["acc"] > 0.9


def test_a_code_that_is_pca_has_skill_one_and_the_scores_of_pca(tiny):
    tiny["architecture"] = {"widths": ["auto", 8], "code_activation": "linear"}
    subject = make_subject(tiny)
    pca, encoder = subject.pca(), subject.model.encoder[0]
    with torch.no_grad():
        encoder.weight.copy_(pca.components_KP)
        encoder.bias.copy_(-pca.components_KP @ pca.mean_P)
    found = measure(subject)
    assert found.skill == pytest.approx(1, abs=0.02)
    accuracy = [found.numbers[name]["neighbours"]["accuracy"] for name in ("code", "pca_8")]
    assert accuracy[0] == pytest.approx(accuracy[1], abs=0.01)


def test_skill_is_zero_at_the_largest_class_and_one_at_pca():
    score = {value: {"linear_probe": {"accuracy": value}} for value in (0.2, 0.5, 0.6, 1.0)}
    assert skill(score[0.2], score[0.6], 0.2) == 0.0
    assert skill(score[0.6], score[0.6], 0.2) == pytest.approx(1.0)
    assert skill(score[1.0], score[0.6], 0.2) == pytest.approx(2.0)
    assert skill(score[0.5], score[0.2], 0.6) is None  # PCA is below the largest class


def test_a_dead_code_is_judged_and_says_what_it_leaves_out(tiny):
    subject = make_subject(tiny)
    with torch.no_grad():
        subject.model.encoder[-1].weight.zero_()
        subject.model.encoder[-1].bias.fill_(-1.0)
    found = measure(subject)
    assert found.numbers["code"]["linear_probe"]["accuracy"] <= found.numbers["largest_class"]
    assert found.numbers["code"]["left_out"] == {"kmeans_whitened": "the code is constant"}
    assert found.skill <= 0
    for figure in found.pictures.values():
        assert figure.axes


def test_classes_that_are_too_small_leave_the_probe_out_with_the_reason(tmp_path):
    subject = make_subject(config_of(tmp_path, *images(count=120)))
    numbers = measure(subject).numbers
    fewest = int(np.unique(subject.train.labels_N, return_counts=True)[1].min())
    assert 10 <= fewest < 100
    assert "few_label_10" in numbers["code"] and "few_label_100" not in numbers["code"]
    reason = f"the smallest class has {fewest} training images, 100 are needed"
    assert numbers["code"]["left_out"] == {"few_label_100": reason}
    assert not any("100 labels" in row[0] for row in measure(subject).rows)


@pytest.mark.parametrize("part", ["train", "test"])
def test_one_class_only_is_skipped(part, tiny):
    subject = make_subject(tiny)
    getattr(subject.splits, part).labels_N[:] = 1
    with pytest.raises(Skipped, match=f"all {part} images are of one class; features are"):
        measure(subject)


def test_images_without_labels_are_skipped(tiny):
    del tiny["data"]["dataset"]["labels"]
    with pytest.raises(Skipped, match="the train images have no labels"):
        measure(make_subject(tiny))


def test_labels_that_are_all_different_are_skipped(tmp_path):
    config = config_of(tmp_path, images(count=200)[0], np.arange(200))
    with pytest.raises(Skipped, match="different labels on 1.. training images are no classes"):
        measure(make_subject(config))


@pytest.mark.parametrize("level", [torch.nan, torch.inf, 1e30])
def test_a_code_that_is_not_finite_is_skipped(level, tiny):
    subject = make_subject(tiny)
    with torch.no_grad():
        subject.model.encoder[-1].bias[0] = level
    with pytest.raises(Skipped, match="the code is not finite"):
        measure(subject)


def test_a_class_that_is_only_among_the_judged_images_crashes_nothing(tiny):
    subject = make_subject(tiny)
    subject.splits.test.labels_N[:2] = 77
    assert measure(subject).numbers["classes"] == 4


@pytest.mark.parametrize(
    ("shape", "count"),
    [((12, 12, 3), 300), ((5, 4), 300), ((12, 12), 60)],
    ids=["colour", "small images", "few images"],
)
def test_other_images_are_judged_too(shape, count, tmp_path):
    config = config_of(tmp_path, *images(count=count, classes=2 if shape[0] == 5 else 3, shape=shape), validation=10)
    found = measure(make_subject(config))
    assert 0 <= found.numbers["code"]["linear_probe"]["accuracy"] <= 1


@pytest.mark.parametrize("units", [1, 2, 8])
def test_a_table_is_judged_beside_its_raw_columns(units, tmp_path):
    rng = np.random.default_rng(0)
    rows = [f"{a:.4f},{b:.3f},{c:.4f},4.0,{index % 3}" for index, (a, b, c) in enumerate(rng.normal(size=(90, 3)))]
    (tmp_path / "table.csv").write_text("\n".join(["a,b,c,d,kind", *rows]))
    dataset = {"name": "csv", "file": str(tmp_path / "table.csv"), "label": "kind", "scaling": "standard"}
    architecture = {"widths": ["auto", units], "output_activation": "linear"}
    data = {"dataset": dataset, "validation": 10}
    found = measure(make_subject({"data": data, "architecture": architecture, "training": {"device": "cpu"}}))
    assert "raw_columns" in found.numbers and found.columns[3] == f"PCA {min(units, 4)}"
    for name, figure in found.pictures.items():
        save_figure(figure, tmp_path / f"{name}.png")
        assert (tmp_path / f"{name}.png").stat().st_size > 5000


def test_the_validation_images_are_judged_when_asked_for(tiny):
    subject = make_subject(tiny)
    subject.target_name = "validation"
    numbers = measure(subject).numbers
    assert numbers["images"] == {"train": len(subject.train), "validation": 40}
    assert np.sum(numbers["confusion"]) == 40


def test_a_wide_representation_is_probed_with_fewer_training_images(tiny, monkeypatch):
    monkeypatch.setattr(features, "VALUES", 144 * 100)
    numbers = measure(make_subject(tiny)).numbers
    assert numbers["raw_pixels"]["training_images"] == 100
    assert numbers["code"]["training_images"] == numbers["images"]["train"] > 100


def test_the_random_encoder_has_the_architecture_and_not_the_weights_or_the_seed_of_the_run(tiny):
    tiny["regularization"] = [{"name": "k_sparse", "k": 2}]
    subject, other = make_subject(tiny), make_subject(tiny | {"seed": 1, "loss": "mae"})
    x_BP = subject.target.batch(slice(0, 20))
    code = random_encoder(subject, RANDOM_SEED).encode(x_BP)
    assert code.shape == (20, 8) and int((code != 0).sum(1).max()) <= 2
    assert torch.equal(code, random_encoder(other, RANDOM_SEED).encode(x_BP))
    assert not torch.equal(code, subject.model.encode(x_BP))
    assert random_key(subject) == random_key(other)


@pytest.mark.parametrize(
    "change",
    [{"architecture": {"widths": ["auto", 16, 9]}}, {"regularization": [{"name": "k_sparse", "k": 3}]}],
    ids=["other widths", "other k"],
)
def test_another_random_encoder_is_another_baseline(change, tiny):
    tiny["regularization"] = [{"name": "k_sparse", "k": 2}]
    assert random_key(make_subject(tiny)) != random_key(make_subject(tiny | change))
