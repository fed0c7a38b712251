"""Motions of images in five severities, each as an affine map from where a pixel is to where it comes from.

Shapes: N images; a map is (N, 2, 3), or (2, 3) where it is the same for every image.
"""

import math
from collections.abc import Callable

from aecli.evaluation.instruments.severity_noise import SeverityFacts
from aecli.lazy import np
from aecli.registry import Function, Registry

MOTIONS: Registry[SeverityFacts] = Registry("severity motion")


def motion(*, levels: tuple[float, ...]) -> Callable[[Function], Function]:
    """Decorator: enrol a motion with its levels."""
    return MOTIONS.register(SeverityFacts(levels=levels))


@motion(levels=(1, 2, 3, 4, 5))
def shift(level: float, signs_N2: "np.ndarray") -> "np.ndarray":
    """Shifted along both axes; the level is the distance in pixels.

    x(p + level s), s = (+-1, +-1)

    Source: Mu & Gilmer 2019, arXiv 1906.02337
    """
    return np.concatenate([np.broadcast_to(np.eye(2), (len(signs_N2), 2, 2)), level * signs_N2[:, :, None]], 2)


@motion(levels=(0.2, 0.4, 0.6, 0.8, 1.0))
def rotation(level: float, signs_N2: "np.ndarray") -> "np.ndarray":
    """Rotated to either side; the level is the angle in radians.

    x(R p), R a rotation by +-level

    Source: Mu & Gilmer 2019, arXiv 1906.02337
    """
    cos_N, sin_N, zero_N = math.cos(level) + 0 * signs_N2[:, 0], math.sin(level) * signs_N2[:, 0], 0 * signs_N2[:, 0]
    return np.stack([cos_N, -sin_N, zero_N, sin_N, cos_N, zero_N], 1).reshape(-1, 2, 3)


@motion(levels=(0.9, 0.8, 0.7, 0.6, 0.5))
def scale(level: float, signs_N2: "np.ndarray") -> "np.ndarray":
    """Shrunk; the level is the size that is left.

    x(p / level)

    Source: Mu & Gilmer 2019, arXiv 1906.02337
    """
    return np.array([[1 / level, 0, 0], [0, 1 / level, 0]])


@motion(levels=(0.2, 0.4, 0.6, 0.8, 1.0))
def shear(level: float, signs_N2: "np.ndarray") -> "np.ndarray":
    """Rows slide over each other to either side; the level is the slope.

    x(column +- level row, row)

    Source: after Mu & Gilmer 2019, arXiv 1906.02337
    """
    one_N, zero_N = np.ones(len(signs_N2)), np.zeros(len(signs_N2))
    return np.stack([one_N, level * signs_N2[:, 0], zero_N, zero_N, one_N, zero_N], 1).reshape(-1, 2, 3)
