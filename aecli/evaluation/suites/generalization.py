"""The generalization suite: the same metrics on training and unseen images, and how sure their differences are.

The intervals are bootstraps over images with the trained model held fixed. They hold *data variance*: how much the
numbers would move with other images of the same kind. They say nothing about another seed; that takes several runs.

Shapes: N images, Q per-image quantities, R resamples.
"""

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from aecli.components.evaluation.metrics import METRICS, compute, loss_like, mean
from aecli.components.evaluation.per_image import PerImage
from aecli.components.evaluation.suites import Findings
from aecli.evaluation.baselines import predictions

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from aecli.evaluation.subject import Subject

RESAMPLES = 2000
CONFIDENCE = 0.95
PCA_SQUARED = "pca_squared"
"""The squared error of PCA, resampled together with the model's: both meet the same images."""
Draws = dict[str, dict[str, np.ndarray]]
"""Split -> metric -> its value in every resample, (R,)."""


@np.errstate(divide="ignore", invalid="ignore")
def judge(subject: "Subject") -> Findings:
    """Metrics by split, their differences from training, PCA's beside them, and the gap of every class.

    There is no skill: nothing says how large a gap ought to be. PCA of the code's size is fitted on the same training
    images, and its own gap is the scale; `beyond_pca` is the model's gap less PCA's on the same resamples.

    Returns: numbers `images`, `intervals`, `validation_is_test`, `train_contamination`, `metrics` (by metric, then by
        split and by difference), `pca_K` (its MSE, the same way), `beyond_pca`, and `per_class_mse` where there are
        labels. A split that is the same images as another is left out, and so is test when validation is judged.

    Source: Efron & Tibshirani 1993, chapter 13 (percentile interval)
    """
    is_test = validation_is_test(subject)
    parts = chosen_parts(subject.target_name, is_test)
    errors = {part: with_pca(subject, part) for part in parts}
    draws = {part: resample(subject, part, errors[part]) for part in parts}
    values = {part: compute_all(errors[part], subject.metric_names) for part in parts}
    pca_name = f"pca_{len(subject.pca().components_KP)}"
    contamination = subject.config and subject.config.data.contamination
    numbers = {
        "images": {part: len(getattr(subject.splits, part)) for part in parts},
        "intervals": {
            "method": "percentile bootstrap over images, the model held fixed: data variance, not seed variance",
            "resamples": RESAMPLES,
            "confidence": CONFIDENCE,
        },
        "validation_is_test": is_test,
        "train_contamination": contamination.name if contamination else None,
        "metrics": {
            name: {"better": METRICS[name].facts.better} | compare(name, values, draws) for name in subject.metric_names
        },
        pca_name: {"mse": compare(PCA_SQUARED, values, draws)},
        "beyond_pca": beyond_pca(values, draws),
    }
    if per_class := class_gaps(subject, errors):
        numbers["per_class_mse"] = per_class
    columns, rows = tabulate(numbers, parts, pca_name)
    return Findings(numbers, None, columns, rows, {"generalization": draw(numbers, parts, pca_name)})


def validation_is_test(subject: "Subject") -> bool:
    """Whether the test images are the validation images, as in the source document."""
    return torch.equal(subject.splits.validation.values_NP, subject.splits.test.values_NP)


def chosen_parts(target_name: str, is_test: bool) -> list[str]:
    """The splits that are compared, training first, the judged one last.

    Example:
        >>> chosen_parts("test", is_test=False), chosen_parts("validation", is_test=False)
        (['train', 'validation', 'test'], ['train', 'validation'])
    """
    return ["train", target_name] if is_test or target_name == "validation" else ["train", "validation", "test"]


def with_pca(subject: "Subject", part: str) -> PerImage:
    """Per-image errors of the model, and the squared error of PCA."""
    pairs = predictions(getattr(subject.splits, part), subject.pca(), clip=False)
    return subject.split_errors(part) | {PCA_SQUARED: subject.errors(pairs, ["mse"])["squared"]}


def compute_all(errors: PerImage, names: list[str]) -> dict[str, float]:
    """The model's metrics and PCA's MSE."""
    return compute(errors, names) | {PCA_SQUARED: mean(errors[PCA_SQUARED])}


def resample(subject: "Subject", part: str, errors: PerImage) -> dict[str, np.ndarray]:
    """Every metric in every resample of the images of a split.

    A metric is a function of the means of per-image quantities; these are resampled together.
    """
    names = list(errors)
    means_RQ = resampled_means(np.stack([errors[name] for name in names], axis=1), subject.rng("generalization", part))
    rows = [dict(zip(names, means_Q, strict=True)) for means_Q in means_RQ]
    metrics = [compute_all(row, subject.metric_names) for row in rows]
    return {name: np.array([row[name] for row in metrics]) for name in metrics[0]}


def resampled_means(values_NQ: np.ndarray, rng: np.random.Generator, count: int = RESAMPLES) -> np.ndarray:
    """Bootstrap distribution of the means of several quantities, drawn jointly, (R, Q).

    The images of a resample are counted instead of gathered: 60,000 images cost a millisecond each time. A single
    image tells nothing of its kind: its means are not numbers.
    """
    size = len(values_NQ)
    means_RQ = np.full((count, values_NQ.shape[1]), np.nan)
    for means_Q in means_RQ if size > 1 else ():
        counts_N = np.bincount(rng.integers(0, size, size), minlength=size)
        means_Q[:] = counts_N @ values_NQ / size
    return means_RQ


def compare(name: str, values: dict[str, dict[str, float]], draws: Draws) -> dict[str, Any]:
    """A metric on every split, and each split's absolute and relative difference from training."""
    found: dict[str, Any] = {part: estimate(values[part][name], draws[part][name]) for part in values}
    train, train_R = values["train"][name], draws["train"][name]
    for part in [part for part in values if part != "train"]:
        value, value_R = values[part][name], draws[part][name]
        found[f"{part}_minus_train"] = estimate(np.subtract(value, train), np.subtract(value_R, train_R))
        found[f"{part}_minus_train_relative"] = estimate(relative(value, train), relative(value_R, train_R))
    return found


def beyond_pca(values: dict[str, dict[str, float]], draws: Draws) -> dict[str, Any]:
    """How much larger the model's difference of MSE is than PCA's: what is left when the splits are not equally hard."""
    last = list(values)[-1]
    found = {}
    for suffix, difference in {"": np.subtract, "_relative": relative}.items():
        value, value_R = (
            difference(table[last]["mse"], table["train"]["mse"])
            - difference(table[last][PCA_SQUARED], table["train"][PCA_SQUARED])
            for table in (values, draws)
        )
        found[f"{last}_minus_train{suffix}"] = estimate(value, value_R)
    return found


def relative(value: Any, base: Any) -> Any:
    """Difference as a share of the base; not a number where the base is 0."""
    return np.divide(np.subtract(value, base), np.abs(base))


def estimate(value: float, draws_R: np.ndarray) -> dict[str, Any]:
    """A value with its percentile interval; None for what is not finite."""
    tail = (1.0 - CONFIDENCE) / 2.0
    ends = np.quantile(draws_R, [tail, 1.0 - tail]).tolist() if np.isfinite(draws_R).all() else None
    return {"value": float(value) if math.isfinite(value) else None, "interval": ends}


def class_gaps(subject: "Subject", errors: dict[str, PerImage]) -> dict[str, dict[str, Any]]:
    """MSE of each class on training and judged images, and the difference; classes that both have.

    Every class is resampled by itself, so its number of images stays what it is.
    """
    last = subject.target_name
    labels = {part: getattr(subject.splits, part).labels_N for part in ("train", last)}
    if any(labels_N is None for labels_N in labels.values()):
        return {}
    found = {}
    for label in np.intersect1d(labels["train"], labels[last]).tolist():
        squared = {part: errors[part]["squared"][labels_N == label] for part, labels_N in labels.items()}
        draws = [
            resampled_means(squared_N[:, None], subject.rng("generalization", part, "class", str(label)))[:, 0]
            for part, squared_N in squared.items()
        ]
        value = {part: float(squared_N.mean()) for part, squared_N in squared.items()}
        found[str(label)] = value | {"difference": estimate(value[last] - value["train"], draws[1] - draws[0])}
    return found


def tabulate(numbers: dict[str, Any], parts: list[str], pca_name: str) -> tuple[list[str], list[list[Any]]]:
    """One line per metric, PCA's MSE and what the model's difference is beyond PCA's below."""
    gap = f"{parts[-1]}_minus_train"
    columns = ["metric", *parts, f"{parts[-1]} - train", f"{CONFIDENCE:.0%} interval", "relative"]
    caption = pca_name.replace("_", " ")
    entries = numbers["metrics"] | {
        f"mse of {caption}": numbers[pca_name]["mse"],
        f"mse beyond {caption}": numbers["beyond_pca"],
    }
    return columns, [
        [
            name,
            *(shown(entry.get(part)) for part in parts),
            shown(entry[gap]),
            show_interval(entry[gap]),
            show_share(entry[f"{gap}_relative"]),
        ]
        for name, entry in entries.items()
    ]


def shown(found: dict[str, Any] | None) -> Any:
    """A number, or nothing."""
    return "" if found is None or found["value"] is None else found["value"]


def show_interval(found: dict[str, Any]) -> str:
    """An interval as text."""
    return "" if found["interval"] is None else "{:+.2g} to {:+.2g}".format(*found["interval"])


def show_share(found: dict[str, Any]) -> str:
    """A relative difference as text."""
    return "" if found["value"] is None else f"{found['value']:+.1%}"


def draw(numbers: dict[str, Any], parts: list[str], pca_name: str) -> "Figure":
    """MSE by split; how much worse every metric is on unseen images; the gap of every class."""
    from matplotlib.figure import Figure

    per_class = numbers.get("per_class_mse", {})
    figure = Figure(figsize=(13.0 if per_class else 8.5, 3.8), layout="constrained")
    panels = figure.subplots(1, 3 if per_class else 2)
    draw_splits(panels[0], numbers["metrics"]["mse"], parts)
    draw_metrics(panels[1], numbers, parts[-1], pca_name)
    if per_class:
        draw_classes(panels[2], per_class, parts[-1])
    for axes in panels:
        axes.spines[["top", "right"]].set_visible(False)
    figure.suptitle(f"one trained model; bars: {CONFIDENCE:.0%} intervals over images, not over seeds", fontsize=9)
    return figure


def draw_splits(axes: Any, entry: dict[str, Any], parts: list[str]) -> None:
    """MSE of each split with its interval."""
    for place, part in enumerate(parts):
        draw_interval(axes, place, entry[part], color="#b5541c" if place else "#1f4e79")
    axes.set_xticks(range(len(parts)), parts)
    axes.set(title="MSE by split", xlim=(-0.6, len(parts) - 0.4))


def draw_metrics(axes: Any, numbers: dict[str, Any], last: str, pca_name: str) -> None:
    """Relative differences, turned so that positive is worse on unseen images."""
    key = f"{last}_minus_train_relative"
    entries = {f"mse, {pca_name.replace('_', ' ')}": (1.0, numbers[pca_name]["mse"][key])}
    entries |= {name: (loss_like(name, 1.0), entry[key]) for name, entry in reversed(numbers["metrics"].items())}
    for place, (name, (sign, found)) in enumerate(entries.items()):
        turned = {"value": None if found["value"] is None else 100 * sign * found["value"]}
        turned["interval"] = found["interval"] and [100 * sign * end for end in found["interval"]]
        draw_interval(axes, place, turned, color="#b5541c" if name in numbers["metrics"] else "grey", sideways=True)
    axes.axvline(0, color="grey", linewidth=1)
    axes.set_yticks(range(len(entries)), list(entries))
    axes.set(title=f"% worse on {last} than on train")


def draw_classes(axes: Any, per_class: dict[str, dict[str, Any]], last: str) -> None:
    """Difference of MSE of each class."""
    for place, entry in enumerate(per_class.values()):
        draw_interval(axes, place, entry["difference"], color="#b5541c")
    axes.axhline(0, color="grey", linewidth=1)
    step = math.ceil(len(per_class) / 20)
    shown_labels = list(per_class)[::step]
    upright = 90 if sum(map(len, shown_labels)) > 30 else 0
    axes.set_xticks(range(0, len(per_class), step), shown_labels, rotation=upright, fontsize=8)
    axes.set(title=f"MSE on {last} - MSE on train, by class", xlabel="class")


def draw_interval(axes: Any, place: int, found: dict[str, Any], *, color: str, sideways: bool = False) -> None:
    """A dot with its interval; nothing where there is no number."""
    if found["value"] is None:
        return
    if found["interval"]:
        (axes.hlines if sideways else axes.vlines)(place, *sorted(found["interval"]), color=color, linewidth=2)
    axes.plot(*((found["value"], place) if sideways else (place, found["value"])), "o", color=color, markersize=5)
