import io
import os
import pickle
import zipfile

import numpy as np
import pytest

from aecli.components.data import load_dataset

RNG = np.random.default_rng(3)


def save(path, array):
    np.save(path, array)
    return str(path)


def load(tmp_path, array, **params):
    return load_dataset("npy", {"file": save(tmp_path / "x.npy", array), "test_share": 0.25, **params})


def model_values(values_NP, scaling):
    return (values_NP - np.float32(scaling["offset"])) / np.float32(scaling["scale"])


def test_bytes_stay_bytes(tmp_path):
    data = load(tmp_path, RNG.integers(0, 256, (8, 3, 4), dtype=np.uint8))
    assert data.train_NP.dtype == np.uint8 and data.train_NP.shape == (6, 12) and data.image_shape == (1, 3, 4)
    assert data.scaling == {"kind": "bytes", "divide_by": 255} and data.rows.unit_range


def test_values_in_the_unit_interval_are_left_alone(tmp_path):
    data = load(tmp_path, RNG.random((8, 5)))
    assert data.scaling == {"kind": "none"} and data.rows.unit_range and data.train_NP.dtype == np.float32


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64", ">f8", "int8", "int64", "uint16", ">i4", "bool"])
def test_every_numeric_type_becomes_native_float32(dtype, tmp_path):
    array = RNG.integers(0, 2, (8, 5)).astype(dtype)
    data = load(tmp_path, array)
    assert data.train_NP.dtype == np.float32 and data.train_NP.dtype.isnative
    assert data.train_NP.sum() + data.test_NP.sum() == array.astype(float).sum()


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


def test_the_names_of_keras_and_plain_x_and_y_are_read(tmp_path):
    x, y = RNG.integers(0, 256, (6, 3, 3), dtype=np.uint8), np.arange(6)
    np.savez_compressed(tmp_path / "k.npz", x_train=x, y_train=y, x_test=x[:2], y_test=y[:2], extra=np.zeros(3))
    np.savez(tmp_path / "p.npz", x=x, y=y)
    keras = load_dataset("npz", {"file": str(tmp_path / "k.npz")})
    plain = load_dataset("npz", {"file": str(tmp_path / "p.npz")})
    assert np.array_equal(keras.train_NP, x.reshape(6, 9)) and keras.test_labels_N.tolist() == [0, 1]
    assert (len(plain.train_NP), len(plain.test_NP)) == (5, 1)


def test_paths_are_relative_to_the_working_directory_and_know_the_home_folder(tmp_path, monkeypatch):
    save(tmp_path / "x.npy", np.zeros((5, 2), np.uint8))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert load_dataset("npy", {"file": "x.npy"}).sha256 == load_dataset("npy", {"file": "~/x.npy"}).sha256


class Payload:
    """A pickle that writes a file when it is loaded."""

    def __init__(self, target):
        self.target = str(target)

    def __reduce__(self):
        return os.mkdir, (self.target,)


def object_npy(path, payload):
    np.save(path, np.array([payload, 1], object), allow_pickle=True)


def bare_pickle(path, payload):
    path.write_bytes(pickle.dumps(payload))


def object_npz(path, payload):
    np.savez(path.with_suffix(""), x=np.array([payload, 1], object))
    path.with_suffix(".npz").rename(path) if path.suffix != ".npz" else None


def pickle_in_npz(path, payload):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("x.npy", pickle.dumps(payload))


@pytest.mark.parametrize(
    "name, write, message",
    [
        ("npy", object_npy, "holds Python objects, which are never loaded; store numbers"),
        ("npy", bare_pickle, "is not a file that numpy.save wrote; pickles are never loaded"),
        ("npz", bare_pickle, "is not a file that numpy.savez wrote; pickles are never loaded"),
        ("npz", object_npz, "holds Python objects, which are never loaded; store numbers"),
        ("npz", pickle_in_npz, "x: is no array; pickles are never loaded"),
    ],
)
def test_a_pickle_is_refused_and_never_executed(name, write, message, tmp_path, refusal):
    path, executed = tmp_path / f"x.{name}", tmp_path / "executed"
    write(path, Payload(executed))
    assert message in refusal(name, file=path)
    assert not executed.exists()


def test_a_wrong_path_is_refused(tmp_path, refusal):
    missing = tmp_path / "missing.npy"
    for name in ("npy", "npz"):
        assert refusal(name, file=missing) == (
            f"{missing}: no such file; relative paths start in the folder the command runs in"
        )
        assert refusal(name, file=tmp_path) == f"{tmp_path}: is a folder; name a file"


def npy_bytes(array):
    stream = io.BytesIO()
    np.save(stream, array)
    return stream.getvalue()


TABLE = npy_bytes(np.ones((4, 2)))


@pytest.mark.parametrize(
    "content, message",
    [
        (b"", "is empty"),
        (b"a,b\n1,2\n", "is not a file that numpy.save wrote; pickles are never loaded"),
        (TABLE + b"x", "has bytes after the array; store one array per file"),
    ],
    ids=["empty", "csv", "trailing"],
)
def test_what_is_no_npy_file_is_refused(content, message, tmp_path, refusal):
    path = tmp_path / "x.npy"
    path.write_bytes(content)
    assert refusal("npy", file=path) == f"{path}: {message}"


def test_every_truncation_and_flipped_byte_of_a_header_is_refused_without_a_traceback(tmp_path, refusal):
    path = tmp_path / "x.npy"
    for length in range(1, len(TABLE)):
        path.write_bytes(TABLE[:length])
        assert refusal("npy", file=path).startswith(f"{path}: is ")
    for position in range(6, 80):
        broken = bytearray(TABLE)
        broken[position] ^= 0x15
        path.write_bytes(broken)
        try:
            load_dataset("npy", {"file": str(path)})  # some flips leave another whole header
        except Exception as error:
            assert type(error).__name__ == "DataError", (position, error)


def test_every_truncation_of_an_archive_is_refused_without_a_traceback(tmp_path, refusal):
    path = tmp_path / "x.npz"
    np.savez_compressed(path, x=np.ones((4, 2)))
    whole = path.read_bytes()
    for length in range(2, len(whole)):
        path.write_bytes(whole[:length])
        expected = "is damaged or incomplete: " if length > 3 else "is not a file that numpy.savez wrote; "
        assert refusal("npz", file=path).startswith(f"{path}: {expected}")
    for position in range(len(whole)):
        path.write_bytes(whole[:position] + bytes([whole[position] ^ 0x15]) + whole[position + 1 :])
        try:
            load_dataset("npz", {"file": str(path)})
        except Exception as error:
            assert type(error).__name__ == "DataError", (position, error)


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
            "column 0: its values differ by less than 32-bit numbers resolve; subtract a constant from it, or remove it",
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
        (np.array(list("abcde")), "labels are of type <U1; expected whole numbers"),
        (np.eye(5), "labels have shape (5, 5); expected one whole number per row, not one-hot rows"),
    ],
    ids=["count", "half", "nan", "too large", "text", "one-hot"],
)
def test_labels_that_are_none_are_refused(labels, message, tmp_path, refusal):
    x, y = save(tmp_path / "x.npy", np.ones((5, 2))), save(tmp_path / "y.npy", labels)
    assert refusal("npy", file=x, labels=y) == f"{x}: {message}"


def test_heights_and_widths_that_do_not_fit_are_refused(tmp_path, refusal):
    flat, images = save(tmp_path / "f.npy", np.ones((5, 10))), save(tmp_path / "i.npy", np.ones((5, 4, 4)))
    assert refusal("npy", file=flat, height=3) == f"{flat}: height and width belong together; give both or none"
    assert refusal("npy", file=flat, height=3, width=3) == (
        f"{flat}: rows of 10 values are no 3 x 3 images with 1 or 3 channels; change height and width"
    )
    assert refusal("npy", file=images, height=2, width=8) == (
        f"{images}: images are 4 x 4, not 2 x 8 as height and width say"
    )


def test_parts_that_belong_together_are_asked_for(tmp_path, refusal):
    x = save(tmp_path / "x.npy", np.ones((5, 2)))
    assert refusal("npy", file=x, test_labels=x) == f"{x}: test_labels without test_file; name the test rows too"
    path = tmp_path / "x.npz"
    np.savez(path, x=np.ones((5, 2)), y_test=np.ones(5))
    assert refusal("npz", file=path) == f"{path}: holds y_test without x_test; add the test rows too"
    np.savez(path, images=np.ones((5, 2)), labels=np.ones(5))
    assert refusal("npz", file=path) == f"{path}: holds no x_train and no x, but: images, labels; rename the arrays"
