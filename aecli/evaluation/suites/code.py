"""The code suite: how much of the code is used, how sparse it is, and how much its units repeat each other.

Variance, and so the effective dimension, depends on the scale of each unit, which an autoencoder chooses freely; the
same number for standardised units stands beside it.

Shapes: N images, L code units, A alive code units.
"""

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from aecli.components.evaluation.suites import Findings, Skipped, skill_score
from aecli.evaluation.baselines import CHUNK
from aecli.evaluation.suites.sparsity import hoyer

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from aecli.evaluation.baselines import Pca
    from aecli.evaluation.subject import Subject
    from aecli.training.splits import Split

ALIVE_RANGE = 1e-6
"""A unit that moves less than this over all judged images is dead."""
BINS = 50
ROWS = {
    "alive": "alive units",
    "effective_dimension": "effective dimension",
    "effective_dimension_standardised": "the same, units standardised",
    "dimensions_90": "dimensions for 90 % of variance",
    "dimensions_99": "dimensions for 99 % of variance",
    "exact_zeros": "share exactly 0",
    "hoyer_per_image": "Hoyer sparsity per image",
    "lifetime_sparsity": "lifetime sparsity per unit",
    "mean_abs_correlation": "mean abs(correlation)",
    "max_abs_correlation": "largest abs(correlation)",
}
"""Lines of the table."""


def judge(subject: "Subject") -> Findings:
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
    pca_NK = project(subject.target, pca)
    name = f"pca_{len(pca.components_KP)}"
    alive_A = alive_units(code_NL)
    correlation_AA = correlate(code_NL[:, alive_A])
    numbers = {
        "code": describe(code_NL),
        name: describe(pca_NK),
        "per_unit": describe_units(code_NL),
        "histogram": histogram(code_NL),
        "largest_correlation": largest_pair(correlation_AA, alive_A),
    }
    values = [numbers[key]["effective_dimension"] for key in ("code", name)]
    skill = skill_score(values[0], trivial=0.0, reference=values[1])
    rows = [
        [caption, *(shown(numbers[part][key]) for part in ("code", name)), most(key, code_NL.shape[1])]
        for key, caption in ROWS.items()
    ]
    pictures = {"code_units": draw_units(numbers)}
    if len(alive_A) > 1:
        pictures["code_correlation"] = draw_correlation(correlation_AA, alive_A, numbers)
    return Findings(numbers, skill, ["code", "model", name.replace("_", " "), "most possible"], rows, pictures)


def project(split: "Split", pca: "Pca") -> np.ndarray:
    """The code that PCA gives each image, (N, K)."""
    parts = [(x_BP - pca.mean_P) @ pca.components_KP.T for x_BP in split.batches(CHUNK)]
    return torch.cat(parts).cpu().double().numpy()


def describe(code_NL: np.ndarray) -> dict[str, Any]:
    """Numbers of a whole code; None where one is not defined, such as the correlation of a single unit."""
    alive_A = alive_units(code_NL)
    alive_NA = code_NL[:, alive_A]
    variance_A = spectrum(alive_NA)
    correlation_AA = correlate(alive_NA)
    pairs = np.abs(correlation_AA[np.triu_indices(len(alive_A), 1)])
    return {
        "units": code_NL.shape[1],
        "alive": len(alive_A),
        "effective_dimension": participation_ratio(variance_A),
        "effective_dimension_standardised": participation_ratio(np.linalg.eigvalsh(correlation_AA)),
        "dimensions_90": dimensions_for(0.90, variance_A),
        "dimensions_99": dimensions_for(0.99, variance_A),
        "exact_zeros": float(np.mean(code_NL == 0)),
        "images_with_empty_code": int((code_NL == 0).all(1).sum()),
        "hoyer_per_image": mean_of_finite(hoyer(code_NL)),
        "lifetime_sparsity": mean_of_finite(lifetime_sparsity(alive_NA)),
        "mean_abs_correlation": float(pairs.mean()) if len(pairs) else None,
        "max_abs_correlation": float(pairs.max()) if len(pairs) else None,
    }


def alive_units(code_NL: np.ndarray) -> np.ndarray:
    """Which units move at all."""
    return np.flatnonzero(np.ptp(code_NL, axis=0) > ALIVE_RANGE)


def spectrum(code_NL: np.ndarray) -> np.ndarray:
    """Eigenvalues of the covariance of the code, falling, none below 0."""
    centred_NL = code_NL - code_NL.mean(0)
    return np.linalg.eigvalsh(centred_NL.T @ centred_NL / len(code_NL))[::-1].clip(min=0.0)


def participation_ratio(variance_L: np.ndarray) -> float:
    """In how many directions the variance lies: 1 for one direction, n for n equal ones, 0 where there is no variance.

    (sum of eigenvalues)^2 / sum of their squares

    Source: Gao et al. 2017, doi:10.1101/214262
    Example:
        >>> participation_ratio(np.array([2.0, 2.0, 0.0])), participation_ratio(np.zeros(3))
        (2.0, 0.0)
    """
    largest = variance_L.max(initial=0.0)
    if largest == 0:
        return 0.0
    share_L = variance_L / largest  # squares of tiny variances would vanish
    return float(share_L.sum() ** 2 / np.square(share_L).sum())


def dimensions_for(share: float, variance_L: np.ndarray) -> int:
    """The fewest principal directions that hold the given share of the variance; 0 where there is none.

    Example:
        >>> dimensions_for(0.9, np.array([8.0, 1.0, 1.0]))
        2
    """
    wanted = share * variance_L.sum() * (1.0 - 1e-12)  # rounding must not ask for one more
    return int(np.searchsorted(np.cumsum(variance_L), wanted) + 1) if wanted > 0 else 0


def lifetime_sparsity(code_NL: np.ndarray) -> np.ndarray:
    """How selective each unit is: 0 where it is equally active for all images, 1 where for one only.

    (1 - a) / (1 - 1 / N), a = (mean abs(code))^2 / mean code^2 over the images

    Returns: (L,), in [0, 1]; not a number for a unit that is always 0, or a single image.

    Source: Treves & Rolls 1991; Vinje & Gallant 2000, doi:10.1126/science.287.5456.1273
    Example:
        >>> lifetime_sparsity(np.array([[1.0, 0.0], [1.0, 5.0]])).tolist()
        [0.0, 1.0]
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        a_L = np.square(np.abs(code_NL).mean(0)) / np.square(code_NL).mean(0)
        return np.clip((1.0 - a_L) / np.float64(1.0 - 1.0 / len(code_NL)), 0.0, 1.0)


def correlate(alive_NA: np.ndarray) -> np.ndarray:
    """Pearson correlation of units that are all alive, (A, A)."""
    centred_NA = alive_NA - alive_NA.mean(0)
    centred_NA /= np.linalg.norm(centred_NA, axis=0)
    correlation_AA = (centred_NA.T @ centred_NA).clip(-1.0, 1.0)
    np.fill_diagonal(correlation_AA, 1.0)
    return correlation_AA


def largest_pair(correlation_AA: np.ndarray, alive_A: np.ndarray) -> dict[str, Any] | None:
    """The two units that repeat each other most; None with fewer than two alive."""
    if len(alive_A) < 2:
        return None
    size_AA = np.triu(np.abs(correlation_AA), 1)
    first, second = np.unravel_index(size_AA.argmax(), size_AA.shape)
    return {"units": [int(alive_A[first]), int(alive_A[second])], "correlation": float(correlation_AA[first, second])}


def mean_of_finite(values: np.ndarray) -> float | None:
    """The mean of the values that are numbers; None where none is."""
    kept = values[np.isfinite(values)]
    return float(kept.mean()) if len(kept) else None


def describe_units(code_NL: np.ndarray) -> dict[str, list[Any]]:
    """Numbers of every unit, in the order of the units."""
    columns = {
        "mean": code_NL.mean(0),
        "sd": code_NL.std(0),
        "min": code_NL.min(0),
        "max": code_NL.max(0),
        "exact_zeros": (code_NL == 0).mean(0),
        "lifetime_sparsity": lifetime_sparsity(code_NL),
    }
    alive = np.isin(np.arange(code_NL.shape[1]), alive_units(code_NL)).tolist()
    return {"alive": alive} | {
        name: [x if math.isfinite(x) else None for x in column.tolist()] for name, column in columns.items()
    }


def histogram(code_NL: np.ndarray) -> dict[str, Any]:
    """All values of the code in equal bins; exact zeros are counted by themselves, and in no bin."""
    counts, edges = np.histogram(code_NL[code_NL != 0], BINS)
    return {"zeros": int((code_NL == 0).sum()), "edges": edges.tolist(), "counts": counts.tolist()}


def shown(value: float | None) -> Any:
    """A number, or nothing."""
    return "" if value is None else value


def most(key: str, size: int) -> Any:
    """The largest value that a number of a code of this size can have."""
    return size if key == "alive" or "dimension" in key else 1


def draw_units(numbers: dict[str, Any]) -> "Figure":
    """The activity of every unit, sorted, and the histogram of all values."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(11.0, 3.8), layout="constrained")
    left, right = figure.subplots(1, 2, width_ratios=(1.6, 1.0))
    unit = {name: np.array(column) for name, column in numbers["per_unit"].items() if name != "lifetime_sparsity"}
    order_L = np.lexsort((-unit["sd"], ~unit["alive"]))
    place_L = np.arange(len(order_L))
    mean_L, sd_L = unit["mean"][order_L], unit["sd"][order_L]
    alive_L = unit["alive"][order_L]
    width = max(1.0, min(6.0, 160 / len(order_L)))
    left.vlines(
        place_L,
        unit["min"][order_L],
        unit["max"][order_L],
        color="#c9d6e3",
        linewidth=width,
        label="smallest to largest",
    )
    left.vlines(place_L, mean_L - sd_L, mean_L + sd_L, color="#1f4e79", linewidth=width, label="mean ± SD")
    left.plot(place_L[alive_L], mean_L[alive_L], "o", color="white", markersize=min(3.0, width), markeredgewidth=0)
    if not alive_L.all():
        left.plot(place_L[~alive_L], mean_L[~alive_L], "x", color="#b5541c", markersize=5, label="dead")
    step = math.ceil(len(order_L) / 32)
    left.set_xticks(place_L[::step], order_L[::step], fontsize=6)
    code = numbers["code"]
    title = f"{code['alive']} of {code['units']} units alive, effective dimension {code['effective_dimension']:.1f}"
    left.set(title=title, xlabel="unit, by falling SD", ylabel="activity")
    left.legend(fontsize="small", frameon=False, loc="upper right")
    found = numbers["histogram"]
    right.stairs(found["counts"], found["edges"], fill=True, color="#1f4e79")
    right.set(title=f"all values but exact zeros ({code['exact_zeros']:.1%})", xlabel="activity", ylabel="count")
    if any(found["counts"]):
        right.set_yscale("log")
    for axes in (left, right):
        axes.spines[["top", "right"]].set_visible(False)
    return figure


def draw_correlation(correlation_AA: np.ndarray, alive_A: np.ndarray, numbers: dict[str, Any]) -> "Figure":
    """Correlation of the alive units as a heat map."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(5.6, 4.9), layout="constrained")
    axes = figure.subplots()
    image = axes.imshow(correlation_AA, cmap="RdBu_r", vmin=-1, vmax=1)
    figure.colorbar(image, ax=axes, shrink=0.85)
    step = math.ceil(len(alive_A) / 32)
    ticks = range(0, len(alive_A), step)
    for axis, turn in ((axes.xaxis, 90), (axes.yaxis, 0)):
        axis.set_ticks(ticks, [str(unit) for unit in alive_A[::step]], fontsize=6, rotation=turn)
    first, second = numbers["largest_correlation"]["units"]
    title = f"correlation of the alive units: mean |r| {numbers['code']['mean_abs_correlation']:.2f}"
    title += f",\nlargest {numbers['largest_correlation']['correlation']:.2f}, units {first} and {second}"
    axes.set_title(title, fontsize=9)
    axes.spines[:].set_visible(False)
    return figure
