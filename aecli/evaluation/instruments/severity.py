"""Corruptions and motions of images in five severities, seeded and vectorised; knows nothing of models.

A corruption leaves the digit in place, so the clean image is its target; a motion moves it and has no clean target.
Levels follow ImageNet-C (Hendrycks & Dietterich 2019) and MNIST-C (Mu & Gilmer 2019) where these have a scale that
fits; MNIST-C's impulse noise is `salt_and_pepper`. Of MNIST-C are left out: glass blur, motion blur (both displace
pixels) and Canny edges (another image). Lengths are pixels of an image whose shorter side is 28, and grow with it.

The draws of a generator do not depend on the level, except under shot noise: a severity contains the one below.
Shapes: N images, P pixels, C channels, H rows, W columns, G nodes of a grid. All images are float32 in [0, 1].
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aecli.lazy import F, np, torch
from aecli.registry import Facts, Function, Registry

if TYPE_CHECKING:
    from numpy.random import Generator

Shape = tuple[int, int, int]
"""Channels, height, width."""


@dataclass(frozen=True, kw_only=True)
class SeverityFacts(Facts):
    """What a corruption or a motion in severities says of itself."""

    levels: tuple[float, ...]
    """Five numbers of rising damage."""
    noise: bool = False
    """Whether it acts on every value alone and needs no image."""


SEVERITY_CORRUPTIONS: Registry[SeverityFacts] = Registry("severity corruption")
MOTIONS: Registry[SeverityFacts] = Registry("severity motion")


def corruption(*, levels: tuple[float, ...], noise: bool = False) -> Callable[[Function], Function]:
    """Decorator: enrol a corruption; the arguments are the fields of SeverityFacts."""
    return SEVERITY_CORRUPTIONS.register(SeverityFacts(levels=levels, noise=noise))


def motion(*, levels: tuple[float, ...]) -> Callable[[Function], Function]:
    """Decorator: enrol a motion with its levels."""
    return MOTIONS.register(SeverityFacts(levels=levels))


SEVERITIES = (1, 2, 3, 4, 5)
SIDE = 28
MUD = 63 / 255
LINE_PIXELS = 1.45


def corrupt(name: str, x_NP: "np.ndarray", severity: int, rng: "Generator", image_shape: Shape | None) -> "np.ndarray":
    """Images under a named corruption.

    Args:
        name: from SEVERITY_CORRUPTIONS.
        x_NP: images in [0, 1]; they are not changed.
        severity: 1 to 5; 0 gives the images themselves.
        rng: all randomness comes from it.
        image_shape: None where rows are not images; then only the noise kinds apply.

    Returns: (N, P) float32 in [0, 1].
    Raises:
        ValueError: an image is needed, or the severity is not one of 0 to 5.
    """
    entry = SEVERITY_CORRUPTIONS[name]
    if severity not in (0, *SEVERITIES):
        raise ValueError(f"severity must be 0 to 5, got {severity}")
    if severity == 0:
        return x_NP
    if image_shape is None and not entry.facts.noise:
        raise ValueError(f"{name} needs images")
    return entry.function(x_NP, entry.facts.levels[severity - 1], rng, image_shape).astype(np.float32, copy=False)


def applicable(image_shape: Shape | None) -> list[str]:
    """The corruptions that this data can have; rows that are no images have the noise kinds alone.

    Example:
        >>> applicable(None)
        ['gaussian', 'salt_and_pepper', 'masking', 'shot']
    """
    return [name for name, entry in SEVERITY_CORRUPTIONS.items() if image_shape or entry.facts.noise]


# ------------------------------------------------------------------ noise: no image needed


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


# --------------------------------------------------------------------- images


@corruption(levels=(4, 7, 10, 13, 16))
def occlusion(x_NP: "np.ndarray", level: float, rng: "Generator", image_shape: Shape) -> "np.ndarray":
    """A black square somewhere inside the image; the level is its side in pixels.

    0 inside the square, else x

    Source: DeVries & Taylor 2017, arXiv 1708.04552
    """
    place_N2 = rng.random((len(x_NP), 2))
    inside = []
    for axis, length in enumerate(image_shape[1:]):
        side = min(max(1, round(pixels(level, image_shape))), length)
        # around a centre that all severities share as far as the border lets them
        start_N = np.clip(np.floor(place_N2[:, axis] * length - side / 2 + 0.5), 0, length - side)[:, None]
        inside.append((np.arange(length) >= start_N) & (np.arange(length) < start_N + side))
    hidden_NHW = inside[0][:, :, None] & inside[1][:, None, :]
    return flat(np.where(hidden_NHW[:, None], np.float32(0), planes(x_NP, image_shape)))


@corruption(levels=(0.05, 0.1, 0.15, 0.2, 0.25))
def stripe(x_NP: "np.ndarray", level: float, rng: "Generator", image_shape: Shape) -> "np.ndarray":
    """The outer columns on the left and on the right are inverted; the level is the share of the width on each side.

    1 - x in the columns of both stripes, else x

    Note: severity 5 is that of MNIST-C.
    Source: Mu & Gilmer 2019, arXiv 1906.02337
    """
    width = image_shape[2]
    count, column_W = max(1, round(level * width)), np.arange(width)
    x_NCHW = planes(x_NP, image_shape)
    return flat(np.where((column_W < count) | (column_W >= width - count), 1 - x_NCHW, x_NCHW))


@corruption(levels=(0.1, 0.2, 0.3, 0.4, 0.5))
def brightness(x_NP: "np.ndarray", level: float, rng: "Generator", image_shape: Shape) -> "np.ndarray":
    """Everything is brighter by the level.

    clip(x + level, 0, 1)

    Source: Hendrycks & Dietterich 2019, arXiv 1903.12261
    """
    return np.clip(x_NP + np.float32(level), 0, 1)


@corruption(levels=(0.8, 0.6, 0.4, 0.3, 0.2))
def contrast(x_NP: "np.ndarray", level: float, rng: "Generator", image_shape: Shape) -> "np.ndarray":
    """Pixels are drawn towards the mean of their image and channel; the level is the contrast that is left.

    mean + level (x - mean)

    Source: after Hendrycks & Dietterich 2019, arXiv 1903.12261, whose levels end at .05
    """
    x_NCHW = planes(x_NP, image_shape)
    mean_NC = x_NCHW.mean((2, 3), keepdims=True, dtype=np.float64)
    return flat(np.clip(mean_NC + level * (x_NCHW - mean_NC), 0, 1))


@corruption(levels=(0.5, 0.75, 1.0, 1.5, 2.0))
def blur(x_NP: "np.ndarray", level: float, rng: "Generator", image_shape: Shape) -> "np.ndarray":
    """Gaussian blur, black beyond the border; the level is the standard deviation in pixels.

    x convolved with a Gaussian

    Source: after Hendrycks & Dietterich 2019, arXiv 1903.12261, at the scale of 28 pixels
    """
    from scipy.ndimage import gaussian_filter

    sigma = pixels(level, image_shape)
    return flat(np.clip(gaussian_filter(planes(x_NP, image_shape), (0, 0, sigma, sigma), mode="constant"), 0, 1))


@corruption(levels=(0.5, 1.0, 1.5, 2.0, 3.0))
def fog(x_NP: "np.ndarray", level: float, rng: "Generator", image_shape: Shape) -> "np.ndarray":
    """Bright clouds over the image; the level is how dense they are.

    (x + level clouds) / (1 + level), clouds in [0, 1]: octaves of random grids, each of half the weight

    Source: after Mu & Gilmer 2019, arXiv 1906.02337, with value noise in place of the diamond-square plasma
    """
    clouds_NHW = 0.0
    for octave in range(5):
        nodes = 2**octave + 1
        grid_NGG = rng.random((len(x_NP), nodes, nodes)) / 2**octave
        rows_HG, columns_WG = (interpolation(length, nodes) for length in image_shape[1:])
        clouds_NHW = clouds_NHW + rows_HG @ (grid_NGG @ columns_WG.T)
    clouds_NHW -= clouds_NHW.min((1, 2), keepdims=True)
    clouds_NHW /= np.maximum(clouds_NHW.max((1, 2), keepdims=True), 1e-12)  # one pixel has no spread
    return flat((planes(x_NP, image_shape) + level * clouds_NHW[:, None]) / (1 + level))


@corruption(levels=(1.9, 1.6, 1.3, 1.0, 0.7))
def spatter(x_NP: "np.ndarray", level: float, rng: "Generator", image_shape: Shape) -> "np.ndarray":
    """Drops of dark grey mud; the level is the threshold above which blurred noise is mud, in standard deviations.

    (1 - m) x + m 63/255, m = clip((noise - level) / .3, 0, 1)

    Source: after Mu & Gilmer 2019, arXiv 1906.02337, with a soft threshold in place of a second blur
    """
    from scipy.ndimage import gaussian_filter

    sigma = max(0.7, pixels(1.5, image_shape))  # below that the scale of the noise is no longer 1 / (2 sqrt(pi) sigma)
    noise_NHW = rng.standard_normal((len(x_NP), *image_shape[1:]), np.float32)
    noise_NHW = gaussian_filter(noise_NHW, (0, sigma, sigma), mode="wrap") * (2 * math.sqrt(math.pi) * sigma)
    mud_N1HW = np.clip((noise_NHW - np.float32(level)) / np.float32(0.3), 0, 1)[:, None]
    x_NCHW = planes(x_NP, image_shape)
    return flat(x_NCHW + mud_N1HW * (np.float32(MUD) - x_NCHW))


@corruption(levels=(1, 2, 3, 4, 5))
def dotted_line(x_NP: "np.ndarray", level: int, rng: "Generator", image_shape: Shape) -> "np.ndarray":
    """Straight dotted lines from the left border to the right one; the level is their number.

    clip(x + sum of lines, 0, 1), a line being max(0, 1 - d / 1.45) at the vertical distance d, in every other two
    columns

    Note: severity 1 has the one line of MNIST-C.
    Source: after Mu & Gilmer 2019, arXiv 1906.02337, with a linear profile
    """
    _, height, width = image_shape
    ends_N52 = rng.random((len(x_NP), len(SEVERITIES), 2)) * (height - 1)
    along_W = np.linspace(0, 1, width)
    dotted_W = np.floor(np.arange(width) / max(1, round(pixels(2, image_shape)))) % 2 == 1
    left_N51, right_N51 = ends_N52[..., :1], ends_N52[..., 1:]
    rows_N5W = left_N51 + (right_N51 - left_N51) * along_W
    return draw_lines(x_NP, rows_N5W[:, :level], dotted_W, image_shape)


@corruption(levels=(1, 2, 3, 4, 5))
def zigzag(x_NP: "np.ndarray", level: int, rng: "Generator", image_shape: Shape) -> "np.ndarray":
    """Zigzag lines from left to right; the level is their number.

    clip(x + sum of lines, 0, 1), a line being max(0, 1 - d / 1.45) at the vertical distance d from a triangle wave of
    amplitude 2 and period 8 around a slightly tilted line

    Note: severity 1 has the one line of MNIST-C.
    Source: after Mu & Gilmer 2019, arXiv 1906.02337, with a linear profile
    """
    _, height, width = image_shape
    draw_N52 = rng.random((len(x_NP), len(SEVERITIES), 2))
    start_N51, rise_N51 = draw_N52[..., :1] * (height - 1), pixels(10, image_shape) * (draw_N52[..., 1:] - 0.5)
    column_W = np.arange(width) / pixels(1, image_shape)
    wave_W = pixels(1, image_shape) * (np.abs((column_W + 2) % 8 - 4) - 2)
    rows_N5W = start_N51 + rise_N51 * np.linspace(0, 1, width) + wave_W
    return draw_lines(x_NP, rows_N5W[:, :level], (column_W >= 2) & (column_W < SIDE - 2), image_shape)


# -------------------------------------------------------------------- motions


def move(name: str, x_NP: "np.ndarray", severity: int, rng: "Generator", image_shape: Shape) -> "np.ndarray":
    """Images moved about their centre, bilinear, black beyond the border; the direction is drawn for every image.

    Args:
        name: from MOTIONS.
        x_NP: images in [0, 1]; they are not changed.
        severity: 1 to 5; 0 gives the images themselves.
        rng: the directions come from it.
        image_shape: of the images.

    Returns: (N, P) float32 in [0, 1].
    """
    if severity == 0:
        return x_NP
    entry, (_, height, width) = MOTIONS[name], image_shape
    signs_N2 = rng.integers(0, 2, (len(x_NP), 2)) * 2.0 - 1.0
    source_N23 = np.zeros((len(x_NP), 2, 3)) + entry.function(entry.facts.levels[severity - 1], signs_N2)
    # torch measures from -1 to 1 whatever the side is
    source_N23[:, 0, 1] *= height / width
    source_N23[:, 1, 0] *= width / height
    source_N23[:, :, 2] *= pixels(2, image_shape) / np.array([width, height])
    x_NCHW = torch.from_numpy(np.ascontiguousarray(planes(x_NP, image_shape)))
    grid = F.affine_grid(torch.from_numpy(source_N23).float(), list(x_NCHW.shape), align_corners=False)
    moved = F.grid_sample(x_NCHW, grid, mode="bilinear", padding_mode="zeros", align_corners=False)
    return flat(moved.clamp_(0, 1).numpy())


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


# ---------------------------------------------------------------------- parts


def planes(x_NP: "np.ndarray", image_shape: Shape) -> "np.ndarray":
    """Rows of pixels as images, (N, C, H, W)."""
    return x_NP.reshape(-1, *image_shape)


def flat(x_NCHW: "np.ndarray") -> "np.ndarray":
    """Images as rows of pixels, (N, P)."""
    return x_NCHW.reshape(len(x_NCHW), -1)


def pixels(length: float, image_shape: Shape) -> float:
    """A length given for images of 28 pixels, in the pixels of these images."""
    return length * min(image_shape[1:]) / SIDE


def interpolation(length: int, nodes: int) -> "np.ndarray":
    """The matrix that interpolates evenly spaced nodes linearly at so many pixels, (length, nodes)."""
    place_H = np.linspace(0, nodes - 1, length)[:, None]
    return np.maximum(0, 1 - np.abs(place_H - np.arange(nodes)))


def draw_lines(x_NP: "np.ndarray", rows_NKW: "np.ndarray", drawn_W: "np.ndarray", image_shape: Shape) -> "np.ndarray":
    """White lines over images.

    Args:
        x_NP: images in [0, 1].
        rows_NKW: the row that each of K lines has in every column.
        drawn_W: in which columns it is visible.
        image_shape: of the images.
    """
    reach = max(0.75, LINE_PIXELS * pixels(1, image_shape))  # a thinner line would pass between the rows
    row_H1 = np.arange(image_shape[1])[:, None]
    out_NCHW = planes(x_NP, image_shape)
    for index in range(rows_NKW.shape[1]):
        line_NHW = np.maximum(0, 1 - np.abs(row_H1 - rows_NKW[:, index, None, :]) / reach) * drawn_W
        out_NCHW = np.minimum(out_NCHW + line_NHW[:, None], 1)
    return flat(out_NCHW)
