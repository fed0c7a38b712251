"""The reconstruction suite: its sections, their numbers, and data with and without labels, shape and corruption."""

import json

import numpy as np
import pytest
import torch

from aecli.components.evaluation.metrics import METRICS
from aecli.components.evaluation.suites import SUITES
from aecli.config.load import load_config
from aecli.evaluation.baselines import constant_predictions
from aecli.evaluation.subject import Subject, validation_metrics
from aecli.evaluation.suites.reconstruction import corrupt_target, count_units, measure, measure_baselines
from aecli.experiment.run import train
from aecli.training.build import prepare

EVERYTHING = set(METRICS)


def make_subject(config):
    """An untrained model with the data of a config."""
    checked = load_config(config)
    prepared = prepare(checked)
    return Subject(prepared.trainee.model, prepared.splits, checked)


@pytest.fixture(scope="module")
def judged(shared_cache):
    """An untrained tiny net on MNIST, and what the suite says of it."""
    data = {"train_size": 300, "validation": 100}
    subject = make_subject({"data": data, "architecture": {"widths": ["auto", 16, 8]}, "training": {"device": "cpu"}})
    return subject, SUITES["reconstruction"].function(subject).sections


@pytest.fixture
def tiny(tmp_path):
    """A config of 240 + 60 images of 12 x 12 bytes without labels, and a tiny net."""
    np.save(tmp_path / "images.npy", np.random.default_rng(0).integers(0, 256, (300, 12, 12), dtype=np.uint8))
    data = {"dataset": {"name": "npy", "file": str(tmp_path / "images.npy")}, "validation": 40}
    return {"data": data, "architecture": {"widths": ["auto", 16, 8]}, "training": {"epochs": 1, "device": "cpu"}}


@pytest.fixture
def table(tmp_path):
    """A config of a small table with names of columns, labels, and columns of very different size."""
    values = np.random.default_rng(0).normal(size=(60, 3)) * [1, 1000, 1]
    rows = [f"{a:.4f},{b:.3f},{c:.4f},{index % 3}" for index, (a, b, c) in enumerate(values)]
    (tmp_path / "table.csv").write_text("\n".join(["a,b,c,kind", *rows]))
    dataset = {"name": "csv", "file": str(tmp_path / "table.csv"), "label": "kind", "scaling": "standard"}
    architecture = {"widths": ["auto", 4, 2], "output_activation": "linear"}
    return {"data": {"dataset": dataset, "validation": 10}, "architecture": architecture, "training": {"device": "cpu"}}


def test_the_sections_are_those_of_the_summary(judged):
    sections = judged[1]
    assert list(sections) == ["train", "validation", "test", "code", "baselines"]
    assert [sections[part]["images"] for part in ("train", "validation", "test")] == [300, 100, 10_000]
    assert set(sections["train"]) == EVERYTHING | {"images"}
    assert set(sections["validation"]) == set(sections["test"]) == EVERYTHING | {"images", "per_class_mse"}
    assert list(sections["baselines"]) == ["mean_image", "pca_8", "pca_8_clipped"]
    assert all(set(row["test"]) == EVERYTHING for row in sections["baselines"].values())


def test_the_sections_are_ready_for_json(judged):
    assert json.loads(json.dumps(judged[1], allow_nan=False)) == judged[1]


def test_the_test_mse_is_that_of_numpy(judged):
    subject, sections = judged
    x = subject.splits.test.values_NP.numpy() / 255
    with torch.no_grad():
        x_hat = subject.model(torch.from_numpy(x).float()).x_hat_BP.numpy().astype(np.float64)
    assert sections["test"]["mse"] == pytest.approx(np.mean((x_hat - x) ** 2), rel=1e-6)
    assert sections["test"]["fvu"] == pytest.approx(
        np.sum((x_hat - x) ** 2) / np.sum((subject.splits.train.values_NP.numpy().mean(0) / 255 - x) ** 2), rel=1e-5
    )


@pytest.mark.parametrize("part", ["validation", "test"])
def test_the_errors_of_the_classes_weighted_by_their_sizes_give_the_whole(part, judged):
    subject, sections = judged
    labels, sizes = np.unique(getattr(subject.splits, part).labels_N, return_counts=True)
    per_class = sections[part]["per_class_mse"]
    assert list(per_class) == [str(label) for label in labels] == list("0123456789")
    assert len(set(per_class.values())) == 10
    assert np.average(list(per_class.values()), weights=sizes) == pytest.approx(sections[part]["mse"], rel=1e-12)


def test_the_errors_of_every_test_image_are_kept(judged):
    subject, sections = judged
    errors = subject.per_image["test"]
    assert set(errors) == {"squared", "absolute", "ssim", "bce", "entropy", "deviation"}
    assert all(values.shape == (10_000,) and np.isfinite(values).all() for values in errors.values())
    assert errors["squared"].mean() == pytest.approx(sections["test"]["mse"], rel=1e-12)


def test_the_mean_image_explains_next_to_nothing_and_pca_a_lot(judged):
    baselines = {name: row["test"] for name, row in judged[1]["baselines"].items()}
    assert baselines["mean_image"]["fvu"] == pytest.approx(1, rel=1e-9)
    assert baselines["pca_8_clipped"]["mse"] < baselines["pca_8"]["mse"] < 0.7 * baselines["mean_image"]["mse"]


def test_a_unit_that_never_moves_is_counted_as_dead(tiny):
    tiny["architecture"]["code_activation"] = "linear"
    subject = make_subject(tiny)
    assert count_units(subject.codes(subject.splits.test)) == {"units": 8, "alive": 8}
    with torch.no_grad():
        subject.model.encoder[-1].weight[[2, 5]] = 0.0  # their code is the bias, always
        subject.model.encoder[-1].bias[5] = 3.0
    subject.known_codes.clear()
    assert count_units(subject.codes(subject.splits.test)) == {"units": 8, "alive": 6}


def test_a_relu_that_is_never_reached_is_counted_as_dead(tiny):
    subject = make_subject(tiny)
    with torch.no_grad():
        subject.model.encoder[-1].bias[:3] = -1e6
    code = count_units(subject.codes(subject.splits.test))
    assert code["units"] == 8 and code["alive"] <= 5


def test_the_model_is_judged_in_evaluation_mode(tiny):
    tiny["regularization"] = [{"name": "dropout", "p": 0.5}]
    subject = make_subject(tiny)
    judged = measure(subject).sections
    assert not subject.model.training
    assert judged["validation"]["mse"] == validation_metrics(subject.model, subject.splits, ["mse"])["mse"]


def test_with_corruption_the_clean_image_is_what_the_corrupted_one_is_judged_by(tiny):
    tiny["data"]["corruption"] = {"name": "masking", "share": 0.25}
    subject = make_subject(tiny)
    sections = measure(subject).sections
    assert set(sections["test_corrupted"]) == EVERYTHING | {"images"}
    x = subject.splits.test.batch(slice(None)).double()
    raw = sections["baselines"]["corrupted_input"]["test"]["mse"]
    assert raw == pytest.approx(0.25 * float(x.square().mean()), rel=0.08)  # a quarter of the pixels is lost
    with torch.no_grad():
        errors = [
            (subject.model(spoilt).x_hat_BP - clean).double().square() for spoilt, clean in corrupt_target(subject)
        ]
    assert sections["test_corrupted"]["mse"] == pytest.approx(float(torch.cat(errors).mean()), rel=1e-6)
    assert sections["test_corrupted"]["mse"] != sections["test"]["mse"]


def test_the_corrupted_test_images_are_the_same_at_every_call_and_for_every_loss(tiny):
    tiny["data"]["corruption"] = {"name": "gaussian", "std": 0.3}
    subject, other = make_subject(tiny), make_subject(tiny | {"loss": "mae"})
    runs = [list(corrupt_target(subject)), list(corrupt_target(subject)), list(corrupt_target(other))]
    for again in runs[1:]:
        assert all(torch.equal(a, b) for (a, _), (b, _) in zip(runs[0], again, strict=True))
    assert torch.equal(torch.cat([clean for _, clean in runs[0]]), subject.splits.test.batch(slice(None)))
    another_seed = list(corrupt_target(make_subject(tiny | {"seed": 1})))
    assert not torch.equal(runs[0][0][0], another_seed[0][0])


def test_without_corruption_nothing_is_said_of_it(judged):
    assert "test_corrupted" not in judged[1] and "corrupted_input" not in judged[1]["baselines"]


def test_images_without_labels_have_no_classes(tiny):
    sections = measure(make_subject(tiny)).sections
    assert "per_class_mse" not in sections["test"] and "ssim" in sections["test"]
    assert sections["test"]["images"] == 60


def test_a_table_is_judged_without_what_needs_images_or_the_unit_interval(table):
    subject = make_subject(table)
    sections = measure(subject).sections
    assert set(sections["test"]) == {"mse", "mae", "rmse", "fvu", "images", "per_class_mse"}
    assert list(sections["test"]["per_class_mse"]) == ["0", "1", "2"]
    assert list(sections["baselines"]) == ["mean_image", "pca_2"]  # nothing to clip to
    assert sections["code"]["units"] == 2
    assert sections["baselines"]["mean_image"]["test"]["fvu"] == pytest.approx(1, rel=1e-6)
    assert sections["baselines"]["pca_2"]["test"]["mse"] < 1.5  # of standardised columns, not of stored ones


def test_pca_of_a_table_with_few_columns_is_named_by_what_there_is(table):
    table["architecture"]["widths"] = ["auto", 8]
    baselines = measure(make_subject(table)).sections["baselines"]
    assert list(baselines) == ["mean_image", "pca_3"]
    assert baselines["pca_3"]["test"]["mse"] == pytest.approx(0, abs=1e-9)


def test_the_test_split_is_judged_alike_where_it_validates(tiny):
    tiny["data"]["validation"] = "test"
    sections = measure(make_subject(tiny)).sections
    assert sections["validation"] == sections["test"]


def test_the_precision_of_the_training_changes_no_baseline(tmp_path):
    rows = np.random.default_rng(0).integers(0, 256, (600, 28, 28), dtype=np.uint8)
    np.save(tmp_path / "images.npy", rows)
    data = {"dataset": {"name": "npy", "file": str(tmp_path / "images.npy")}, "validation": 100}
    baselines = []
    for precision in ("highest", "medium"):
        training = {"epochs": 1, "device": "cpu", "precision": precision}
        config = load_config({"data": data, "architecture": {"widths": ["auto", 8]}, "training": training})
        baselines.append(train(config, out=tmp_path / "runs").read_summary()["baselines"])
        torch.set_float32_matmul_precision("highest")
    assert baselines[0] == baselines[1]


def test_black_pixels_and_all_others_are_judged_apart(judged):
    subject = judged[0]
    found = SUITES["reconstruction"].function(subject).numbers["by_brightness"]
    x = subject.splits.test.batch(slice(None))
    with torch.no_grad():
        error = (subject.model(x).x_hat_BP - x).double().numpy()
    black = x.numpy() == 0
    for kind, mask in (("background", black), ("foreground", ~black)):
        chosen = error[mask]
        expected = {"mse": np.square(chosen).mean(), "mae": np.abs(chosen).mean(), "share_of_pixels": mask.mean()}
        assert found[kind] == pytest.approx(expected, rel=1e-6)


def test_images_without_a_black_pixel_have_no_background(tiny, tmp_path):
    np.save(tmp_path / "images.npy", np.random.default_rng(0).integers(1, 256, (300, 12, 12), dtype=np.uint8))
    found = measure(make_subject(tiny)).numbers["by_brightness"]
    assert list(found) == ["foreground"] and found["foreground"]["share_of_pixels"] == 1.0


def test_baselines_are_measured_by_all_that_the_model_is_measured_by(tiny):
    subject = make_subject(tiny)
    found = measure_baselines(subject)
    whole = subject.metrics(constant_predictions(subject.target, subject.splits.mean_image_P), subject.metric_names)
    assert {name: float(found[f"mean_image {name}"]) for name in whole} == whole
