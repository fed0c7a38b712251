"""Parts of a data set by their names."""

import pytest

from aecli.components.data.arrays import npy
from aecli.components.data.roles import is_plain_role, parts_beside, role_of
from aecli.components.data.tables import csv


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("TRAIN", "train"), ("training_set", "train"), ("x-test", "test"), ("t10k-images", "test"),
        ("val2017", "validation"), ("Validation", "validation"), ("crash", None), ("train_test", None),
        ("trainset", "train"), ("TestSet", "test"), ("trainA", "train"), ("PrivateTest", "test"), ("trn", "train"),
        ("valset", "validation"), ("Xtest", "test"), ("contest", None), ("strain", None), ("set", None),
    ],
)  # fmt: skip
def test_a_name_says_one_part_or_none(name, role):
    assert role_of(name) == role


def test_a_plain_role_is_nothing_but_its_word():
    assert is_plain_role("Testing") and not is_plain_role("seg_test")


def test_other_parts_are_known_by_the_rest_of_their_names(tmp_path):
    for name in ("digits_train.csv", "digits_test.csv", "digits-val.csv", "letters_test.csv", "digits_test.npy"):
        (tmp_path / name).write_text("a\n1\n2\n3\n")
    assert parts_beside(tmp_path / "digits_train.csv") == ["digits-val.csv", "digits_test.csv"]
    assert parts_beside(tmp_path / "letters_test.csv") == []
    for name in ("trainX.csv", "testX.csv", "testY.csv", "trainset.csv", "valset.csv"):
        (tmp_path / name).write_text("a\n1\n2\n3\n")
    assert parts_beside(tmp_path / "trainX.csv") == ["testX.csv"]
    assert parts_beside(tmp_path / "trainset.csv") == ["valset.csv"]
    assert parts_beside(tmp_path / "none" / "train.csv") == []


def test_files_of_other_parts_are_named_until_they_are_used(tmp_path):
    train, test = tmp_path / "train.csv", tmp_path / "test.csv"
    for path in (train, test):
        path.write_text("a\n1\n2\n3\n")
    assert [one.message for one in csv(file=str(train)).remarks] == [f"{tmp_path}: test.csv is not used"]
    assert csv(file=str(train), test_file=str(test)).remarks == ()


def test_arrays_of_other_parts_are_named(tmp_path):
    import numpy as np

    for part in ("train", "test"):
        np.save(tmp_path / f"{part}.npy", np.eye(4))
    train, test = str(tmp_path / "train.npy"), str(tmp_path / "test.npy")
    assert [one.message for one in npy(file=train).remarks] == [f"{tmp_path}: test.npy is not used"]
    assert npy(file=train, test_file=test).remarks == ()
