"""The reconstruction suite: errors on every split, per class, of the code, and of the baselines."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor

from aecli.evaluation.baselines import constant_predictions, fit_pca, predictions
from aecli.evaluation.metrics import compute
from aecli.experiment.corruptions import CORRUPTIONS
from aecli.experiment.streams import stream

if TYPE_CHECKING:
    from aecli.evaluation.subject import Subject

ALIVE_RANGE = 1e-6
"""A code unit that moves less than this over all test images is dead."""


@torch.no_grad()
def judge_reconstruction(subject: "Subject") -> dict[str, Any]:
    """Sections `train`, `validation`, `test`, `code` and `baselines` of summary.json.

    With `data.corruption` there is also `test_corrupted`: corrupted input, error against the clean image. The
    per-image errors of the test split are left in `subject.per_image["test"]`.
    """
    names, splits = subject.metric_names, subject.splits
    subject.model.eval()
    sections: dict[str, Any] = {}
    for part in ("train", "validation", "test"):
        split = getattr(splits, part)
        errors = subject.errors(subject.reconstruct(split), names)
        sections[part] = {"images": len(split), **compute(errors, names)}
        subject.per_image[part] = errors
        if part != "train" and split.labels_N is not None:
            sections[part]["per_class_mse"] = per_class(errors["squared"], split.labels_N)
    sections["code"] = judge_code(subject.codes(splits.test))
    sections["baselines"] = judge_baselines(subject)
    if subject.config.data.corruption:
        corrupted = subject.metrics(((subject.model(spoilt).x_hat_BP, x) for spoilt, x in corrupt_test(subject)), names)
        sections["test_corrupted"] = {"images": len(splits.test), **corrupted}
        sections["baselines"]["corrupted_input"] = {"test": subject.metrics(corrupt_test(subject), names)}
    return sections


def per_class(values_N: np.ndarray, labels_N: np.ndarray) -> dict[str, float]:
    """The mean of a per-image error over the images of each class."""
    return {str(label): float(values_N[labels_N == label].mean()) for label in np.unique(labels_N).tolist()}


def judge_code(code_NL: Tensor) -> dict[str, int]:
    """How many units of the code are used at all."""
    spread_L = code_NL.amax(0) - code_NL.amin(0)
    return {"units": code_NL.shape[1], "alive": int((spread_L > ALIVE_RANGE).sum())}


def judge_baselines(subject: "Subject") -> dict[str, dict[str, Any]]:
    """The mean training image and PCA of the code's size, on the test split."""
    splits, names = subject.splits, subject.metric_names
    pca = fit_pca(splits.train, subject.model.code_size)
    key = f"pca_{len(pca.components_KP)}"
    rows = {
        "mean_image": constant_predictions(splits.test, splits.mean_image_P),
        key: predictions(splits.test, pca, clip=False),
    }
    if splits.unit_range:
        rows[f"{key}_clipped"] = predictions(splits.test, pca, clip=True)
    return {name: {"test": subject.metrics(pairs, names)} for name, pairs in rows.items()}


def corrupt_test(subject: "Subject") -> Iterator[tuple[Tensor, Tensor]]:
    """Batches of (corrupted test image, clean test image), the same at every call."""
    term = subject.config.data.corruption
    params = term.model_dump(exclude={"name"})
    x_all = subject.splits.test
    generator = stream(subject.config.seed, "corruption", "test", device=str(subject.splits.mean_image_P.device))
    for x_BP in x_all.batches(1024):
        yield CORRUPTIONS[term.name].function(x_BP, generator, **params), x_BP
