"""Losses that compare images and not pixels: windows of them, or their spectra.

Shapes: B batch, P pixels, C channels, H height, W width. s = x_hat + x, d = x_hat - x.
"""

import math
from functools import lru_cache
from typing import Annotated

from annotated_types import Ge

from aecli.components import requirements
from aecli.components.loss.registration import STRUCTURAL, ImageShape, loss
from aecli.components.requirements import WINDOW_PIXELS
from aecli.lazy import Tensor, torch


@loss(kind=STRUCTURAL, needs_image=True, requires=requirements.windows, referees=("ssim",))
def ssim(x_hat_BP: Tensor, x_BP: Tensor, *, image_shape: ImageShape = None) -> Tensor:
    """Structural dissimilarity: compares local means, contrasts and structure instead of pixels.

    1 - SSIM; Gaussian window 11, sigma 1.5, valid region, data range 1, C1 = 0.01^2, C2 = 0.03^2

    Args:
        x_hat_BP: reconstruction.
        x_BP: target in [0, 1].
        image_shape: (channels, height, width), at least 11 x 11; a square grey image if not given.

    Returns: (B,) loss per image, in [0, 2], zero iff x_hat equals x.
    Use when: edges and contrast, as people see them, matter more than the errors of pixels.
    Source: Wang et al. 2004, doi:10.1109/TIP.2003.819861
    Example:
        >>> ssim(torch.full((1, 784), 0.5), torch.full((1, 784), 0.5))
        tensor([0.])
    """
    # of s = x_hat + x and d = x_hat - x: mean_s^2 - mean_d^2 = 4 mean_hat mean, mean_s^2 + mean_d^2 = 2 (mean_hat^2 +
    # mean^2), and so do the variances; four filtered maps instead of five, and d = 0 gives 1 exactly
    sum_BCHW, difference_BCHW = as_images(x_hat_BP + x_BP, image_shape), as_images(x_hat_BP - x_BP, image_shape)
    mean_s2, mean_d2 = filter_window(sum_BCHW).square(), filter_window(difference_BCHW).square()
    variance_s = filter_window(sum_BCHW.square()).sub_(mean_s2).add_(2.0 * 0.03**2)
    variance_d = filter_window(difference_BCHW.square()).sub_(mean_d2)
    mean_s2 = mean_s2.add_(2.0 * 0.01**2)
    numerator = (mean_s2 - mean_d2) * (variance_s - variance_d)
    denominator = (mean_s2 + mean_d2) * (variance_s + variance_d)
    return 1.0 - (numerator / denominator).mean(0)


def filter_window(x_BCHW: Tensor) -> Tensor:
    """The Gaussian mean around every pixel that has a whole window, (C (H - 10) (W - 10), B).

    The images are the last axis, so that each direction is a product with one long matrix and not with many small ones.
    """
    batch, channels, height, width = x_BCHW.shape
    rows = gaussian_window(height, x_BCHW.dtype, x_BCHW.device)
    columns = gaussian_window(width, x_BCHW.dtype, x_BCHW.device)
    lines_HWB = torch.bmm(columns.expand(channels * height, -1, -1), x_BCHW.permute(1, 2, 3, 0).flatten(0, 1))
    return torch.matmul(rows, lines_HWB.view(channels, height, -1)).view(-1, batch)


@lru_cache(maxsize=8)
def gaussian_window(size: int, dtype: "torch.dtype", device: "torch.device") -> Tensor:
    """The valid Gaussian filter of one axis as a matrix, (size - 10, size); each row sums to 1."""
    with torch.inference_mode(False):  # it is kept, and a tensor made in inference mode could not be trained through
        offsets = torch.arange(WINDOW_PIXELS, dtype=torch.float64) - WINDOW_PIXELS // 2
        weights = torch.exp(-0.5 * (offsets / 1.5).square())
        matrix = torch.zeros(size - WINDOW_PIXELS + 1, size, dtype=torch.float64)
        for row in range(len(matrix)):
            matrix[row, row : row + WINDOW_PIXELS] = weights / weights.sum()
        return matrix.to(device=device, dtype=dtype)


@loss(kind=STRUCTURAL, needs_image=True)
def focal_frequency(
    x_hat_BP: Tensor, x_BP: Tensor, *, alpha: Annotated[float, Ge(0)] = 1.0, image_shape: ImageShape = None
) -> Tensor:
    """Squared error in the frequency domain, heavier where the spectrum is still wrong.

    mean(w abs(F(x_hat) - F(x))^2), F = orthonormal fft2, w = abs(F(x_hat) - F(x))^alpha / its maximum, held constant

    Args:
        x_hat_BP: reconstruction.
        x_BP: target.
        alpha: how much the worst frequencies are preferred; 0 is mse.
        image_shape: (channels, height, width); a square grey image if not given.

    Returns: (B,) loss per image, >= 0, zero iff x_hat equals x.
    Use when: reconstructions are blurred and fine detail matters; alone, or added to mse.
    Source: Jiang et al. 2021, arXiv:2012.12821
    Example:
        >>> focal_frequency(torch.full((1, 4), 0.5), torch.zeros(1, 4), alpha=0.0)
        tensor([0.2500])
    """
    spectrum_BCHW = torch.fft.fft2(as_images(x_hat_BP - x_BP, image_shape), norm="ortho")
    power_BCHW = spectrum_BCHW.real.square() + spectrum_BCHW.imag.square()
    weight_BCHW = power_BCHW.detach().pow(0.5 * alpha)
    largest_B111 = weight_BCHW.amax(dim=(1, 2, 3), keepdim=True).clamp(min=torch.finfo(x_BP.dtype).tiny)
    loss_B: Tensor = (weight_BCHW / largest_B111 * power_BCHW).flatten(1).mean(1)
    return loss_B


def as_images(x_BP: Tensor, image_shape: tuple[int, int, int] | None) -> Tensor:
    """Reshape (B, P) to (B, C, H, W); without a shape, to a square grey image.

    Raises:
        ValueError: no shape is given and P is not a square.
    """
    if image_shape is None:
        side = math.isqrt(x_BP.shape[1])
        if side * side != x_BP.shape[1]:
            raise ValueError(f"{x_BP.shape[1]} pixels are no square image; give image_shape=(channels, height, width)")
        image_shape = (1, side, side)
    x_BCHW: Tensor = x_BP.unflatten(1, image_shape)
    return x_BCHW
