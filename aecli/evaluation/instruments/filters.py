"""Classical denoising filters, channel by channel, black beyond the border.

Shapes: N images, P pixels.
"""

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from aecli.evaluation.instruments.planes import Shape


def median_3x3(y_NP: np.ndarray, shape: "Shape") -> np.ndarray:
    """The median of each pixel and its eight neighbours, channel by channel; black beyond the border."""
    from scipy.ndimage import median_filter

    return median_filter(y_NP.reshape(-1, *shape), (1, 1, 3, 3), mode="constant").reshape(y_NP.shape)


def gaussian_blur(y_NP: np.ndarray, shape: "Shape", sigma: float) -> np.ndarray:
    """Gaussian blur, channel by channel; black beyond the border.

    Args:
        y_NP: images.
        shape: (channels, height, width).
        sigma: standard deviation in pixels.
    """
    from scipy.ndimage import gaussian_filter

    return gaussian_filter(y_NP.reshape(-1, *shape), (0, 0, sigma, sigma), mode="constant").reshape(y_NP.shape)
