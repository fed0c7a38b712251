"""Severities: pinned results, what holds for every one, ranges in every layout, and what has to be refused."""

import hashlib
import math

import numpy as np
import pytest
from image_patterns import GREY, SHAPES, pattern, rng

from aecli.evaluation.instruments.severity import MOTIONS, SEVERITIES, SEVERITY_CORRUPTIONS, applicable, corrupt

EVERY_CORRUPTION = pytest.mark.parametrize("name", SEVERITY_CORRUPTIONS)
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
