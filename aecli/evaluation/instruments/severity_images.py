"""Corruptions of images in five severities: squares, stripes, light, weather and lines; seeded and vectorised.

Shapes: N images, P pixels, C channels, H rows, W columns, G nodes of a grid. All images are float32 in [0, 1].
"""

import math
from typing import TYPE_CHECKING

from aecli.evaluation.instruments.planes import SIDE, Shape, draw_lines, flat, interpolation, pixels, planes
from aecli.evaluation.instruments.severity_noise import SEVERITIES, corruption
from aecli.lazy import np

if TYPE_CHECKING:
    from numpy.random import Generator

MUD = 63 / 255


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
    clouds_NHW = np.zeros((len(x_NP), *image_shape[1:]))
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
