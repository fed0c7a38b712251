"""The generalization suite: the same metrics on training and unseen images, and how sure their differences are.

The intervals are bootstraps over images with the trained model held fixed. They hold *data variance*: how much the
numbers would move with other images of the same kind. They say nothing about another seed; that takes several runs.

Shapes: N images, Q per-image quantities, R resamples.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from aecli.components.evaluation.metrics import METRICS, compute, mean
from aecli.components.evaluation.per_image import PerImage
from aecli.components.evaluation.suites import Findings
from aecli.evaluation.baselines import predictions
from aecli.evaluation.instruments.bootstrap import (
    CONFIDENCE,
    RESAMPLES,
    Estimate,
    Values,
    estimate,
    relative,
    resampled_means,
)
from aecli.evaluation.suites.generalization_pictures import draw

if TYPE_CHECKING:
    from aecli.evaluation.subject import Subject

INTERVALS = {
    "method": "percentile bootstrap over images, the model held fixed: data variance, not seed variance",
    "resamples": RESAMPLES,
    "confidence": CONFIDENCE,
}
"""How the intervals were made, for whoever reads the numbers."""
PCA_SQUARED = "pca_squared"
"""The squared error of PCA, resampled together with the model's: both meet the same images."""
Draws = dict[str, dict[str, np.ndarray]]
"""Split -> metric -> its value in every resample, (R,)."""


@np.errstate(divide="ignore", invalid="ignore")
def measure(subject: "Subject") -> Findings:
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
        "intervals": INTERVALS,
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
    last = len(parts)
    leaves = (last + 2, *range(2, last), last + 1, 1)  # the judged split and the relative difference stay longest
    pictures = {"generalization": draw(numbers, parts, pca_name)}
    return Findings(numbers, None, columns, rows, leaves=leaves, pictures=pictures)


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


def compare(name: str, values: dict[str, dict[str, float]], draws: Draws) -> dict[str, Estimate]:
    """A metric on every split, and each split's absolute and relative difference from training."""
    found = {part: estimate(values[part][name], draws[part][name]) for part in values}
    train, train_R = values["train"][name], draws["train"][name]
    for part in [part for part in values if part != "train"]:
        value, value_R = values[part][name], draws[part][name]
        found[f"{part}_minus_train"] = estimate(np.subtract(value, train), np.subtract(value_R, train_R))
        found[f"{part}_minus_train_relative"] = estimate(relative(value, train), relative(value_R, train_R))
    return found


def beyond_pca(values: dict[str, dict[str, float]], draws: Draws) -> dict[str, Estimate]:
    """How much larger the model's difference of MSE is than PCA's: what is left where splits are not equally hard."""
    last = list(values)[-1]
    differences: dict[str, Callable[[Values, Values], Values]] = {"": np.subtract, "_relative": relative}
    found = {}
    for suffix, difference in differences.items():
        value, value_R = (
            difference(table[last]["mse"], table["train"]["mse"])
            - difference(table[last][PCA_SQUARED], table["train"][PCA_SQUARED])
            for table in (values, draws)
        )
        found[f"{last}_minus_train{suffix}"] = estimate(value, value_R)
    return found


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
        found[subject.splits.class_names.get(label, str(label))] = value | {
            "difference": estimate(value[last] - value["train"], draws[1] - draws[0])
        }
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


def shown(found: Estimate | None) -> float | str:
    """A number, or nothing."""
    return "" if found is None or found["value"] is None else found["value"]


def show_interval(found: Estimate) -> str:
    """An interval as text."""
    return "" if found["interval"] is None else "{:+.2g} to {:+.2g}".format(*found["interval"])


def show_share(found: Estimate) -> str:
    """A relative difference as text."""
    return "" if found["value"] is None else f"{found['value']:+.1%}"
