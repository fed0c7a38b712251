"""Folders of IDX files: which file is which part, and parts that do not fit."""

import numpy as np
import pytest
from idx_bytes import IMAGES, LABELS, idx_bytes, write

from aecli.components.data import load_dataset
from aecli.components.data.idx_folder import idx


def test_a_folder_of_images_and_labels_is_read(tmp_path):
    write(tmp_path, train=IMAGES, labels=LABELS, test=IMAGES[:2], test_labels=LABELS[:2])
    data = idx(folder=str(tmp_path))
    assert np.array_equal(data.train_NP, IMAGES.reshape(6, 12)) and data.train_NP.dtype == np.uint8
    assert np.array_equal(data.test_NP, IMAGES[:2].reshape(2, 12))
    assert data.train_labels_N.tolist() == LABELS.tolist() and data.test_labels_N.tolist() == [3, 1]
    assert data.image_shape == (1, 4, 3) and data.scaling == {"kind": "bytes", "divide_by": 255}


def test_without_test_files_the_same_rows_are_held_out_every_time(tmp_path):
    numbered = np.repeat(np.arange(50, dtype=np.uint8), 4).reshape(50, 2, 2)
    write(tmp_path, train=numbered, labels=np.arange(50, dtype=np.uint8))
    first, second = (idx(folder=str(tmp_path)) for _ in range(2))
    assert first.sha256 == second.sha256 and len(first.test_NP) == 10
    held_out = np.sort(np.random.default_rng(0).permutation(50)[:10]).tolist()
    assert first.test_NP[:, 0].tolist() == first.test_labels_N.tolist() == held_out
    assert sorted(first.train_labels_N.tolist() + held_out) == list(range(50))


def test_names_with_test_prefixes_and_both_forms_of_a_file_are_found(tmp_path):
    for name, array in {
        "emnist-x-train-images-idx3-ubyte": IMAGES,
        "emnist-x-test-images-idx3-ubyte": IMAGES[:2],
    }.items():
        (tmp_path / name).write_bytes(idx_bytes(array))
        (tmp_path / f"{name}.gz").write_bytes(b"never opened: the plain file goes first")
    (tmp_path / ".train-images-hidden").write_bytes(b"")
    data = idx(folder=str(tmp_path))
    assert (len(data.train_NP), len(data.test_NP)) == (6, 2)


def test_mnist_from_its_own_files_has_the_digest_of_mnist():
    mnist = load_dataset("mnist", {})
    from aecli.cache import cache_folder

    assert idx(folder=str(cache_folder() / "mnist")).sha256 == mnist.sha256


def test_a_folder_that_is_missing_or_a_file_is_refused(tmp_path, refusal):
    missing, file = tmp_path / "missing", tmp_path / "file"
    file.write_text("")
    assert refusal("idx", folder=missing) == (
        f"{missing}: no such folder; relative paths start in the folder the command runs in"
    )
    assert refusal("idx", folder=file) == f"{file}: is a file; name a folder, such as {tmp_path}"


def test_a_folder_without_training_images_is_refused(tmp_path, refusal):
    assert refusal("idx", folder=tmp_path) == (
        f"{tmp_path}: holds no training images; their file name must match *train*images*"
    )
    write(tmp_path, labels=LABELS)
    assert refusal("idx", folder=tmp_path) == (
        f"{tmp_path}/train-labels-idx1-ubyte: labels without images; add the file *train*images*, or remove the labels"
    )


def test_two_files_for_one_part_are_refused(tmp_path, refusal):
    write(tmp_path, train=IMAGES)
    (tmp_path / "b-train-images").write_bytes(idx_bytes(IMAGES))
    assert refusal("idx", folder=tmp_path) == (
        f"{tmp_path}: several files match *train*images*: b-train-images, train-images-idx3-ubyte; "
        "keep one of them in the folder"
    )


@pytest.mark.parametrize(
    "files, message",
    [
        (
            {"train": IMAGES, "labels": LABELS[:5]},
            "train-images-idx3-ubyte: 6 rows but 5 labels; every row needs one label",
        ),
        (
            {"train": IMAGES, "test": IMAGES[:, :3]},
            "t10k-images-idx3-ubyte: columns or pixels 9, but {}/train-images-idx3-ubyte has 12; both parts must be "
            "alike",
        ),
        (
            {"train": IMAGES, "test": IMAGES.transpose(0, 2, 1)},
            "t10k-images-idx3-ubyte: channels, height, width (1, 3, 4), but {}/train-images-idx3-ubyte has (1, 4, 3); "
            "both parts must be alike",
        ),
        (
            {"train": IMAGES, "test": IMAGES.astype(np.int16)},
            "t10k-images-idx3-ubyte: type other numbers, but {}/train-images-idx3-ubyte has bytes; both parts must "
            "be alike",
        ),
        (
            {"train": LABELS},
            "train-images-idx3-ubyte: has shape (6,); expected (rows, columns), (images, height, width) "
            "or (images, height, width, channels) with 1 or 3 channels",
        ),
        ({"train": IMAGES[:1], "test": IMAGES}, "train-images-idx3-ubyte: has 1 rows; at least 2 are needed"),
        ({"train": IMAGES[:2]}, "train-images-idx3-ubyte: has 2 rows; at least 3 are needed"),
        ({"train": IMAGES, "test": IMAGES[:0]}, "t10k-images-idx3-ubyte: has 0 rows; at least 1 are needed"),
        (
            {"train": IMAGES[:, :0]},
            "train-images-idx3-ubyte: has rows without any column; there is nothing to reconstruct",
        ),
        (
            {"train": IMAGES, "labels": np.array([0, 1, 2, 0.5, 1, 1], np.float32)},
            "train-labels-idx1-ubyte: labels must be whole numbers of 64 bits: 0.5 in row 3 (counted from 0)",
        ),
        (
            {"train": IMAGES, "labels": np.eye(6, dtype=np.uint8)},
            "train-labels-idx1-ubyte: labels have shape (6, 6); expected one label per row, not one-hot rows",
        ),
    ],
    ids=["label count", "width", "shape", "type", "1-D", "1 row", "2 rows", "no test", "no columns", "half", "one-hot"],
)
def test_parts_that_do_not_fit_are_refused(files, message, tmp_path, refusal):
    write(tmp_path, **files)
    assert refusal("idx", folder=tmp_path) == f"{tmp_path}/" + message.format(tmp_path)


def test_files_that_are_no_part_are_named(tmp_path):
    write(tmp_path, train=IMAGES, labels=LABELS, test=IMAGES[:2])
    (tmp_path / "train-images-idx3-ubyte.gz").write_bytes(b"the same, compressed")
    assert idx(folder=str(tmp_path)).remarks == ()
    (tmp_path / "valid-images-idx3-ubyte").write_bytes(idx_bytes(IMAGES))
    (told,) = idx(folder=str(tmp_path)).remarks
    assert told.code == "data-unused" and told.message == f"{tmp_path}: valid-images-idx3-ubyte is not used"


def test_training_images_whose_name_holds_another_part_are_no_test_images(tmp_path):
    (tmp_path / "latest-train-images-idx3-ubyte").write_bytes(idx_bytes(IMAGES))
    data = idx(folder=str(tmp_path))
    assert (len(data.train_NP), len(data.test_NP)) == (5, 1)
