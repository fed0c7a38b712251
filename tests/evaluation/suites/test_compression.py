"""The compression suite: sizes and errors of real models, comparisons by hand, and data that is awkward for coders."""

import json
import math
import sys

import numpy as np
import pytest
import torch

from aecli.components.architecture.dense_network import Autoencoder
from aecli.components.evaluation.suites import Skipped
from aecli.config.load import load_config
from aecli.evaluation.instruments import codecs
from aecli.evaluation.subject import Subject
from aecli.evaluation.suites.compression import BITS_PER_UNIT, NEAR, decoder_size, measure, saving, skill
from aecli.training.build import prepare
from aecli.training.splits import Split, Splits


@pytest.fixture(autouse=True)
def own_cache(shared_cache, monkeypatch, tmp_path_factory, request):
    """Baselines are computed by every test, except that MNIST stays unpacked."""
    if "small" not in request.fixturenames:
        monkeypatch.setenv("AECLI_CACHE", str(tmp_path_factory.mktemp("cache")))


@pytest.fixture
def mnist(small):
    """An untrained net on 300 images of MNIST, judged on the 100 that validate."""
    config = load_config(small)
    prepared = prepare(config)
    return Subject(prepared.trainee.model, prepared.splits, config, "validation")


def make_model(pixels, code=4, **settings):
    torch.manual_seed(0)
    names = {"activation": "relu", "code_activation": "linear", "output_activation": "sigmoid"} | settings
    return Autoencoder([pixels, 12, code], **{"tied": False, "normalization": None} | names)


def make_subject(values, shape, *, code=4, unit_range=True, **settings):
    """The last third of the rows is judged."""
    third = len(values) // 3
    parts = [Split(torch.as_tensor(values[start : start + third]), None) for start in (0, third, 2 * third)]
    model = make_model(values.shape[1], code, **settings)
    return Subject(model, Splits(*parts, shape, unit_range, {"scaling": {}}), None)


def random_bytes(*shape):
    return np.random.default_rng(0).integers(0, 256, shape, np.uint8)


def check(findings):
    """What holds for every outcome."""
    json.dumps(findings.numbers, allow_nan=False)
    points = findings.numbers["curves"]["model"]
    assert [point["bits_per_unit"] for point in points] == list(BITS_PER_UNIT)
    for point in (*points, *findings.numbers["curves"]["klt"]):
        assert point["ideal_bits"] - 1 <= point["coded_bits"] <= 1.01 * point["ideal_bits"] + 64
    assert findings.skill is None or (math.isfinite(findings.skill) and findings.skill >= 0)
    assert 8 <= len(findings.rows) <= 15 and {len(row) for row in findings.rows} == {len(findings.columns)}
    assert list(findings.pictures) == ["rate_distortion"]
    findings.pictures["rate_distortion"].draw_without_rendering()
    return findings.numbers


def test_sizes_and_errors_are_those_of_numpy(mnist):
    with torch.no_grad():
        mnist.model.decoder[0].weight.mul_(30.0)  # an untrained decoder hardly listens to its code
    numbers = check(measure(mnist))
    assert numbers["curves"]["model"][0]["mse"] > 1.005 * numbers["unquantized"]["mse"]
    with torch.no_grad():
        train_NL, code_NL = (
            mnist.model.encode(split.batch(slice(None))).numpy() for split in (mnist.train, mnist.target)
        )
    x_NP = mnist.target.values_NP.numpy() / 255
    origin_L = np.clip(0, train_NL.min(0), train_NL.max(0))
    for point in numbers["curves"]["model"]:
        step_L = np.maximum(8 * train_NL.astype(np.float64).std(0) / 2 ** point["bits_per_unit"], 1e-12)
        fitted_NL, bits = np.rint((train_NL - origin_L) / step_L), 0.0
        symbols_NL = np.rint((code_NL - origin_L) / step_L).clip(fitted_NL.min(0), fitted_NL.max(0))
        for fitted_N, symbols_N in zip(fitted_NL.T, symbols_NL.T, strict=True):
            total = len(fitted_N) + 0.5 * (np.ptp(fitted_N) + 1)
            bits -= sum(math.log2(((fitted_N == symbol).sum() + 0.5) / total) for symbol in symbols_N)
        assert point["ideal_bits"] == pytest.approx(bits, rel=0.002)
        assert point["bits_per_pixel"] == pytest.approx(point["coded_bits"] / 100 / 784)
        with torch.no_grad():
            x_hat_NP = (
                mnist.model.decode(torch.from_numpy((origin_L + symbols_NL * step_L).astype(np.float32)))
                .double()
                .numpy()
            )
        assert point["mse"] == pytest.approx(((x_hat_NP - x_NP) ** 2).mean(), rel=1e-3)
        assert point["psnr_db"] == pytest.approx(-10 * math.log10(point["mse"]))


def test_with_eight_bits_the_error_is_that_of_the_code_itself(mnist):
    numbers = measure(mnist).numbers
    expected = mnist.metrics(mnist.reconstruct(mnist.target), ["mse"])["mse"]
    assert numbers["unquantized"]["mse"] == pytest.approx(expected, rel=1e-6)
    assert numbers["curves"]["model"][-1]["mse"] == pytest.approx(expected, rel=1e-3)
    assert numbers["at_equal_mse"]["near_unquantized"]["mse"] == pytest.approx(NEAR * expected)
    assert numbers["at_equal_mse"]["eight_bits"]["mse"] == numbers["curves"]["model"][-1]["mse"]


def test_every_coder_of_images_stands_beside_the_model(mnist):
    findings = measure(mnist)
    numbers = findings.numbers
    assert list(numbers["curves"]) == ["model", "klt", "jpeg", "jpeg_2000", "webp"]
    assert set(numbers["lossless"]) == {"raw", "lzma", "png", "png_mosaic"} and numbers["lossless"]["raw"] == 8
    bits = numbers["at_equal_mse"]["near_unquantized"]["bits_per_pixel"]
    assert findings.skill == pytest.approx(bits["klt"] / bits["model"])
    for name, share in numbers["at_equal_mse"]["near_unquantized"]["saving"].items():
        assert share == saving(bits["model"], bits[name])


def test_the_same_numbers_come_at_every_call_and_the_baselines_from_the_disk(mnist, monkeypatch, tmp_path):
    monkeypatch.setenv("AECLI_CACHE", str(tmp_path))
    first = measure(mnist)
    for name in ("klt_curve", "codec_curve", "lossless_bits"):
        monkeypatch.delattr(codecs, name)
    again = measure(Subject(mnist.model, mnist.splits, mnist.config, "validation"))
    assert (again.numbers, again.skill, again.rows) == (first.numbers, first.skill, first.rows)


def test_bits_per_pixel_of_colour_count_places_not_values():
    subject = make_subject(random_bytes(90, 3 * 8 * 10), (3, 8, 10))
    numbers = check(measure(subject))
    assert numbers["pixels_per_image"] == 80 and numbers["lossless"]["raw"] == 24
    assert set(numbers["curves"]) == {"model", "klt", "jpeg", "jpeg_2000", "webp"}


def test_rows_that_are_no_images_meet_the_klt_alone():
    values = np.random.default_rng(0).normal(5, 3, (150, 7)).astype(np.float32)
    findings = measure(make_subject(values, None, unit_range=False, output_activation="linear"))
    numbers = check(findings)
    assert set(numbers["curves"]) == {"model", "klt"} and numbers["lossless"] == {}
    assert numbers["pixels_per_image"] == 7 and numbers["unquantized"]["psnr_db"] is None
    assert any("no image codecs" in line for line in numbers["notes"])


def test_rows_of_bytes_that_are_no_images_meet_lzma_too():
    numbers = check(measure(make_subject(random_bytes(90, 20), None)))
    assert set(numbers["lossless"]) == {"raw", "lzma"}


@pytest.mark.parametrize(
    ("values", "settings"),
    [
        (np.zeros((60, 64), np.uint8), {}),
        (np.full((60, 64), 0.5, np.float32), {"output_activation": "linear"}),
        (random_bytes(60, 64), {}),
        (random_bytes(6, 64), {}),
        (random_bytes(3, 64), {}),
        (random_bytes(60, 64), {"code": 100}),
        (random_bytes(60, 64), {"code": 1}),
        (random_bytes(60, 64), {"normalization": "batch", "tied": True}),
    ],
    ids=["black", "constant", "random", "two images", "one image", "wide code", "one unit", "tied"],
)
def test_awkward_data_is_judged(values, settings):
    check(measure(make_subject(values, (1, 8, 8), **settings)))


def test_a_code_without_live_units_costs_nothing_and_has_no_skill():
    subject = make_subject(random_bytes(90, 64), (1, 8, 8), code_activation="relu")
    with torch.no_grad():
        subject.model.encoder[-1].bias.fill_(-100)
    findings = measure(subject)
    numbers = check(findings)
    assert findings.skill == 0
    assert all(point["coded_bits"] == point["coded_units"] == 0 for point in numbers["curves"]["model"])


def test_a_code_that_is_not_finite_is_not_judged():
    subject = make_subject(random_bytes(90, 64), (1, 8, 8))
    with torch.no_grad():
        subject.model.encoder[-1].bias.fill_(math.nan)
    with pytest.raises(Skipped, match="not finite"):
        measure(subject)


def test_without_constriction_the_suite_is_skipped_with_the_command_that_installs_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "constriction", None)
    with pytest.raises(Skipped, match=r"needs the package constriction: pip install 'aecli\[compress\]'"):
        measure(make_subject(random_bytes(90, 64), (1, 8, 8)))


def test_a_codec_that_pillow_lacks_is_left_out_with_a_note(monkeypatch):
    from PIL import features

    monkeypatch.setattr(features, "check", lambda feature: feature != "jpg_2000")
    numbers = check(measure(make_subject(random_bytes(90, 64), (1, 8, 8))))
    assert "jpeg_2000" not in numbers["curves"] and "webp" in numbers["curves"]
    assert [line for line in numbers["notes"] if line.startswith("JPEG 2000")]


@pytest.mark.parametrize(("tied", "normalization", "expected"), [
    (False, None, 4 * 12 + 12 + 12 * 64 + 64),
    (True, None, 4 * 12 + 12 + 12 * 64 + 64),
    (False, "layer", 4 * 12 + 12 + 12 * 64 + 64 + 2 * 12),
    (False, "batch", 4 * 12 + 12 + 12 * 64 + 64 + 4 * 12),
])  # fmt: skip
def test_the_decoder_is_counted_number_by_number(tied, normalization, expected):
    subject = make_subject(random_bytes(90, 64), (1, 8, 8), tied=tied, normalization=normalization)
    size = decoder_size(subject)
    assert size["bytes"] == 4 * expected
    assert size["bits_per_pixel_if_sent"] == pytest.approx(32 * expected / 30 / 64)


def test_skill_and_saving_are_those_of_hand():
    assert skill({"model": 0.16, "klt": 0.2}) == pytest.approx(1.25)
    assert skill({"model": 0.2, "klt": 0.2}) == 1 and skill({"model": 0.2, "klt": 0.0}) == 0
    assert skill({"model": 0.2, "klt": None}) is None and skill({"model": 0.0, "klt": 0.0}) == 0
    assert saving(0.16, 0.2) == pytest.approx(0.2) and saving(0.3, 0.2) == pytest.approx(-0.5)
    assert saving(0.2, 0.0) is None and saving(0.2, None) is None and saving(None, 0.2) is None
