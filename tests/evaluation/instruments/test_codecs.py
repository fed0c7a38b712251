"""KLT, image codecs and lossless coders: the numbers known for the whole of MNIST, and small data by hand."""

import io
import lzma
import math

import numpy as np
import pytest
import torch
from PIL import Image, features

from aecli.components.data import load_dataset
from aecli.evaluation.instruments import codecs
from aecli.evaluation.instruments.codecs import codec_curve, cut_mosaic, images_of, klt_curve, lossless_bits, mosaic
from aecli.evaluation.instruments.entropy_coding import bits_at
from aecli.evaluation.subject import Subject
from aecli.training.splits import Split, Splits, as_tensor

PIXELS = 784


def subject_of(train, test, shape, *, unit_range=True):
    """A subject whose model nobody asks."""
    train, test = (Split(torch.as_tensor(values), None) for values in (train, test))
    return Subject(torch.nn.Identity(), Splits(train, test, test, shape, unit_range, description={"scaling": {}}), None)


@pytest.fixture(scope="module")
def mnist(shared_cache):
    data = load_dataset("mnist", {})
    return subject_of(as_tensor(data.train_NP, {}), as_tensor(data.test_NP, {}), (1, 28, 28))


@pytest.fixture(scope="module")
def digits(mnist):
    return images_of(mnist)


def smooth_images(count, *shape, seed=0):
    """Bytes with a few bright blobs each."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[: shape[0], : shape[1]]
    centres = rng.uniform(0, shape[0], (count, 2))
    blobs = 255 * np.exp(-((y - centres[:, :1, None]) ** 2 + (x - centres[:, 1:, None]) ** 2) / 8)
    return (
        blobs.astype(np.uint8)
        if len(shape) == 2
        else (blobs[..., None] * rng.random((count, 1, 1, 3))).astype(np.uint8)
    )


@pytest.mark.slow
def test_the_klt_needs_the_known_bits_on_mnist(mnist, monkeypatch):
    monkeypatch.setattr(codecs, "KLT_STEPS", (2.5, 3.0, 3.5, 4.5))
    curve = klt_curve(mnist)
    rate = curve["bits"] / 10_000 / PIXELS
    assert bits_at(rate, curve["mse"], 0.0082) == pytest.approx(0.206, abs=0.005)
    assert (curve["bits"] <= 1.01 * curve["ideal_bits"] + 64).all() and (curve["bits"] >= curve["ideal_bits"] - 1).all()
    assert round(curve["mse"][-1], 5) == 0.06747 and curve["bits"][-1] == 0


@pytest.mark.slow
@pytest.mark.parametrize(("name", "near", "expected"), [("jpeg", slice(1, 4), 0.48), ("jpeg_2000", slice(1, 3), 0.42)])
def test_image_codecs_need_the_known_bits_on_the_mosaic_of_mnist(name, near, expected, digits, monkeypatch):
    feature, form, options = codecs.SWEEPS[name]
    monkeypatch.setitem(codecs.SWEEPS, name, (feature, form, options[near]))
    curve = codec_curve(name, digits)
    assert bits_at(curve["bits"] / digits.size, curve["mse"], 0.0082) == pytest.approx(expected, abs=0.012)


@pytest.mark.slow
def test_lossless_coders_need_the_known_bits_on_mnist(digits):
    bits = lossless_bits(digits.reshape(10_000, PIXELS), digits)
    rate = {name: value / digits.size for name, value in bits.items()}
    assert rate["raw"] == 8 and round(rate["lzma"], 2) == 1.39
    assert rate["png"] == pytest.approx(2.74, abs=0.09)  # builds of zlib differ
    assert rate["png_mosaic"] < rate["png"]


def test_images_are_in_the_middle_of_black_cells_line_by_line():
    sheet = mosaic(np.arange(1, 6, dtype=np.uint8)[:, None, None] * np.ones((5, 28, 28), np.uint8))
    assert sheet.shape == (64, 96)
    assert (sheet[2:30, 34:62] == 2).all() and (sheet[34:62, 2:30] == 4).all()
    assert (sheet[:2] == 0).all() and (sheet[32:, 64:] == 0).all()
    assert sheet.astype(int).sum() == PIXELS * 15


@pytest.mark.parametrize("shape", [(1, 28, 28), (7, 8, 8), (5, 33, 20), (4, 1, 1), (9, 28, 28, 3), (2, 5, 40, 3)])
def test_a_mosaic_is_cut_into_the_images_it_was_made_of(shape):
    images = np.random.default_rng(0).integers(0, 256, shape, np.uint8)
    sheet = mosaic(images)
    assert sheet.shape[0] % 8 == 0 and sheet.shape[1] % 8 == 0
    assert np.array_equal(cut_mosaic(sheet, images.shape), images)


@pytest.mark.parametrize("shape", [(28, 28), (28, 28, 3), (8, 8), (40, 17, 3)])
@pytest.mark.parametrize("name", codecs.SWEEPS)
def test_codecs_get_better_with_their_bits(name, shape):
    curve = codec_curve(name, smooth_images(30, *shape))
    assert len(curve["bits"]) == len(codecs.SWEEPS[name][2])
    assert (np.diff(curve["bits"]) >= 0).all()
    assert curve["mse"][-1] < 0.3 * curve["mse"][0] and curve["mse"][-1] < 2e-3


@pytest.mark.parametrize("name", codecs.SWEEPS)
def test_a_single_small_image_is_coded_or_left_out(name):
    curve = codec_curve(name, smooth_images(1, 8, 8))
    assert len(curve["bits"]) == len(curve["mse"]) in (0, len(codecs.SWEEPS[name][2]))


def test_the_error_of_a_codec_is_that_of_its_images_alone(monkeypatch):
    images = smooth_images(4, 28, 28)
    monkeypatch.setitem(codecs.SWEEPS, "jpeg", ("jpg", "JPEG", [{"quality": 10}]))
    buffer = io.BytesIO()
    Image.fromarray(mosaic(images)).save(buffer, "JPEG", quality=10)
    decoded = np.asarray(Image.open(buffer)).astype(float)
    error = 0.0
    for index, (top, left) in enumerate([(2, 2), (2, 34), (34, 2), (34, 34)]):
        error += ((decoded[top : top + 28, left : left + 28] - images[index]) ** 2).mean() / 4 / 255**2
    curve = codec_curve("jpeg", images)
    assert curve["mse"] == pytest.approx([error], rel=1e-12)
    assert curve["bits"].tolist() == [8 * len(buffer.getvalue())]


def test_a_codec_that_pillow_was_built_without_has_no_points(monkeypatch):
    monkeypatch.setattr(features, "check", lambda feature: feature != "webp")
    assert len(codec_curve("webp", smooth_images(4, 8, 8))["bits"]) == 0
    assert len(codec_curve("jpeg", smooth_images(4, 8, 8))["bits"]) > 0


def test_images_are_bytes_with_their_channels_last():
    values = np.random.default_rng(0).integers(0, 256, (6, 3 * 5 * 4), np.uint8)
    images = images_of(subject_of(values, values, (3, 5, 4)))
    assert np.array_equal(images[2, 1, 3], values[2].reshape(3, 5, 4)[:, 1, 3])
    assert np.array_equal(images_of(subject_of(values, values, (1, 12, 5))), values.reshape(6, 12, 5))
    assert np.array_equal(
        images_of(subject_of(values / np.float32(255), values / np.float32(255), (1, 12, 5))), values.reshape(6, 12, 5)
    )


@pytest.mark.parametrize(
    ("shape", "unit_range"), [(None, True), ((1, 4, 6), False), ((2, 3, 4), True), ((4, 3, 2), True)]
)
def test_what_no_image_codec_takes_is_no_image(shape, unit_range):
    values = np.zeros((5, 24), np.float32)
    assert images_of(subject_of(values, values, shape, unit_range=unit_range)) is None


def test_the_mosaic_has_as_many_images_as_it_may(monkeypatch):
    monkeypatch.setattr(codecs, "CODEC_VALUES", 100)
    values = np.zeros((9, 24), np.uint8)
    assert images_of(subject_of(values, values, (1, 4, 6))).shape == (4, 4, 6)


def test_lossless_sizes_are_those_of_the_standard_library_and_of_single_files():
    images = smooth_images(5, 12, 10)
    rows = images.reshape(5, 120)
    bits = lossless_bits(rows, images)
    assert bits["raw"] == 8 * 600 and bits["lzma"] == 8 * len(lzma.compress(rows.tobytes()))
    assert bits["png"] == 8 * sum(len(codecs.save(image, "PNG", optimize=True)) for image in images)
    assert np.array_equal(codecs.load(codecs.save(images[0], "PNG"), images[0]), images[0])
    assert set(lossless_bits(rows, None)) == {"raw", "lzma"}


@pytest.fixture
def table():
    """Correlated columns, 2000 rows to train on and 500 to test."""
    rng = np.random.default_rng(0)
    values = (rng.normal(size=(2500, 6)) * [3, 2, 1, 0.5, 0.1, 0.01] @ rng.normal(size=(6, 6)) + 5).astype(np.float32)
    return subject_of(values[:2000], values[2000:], None, unit_range=False)


def test_the_klt_is_that_of_numpy(table, shared_cache, monkeypatch, tmp_path):
    monkeypatch.setenv("AECLI_CACHE", str(tmp_path))
    train, test = (split.values_NP.double().numpy() for split in (table.train, table.target))
    curve = klt_curve(table)
    vectors = np.linalg.eigh(np.cov(train.T))[1][:, ::-1]
    train_c, test_c = (train - train.mean(0)) @ vectors, (test - train.mean(0)) @ vectors
    deviation = math.sqrt(train.var(0).mean())
    for point, factor in enumerate(codecs.KLT_STEPS):
        step, bits, rebuilt = factor * deviation, 0.0, np.zeros_like(test)
        for k in range(6):
            fitted = np.rint(train_c[:, k] / step)
            symbols = np.rint(test_c[:, k] / step).clip(fitted.min(), fitted.max())
            size = fitted.max() - fitted.min() + 1
            for symbol in np.unique(symbols):
                share = ((fitted == symbol).sum() + 0.5) / (len(train) + 0.5 * size)
                bits -= (symbols == symbol).sum() * math.log2(share)
            rebuilt += np.outer(symbols * step, vectors[:, k])
        assert curve["step"][point] == pytest.approx(step, rel=1e-5)
        assert curve["ideal_bits"][point] == pytest.approx(bits, rel=0.01, abs=2)
        assert curve["mse"][point] == pytest.approx(((rebuilt + train.mean(0) - test) ** 2).mean(), rel=0.01)
        assert curve["bits"][point] <= 1.01 * curve["ideal_bits"][point] + 64


def test_the_klt_ends_at_the_mean_training_image(table, monkeypatch, tmp_path):
    monkeypatch.setenv("AECLI_CACHE", str(tmp_path))
    curve = klt_curve(table)
    expected = (table.target.values_NP - table.train.mean_image()).square().mean()
    assert curve["mse"][-1] == pytest.approx(float(expected), rel=1e-5)
    assert (curve["bits"][-1], curve["components"][-1], curve["step"][-1]) == (0, 0, math.inf)


def test_the_klt_of_constant_data_costs_nothing(monkeypatch, tmp_path):
    monkeypatch.setenv("AECLI_CACHE", str(tmp_path))
    values = np.full((40, 9), 0.3, np.float32)
    curve = klt_curve(subject_of(values, values, None))
    assert (curve["bits"] == 0).all() and (curve["mse"] < 1e-12).all()


def test_the_klt_of_large_images_is_fitted_on_as_many_as_memory_allows(table, monkeypatch, tmp_path):
    monkeypatch.setenv("AECLI_CACHE", str(tmp_path))
    whole = klt_curve(table)
    monkeypatch.setattr(codecs, "KLT_VALUES", 6 * 1000)
    part = klt_curve(table)
    assert part["ideal_bits"][:-1] == pytest.approx(whole["ideal_bits"][:-1], rel=0.05, abs=25)
    assert not np.array_equal(part["ideal_bits"], whole["ideal_bits"])
