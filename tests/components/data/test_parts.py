"""Rows, images and labels out of arrays of any shape and type, and what is refused."""

import numpy as np
import pytest
from npy_files import RNG, load, save

from aecli.components.data import load_dataset
from aecli.components.data.parts import assemble, hold_out, make_part
from aecli.errors import DataError


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64", ">f8", "int8", "int64", "uint16", ">i4", "bool"])
def test_every_numeric_type_becomes_native_float32(dtype, tmp_path):
    array = RNG.integers(0, 2, (8, 5)).astype(dtype)
    data = load(tmp_path, array)
    assert data.train_NP.dtype == np.float32 and data.train_NP.dtype.isnative
    assert data.train_NP.sum() + data.test_NP.sum() == array.astype(float).sum()


@pytest.mark.parametrize("channels", [1, 3])
def test_the_last_axis_is_the_channels(channels, tmp_path):
    array = RNG.integers(0, 256, (4, 5, 6, channels), dtype=np.uint8)
    path = save(tmp_path / "x.npy", array)
    data = load_dataset("npy", {"file": path, "test_file": path})
    assert data.image_shape == (channels, 5, 6)
    assert np.array_equal(data.train_NP.reshape(4, channels, 5, 6), array.transpose(0, 3, 1, 2))


@pytest.mark.parametrize("size, shape", [(12, (1, 3, 4)), (36, (3, 3, 4))])
def test_height_and_width_make_flat_rows_images(size, shape, tmp_path):
    assert load(tmp_path, np.zeros((8, size), np.uint8), height=3, width=4).image_shape == shape


def test_labels_are_kept_as_they_are_given(tmp_path):
    x = save(tmp_path / "x.npy", np.zeros((4, 2), np.uint8))
    for given in (np.array([-7, 300, 2**62, 0]), np.array([[1], [2], [3], [4]], np.uint16), np.array([1.0, 2, 3, 4])):
        y = save(tmp_path / "y.npy", given)
        data = load_dataset("npy", {"file": x, "labels": y, "test_file": x, "test_labels": y})
        assert data.train_labels_N.dtype == np.int64 and data.train_labels_N.tolist() == given.ravel().tolist()


NAN = np.ones((5, 3))
NAN[2, 1], NAN[4, 0] = np.nan, np.inf


@pytest.mark.parametrize(
    "array, message",
    [
        (
            NAN,
            "values that are NaN or infinite: 2, the first in row 2, column 1 (counted from 0); remove or replace them",
        ),
        (np.array([["a"], ["b"]]), "is not numeric but of type <U1; store numbers"),
        (np.ones((4, 2), complex), "is not numeric but of type complex128; store numbers"),
        (
            np.ones(4),
            "has shape (4,); expected (rows, columns), (images, height, width) "
            "or (images, height, width, channels) with 1 or 3 channels",
        ),
        (
            np.ones((4, 3, 8, 8)),
            "has shape (4, 3, 8, 8); expected (rows, columns), (images, height, width) "
            "or (images, height, width, channels) with 1 or 3 channels",
        ),
        (np.ones((4, 0)), "has rows without any column; there is nothing to reconstruct"),
        (np.ones((0, 4)), "has 0 rows; at least 3 are needed"),
        (np.full((4, 2), 1e300), "holds values beyond 3.4e38, which 32-bit numbers cannot hold; divide them"),
        (
            np.float32([[3e38], [-3e38], [0]] * 4),
            "the values span more than 32-bit numbers hold; divide them by a constant",
        ),
        (
            1.7e9 + np.arange(8.0)[:, None],
            "column 0: its values differ by less than 32-bit numbers resolve; subtract a constant from it, or remove "
            "it",
        ),
    ],
    ids=["nan", "text", "complex", "1-D", "channels first", "no columns", "no rows", "large", "span", "time stamps"],
)
def test_arrays_nothing_can_be_trained_on_are_refused(array, message, tmp_path, refusal):
    path = save(tmp_path / "x.npy", array)
    assert refusal("npy", file=path) == f"{path}: {message}"


@pytest.mark.parametrize(
    "labels, message",
    [
        (np.array([0, 1, 2]), "5 rows but 3 labels; every row needs one label"),
        (np.array([0, 1, 2, 1.5, 0]), "labels must be whole numbers of 64 bits: 1.5 in row 3 (counted from 0)"),
        (np.array([0, np.nan, 2, 1, 0]), "labels must be whole numbers of 64 bits: nan in row 1 (counted from 0)"),
        (
            np.array([0, 1, 2, 2**63, 0], np.uint64),
            "labels must be whole numbers of 64 bits: 9223372036854775808 in row 3 (counted from 0)",
        ),
        (np.ones(5, complex), "labels are of type complex128; expected whole numbers or texts"),
        (np.eye(5), "labels have shape (5, 5); expected one label per row, not one-hot rows"),
    ],
    ids=["count", "half", "nan", "too large", "complex", "one-hot"],
)
def test_labels_that_are_none_are_refused(labels, message, tmp_path, refusal):
    x, y = save(tmp_path / "x.npy", np.ones((5, 2))), save(tmp_path / "y.npy", labels)
    assert refusal("npy", file=x, labels=y) == f"{x if 'rows but' in message else y}: {message}"


def test_heights_and_widths_that_do_not_fit_are_refused(tmp_path, refusal):
    flat, images = save(tmp_path / "f.npy", np.ones((5, 10))), save(tmp_path / "i.npy", np.ones((5, 4, 4)))
    assert refusal("npy", file=flat, height=3) == f"{flat}: height and width belong together; give both or none"
    assert refusal("npy", file=flat, height=3, width=3) == (
        f"{flat}: rows of 10 values are no 3 x 3 images with 1 or 3 channels; change height and width"
    )
    assert refusal("npy", file=images, height=2, width=8) == (
        f"{images}: images are 4 x 4, not 2 x 8 as height and width say"
    )


@pytest.mark.parametrize(
    ("array", "other", "words"),
    [
        (np.ones((3, 4)), np.ones((3, 5)), "columns or pixels 5, but here has 4"),
        (np.ones((3, 1, 4)), np.ones((3, 2, 2)), "channels, height, width (1, 2, 2), but here has (1, 1, 4)"),
        (np.ones((3, 4)), np.ones((3, 4), np.uint8), "type bytes, but here has other numbers"),
    ],
    ids=["width", "shape", "type"],
)
def test_a_test_part_of_another_kind_is_refused(array, other, words):
    train, test = make_part(array, None, "here"), make_part(other, None, "there")
    with pytest.raises(DataError) as caught:
        assemble("own", train, test)
    assert str(caught.value) == f"there: {words}; both parts must be alike"


@pytest.mark.parametrize(("rows", "share", "held_out"), [(10, 0.2, 2), (10, 0.01, 1), (3, 0.9, 1), (100, 0.99, 98)])
def test_at_least_two_rows_stay_to_train_on_and_one_to_test(rows, share, held_out):
    numbers = np.arange(rows, dtype=np.float32)[:, None]
    train, test = hold_out(make_part(numbers.copy(), np.arange(rows), "here"), share)
    assert (len(train.values_NP), len(test.values_NP)) == (rows - held_out, held_out)
    for part in (train, test):
        assert part.values_NP[:, 0].tolist() == part.labels_N.tolist() == sorted(part.labels_N.tolist())
    assert sorted([*train.labels_N, *test.labels_N]) == list(range(rows))
