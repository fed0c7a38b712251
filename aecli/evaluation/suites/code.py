"""The code suite: how much of the code is used, how sparse it is, and how much its units repeat each other.

Shapes: N images, K principal components.
"""

from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from aecli.components.evaluation.suites import Findings, Skipped, skill_score
from aecli.evaluation.baselines import CHUNK
from aecli.evaluation.instruments.code_statistics import (
    alive_units,
    correlate,
    describe,
    describe_units,
    histogram,
    largest_pair,
)
from aecli.evaluation.suites.code_pictures import draw_correlation, draw_units

if TYPE_CHECKING:
    from aecli.evaluation.baselines import Pca
    from aecli.evaluation.subject import Subject
    from aecli.training.splits import Split

ROWS = {
    "alive": "alive units",
    "effective_dimension": "effective dimension",
    "effective_dimension_standardised": "the same, units standardised",
    "dimensions_90": "dimensions for 90 % of variance",
    "dimensions_99": "dimensions for 99 % of variance",
    "exact_zeros": "share exactly 0",
    "active_per_image": "active units per image, not 0",
    "hoyer_per_image": "Hoyer sparsity per image",
    "lifetime_sparsity": "lifetime sparsity per unit",
    "mean_abs_correlation": "mean abs(correlation)",
    "max_abs_correlation": "largest abs(correlation)",
}
"""Lines of the table."""


def measure(subject: "Subject") -> Findings:
    """Alive units, effective dimension, sparsity, histogram and correlation of the code of the judged images.

    Returns: numbers `code`, the same for `pca_K` (the codes of PCA with as many components), `per_unit`, `histogram`
        and `largest_correlation`.

    Raises:
        Skipped: a code is not finite.
    """
    code_NL = subject.codes(subject.target).cpu().double().numpy()
    if not np.isfinite(code_NL).all():
        raise Skipped("the model gives codes that are not finite; judge another checkpoint")
    pca = subject.pca()
    name = f"pca_{len(pca.components_KP)}"
    alive_A = alive_units(code_NL)
    correlation_AA = correlate(code_NL[:, alive_A])
    numbers: dict[str, Any] = {
        "code": describe(code_NL),
        name: describe(project(subject.target, pca)),
        "per_unit": describe_units(code_NL),
        "histogram": histogram(code_NL),
        "largest_correlation": largest_pair(correlation_AA, alive_A),
    }
    values = [numbers[key]["effective_dimension"] for key in ("code", name)]
    skill = skill_score(values[0], trivial=0.0, reference=values[1])
    pictures = {"code_units": draw_units(numbers)}
    if len(alive_A) > 1:
        pictures["code_correlation"] = draw_correlation(correlation_AA, alive_A, numbers)
    return Findings(numbers, skill, *tabulate(numbers, name, code_NL.shape[1]), pictures)


def tabulate(numbers: dict[str, Any], name: str, size: int) -> tuple[list[str], list[list[float | str]]]:
    """A line for each number: of the code, of PCA's code by its name, and the most that is possible."""
    columns = ["code", "model", name.replace("_", " "), "most possible"]
    return columns, [
        [caption, *(shown(numbers[part][key]) for part in ("code", name)), most(key, size)]
        for key, caption in ROWS.items()
    ]


def project(split: "Split", pca: "Pca") -> np.ndarray:
    """The code that PCA gives each image, (N, K)."""
    parts = [pca.encode(x_BP) for x_BP in split.batches(CHUNK)]
    return torch.cat(parts).cpu().double().numpy()


def shown(value: float | None) -> float | str:
    """A number, or nothing."""
    return "" if value is None else value


def most(key: str, size: int) -> int:
    """The largest value that a number of a code of this size can have."""
    return size if key in ("alive", "active_per_image") or "dimension" in key else 1
