"""The reconstruction suite: errors on every split, per class, by brightness, of the code, and of the baselines."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor

from aecli.components.data.corruptions import CORRUPTIONS
from aecli.components.evaluation.metrics import compute
from aecli.components.evaluation.per_image import QUANTITIES, slices
from aecli.components.evaluation.suites import Findings, skill_score
from aecli.errors import known
from aecli.evaluation.baselines import constant_predictions, predictions
from aecli.evaluation.instruments.code_statistics import ALIVE_RANGE
from aecli.evaluation.pictures import draw_error_histogram, draw_extremes
from aecli.randomness import stream

if TYPE_CHECKING:
    from aecli.evaluation.subject import Subject

EXTREMES = 12
"""Images that are named as the worst and the best."""
QUANTILES = (0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0)


@torch.no_grad()
def measure(subject: "Subject") -> Findings:
    """Sections `train`, `validation`, `test`, `code` and `baselines`, and what only the evaluated images show.

    With `data.corruption` there is also `test_corrupted`: corrupted input, error against the clean image.
    """
    names, splits, target = subject.metric_names, subject.splits, subject.target
    sections: dict[str, Any] = {}
    brightness = {"background": np.zeros(3), "foreground": np.zeros(3)}
    subject.measure_target(lambda x_hat_BP, x_BP: add_brightness(brightness, x_hat_BP, x_BP))
    for part in ("train", "validation", "test"):
        split = getattr(splits, part)
        errors = subject.split_errors(part)
        sections[part] = {"images": len(split), **compute(errors, names)}
        if part != "train" and split.labels_N is not None:
            sections[part]["per_class_mse"] = per_class(errors["squared"], split.labels_N, splits.class_names)
    sections["code"] = count_units(subject.codes(target))
    sections["baselines"] = baseline_metrics(subject)
    if subject.config and subject.config.data.corruption:
        corrupted = subject.metrics(
            ((subject.model(spoilt).x_hat_BP, x) for spoilt, x in corrupt_target(subject)), names
        )
        sections[f"{subject.target_name}_corrupted"] = {"images": len(target), **corrupted}
        sections["baselines"]["corrupted_input"] = {
            subject.target_name: subject.metrics(corrupt_target(subject), names)
        }
    return describe(subject, sections, by_brightness(brightness) if splits.unit_range else {})


def describe(subject: "Subject", sections: dict[str, Any], brightness: dict[str, Any]) -> Findings:
    """The findings: what the summary holds already is not repeated in the numbers."""
    here = subject.target_name
    squared_N = subject.split_errors(here)["squared"]
    order_N = np.argsort(squared_N, kind="stable")
    mse = {name: row[here]["mse"] for name, row in sections["baselines"].items()}
    pca = next(name for name in mse if name.startswith("pca_"))
    numbers = {
        "metrics": sections[here],
        "baselines": {name: row[here] for name, row in sections["baselines"].items()},
        "mse_quantiles": {
            f"{q:g}": float(value) for q, value in zip(QUANTILES, np.quantile(squared_N, QUANTILES), strict=True)
        },
        "worst_images": order_N[::-1][:EXTREMES].tolist(),
        "best_images": order_N[:EXTREMES].tolist(),
        **({"by_brightness": brightness} if brightness else {}),
    }
    rows = [[here, *(sections[here][name] for name in subject.metric_names)]]
    rows += [
        [name.replace("_", " "), *(row[here][metric] for metric in subject.metric_names)]
        for name, row in sections["baselines"].items()
    ]
    rows += [[f"class {label}", value] for label, value in sections[here].get("per_class_mse", {}).items()]
    rows += [[f"{kind} pixels", row["mse"]] for kind, row in brightness.items()]
    noun = "image" if subject.splits.image_shape else "row"
    pictures = {"error_histogram": draw_error_histogram(squared_N, mse, noun)}
    if subject.splits.image_shape:
        pictures["extremes"] = draw_extremes(subject, order_N)
    trivial, best = mse["mean_image"], mse[pca]
    skill = skill_score(numbers["metrics"]["mse"], trivial=trivial, reference=best) if best < trivial else None
    columns = ["", *subject.metric_names]
    return Findings(numbers, skill, columns, rows, pictures, sections=sections)


def add_brightness(sums: dict[str, np.ndarray], x_hat_BP: Tensor, x_BP: Tensor) -> None:
    """Add a batch's squared errors, absolute errors and pixels: of black pixels (exactly 0) and of all others."""
    for part_hat_BP, part_BP in slices([(x_hat_BP, x_BP)]):
        error_BP, black_BP = part_hat_BP - part_BP, (part_BP == 0).to(part_BP.dtype)
        for kind, mask_BP in (("background", black_BP), ("foreground", 1.0 - black_BP)):
            chosen_BP = error_BP * mask_BP
            parts_B = (torch.linalg.vecdot(chosen_BP, chosen_BP), chosen_BP.abs().sum(1), mask_BP.sum(1))
            sums[kind] += [float(part_B.cpu().double().sum()) for part_B in parts_B]


def by_brightness(sums: dict[str, np.ndarray]) -> dict[str, dict[str, float]]:
    """For `background` and `foreground`, each averaged over its own pixels: mse, mae, and the share of the pixels."""
    pixels = sum(row[2] for row in sums.values())
    return {
        kind: {"mse": squared / count, "mae": absolute / count, "share_of_pixels": count / pixels}
        for kind, (squared, absolute, count) in ((kind, row.tolist()) for kind, row in sums.items())
        if count
    }


def per_class(values_N: np.ndarray, labels_N: np.ndarray, names: dict[int, str]) -> dict[str, float]:
    """The mean of a per-image error over the images of each class, by its name where it has one."""
    return {
        names.get(label, str(label)): float(values_N[labels_N == label].mean())
        for label in np.unique(labels_N).tolist()
    }


def count_units(code_NL: Tensor) -> dict[str, int]:
    """How many units of the code are used at all."""
    spread_L = code_NL.amax(0) - code_NL.amin(0)
    return {"units": code_NL.shape[1], "alive": int((spread_L > ALIVE_RANGE).sum())}


def baseline_metrics(subject: "Subject") -> dict[str, dict[str, Any]]:
    """The mean training image and PCA of the code's size, on the images that are judged; measured once per machine."""
    names, size = subject.metric_names, subject.model.code_size
    stored = subject.cached(f"baseline metrics 1 {size} {names}", lambda: measure_baselines(subject))
    rows: dict[str, dict[str, Any]] = {}
    for key, value in stored.items():
        name, _, metric = key.partition(" ")
        rows.setdefault(name, {subject.target_name: {}})[subject.target_name][metric] = float(value)
    return rows


def measure_baselines(subject: "Subject") -> dict[str, np.ndarray]:
    """`pca_32 mse` and so on, each a number."""
    splits, names = subject.splits, subject.metric_names
    pca = subject.pca()
    key = f"pca_{len(pca.components_KP)}"
    rows = {
        "mean_image": constant_predictions(subject.target, splits.mean_image_P),
        key: predictions(subject.target, pca, clip=False),
    }
    if splits.unit_range:
        rows[f"{key}_clipped"] = predictions(subject.target, pca, clip=True)
    own = subject.split_errors(subject.target_name)
    shared = {
        name: values for name, values in own.items() if QUANTITIES[name].facts.of_targets
    }  # no predictor changes them
    measured = {name: compute(subject.errors(pairs, names, known=shared), names) for name, pairs in rows.items()}
    return {f"{name} {metric}": np.array(value) for name, row in measured.items() for metric, value in row.items()}


def corrupt_target(subject: "Subject") -> Iterator[tuple[Tensor, Tensor]]:
    """Batches of (corrupted image, clean image), the same at every call."""
    config = known(subject.config)
    term = known(config.data.corruption)
    params = term.model_dump(exclude={"name"})
    device = str(subject.splits.mean_image_P.device)
    generator = stream(config.seed, "corruption", subject.target_name, device=device)
    for x_BP in subject.target.batches(1024):
        yield CORRUPTIONS[term.name].function(x_BP, generator, **params), x_BP
