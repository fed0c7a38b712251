"""The features suite: how much of the classes the code shows, beside raw input, PCA, and an encoder nobody trained.

The protocols are those of probes.py. Shapes: N training images, M judged images, B batch, P pixels, L code units.
"""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor

from aecli.components.evaluation.suites import SUITES, Findings, Skipped, skill_score
from aecli.errors import known
from aecli.evaluation.instruments.probes import (
    cluster_scores,
    draw_rows,
    few_label_probe,
    linear_probe,
    nearest_neighbours,
    whiten,
)
from aecli.evaluation.network import random_encoder, random_encoder_parts
from aecli.evaluation.suites.features_pictures import draw_clusters, draw_codes
from aecli.randomness import stream_seed

if TYPE_CHECKING:
    from aecli.evaluation.subject import Subject
    from aecli.training.splits import Split

CHUNK = 2048
VALUES = 50_000_000
"""A probe sees so many values of training data at most: all of MNIST's pixels, a third of CIFAR's."""
FEW = (10, 100)
"""Labels per class of the few-label probes."""
DRAWS = 10
"""Random choices of the labelled images, the same ones for every representation."""
LARGEST = 1e15
"""Beyond this the squares of a code's values overflow."""
RANDOM_SEED = stream_seed(0, "evaluation", "random encoder")

Encode = Callable[[Tensor], Tensor]
"""(B, P) -> (B, L)."""
Scores = dict[str, Any]
"""What was measured on one representation, by name, ready for JSON."""


def measure(subject: "Subject") -> Findings:
    """Probes, neighbours and clusters of the code, and of what it has to beat.

    Raises:
        Skipped: no labels, no two classes, labels that are no classes, or a code that is not finite.
    """
    check(subject)
    labels_M, codes_ML = known(subject.target.labels_N), subject.codes(subject.target).cpu().numpy()
    classes, largest = np.unique(labels_M), largest_class(labels_M)
    scores = score_everything(subject)
    code, _, pca, _ = scores
    confusion = {name: np.array(row.pop("confusion")) for name, row in scores.items()}
    numbers = {
        "images": {"train": len(subject.train), subject.target_name: len(subject.target)},
        "classes": len(classes),
        "largest_class": largest,
        "confusion": confusion[code].tolist(),
        **{name.lower().replace(" ", "_"): row for name, row in scores.items()},
    }
    pictures = {
        "clusters": draw_clusters({name: confusion[name] for name in (code, pca)}, classes),
        "codes": draw_codes(codes_ML, labels_M, subject.rng("features", "map")),
    }
    return Findings(numbers, skill(scores[code], scores[pca], largest), ["", *scores], table(scores), pictures)


def score_everything(subject: "Subject") -> dict[str, Scores]:
    """The scores of the code, the raw values, PCA, and an encoder nobody trained, by the heads of the table."""
    pca, raw = subject.pca(), "raw pixels" if subject.splits.image_shape else "raw columns"
    pca_label = f"PCA {len(pca.components_KP)}"
    untrained = random_encoder(subject, RANDOM_SEED)
    return {
        "code": score(subject, subject.model.encode),
        raw: cached_score(subject, "raw", lambda x_BP: x_BP, whitened=False),
        pca_label: cached_score(subject, pca_label, pca.encode),
        "random encoder": cached_score(subject, random_key(subject), untrained.encode),
    }


def check(subject: "Subject") -> None:
    """Refuse what cannot be judged.

    Raises:
        Skipped: with the reason.
    """
    for name in ("train", subject.target_name):
        labels_N = getattr(subject.splits, name).labels_N
        if labels_N is None:
            raise Skipped(f"the {name} images have no labels; features are judged by how well they tell classes apart")
        count = len(np.unique(labels_N))
        if count < 2:
            raise Skipped(
                f"all {name} images are of one class; features are judged by how well they tell classes apart"
            )
        if name == "train" and 2 * count > len(labels_N):
            raise Skipped(
                f"{count} different labels on {len(labels_N)} training images are no classes; use fewer labels"
            )
    for split in (subject.train, subject.target):
        if not bool((subject.codes(split).abs() < LARGEST).all()):
            cure = "train again with a smaller learning rate or gradient clipping"
            raise Skipped(f"the code is not finite, or beyond {LARGEST:g}; {cure}")


def score(subject: "Subject", encode: Encode, *, whitened: bool = True) -> Scores:
    """Everything that is measured on one representation.

    Args:
        encode: the representation.
        whitened: also cluster whitened codes; whitened pixels would be all noise, and PCA stands for them.

    Returns: scores by name; `left_out` says what could not be measured and why.
    """
    train_NL, labels_N = encode_training(subject, encode)
    codes_ML, labels_M = encode_split(subject.target, encode), known(subject.target.labels_N)
    everything = (train_NL, labels_N, codes_ML, labels_M)
    left_out: dict[str, str] = {}
    scores: Scores = {"training_images": len(train_NL), "linear_probe": linear_probe(*everything)}
    fewest = int(np.unique(labels_N, return_counts=True)[1].min())
    for count in FEW:
        if fewest < count:
            left_out[f"few_label_{count}"] = f"the smallest class has {fewest} training images, {count} are needed"
            continue
        draws = [draw_rows(labels_N, count, subject.rng("features", "few", count, draw)) for draw in range(DRAWS)]
        scores[f"few_label_{count}"] = few_label_probe(*everything, draws=draws)
    scores["neighbours"] = nearest_neighbours(*everything)
    scores["kmeans"], counts_KK = cluster_scores(codes_ML, labels_M)
    white_ML = whiten(codes_ML) if whitened else codes_ML[:, :0]
    if white_ML.shape[1]:
        scores["kmeans_whitened"] = cluster_scores(white_ML, labels_M)[0]
    else:
        left_out["kmeans_whitened"] = "the code is constant" if whitened else "PCA stands for whitened pixels"
    return {**scores, "left_out": left_out, "confusion": counts_KK.tolist()}


def cached_score(subject: "Subject", name: str, encode: Encode, *, whitened: bool = True) -> Scores:
    """The same for a baseline, which the data and its name determine: computed once per machine."""
    version = SUITES["features"].facts.version

    def compute() -> dict[str, np.ndarray]:
        return {"json": np.array(json.dumps(score(subject, encode, whitened=whitened)))}

    return json.loads(str(subject.cached(f"features v{version} {name}", compute)["json"]))


def encode_training(subject: "Subject", encode: Encode) -> tuple[np.ndarray, np.ndarray]:
    """Representation and labels of the training images; of some of them, drawn by name, where all would be too many."""
    train, all_labels_N = subject.train, known(subject.train.labels_N)
    with torch.no_grad():
        width = encode(train.batch(slice(0, 1))).shape[1]
    if len(train) * width <= VALUES:
        return encode_split(train, encode), all_labels_N
    rows = np.sort(subject.rng("features", "thin").choice(len(train), max(VALUES // width, 1), replace=False))
    labels_N = all_labels_N[rows]
    part = type(train)(train.values_NP[torch.from_numpy(rows).to(train.values_NP.device)], labels_N)
    return encode_split(part, encode), labels_N


@torch.no_grad()
def encode_split(split: "Split", encode: Encode) -> np.ndarray:
    """The representation of every image, (N, L)."""
    return np.concatenate([encode(x_BP).cpu().numpy() for x_BP in split.batches(CHUNK)])


def random_key(subject: "Subject") -> str:
    """Everything that the random encoder's code depends on."""
    parts = [RANDOM_SEED, *random_encoder_parts(subject)]
    return f"random encoder {json.dumps(parts, sort_keys=True, default=str)}"


def largest_class(labels_M: np.ndarray) -> float:
    """Accuracy of always naming the largest class."""
    return float(np.unique(labels_M, return_counts=True)[1].max() / len(labels_M))


def skill(code: Scores, pca: Scores, largest: float) -> float | None:
    """Linear probe between the largest class and PCA; None where PCA itself tells nothing.

    A random encoder is no zero to measure from: with many units it beats PCA (256 units on 6,000 images of MNIST: .887
    against .860).
    """
    reached, reference = (scores["linear_probe"]["accuracy"] for scores in (code, pca))
    return skill_score(reached, trivial=largest, reference=reference) if reference > largest else None


def table(scores: dict[str, Scores]) -> list[list[str]]:
    """One row per measure, one column per representation: a dash where it was left out, no row where all did so."""
    rows: dict[str, Callable[[Scores], str]] = {
        "linear probe": lambda row: f"{row['linear_probe']['accuracy']:.4f}",
        **{f"{count} labels per class": spread_of(f"few_label_{count}", "accuracy") for count in FEW},
        "5-NN": lambda row: f"{row['neighbours']['accuracy']:.4f}",
    }
    for title, key in (("k-means", "kmeans"), ("whitened", "kmeans_whitened")):
        rows |= {f"{title} {name.upper()}": spread_of(key, name) for name in ("acc", "nmi", "ari")}
    lines = [[title, *(cell(read, row) for row in scores.values())] for title, read in rows.items()]
    return [line for line in lines if set(line[1:]) != {"-"}]


def spread_of(key: str, name: str) -> Callable[[Scores], str]:
    """What shows a number of which scores have the mean and the standard deviation."""
    return lambda row: spread(row[key][name])


def cell(read: Callable[[Scores], str], row: Scores) -> str:
    """A number as text, or a dash."""
    try:
        return read(row)
    except KeyError:
        return "-"


def spread(value: dict[str, float]) -> str:
    """Mean and standard deviation, narrow enough for four of them on a line."""
    return f"{value['mean']:.3f}±{value['sd']:.3f}"
