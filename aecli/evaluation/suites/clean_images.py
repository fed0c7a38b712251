"""The clean images that the suites robustness and denoising spoil, and the error against them.

Shapes: N images, P pixels.
"""

from typing import TYPE_CHECKING

import numpy as np

from aecli.components.evaluation.suites import Skipped
from aecli.evaluation.instruments.planes import SIDE

if TYPE_CHECKING:
    from aecli.evaluation.subject import Subject

IMAGES = 10_000
"""At most so many images are judged, the first ones."""
VALUES = IMAGES * SIDE * SIDE
"""At most so many pixels in all, which bounds the time where images are large."""
FEWEST = 100
BLOCK = 1_000
"""Images spoilt at once; part of both protocols, since the noise is drawn block by block."""


def check_unit_range(subject: "Subject") -> None:
    """Refuse data that is not in [0, 1].

    Raises:
        Skipped: says what would help.
    """
    if not subject.splits.unit_range:
        is_scaled = subject.splits.description["scaling"]["kind"] == "minmax"
        cure = "the training rows are, but some test rows are beyond them" if is_scaled else "use scaling: minmax"
        raise Skipped(f"the data is not in [0, 1]; {cure}")


def first_images(subject: "Subject") -> np.ndarray:
    """The images that are judged, (N, P): the first ones, fewer where they are large."""
    size = subject.target.values_NP.shape[1]
    return subject.target.batch(slice(0, min(IMAGES, max(FEWEST, VALUES // size)))).cpu().numpy()


def squared_error(x_hat_NP: np.ndarray, x_NP: np.ndarray) -> float:
    """The sum of the squared errors, added in double precision."""
    return float(np.square(x_hat_NP - x_NP).sum(1, dtype=np.float64).sum())
