"""Examples: which test images are kept, what is kept of them, and where there are none."""

import numpy as np
import pytest
import torch

from aecli.config.load import load_config
from aecli.evaluation.examples import as_bytes, choose_examples, make_examples
from aecli.evaluation.pictures import choose_rows
from aecli.evaluation.subject import Subject
from aecli.training.build import prepare

RNG = np.random.default_rng(0)


def make_subject(tmp_path, test, *, labels=None, scaling="auto", **changes):
    """An untrained tiny net with the given test images, or with the rows of a table."""
    train = RNG.integers(0, 2, (20, *test.shape[1:])).astype(test.dtype)
    classes = {} if labels is None else {"y_train": np.arange(20) % 3, "y_test": labels}
    np.savez(tmp_path / "data.npz", x_train=train, x_test=test, **classes)
    dataset = {"name": "npz", "file": str(tmp_path / "data.npz"), "scaling": scaling}
    architecture = {"widths": ["auto", 4], "output_activation": "linear"}
    config = load_config({"data": {"dataset": dataset, "validation": 2}, "architecture": architecture, **changes})
    prepared = prepare(config)
    return Subject(prepared.trainee.model, prepared.splits, config)


@pytest.mark.parametrize("shape", [(40, 12, 9), (40, 8, 10, 3)], ids=["grey", "colour"])
def test_the_examples_are_test_images_beside_what_the_model_makes_of_them(shape, tmp_path):
    test = RNG.integers(0, 256, shape, dtype=np.uint8)
    subject = make_subject(tmp_path, test, labels=np.arange(40) // 14)
    examples = make_examples(subject)
    rows, images, reconstructions = (examples[name] for name in ("rows", "images", "reconstructions"))
    channels_first = test.reshape(*shape[:3], -1).transpose(0, 3, 1, 2)
    assert (rows.dtype, images.dtype, reconstructions.dtype) == (np.int64, np.uint8, np.uint8)
    assert np.array_equal(images, channels_first[rows]) and reconstructions.shape == images.shape
    with torch.no_grad():
        x_hat = subject.model(subject.splits.test.batch(torch.from_numpy(rows))).x_hat_BP.numpy()
    assert x_hat.min() < 0, "the test needs values to clip"
    assert np.array_equal(reconstructions.reshape(len(rows), -1), np.round(255 * np.clip(x_hat, 0, 1)))


def test_the_shown_images_come_first_and_then_an_even_spread():
    labels = np.sort(RNG.integers(0, 10, 10_000))  # a data set that is ordered by class
    rows = choose_examples(labels, 10_000, 784)
    shown, spread = np.split(rows, [12])
    assert np.array_equal(shown, choose_rows(labels, 10_000))
    assert np.diff(spread).min() >= 19 and np.diff(spread).max() <= 22 and spread[-1] >= 9_975
    assert np.bincount(labels[spread]).min() >= 40, "every class has its share"


@pytest.mark.parametrize("labels", [None, np.arange(600) % 7], ids=["no classes", "classes"])
@pytest.mark.parametrize("available", [1, 2, 11, 12, 13, 25, 511, 512, 600])
def test_no_image_is_kept_twice_and_small_test_sets_are_kept_whole(available, labels):
    rows = choose_examples(labels if labels is None else labels[:available], available, 64)
    assert len(set(rows.tolist())) == len(rows) == min(available, 512)
    assert rows.dtype == np.int64 and rows.min() == 0 and rows.max() < available
    if available <= 512:
        assert sorted(rows) == list(range(available))


@pytest.mark.parametrize(
    ("pixels", "count"), [(64, 512), (784, 512), (976, 512), (977, 511), (3072, 162), (20_833, 24), (150_528, 24)]
)
def test_large_images_are_fewer_so_that_the_file_stays_small(pixels, count):
    rows = choose_examples(None, 10_000, pixels)
    assert len(rows) == count
    assert len(rows) * pixels <= 500_000 or len(rows) == 24


def test_the_cap_holds_for_the_images_themselves(tmp_path):
    subject = make_subject(tmp_path, RNG.integers(0, 256, (200, 40, 40, 3), dtype=np.uint8))
    examples = make_examples(subject)
    assert examples["images"].shape == (104, 3, 40, 40)
    assert 950_000 < examples["images"].nbytes + examples["reconstructions"].nbytes <= 1_000_000


def test_every_loss_and_seed_meets_the_same_images_and_makes_its_own_of_them(tmp_path):
    test, labels = RNG.integers(0, 256, (700, 12, 12), dtype=np.uint8), RNG.integers(0, 5, 700)
    first = make_examples(make_subject(tmp_path, test, labels=labels))
    other = make_examples(make_subject(tmp_path, test, labels=labels, loss="mae", seed=1))
    assert np.array_equal(first["rows"], other["rows"]) and np.array_equal(first["images"], other["images"])
    assert not np.array_equal(first["reconstructions"], other["reconstructions"])


@pytest.mark.parametrize("shape", [(30, 5), (30, 12, 12)], ids=["table", "images of another range"])
def test_what_is_no_image_in_the_unit_interval_has_no_examples(shape, tmp_path):
    test = RNG.normal(size=shape).astype(np.float32)
    assert make_examples(make_subject(tmp_path, test, scaling="none")) is None


def test_a_table_in_the_unit_interval_has_no_examples(tmp_path):
    subject = make_subject(tmp_path, RNG.uniform(size=(30, 5)), scaling="none")
    assert subject.splits.unit_range and make_examples(subject) is None


def test_examples_are_made_with_exact_products_whatever_the_training_precision_is(tmp_path):
    subject = make_subject(tmp_path, RNG.integers(0, 256, (40, 12, 12), dtype=np.uint8))
    seen = []
    subject.model.register_forward_hook(lambda *_: seen.append(torch.get_float32_matmul_precision()))
    torch.set_float32_matmul_precision("medium")
    try:
        make_examples(subject)
        assert (seen, torch.get_float32_matmul_precision()) == (["highest"], "medium")
    finally:
        torch.set_float32_matmul_precision("highest")


def test_bytes_are_rounded_and_not_cut_off():
    levels = np.arange(256)
    assert np.array_equal(as_bytes((levels / 255).astype(np.float32)), levels)
    assert as_bytes(np.array([0.6, 1.4, 254.6]) / 255).tolist() == [1, 1, 255]
