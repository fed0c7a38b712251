"""Noise in five severities: its shares and its moments."""

import numpy as np
import pytest
from image_patterns import GREY, flat_grey, rng

from aecli.evaluation.instruments.severity import corrupt
from aecli.evaluation.instruments.severity_noise import SEVERITIES


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


@pytest.mark.parametrize("name", ["masking", "salt_and_pepper"])
def test_stronger_noise_contains_the_weaker(name):
    hits = [corrupt(name, flat_grey(0.5), severity, rng(), GREY) != 0.5 for severity in SEVERITIES]
    assert all((more | ~less).all() for less, more in zip(hits, hits[1:], strict=False))
