"""Errors of single test images: what can be read, and which end of a quantity is better."""

import numpy as np
import pytest

from aecli.comparison.evidence.image_errors import is_error, read_per_image


def test_a_quantity_is_read_as_it_was_written(tmp_path):
    np.savez(tmp_path / "per_image.npz", squared=np.array([1, 2, 3]))
    assert read_per_image(tmp_path / "per_image.npz", "squared").tolist() == [1.0, 2.0, 3.0]
    assert read_per_image(tmp_path / "per_image.npz", "ssim") is None
    assert read_per_image(tmp_path / "per_image.npz", None) is None
    assert read_per_image(tmp_path / "missing.npz", "squared") is None


@pytest.mark.parametrize("values", [[[1.0]], [1.0, np.nan], ["a"]], ids=["two axes", "not finite", "texts"])
def test_what_is_no_row_of_finite_numbers_is_not_read(tmp_path, values):
    np.savez(tmp_path / "per_image.npz", squared=np.array(values))
    assert read_per_image(tmp_path / "per_image.npz", "squared") is None


def test_quantities_are_errors_unless_their_metric_says_otherwise():
    assert [is_error(name) for name in ("squared", "absolute", "bce", "ssim", "unknown")] == [True] * 3 + [False, True]
