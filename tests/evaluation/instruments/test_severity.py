"""Severities: pinned results, formulas against slow references, ranges in every layout, and what has to be refused."""

import hashlib
import math

import numpy as np
import pytest
from scipy import ndimage

from aecli.components.data import load_dataset
from aecli.evaluation.instruments.severity import (
    MOTIONS,
    SEVERITIES,
    SEVERITY_CORRUPTIONS,
    applicable,
    corrupt,
    interpolation,
    move,
)

GREY = (1, 28, 28)
EVERY_CORRUPTION = pytest.mark.parametrize("name", SEVERITY_CORRUPTIONS)
EVERY_MOTION = pytest.mark.parametrize("name", MOTIONS)
SHAPES = [GREY, (3, 9, 5), (1, 2, 2), (1, 1, 1), (1, 40, 12)]
PINNED = {
    "gaussian": ("93a6295cd456", "a19f46892eeb", "02793d548f97", "730e2790449e", "e02a16879cf8"),
    "salt_and_pepper": ("6d8be05aa09d", "811e54beb251", "76c166205765", "6cc80642b096", "6fd1061c70c0"),
    "masking": ("b37787014ae4", "d5d11475426c", "eba1201994f1", "c217a8693517", "c5094dde4d19"),
    "shot": ("6a612b35a818", "fb07307bd4b5", "427d7ab646f2", "15e4109e6934", "44dda681d3c0"),
    "occlusion": ("e33213c85bc0", "84ac464e4e32", "631ef5e52526", "9d77fdfa8240", "3cfea457b7eb"),
    "stripe": ("cc538ce6c7e3", "f8553e1b5f86", "bc65ed11e63e", "580dfea67b00", "dbe7483cb2c6"),
    "brightness": ("33b983caff0c", "a0cfe3e41b46", "bd4dfa648157", "5b6ef2c2b8b0", "3a0b4a4c3e74"),
    "contrast": ("f4b9cd489048", "7841dd3aff8c", "db8ec0eafb51", "84c06389ded4", "0712a01ce52d"),
    "blur": ("569a025b8c72", "5a0dde76f9aa", "95d71f94d4b2", "5d6651e5582f", "ebcfe940519f"),
    "fog": ("f9832d3db463", "a489669b502e", "3ea2513e05d6", "e82b1b1c4d44", "c0691a2bc305"),
    "spatter": ("da5a54431d3e", "234f4c81bbb9", "d4ab3afe3951", "61aa24463725", "253825c4cf97"),
    "dotted_line": ("d4beac7bdd7e", "66d14e8a285f", "811b887558f0", "a5396e993e32", "1bba795cbca7"),
    "zigzag": ("c7173262418e", "d817bfabde20", "4adf4b25303f", "e44787bdf033", "ea09c9e10268"),
}
"""First 12 digits of the SHA-256 of the bytes at severities 1 to 5; a change is a new protocol version of the suite.

Drawn by numpy's PCG64; a numpy that changes its normal or Poisson streams changes these.
"""


def pattern(count=6, shape=GREY):
    """Images of bytes without randomness: a third black, the rest of all values."""
    values = np.arange(count * math.prod(shape)) * 7919 % 256
    return np.where(values < 85, 0, values).astype(np.float32).reshape(count, -1) / np.float32(255)


def rng():
    return np.random.default_rng(0)


@pytest.fixture(scope="module")
def digits(shared_cache):
    """The first 400 test images of MNIST."""
    return load_dataset("mnist", {}).test_NP[:400].astype(np.float32) / np.float32(255)


# ------------------------------------------------------------------- every one


@EVERY_CORRUPTION
@pytest.mark.parametrize("severity", SEVERITIES)
def test_a_corruption_gives_the_pinned_bytes(name, severity):
    y = corrupt(name, pattern(), severity, rng(), GREY)
    digest = hashlib.sha256(np.rint(y * np.float32(255)).astype(np.uint8).tobytes()).hexdigest()
    assert digest.startswith(PINNED[name][severity - 1])


def test_every_corruption_is_pinned_and_every_result_is_different():
    assert set(PINNED) == set(SEVERITY_CORRUPTIONS)
    assert len({digest for row in PINNED.values() for digest in row}) == 5 * len(PINNED)


@pytest.mark.parametrize("registry", [SEVERITY_CORRUPTIONS, MOTIONS], ids=lambda registry: registry.noun)
def test_every_one_has_five_levels_a_formula_and_a_source(registry):
    for name, entry in registry.items():
        assert entry.summary.endswith(".") and entry.formula and entry.source, name
        steps = np.diff(entry.facts.levels)
        assert len(steps) == 4 and ((steps > 0).all() or (steps < 0).all()), name


@EVERY_CORRUPTION
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_a_corrupted_image_has_the_shape_and_the_range_of_the_clean_one(name, shape):
    for x in (
        pattern(5, shape),
        np.zeros((5, math.prod(shape)), np.float32),
        np.ones((5, math.prod(shape)), np.float32),
    ):
        before = x.copy()
        for severity in SEVERITIES:
            y = corrupt(name, x, severity, rng(), shape)
            assert y.shape == x.shape and y.dtype == np.float32 and np.isfinite(y).all()
            assert y.min() >= 0 and y.max() <= 1
        assert np.array_equal(x, before)


@EVERY_CORRUPTION
def test_damage_rises_with_the_severity(name, digits):
    errors = [np.square(corrupt(name, digits, severity, rng(), GREY) - digits).mean() for severity in (0, *SEVERITIES)]
    assert errors[0] == 0 and (np.diff(errors) > 0).all()


@EVERY_CORRUPTION
def test_the_generator_decides_and_nothing_else(name, digits):
    first, again, other = (corrupt(name, digits, 3, np.random.default_rng(seed), GREY) for seed in (0, 0, 1))
    assert np.array_equal(first, again)
    assert np.array_equal(first, other) == (name in ("stripe", "brightness", "contrast", "blur"))


@pytest.mark.parametrize("name", [name for name in SEVERITY_CORRUPTIONS if name != "shot"])
def test_an_image_does_not_depend_on_the_others(name, digits):
    changed = digits[:20].copy()
    changed[1:] = changed[1:][::-1]
    first, second = (corrupt(name, x, 4, rng(), GREY)[0] for x in (digits[:20], changed))
    assert np.array_equal(first, second)


@EVERY_CORRUPTION
def test_images_of_one_batch_meet_different_noise(name):
    if name not in ("stripe", "brightness", "contrast", "blur"):
        y = corrupt(name, np.full((2, 784), 0.5, np.float32), 5, rng(), GREY)
        assert not np.array_equal(y[0], y[1])


@pytest.mark.parametrize("severity", [6, -1, 1.5])
def test_a_severity_that_does_not_exist_is_refused(severity):
    with pytest.raises(ValueError, match="^severity must be 0 to 5, got "):
        corrupt("gaussian", pattern(), severity, rng(), GREY)


def test_rows_that_are_no_images_have_the_noise_kinds_alone():
    assert applicable(None) == ["gaussian", "salt_and_pepper", "masking", "shot"]
    assert applicable(GREY) == list(SEVERITY_CORRUPTIONS)
    x = pattern(4, (1, 1, 7))
    for name in SEVERITY_CORRUPTIONS:
        if name in applicable(None):
            assert corrupt(name, x, 5, rng(), None).shape == (4, 7)
        else:
            with pytest.raises(ValueError, match=f"^{name} needs images$"):
                corrupt(name, x, 5, rng(), None)


# -------------------------------------------------------------------- formulas


def flat_grey(value, count=200):
    return np.full((count, 784), value, np.float32)


def test_gaussian_noise_has_the_standard_deviation_of_its_level():
    noise = corrupt("gaussian", flat_grey(0.5), 3, rng(), GREY) - 0.5
    assert noise.mean() == pytest.approx(0, abs=0.002) and noise.std() == pytest.approx(0.18, rel=0.01)


def test_salt_and_pepper_hits_its_share_half_of_it_white():
    y = corrupt("salt_and_pepper", flat_grey(0.5), 5, rng(), GREY)
    assert (y == 0).mean() == pytest.approx(0.135, abs=0.003) and (y == 1).mean() == pytest.approx(0.135, abs=0.003)
    assert set(np.unique(y)) == {0, 0.5, 1}


def test_masking_hits_its_share():
    y = corrupt("masking", flat_grey(0.5), 3, rng(), GREY)
    assert (y == 0).mean() == pytest.approx(0.3, abs=0.004) and set(np.unique(y)) == {0, 0.5}


def test_shot_noise_is_that_of_counted_photons():
    y = corrupt("shot", flat_grey(0.3), 2, rng(), GREY)
    assert y.mean() == pytest.approx(0.3, abs=0.002) and y.var() == pytest.approx(0.3 / 25, rel=0.03)
    assert np.allclose(y * 25, np.rint(y * 25), atol=1e-5)
    assert (corrupt("shot", flat_grey(0.0), 5, rng(), GREY) == 0).all()


@pytest.mark.parametrize(("severity", "side"), [(1, 4), (2, 7), (3, 10), (4, 13), (5, 16)])
def test_occlusion_is_one_black_square_inside_the_image(severity, side):
    corners = set()
    for image in corrupt("occlusion", flat_grey(0.5), severity, rng(), GREY).reshape(-1, 28, 28):
        rows, columns = np.nonzero(image == 0)
        assert len(rows) == side * side
        assert rows.max() - rows.min() == columns.max() - columns.min() == side - 1
        corners.add((rows.min(), columns.min()))
    assert {0, 28 - side} <= {row for row, _ in corners} and {0, 28 - side} <= {column for _, column in corners}


@pytest.mark.parametrize("name", ["occlusion", "masking", "salt_and_pepper"])
def test_a_severity_contains_the_one_below(name):
    hits = [corrupt(name, flat_grey(0.5), severity, rng(), GREY) != 0.5 for severity in SEVERITIES]
    assert all((more | ~less).all() for less, more in zip(hits, hits[1:], strict=False))


def test_the_strongest_stripe_is_that_of_mnist_c():
    x = pattern()
    expected = x.reshape(-1, 28, 28).copy()
    for columns in (slice(0, 7), slice(21, 28)):
        expected[:, :, columns] = 1 - expected[:, :, columns]
    assert np.array_equal(corrupt("stripe", x, 5, rng(), GREY).reshape(-1, 28, 28), expected)


def test_brightness_and_contrast_follow_their_formulas():
    x = pattern()
    assert np.allclose(corrupt("brightness", x, 3, rng(), GREY), np.minimum(x + 0.3, 1), atol=1e-7)
    mean = x.mean(1, keepdims=True)
    assert np.allclose(corrupt("contrast", x, 3, rng(), GREY), mean + 0.4 * (x - mean), atol=1e-6)


def test_contrast_is_taken_channel_by_channel():
    x = np.concatenate([np.full((1, 45), value, np.float32) for value in (0.2, 0.5, 0.9)], 1)
    assert np.allclose(corrupt("contrast", x, 5, rng(), (3, 9, 5)), x, atol=1e-6)


def test_blur_is_that_of_scipy_image_by_image():
    x = pattern(3, (3, 28, 28))
    y = corrupt("blur", x, 4, rng(), (3, 28, 28)).reshape(3, 3, 28, 28)
    for image, blurred in zip(x.reshape(3, 3, 28, 28), y, strict=True):
        for plane, expected in zip(image, blurred, strict=True):
            assert np.allclose(ndimage.gaussian_filter(plane, 1.5, mode="constant"), expected, atol=1e-6)


def test_lengths_grow_with_the_image():
    x = pattern(2, (1, 56, 56))
    expected = ndimage.gaussian_filter(x.reshape(2, 56, 56), (0, 4, 4), mode="constant")
    assert np.allclose(corrupt("blur", x, 5, rng(), (1, 56, 56)).reshape(2, 56, 56), expected, atol=1e-6)
    assert (corrupt("occlusion", np.ones_like(x), 1, rng(), (1, 56, 56)) == 0).sum() == 2 * 8 * 8


def test_fog_is_a_cloud_from_0_to_1_the_same_on_every_image(digits):
    clouds = [(corrupt("fog", x, 2, rng(), GREY) * 2.0 - x) / 1.0 for x in (digits, 1 - digits)]
    assert np.allclose(clouds[0], clouds[1], atol=1e-5)
    assert np.allclose(clouds[0].min(1), 0, atol=1e-5) and np.allclose(clouds[0].max(1), 1, atol=1e-5)
    rows = clouds[0].reshape(-1, 28, 28)
    assert np.abs(np.diff(rows, axis=1)).mean() < 0.25 * rows.std()  # neighbours are alike: clouds, not noise


def test_interpolation_is_that_of_numpy():
    nodes = np.random.default_rng(0).random(5)
    assert np.allclose(interpolation(28, 5) @ nodes, np.interp(np.linspace(0, 4, 28), np.arange(5), nodes))


def test_spatter_covers_the_share_that_its_threshold_says():
    y = corrupt("spatter", flat_grey(1.0, 2000), 3, rng(), GREY)
    share = 1 - 0.5 * (1 + math.erf(1.3 / math.sqrt(2)))
    assert (y < 1).mean() == pytest.approx(share, rel=0.05)
    assert y.min() == pytest.approx(63 / 255, abs=1e-6)


def test_a_line_is_drawn_where_its_formula_says():
    draws = rng().random((2, 5, 2)) * 27
    expected = np.zeros((2, 28, 28))
    for image in range(2):
        for index in range(3):
            left, right = draws[image, index]
            for column in range(28):
                for row in range(28):
                    distance = abs(row - (left + (right - left) * column / 27))
                    if column // 2 % 2 == 1:
                        expected[image, row, column] += max(0, 1 - distance / 1.45)
    y = corrupt("dotted_line", np.zeros((2, 784), np.float32), 3, rng(), GREY)
    assert np.allclose(y.reshape(2, 28, 28), np.minimum(expected, 1), atol=1e-6)


def test_a_zigzag_is_drawn_where_its_formula_says():
    start, tilt = rng().random((1, 5, 2))[0, 0]
    expected = np.zeros((28, 28))
    wave = {0: 0, 1: -1, 2: -2, 3: -1, 4: 0, 5: 1, 6: 2, 7: 1}
    for column in range(2, 26):
        middle = start * 27 + 10 * (tilt - 0.5) * column / 27 + wave[column % 8]
        for row in range(28):
            expected[row, column] = max(0, 1 - abs(row - middle) / 1.45)
    y = corrupt("zigzag", np.zeros((1, 784), np.float32), 1, rng(), GREY).reshape(28, 28)
    assert np.allclose(y, expected, atol=1e-6)


# --------------------------------------------------------------------- motions


def by_scipy(x, matrix, offset, shape):
    """One image, (P,), taken at matrix p + offset for every p = (row, column) from the centre."""
    centre = (np.array(shape[1:]) - 1) / 2
    moved = [
        ndimage.affine_transform(
            plane.astype(np.float64), matrix, centre + offset - matrix @ centre, order=1, mode="grid-constant"
        )
        for plane in x.reshape(shape)
    ]
    return np.stack(moved).ravel()


@pytest.mark.parametrize("shape", [GREY, (3, 12, 20), (1, 21, 10)], ids=str)
@pytest.mark.parametrize("severity", [1, 4])
@EVERY_MOTION
def test_a_motion_is_that_of_scipy(name, severity, shape):
    x = pattern(6, shape)
    y = move(name, x, severity, rng(), shape)
    signs = rng().integers(0, 2, (6, 2)) * 2 - 1
    assert len(set(signs[:, 0])) == 2
    level = MOTIONS[name].facts.levels[severity - 1]
    for image, moved, (across, down) in zip(x, y, signs, strict=True):
        matrix, offset = np.eye(2), np.zeros(2)
        if name == "shift":
            offset = level * min(shape[1:]) / 28 * np.array([down, across])
        elif name == "rotation":
            cos, sin = math.cos(level), across * math.sin(level)
            matrix = np.array([[cos, sin], [-sin, cos]])
        elif name == "scale":
            matrix = np.eye(2) / level
        else:
            matrix = np.array([[1, 0], [across * level, 1]])
        assert np.allclose(moved, by_scipy(image, matrix, offset, shape), atol=2e-4)


def test_a_shift_by_whole_pixels_only_moves(digits):
    signs = rng().integers(0, 2, (len(digits), 2)) * 2 - 1
    for image, moved, (across, down) in zip(digits, move("shift", digits, 2, rng(), GREY), signs, strict=True):
        expected = np.roll(image.reshape(28, 28), (-2 * down, -2 * across), (0, 1))  # nothing is near the border
        assert np.allclose(moved.reshape(28, 28)[3:-3, 3:-3], expected[3:-3, 3:-3], atol=1e-4)


@EVERY_MOTION
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_a_moved_image_has_the_shape_and_the_range_of_the_unmoved_one(name, shape):
    x = pattern(4, shape)
    before = x.copy()
    assert np.array_equal(move(name, x, 0, rng(), shape), x)
    for severity in SEVERITIES:
        y = move(name, x, severity, rng(), shape)
        assert y.shape == x.shape and y.dtype == np.float32 and np.isfinite(y).all() and y.min() >= 0 and y.max() <= 1
        assert np.array_equal(y, move(name, x, severity, rng(), shape))
    assert np.array_equal(x, before)
