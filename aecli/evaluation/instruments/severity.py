"""Corruptions and motions of images in five severities, seeded and vectorised; knows nothing of models.

A corruption leaves the digit in place, so the clean image is its target; a motion moves it and has no clean target.
Levels follow ImageNet-C (Hendrycks & Dietterich 2019) and MNIST-C (Mu & Gilmer 2019) where these have a scale that
fits; MNIST-C's impulse noise is `salt_and_pepper`. Of MNIST-C are left out: glass blur, motion blur (both displace
pixels) and Canny edges (another image). Lengths are pixels of an image whose shorter side is 28, and grow with it.

The draws of a generator do not depend on the level, except under shot noise: a severity contains the one below.
Shapes: N images, P pixels, C channels, H rows, W columns, G nodes of a grid. All images are float32 in [0, 1].
"""

from typing import TYPE_CHECKING

from aecli.evaluation.instruments import severity_images  # noqa: F401  enrols the corruptions of images
from aecli.evaluation.instruments.planes import Shape, flat, pixels, planes
from aecli.evaluation.instruments.severity_motions import MOTIONS
from aecli.evaluation.instruments.severity_noise import SEVERITIES, SEVERITY_CORRUPTIONS
from aecli.lazy import F, np, torch

if TYPE_CHECKING:
    from numpy.random import Generator


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
