"""How stored values become model values: bytes, the unit interval, minmax and standard."""

import numpy as np
import pytest
from npy_files import RNG, load, save

from aecli.components.data import load_dataset
from aecli.components.data.scaling import fit_scaling, in_unit_range


def model_values(values_NP, scaling):
    return (values_NP - np.float32(scaling["offset"])) / np.float32(scaling["scale"])


def test_bytes_stay_bytes(tmp_path):
    data = load(tmp_path, RNG.integers(0, 256, (8, 3, 4), dtype=np.uint8))
    assert data.train_NP.dtype == np.uint8 and data.train_NP.shape == (6, 12) and data.image_shape == (1, 3, 4)
    assert data.scaling == {"kind": "bytes", "divide_by": 255} and data.rows.unit_range


def test_values_in_the_unit_interval_are_left_alone(tmp_path):
    data = load(tmp_path, RNG.random((8, 5)))
    assert data.scaling == {"kind": "none"} and data.rows.unit_range and data.train_NP.dtype == np.float32


def test_other_values_are_scaled_by_column_on_training_rows_only(tmp_path):
    array = RNG.normal(size=(40, 3)) * [1, 100, 1e-3] + [5, 0, 0]
    data = load(tmp_path, array)
    assert data.scaling["kind"] == "minmax" and len(data.scaling["offset"]) == 3
    assert data.scaling["offset"] == data.train_NP.min(0).tolist()
    scaled_NP = model_values(data.train_NP, data.scaling)
    assert scaled_NP.min(0).tolist() == [0, 0, 0] and scaled_NP.max(0).tolist() == [1, 1, 1]


@pytest.mark.parametrize("low, high", [(-0.5, 0.5), (0.5, 1.5)])
def test_values_on_one_side_of_the_unit_interval_are_scaled_too(low, high, tmp_path):
    data = load(tmp_path, np.linspace(low, high, 16).reshape(8, 2))
    assert data.scaling["kind"] == "minmax"
    assert not load(tmp_path, np.linspace(low, high, 16).reshape(8, 2), scaling="none").rows.unit_range


def test_standard_scaling_gives_mean_zero_and_deviation_one(tmp_path):
    data = load(tmp_path, RNG.normal(size=(400, 3)) * [1, 100, 1e-3] + 5, scaling="standard")
    scaled_NP = model_values(data.train_NP, data.scaling)
    assert scaled_NP.mean(0) == pytest.approx(0, abs=1e-3) and scaled_NP.std(0) == pytest.approx(1, abs=1e-3)
    assert not data.rows.unit_range


def test_images_have_one_scale_for_all_pixels(tmp_path):
    data = load(tmp_path, RNG.normal(size=(12, 4, 4)))
    assert data.scaling["offset"] == [float(data.train_NP.min())] and len(data.scaling["scale"]) == 1


@pytest.mark.parametrize("scaling", ["minmax", "standard"])
def test_a_constant_column_gets_scale_one(scaling, tmp_path):
    array = np.column_stack([np.full(30, 0.1), RNG.normal(size=30)])
    data = load(tmp_path, array, scaling=scaling)
    assert data.scaling["scale"][0] == 1
    assert model_values(data.train_NP, data.scaling)[:, 0] == pytest.approx(0, abs=1e-7)


def test_scaling_that_is_asked_for_is_done_even_on_bytes(tmp_path):
    data = load(tmp_path, np.arange(16, dtype=np.uint8).reshape(8, 2), scaling="none")
    assert data.scaling == {"kind": "none"} and data.train_NP.dtype == np.float32 and not data.rows.unit_range


def test_unit_range_looks_at_the_test_rows_too(tmp_path):
    train, test = save(tmp_path / "x.npy", np.array([[2.0], [4.0]])), save(tmp_path / "t.npy", np.array([[5.0]]))
    assert not load_dataset("npy", {"file": train, "test_file": test}).rows.unit_range
    assert load_dataset("npy", {"file": train, "test_file": train}).rows.unit_range


def test_the_extremes_decide_whether_model_values_lie_in_the_unit_interval():
    rows = np.float32([[1.0, 10.0], [3.0, 30.0]])
    fitted = fit_scaling("minmax", rows, per_column=True)
    assert fitted == {"kind": "minmax", "offset": [1.0, 10.0], "scale": [2.0, 20.0]}
    assert in_unit_range(rows, fitted)
    assert not in_unit_range(rows + np.float32([0.0, 0.1]), fitted)
    assert not in_unit_range(rows, fit_scaling("minmax", rows, per_column=False) | {"scale": [28.0]})
