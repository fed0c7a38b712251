"""Noise in five severities: it acts on every value alone, so rows need not be images.

Shapes: N images, P pixels; all values are float32 in [0, 1].
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aecli.evaluation.instruments.planes import Shape
from aecli.lazy import np
from aecli.registry import Facts, Function, Registry

if TYPE_CHECKING:
    from numpy.random import Generator

SEVERITIES = (1, 2, 3, 4, 5)


@dataclass(frozen=True, kw_only=True)
class SeverityFacts(Facts):
    """What a corruption or a motion in severities says of itself."""

    levels: tuple[float, ...]
    """Five numbers of rising damage."""
    noise: bool = False
    """Whether it acts on every value alone and needs no image."""


SEVERITY_CORRUPTIONS: Registry[SeverityFacts] = Registry("severity corruption")
"""These come first; severity_images.py enrols the others, so severity.py is where to take all of them from."""


def corruption(*, levels: tuple[float, ...], noise: bool = False) -> Callable[[Function], Function]:
    """Decorator: enrol a corruption; the arguments are the fields of SeverityFacts."""
    return SEVERITY_CORRUPTIONS.register(SeverityFacts(levels=levels, noise=noise))


@corruption(levels=(0.08, 0.12, 0.18, 0.26, 0.38), noise=True)
def gaussian(x_NP: "np.ndarray", level: float, rng: "Generator", image_shape: Shape | None) -> "np.ndarray":
    """Gaussian noise on every pixel; the level is its standard deviation.

    clip(x + level n, 0, 1), n normal

    Source: Hendrycks & Dietterich 2019, arXiv 1903.12261
    """
    return np.clip(x_NP + np.float32(level) * rng.standard_normal(x_NP.shape, np.float32), 0, 1)


@corruption(levels=(0.03, 0.06, 0.09, 0.17, 0.27), noise=True)
def salt_and_pepper(x_NP: "np.ndarray", level: float, rng: "Generator", image_shape: Shape | None) -> "np.ndarray":
    """A share of the pixels turns black or white, half of them each; the level is the share.

    0 or 1 with probability level / 2 each, else x

    Note: the impulse noise of MNIST-C.
    Source: Hendrycks & Dietterich 2019, arXiv 1903.12261
    """
    draw_NP, white_NP = rng.random(x_NP.shape, np.float32), rng.integers(0, 2, x_NP.shape, np.uint8)
    return np.where(draw_NP < np.float32(level), white_NP, x_NP)


@corruption(levels=(0.1, 0.2, 0.3, 0.4, 0.5), noise=True)
def masking(x_NP: "np.ndarray", level: float, rng: "Generator", image_shape: Shape | None) -> "np.ndarray":
    """A share of the pixels turns black; the level is the share.

    0 with probability level, else x

    Source: Vincent et al. 2008, doi:10.1145/1390156.1390294
    """
    return x_NP * (rng.random(x_NP.shape, np.float32) >= np.float32(level))


@corruption(levels=(60, 25, 12, 5, 3), noise=True)
def shot(x_NP: "np.ndarray", level: float, rng: "Generator", image_shape: Shape | None) -> "np.ndarray":
    """Noise of counted photons; the level is the number of photons of a white pixel.

    clip(Poisson(level x) / level, 0, 1)

    Source: Mu & Gilmer 2019, arXiv 1906.02337
    """
    lit_NP, out_NP = x_NP > 0, np.zeros_like(x_NP)
    out_NP[lit_NP] = rng.poisson(level * x_NP[lit_NP].astype(np.float64)) / level
    return np.minimum(out_NP, 1)
