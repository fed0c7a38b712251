"""Folders of pictures: which are parts, which are classes, and what is refused as it could be either."""

from pathlib import Path

import pytest

from aecli.components.data.picture_parts import find_parts
from aecli.errors import DataError


def tree(text):
    return sorted(tuple(path.split("/")) for path in text.split())


@pytest.mark.parametrize(
    ("files", "train", "test", "unused"),
    [
        ("a.png b.png", (), None, []),
        ("cat/a.png dog/b.png", (), None, []),
        ("train/a.png test/b.png", ("train",), ("test",), []),
        ("training/cat/a.png testing/cat/b.png", ("training",), ("testing",), []),
        ("TrainSet/cat/a.png TestSet/cat/b.png valset/cat/c.png", ("TrainSet",), ("TestSet",), ["valset/"]),
        ("Train/a.png TEST/b.png Val/c.png d.png", ("Train",), ("TEST",), ["Val/", "d.png"]),
        ("train/a.png validation/b.png", ("train",), None, ["validation/"]),
        ("train/a.png", ("train",), None, []),
        ("train_set/train_set/cat/a.png test_set/cat/b.png", ("train_set",) * 2, ("test_set",), []),
        ("train2017/a.png val2017/b.png", ("train2017",), None, ["val2017/"]),
        ("train/a.png test/b.png masks/c.png", ("train",), ("test",), ["masks/"]),
        ("valid/a.png invalid/b.png", (), None, []),
        ("dev/a.png prod/b.png", (), None, []),
    ],
)  # fmt: skip
def test_parts_are_told_by_their_names(files, train, test, unused):
    assert find_parts(Path("data"), tree(files)) == (train, test, unused)


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ("test/a.png b/c.png", "data: has a folder test but no folder train; add it, or rename test"),
        (
            "train/a.png bus/b.png car/c.png",
            "data: train looks like part of a data set and bus, car do not; call the parts train and test and move the "
            "rest away, or rename what is a class",
        ),
        (
            "seg_train/a.png seg_test/b.png seg_pred/c.png",
            "data: seg_train, seg_test look like part of a data set and seg_pred does not; call the parts train and "
            "test and move the rest away, or rename what is a class",
        ),
        (
            "train/a.png training/b.png test/c.png",
            "data: train, training look like the same part; keep one, or rename what is none",
        ),
        (
            "cat/train/a.png cat/test/b.png dog/train/c.png",
            "data/cat: holds the parts test, train, which are no classes; name this folder as data.dataset.folder, or "
            "put the parts on top and the classes into them",
        ),
        (
            "images/training/a.png images/val/b.png",
            "data/images: holds the parts training, val, which are no classes; name this folder as "
            "data.dataset.folder, or put the parts on top and the classes into them",
        ),
    ],
    ids=["test alone", "a class called train", "one that is none", "twice", "in classes", "deeper"],
)
def test_what_could_mix_test_pictures_with_training_pictures_is_refused(files, message):
    with pytest.raises(DataError) as caught:
        find_parts(Path("data"), tree(files))
    assert str(caught.value) == message
