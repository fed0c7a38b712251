"""The robustness suite: its curves against plain loops, a model that is PCA, and data that lacks what it would like."""

import json

import numpy as np
import pytest
import torch
from linear_nets import become_pca
from sklearn.linear_model import LogisticRegression

from aecli.components.evaluation.suites import Skipped
from aecli.config.load import load_config
from aecli.drawing import save_figure
from aecli.evaluation.instruments.severity import MOTIONS, SEVERITY_CORRUPTIONS, corrupt, move
from aecli.evaluation.subject import Subject
from aecli.evaluation.suites.robustness import measure
from aecli.training.build import prepare

CPU = {"training": {"device": "cpu"}}
WHO = ["model", "pca_8_clipped", "corrupted_input"]


def make_subject(config):
    """An untrained model with the data of a config; the validation images are judged."""
    checked = load_config(config)
    prepared = prepare(checked)
    return Subject(prepared.trainee.model.eval(), prepared.splits, checked, target_name="validation")


@pytest.fixture(autouse=True, scope="module")
def own_cache(tmp_path_factory, shared_cache):
    """Baselines are kept apart from those of other tests, so that the first judgement computes them."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("cache")
        for entry in shared_cache.iterdir() if shared_cache.exists() else ():
            if entry.name != "baselines":
                (folder / entry.name).symlink_to(entry)
        patch.setenv("AECLI_CACHE", str(folder))
        yield folder


LINEAR = {"widths": ["auto", 8], "code_activation": "linear", "output_activation": "linear"}


@pytest.fixture(scope="module")
def linear(own_cache):
    """PCA as a model, on 300 digits, and what the suite says of it on 120 others."""
    subject = make_subject({"data": {"train_size": 300, "validation": 120}, "architecture": LINEAR, **CPU})
    become_pca(subject)
    return subject, measure(subject)


@pytest.fixture
def images(tmp_path):
    """Writes images with or without labels and returns the subject of a tiny net on them."""

    def make(shape, labels=None, count=60, values=None):
        x = np.random.default_rng(0).integers(0, 256, (count, *shape), dtype=np.uint8) if values is None else values
        arrays = {"x_train": x, "x_test": x[:10]}
        if labels is not None:
            arrays |= {"y_train": labels, "y_test": labels[:10]}
        np.savez(tmp_path / "images.npz", **arrays)
        dataset = {"name": "npz", "file": str(tmp_path / "images.npz")}
        architecture = {"widths": ["auto", 6, 3]}
        return make_subject({"data": {"dataset": dataset, "validation": 15}, "architecture": architecture, **CPU})

    return make


@pytest.fixture
def table(tmp_path):
    """Writes a table of five columns, uniform in [0, 1] or larger, and returns the subject of a tiny net on it."""

    def make(scaling, factor=1.0):
        values = np.random.default_rng(0).random((60, 5)) * factor
        (tmp_path / "table.csv").write_text("\n".join(["a,b,c,d,e", *(",".join(map(str, row)) for row in values)]))
        dataset = {"name": "csv", "file": str(tmp_path / "table.csv"), "scaling": scaling}
        architecture = {"widths": ["auto", 4, 2], "output_activation": "linear"}
        return make_subject({"data": {"dataset": dataset, "validation": 10}, "architecture": architecture, **CPU})

    return make


def test_the_curves_are_those_of_a_plain_loop(linear):
    subject, found = linear
    x = subject.splits.validation.values_NP.numpy().astype(np.float32) / np.float32(255)
    mean, components = (part.numpy().astype(np.float64) for part in subject.pca())
    for name in ("gaussian", "fog", "zigzag"):
        row = found.numbers["corruptions"][name]
        for severity in range(6):
            y = corrupt(name, x, severity, subject.rng("robustness", name, 0), (1, 28, 28)).astype(np.float64)
            projected = (y - mean) @ components.T @ components + mean
            expected = [np.mean((projected - x) ** 2), np.mean((projected.clip(0, 1) - x) ** 2), np.mean((y - x) ** 2)]
            assert [row[who]["mse"][severity] for who in WHO] == pytest.approx(expected, rel=1e-4, abs=1e-9)


def test_an_area_is_the_mean_over_the_severities_1_to_5_and_the_mean_is_over_the_corruptions(linear):
    numbers = linear[1].numbers
    assert list(numbers["corruptions"]) == list(SEVERITY_CORRUPTIONS)
    for row in numbers["corruptions"].values():
        assert [row[who]["area"] for who in WHO] == pytest.approx([sum(row[who]["mse"][1:]) / 5 for who in WHO])
        assert row["model_to_pca"] == pytest.approx(row["model"]["area"] / row["pca_8_clipped"]["area"])
    for who in WHO:
        areas = [row[who]["area"] for row in numbers["corruptions"].values()]
        assert numbers["mean"][who] == pytest.approx(sum(areas) / 13)
    assert numbers["mean"]["model_to_pca"] == pytest.approx(numbers["mean"]["model"] / numbers["mean"]["pca_8_clipped"])


def test_the_skill_of_pca_itself_is_a_little_below_1_for_it_is_not_clipped(linear):
    _, found = linear
    model, pca, corrupted = (found.numbers["mean"][who] for who in WHO)
    assert found.skill == pytest.approx((corrupted - model) / (corrupted - pca))
    assert 0.85 < found.skill < 1


def test_the_clean_image_is_severity_0(linear):
    for row in linear[1].numbers["corruptions"].values():
        assert row["corrupted_input"]["mse"][0] == 0
        assert row["model"]["mse"][0] == linear[1].numbers["corruptions"]["gaussian"]["model"]["mse"][0]


def test_there_is_no_skill_where_pca_does_no_better_than_the_corrupted_input(images):
    found = measure(images((12, 12)))  # pure noise: three components explain next to nothing
    assert found.numbers["mean"]["pca_3_clipped"] > found.numbers["mean"]["corrupted_input"]
    assert found.skill is None


def test_a_model_that_is_pca_drifts_like_pca_and_is_probed_alike(linear):
    motions = linear[1].numbers["motions"]
    for row in motions["kinds"].values():
        assert row["drift"]["model"] == pytest.approx(row["drift"]["pca_8"], abs=1e-4)
        assert row["accuracy"]["model"] == pytest.approx(row["accuracy"]["pca_8"], abs=0.02)
        assert row["drift"]["model"][0] == 0 and row["accuracy"]["model"][0] > 0.6 > 0.5 > row["accuracy"]["model"][5]


def test_drift_and_accuracy_are_those_of_a_plain_loop(linear):
    subject, found = linear
    split, train = subject.splits.validation, subject.splits.train
    x = split.values_NP.numpy().astype(np.float32) / np.float32(255)
    components = subject.pca().components_KP.numpy().astype(np.float64)
    y = move("rotation", x, 2, subject.rng("robustness", "rotation", 0), (1, 28, 28))
    code, moved, training = x @ components.T, y @ components.T, train.values_NP.numpy() / 255 @ components.T
    between = [np.linalg.norm(a - b) for index, a in enumerate(code) for b in code[:index]]
    expected = np.mean(np.linalg.norm(moved - code, axis=1)) / np.mean(between)
    row = found.numbers["motions"]["kinds"]["rotation"]
    assert row["drift"]["pca_8"][2] == pytest.approx(expected, rel=1e-5)
    assert row["drift"]["pixels"][2] != pytest.approx(expected, rel=1e-2)
    centre, spread = training.mean(0), training.std(0)
    probe = LogisticRegression(max_iter=300).fit((training - centre) / spread, train.labels_N)
    score = probe.score((moved - centre) / spread, split.labels_N)
    assert row["accuracy"]["pca_8"][2] == pytest.approx(score, abs=0.01)
    assert found.numbers["motions"]["probe_training_images"] == 300


def test_the_numbers_are_ready_for_json_and_the_table_is_small(linear):
    _, found = linear
    assert json.loads(json.dumps(found.numbers, allow_nan=False)) == found.numbers
    assert found.columns == ["mean of severities 1-5", "model", "pca 8", "input", "model / pca"]
    assert [row[0] for row in found.rows] == [*SEVERITY_CORRUPTIONS, "mean", "motions: drift", "motions: accuracy"]
    assert all(len(row) == len(found.columns) for row in found.rows)
    assert found.rows[13][1:] == list(found.numbers["mean"].values())


def test_the_pictures_show_every_curve(linear, tmp_path):
    _, found = linear
    panels = [axes for axes in found.pictures["robustness"].axes if axes.get_visible()]
    assert [axes.get_title() for axes in panels] == [name.replace("_", " ") for name in (*SEVERITY_CORRUPTIONS, "mean")]
    row = found.numbers["corruptions"]["blur"]
    for line, who in zip(panels[8].lines, WHO, strict=True):
        assert line.get_label() == who.replace("_", " ") and list(line.get_ydata()) == row[who]["mse"]
    assert [len(axes.lines) for axes in found.pictures["robustness_motions"].axes] == [3] * 4 + [2] * 4
    words = [text.get_text() for text in found.pictures["robustness_examples"].texts]
    assert words[1:4] == ["input", "model", "PCA 8"] and "stripe" in words
    assert sum(word.startswith("0.") for word in words) == 3 * 14
    for name, figure in found.pictures.items():
        save_figure(figure, tmp_path / f"{name}.png")
        assert (tmp_path / f"{name}.png").stat().st_size > 20_000


# ------------------------------------------------------------- repeated and cached


def test_the_numbers_are_the_same_at_every_call_also_with_baselines_from_the_cache(linear, own_cache):
    subject, first = linear
    assert len(list((own_cache / "baselines").iterdir())) >= 3
    fresh = Subject(subject.model, subject.splits, subject.config, target_name="validation")
    again = measure(fresh)
    assert again.numbers == first.numbers and again.skill == first.skill


# ------------------------------------------------------------------- awkward data


def test_a_table_meets_the_noise_kinds_alone(table):
    found = measure(table("none"))
    assert list(found.numbers["corruptions"]) == ["gaussian", "salt_and_pepper", "masking", "shot"]
    assert "motions" not in found.numbers and list(found.pictures) == ["robustness"]
    assert [row[0] for row in found.rows] == ["gaussian", "salt_and_pepper", "masking", "shot", "mean"]


def test_values_outside_of_the_unit_interval_are_skipped(table):
    with pytest.raises(Skipped, match="not in"):
        measure(table("standard", factor=3.0))


@pytest.mark.parametrize("shape", [(12, 12), (8, 9, 3), (2, 2), (1, 5)], ids=str)
def test_images_of_any_layout_are_judged_and_drawn(shape, images, tmp_path):
    found = measure(images(shape))
    assert list(found.numbers["corruptions"]) == list(SEVERITY_CORRUPTIONS)
    json.dumps(found.numbers, allow_nan=False)
    assert list(found.pictures) == ["robustness", "robustness_motions", "robustness_examples"]
    save_figure(found.pictures["robustness_examples"], tmp_path / "examples.png")
    assert (tmp_path / "examples.png").stat().st_size > 8_000


@pytest.mark.parametrize(
    ("labels", "reason"),
    [(None, "the data has no labels"), (np.full(60, 3), "the training images have one class only")],
    ids=["no labels", "one class"],
)
def test_without_two_classes_there_is_drift_and_no_probe(labels, reason, images):
    motions = measure(images((12, 12), labels=labels)).numbers["motions"]
    assert motions["why_no_probe"] == reason and motions["probe_training_images"] == 0
    for row in motions["kinds"].values():
        assert row["accuracy"] == {} and set(row["drift"]) == {"model", "pca_3", "pixels"}
    assert list(motions["kinds"]) == list(MOTIONS)


def test_with_labels_there_is_a_probe(images):
    motions = measure(images((12, 12), labels=np.arange(60) % 3)).numbers["motions"]
    assert motions["why_no_probe"] is None and motions["probe_training_images"] == 45
    assert all(len(row["accuracy"]["model"]) == 6 for row in motions["kinds"].values())


def test_a_code_that_is_always_the_same_has_no_drift(images):
    subject = images((12, 12), labels=np.arange(60) % 3)
    with torch.no_grad():
        subject.model.encoder[-1].weight.zero_()
    found = measure(subject)
    assert found.numbers["motions"]["mean"]["drift"]["model"] is None
    for row in found.numbers["motions"]["kinds"].values():
        assert row["drift"]["model"] is None and row["drift"]["pca_3"][1] > 0
    json.dumps(found.numbers, allow_nan=False)


def test_images_that_are_all_the_same_are_no_crash(images):
    found = measure(images((12, 12), labels=np.arange(60) % 3, values=np.full((60, 12, 12), 51, np.uint8)))
    json.dumps(found.numbers, allow_nan=False)
    assert found.numbers["motions"]["mean"]["drift"]["pixels"] is None
