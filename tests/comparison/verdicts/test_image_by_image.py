"""Two nets compared on every test image; files of images that are missing, broken or malicious."""

import io
import os
import pickle
import zipfile

import numpy as np
import pytest
from fake_candidates import MSE, ONE_PER_CENT

from aecli.comparison.evidence.candidates import fold
from aecli.comparison.evidence.collect import collect
from aecli.comparison.evidence.image_errors import read_per_image
from aecli.comparison.evidence.measures import measure
from aecli.comparison.telling.formats.json_data import verdict_json
from aecli.comparison.verdicts.decide import reach_verdicts
from aecli.comparison.verdicts.image_by_image import compare_images

pytestmark = pytest.mark.filterwarnings("error")
"""A warning in the middle of a comparison would tell the user nothing."""


def two_nets(write_run, ours, theirs, **arrays):
    """Two runs with one seed each and the errors of single images."""
    paths = [
        write_run(seed=0, set=[f"loss={loss}"], test={"mse": 1, "ssim": 1, "psnr_db": 1}, per_image=images)
        for loss, images in (("mse", ours), ("mae", theirs))
    ]
    return collect(paths).runs


SMALL, LARGE = np.linspace(0.1, 0.2, 50), np.linspace(0.2, 0.4, 50)


@pytest.mark.parametrize(
    ("metric", "quantity", "kind"),
    [
        ("mse", "squared", "better"),
        ("rmse", "squared", "better"),
        ("psnr_db", "squared", "better"),
        ("mae", "absolute", "better"),
        ("ssim", "ssim", "worse"),
        ("bce_nats", "bce", "better"),
    ],
)
def test_two_nets_image_by_image(write_run, metric, quantity, kind):
    ours, theirs = two_nets(write_run, {quantity: SMALL}, {quantity: LARGE})
    for first, second, expected in ((ours, theirs, kind), (theirs, ours, {"better": "worse", "worse": "better"}[kind])):
        found = compare_images(measure(metric), first, second)
        assert (found.kind, found.quantity, found.difference.n) == (expected, quantity, 50)
        assert found.wins == (1.0 if expected == "better" else 0.0) and (found.difference.mean < 0) == (
            expected == "better"
        )
    assert abs(compare_images(measure(metric), ours, theirs).difference.mean) == pytest.approx(0.15)


def test_two_equal_nets_are_not_told_apart(write_run):
    found = compare_images(MSE, *two_nets(write_run, {"squared": SMALL}, {"squared": SMALL}))
    assert (found.kind, found.wins, found.difference.half_width) == ("undecided", 0.5, 0.0)


@pytest.mark.parametrize("metric", ["validation.mse", "train_s", "features.skill"])
def test_other_numbers_than_those_of_test_images_have_no_images(write_run, metric):
    assert compare_images(measure(metric), *two_nets(write_run, {"squared": SMALL}, {"squared": LARGE})) is None


def test_images_enter_the_verdict_of_single_seeds(write_run):
    runs = two_nets(write_run, {"squared": SMALL}, {"squared": LARGE})
    candidates = fold(runs)[1]
    (found,) = reach_verdicts(candidates, candidates[0], [MSE], ONE_PER_CENT, was_chosen=False)
    assert (found.kind, found.images.kind) == ("undecided", "worse"), (
        "about the nets it is certain, about the losses nothing is"
    )
    told = verdict_json(found)
    assert (told["verdict"], told["images"]["these_nets"], "verdict" in told["images"]) == ("undecided", "worse", False)


class Trap:
    """Leaves a mark where it is unpickled."""

    def __init__(self, mark):
        self.mark = mark

    def __reduce__(self):
        return (os.mkdir, (str(self.mark),))


def npz(**arrays):
    stream = io.BytesIO()
    np.savez(stream, **arrays)
    return stream.getvalue()


def lying_npz():
    """An array whose header promises more numbers than any memory holds."""
    header = b"\x93NUMPY\x01\x00" + (118).to_bytes(2, "little")
    header += repr({"descr": "<f8", "fortran_order": False, "shape": (10**15,)}).encode().ljust(117) + b"\n"
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("squared.npy", header)
    return stream.getvalue()


def wrong_checksum():
    whole = bytearray(npz(squared=SMALL))
    whole[len(whole) // 2] ^= 255
    return bytes(whole)


BROKEN = {
    "empty": b"",
    "no zip": b"PK\3\4 and nothing more",
    "cut off": npz(squared=SMALL)[:200],
    "wrong checksum": wrong_checksum(),
    "another quantity": npz(absolute=SMALL),
    "another length": npz(squared=SMALL[:-1]),
    "one image": npz(squared=SMALL[:1]),
    "two dimensions": npz(squared=SMALL.reshape(5, 10)),
    "a single number": npz(squared=np.float64(1.0)),
    "nan": npz(squared=np.full(50, np.nan)),
    "infinite": npz(squared=np.full(50, np.inf)),
    "text": npz(squared=np.array(["1"] * 50)),
    "complex": npz(squared=SMALL * 1j),
    "records": npz(squared=np.zeros(50, [("a", float), ("b", float)])),
    "bare array": (lambda stream: (np.save(stream, SMALL), stream.getvalue())[1])(io.BytesIO()),
    "lying header": lying_npz(),
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
def test_a_broken_file_of_images_gives_no_verdict(write_run, content):
    ours, theirs = two_nets(write_run, {"squared": SMALL}, {"squared": SMALL})
    ours.folder.per_image.write_bytes(content)
    assert compare_images(MSE, ours, theirs) is None and compare_images(MSE, theirs, ours) is None


def test_a_missing_file_of_images_gives_no_verdict(write_run):
    ours, theirs = two_nets(write_run, {"squared": SMALL}, {"squared": SMALL})
    ours.folder.per_image.unlink()
    assert compare_images(MSE, ours, theirs) is None
    ours.folder.per_image.mkdir()
    assert compare_images(MSE, ours, theirs) is None


@pytest.mark.parametrize("is_npz", [True, False], ids=["object array", "plain pickle"])
def test_nothing_in_a_file_of_images_is_executed(tmp_path, is_npz):
    mark, path = tmp_path / "mark", tmp_path / "per_image.npz"
    path.write_bytes(npz(squared=np.array([Trap(mark)] * 3, object)) if is_npz else pickle.dumps(Trap(mark)))
    assert read_per_image(path, "squared") is None and not mark.exists()
    if is_npz:
        with np.load(path, allow_pickle=True) as arrays:
            assert len(arrays["squared"]) == 3
        assert mark.exists(), "the trap works"
