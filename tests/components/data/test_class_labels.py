"""Class labels: one number for each, the same in every process and in every part."""

import os
import subprocess
import sys

import numpy as np
import pytest

from aecli.components.data.labels import class_numbers, number_classes
from aecli.components.data.tables import csv

LABELS = {
    "not a number": ["nan", "2", "NaN", "1", "3", "-nan"],
    "equal numbers": ["0.5", "0.50", ".5", "2", "1e0", "1.0"],
    "big": [str(2**60 + step) for step in range(4)] + [f"{2**60 + 4}.0"],
    "beyond 64 bits": [str(10**30 + step) for step in range(6)],
    "infinite": ["inf", "-inf", "1e999", "1e99999999999999999999", "1"],
}
PROGRAM = "import sys; from aecli.components.data.labels import class_numbers as of; print(of(sys.argv[1:]))"


@pytest.mark.parametrize("labels", LABELS.values(), ids=LABELS)
def test_the_numbers_do_not_depend_on_the_process_or_the_order(labels):
    here = class_numbers(labels)
    assert class_numbers(reversed(labels)) == here and len(here) == len(labels)
    for seed in ("1", "2"):
        env = os.environ | {"PYTHONHASHSEED": seed}
        done = subprocess.run([sys.executable, "-c", PROGRAM, *labels], env=env, capture_output=True, text=True)
        assert done.stdout.strip() == str(here), done.stderr


@pytest.mark.parametrize(
    ("labels", "numbers"),
    [
        (["7", "007", "10"], [1, 0, 2]),
        (["01", "02", "10"], [1, 2, 10]),
        (["1", "1.0", "+1", "2."], [1, 1, 1, 2]),
        ([str(2**53), str(2**53 + 1)], [2**53, 2**53 + 1]),
        ([str(2**63 - 1), str(-(2**63))], [2**63 - 1, -(2**63)]),
        ([str(2**63), "1"], [1, 0]),
        (["10", "9", "2.5"], [2, 1, 0]),
    ],
    ids=["leading zeros", "all with zeros", "points", "beyond doubles", "64 bits", "beyond", "fractions"],
)
def test_whole_numbers_are_kept_and_what_is_written_apart_stays_apart(labels, numbers):
    assert [class_numbers(labels)[label] for label in labels] == numbers


def test_texts_and_numbers_of_two_parts_are_numbered_together():
    labels, names = number_classes([np.array(["b", "3"]), np.array([3, 4]), None], ["x", "y", "z"])
    assert [None if one is None else one.tolist() for one in labels] == [[2, 0], [0, 1], None]
    assert names == {0: "3", 1: "4", 2: "b"}


def test_bytes_and_columns_of_text_are_labels_and_numbers_have_no_names():
    (labels,), names = number_classes([np.array([[b"cat"], [b"ant"]])], ["y"])
    assert labels.tolist() == [1, 0] and names == {0: "ant", 1: "cat"}
    assert number_classes([np.array([5, 3])], ["y"])[1] is None


def test_a_data_set_knows_the_names_of_its_classes_and_says_which_it_found(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("a,kind\n1,dog\n2,cat\n3,dog\n4,7\n")
    data = csv(file=str(path), label="kind")
    assert data.classes == {0: "7", 1: "cat", 2: "dog"}
    assert [one.message for one in data.remarks] == [f"{path}: 3 classes: 7 (1), cat (1), dog (2)"]
