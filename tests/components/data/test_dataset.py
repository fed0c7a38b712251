import dataclasses
import json
import subprocess
import sys

import numpy as np
import pytest

from aecli.components.data import DATASETS, Dataset, load_dataset
from aecli.components.data.dataset import content_digest, dataset
from aecli.errors import DataError

NAMES = ["mnist", "fashion_mnist", "kmnist", "qmnist", "emnist", "cifar10", "idx", "npy", "npz", "csv", "images"]


def test_all_data_sets_are_registered_in_the_order_of_the_list():
    assert list(DATASETS) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_every_data_set_and_parameter_is_documented(name):
    entry = DATASETS[name]
    assert entry.summary.endswith(".") and entry.formula and entry.source
    assert [parameter.name for parameter in entry.parameters if not (parameter.doc and parameter.range)] == []


@pytest.mark.parametrize("name", ["idx", "npy", "npz", "csv", "images"])
def test_local_data_sets_hold_out_a_fifth_and_say_that_the_draw_is_fixed(name):
    (parameter,) = (parameter for parameter in DATASETS[name].parameters if parameter.name == "test_share")
    assert parameter.default == 0.2 and parameter.range == "> 0 and < 1"
    assert "the draw is fixed, the same for every seed" in parameter.doc


def test_importing_the_data_sets_imports_nothing_heavy():
    program = (
        "import sys, aecli.components.data\n"
        "print([m for m in ('torch', 'torchvision', 'numpy', 'PIL') if m in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True).stdout == "[]\n"


def test_the_digest_changes_with_values_types_shapes_and_labels():
    values, labels = np.arange(6, dtype=np.uint8).reshape(2, 3), np.array([0, 1])
    variants = [
        (values, labels),
        (values, None),
        (values, labels[::-1]),
        (values + 1, labels),
        (values.reshape(3, 2), labels),
        (values.astype(np.float32), labels),
        (labels, values),
    ]
    assert len({content_digest(*arrays) for arrays in variants}) == len(variants)


def test_the_digest_does_not_depend_on_memory_layout_or_byte_order():
    values = np.arange(6, dtype=np.float32).reshape(2, 3)
    assert content_digest(values) == content_digest(np.asfortranarray(values)) == content_digest(values.astype(">f4"))


def test_scaling_goes_through_json_unchanged(tmp_path):
    np.save(tmp_path / "x.npy", np.random.default_rng(0).normal(size=(9, 2)))
    scaling = load_dataset("npy", {"file": str(tmp_path / "x.npy")}).scaling
    assert json.loads(json.dumps(scaling)) == scaling


def registered(monkeypatch, **changes):
    """Register a data set that breaks a rule, for the length of a test."""
    ones = np.ones((4, 6), np.float32)
    good = Dataset("odd", ones, None, ones, None, image_shape=None, sha256="", scaling={"kind": "none"})

    def odd() -> Dataset:
        """Breaks a rule."""
        return dataclasses.replace(good, **changes)

    monkeypatch.setattr(DATASETS, "_entries", dict(DATASETS))
    dataset()(odd)


@pytest.mark.parametrize(
    "changes, message",
    [
        ({"train_NP": np.ones((1, 6), np.float32)}, "odd, training part: has 1 rows; at least 2 are needed"),
        ({"test_NP": np.ones((0, 6), np.float32)}, "odd, test part: has 0 rows; at least 1 are needed"),
        ({"test_NP": np.ones((4, 5), np.float32)}, "odd: the training and the test part differ in width or type"),
        ({"test_NP": np.ones((4, 6), np.uint8)}, "odd: the training and the test part differ in width or type"),
        ({"image_shape": (1, 2, 2)}, "odd: 6 pixels are no image of shape (1, 2, 2)"),
        ({"test_labels_N": np.arange(3)}, "odd, test part: 4 rows but 3 labels; every row needs one label"),
        (
            {"train_NP": np.full((4, 6), np.nan, np.float32)},
            "odd, training part: values that are NaN or infinite: 24, the first in row 0, column 0 (counted from 0); "
            "remove or replace them",
        ),
    ],
    ids=["train rows", "test rows", "width", "type", "shape", "labels", "nan"],
)
def test_whatever_a_function_returns_is_checked(changes, message, monkeypatch):
    registered(monkeypatch, **changes)
    with pytest.raises(DataError) as caught:
        load_dataset("odd", {})
    assert str(caught.value) == message
