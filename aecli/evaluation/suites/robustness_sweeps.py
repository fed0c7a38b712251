"""What the robustness suite measures: errors under corruptions, drift and probe accuracy under motions, by severity.

Corrupting costs as much as reconstructing, so baselines that are not cached yet are measured in the model's own sweep.
Shapes: N images, P pixels, L code units, S = 6 severities from 0, the clean image, to 5.
"""

import json
import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from aecli.components.evaluation.suites import SUITES
from aecli.errors import known
from aecli.evaluation.instruments.severity import MOTIONS, SEVERITIES, SEVERITY_CORRUPTIONS, corrupt, move
from aecli.evaluation.suites.clean_images import BLOCK, IMAGES, squared_error

if TYPE_CHECKING:
    from sklearn.pipeline import Pipeline

    from aecli.evaluation.subject import Subject

PROBE_IMAGES = 10_000
"""Training codes the linear probe is fitted on, evenly spaced."""
PAIR_IMAGES = 1_000
"""Images whose pairwise distances are the unit of the drift, the first ones."""

Function = Callable[[np.ndarray], np.ndarray]
Curves = dict[str, np.ndarray]
"""`who/what[/which]` -> (S,) float64."""


def measure_errors(subject: "Subject", x_NP: np.ndarray, names: list[str]) -> Curves:
    """MSE of the model, of PCA and of the corrupted input by corruption and severity."""
    pca = subject.pca()
    predictors: dict[str, Function] = {
        "model": subject.reconstruct_array,
        "pca": lambda y_NP: subject.apply(pca.reconstruct_clipped, y_NP),
        "input": lambda y_NP: y_NP,
    }
    levels = {name: SEVERITY_CORRUPTIONS[name].facts.levels for name in names}
    return with_cached_baselines(
        subject, "errors", levels, predictors, lambda chosen: sweep_errors(subject, x_NP, names, chosen)
    )


def with_cached_baselines(
    subject: "Subject",
    what: str,
    levels: Mapping[str, Sequence[float]],
    judged: dict[str, Function],
    sweep: Callable[[dict[str, Function]], Curves],
) -> Curves:
    """The curves of a sweep; those of all but the model come from the cache, or from the one sweep that fills it.

    Args:
        subject: whose cache it is.
        what: part of the suite, for the key.
        levels: everything else the baselines depend on.
        judged: who is judged, `model` among them.
        sweep: measures some of these.
    """
    version = SUITES["robustness"].facts.version
    depends_on = [subject.model.code_size, subject.splits.image_shape, levels, IMAGES, BLOCK, PROBE_IMAGES, PAIR_IMAGES]
    found: Curves = {}

    def baselines() -> Curves:
        found.update(sweep(judged))
        return {key: curve_S for key, curve_S in found.items() if not key.startswith("model/")}

    cached = subject.cached(f"robustness {what} {version} {json.dumps(depends_on)}", baselines)
    return {**cached, **(found or sweep({"model": judged["model"]}))}


def sweep_errors(subject: "Subject", x_NP: np.ndarray, names: list[str], predictors: dict[str, Function]) -> Curves:
    """MSE against the clean image of each predictor under each corruption.

    A block of images meets the same draws at every severity, so a curve rises by the severity alone.
    """
    clean = {who: squared_error(predict(x_NP), x_NP) for who, predict in predictors.items()}
    sums = {f"{who}/{name}": np.array([clean[who], 0, 0, 0, 0, 0]) for who in predictors for name in names}
    for name in names:
        for start in range(0, len(x_NP), BLOCK):
            x_BP = x_NP[start : start + BLOCK]
            for severity in SEVERITIES:
                rng = subject.rng("robustness", name, start)
                y_BP = corrupt(name, x_BP, severity, rng, subject.splits.image_shape)
                for who, predict in predictors.items():
                    sums[f"{who}/{name}"][severity] += squared_error(predict(y_BP), x_BP)
    return {key: sum_S / x_NP.size for key, sum_S in sums.items()}


def measure_motions(subject: "Subject", x_NP: np.ndarray) -> Curves:
    """Drift and probe accuracy of the model, of PCA and of the pixels by motion and severity."""
    pca = subject.pca()
    encoders: dict[str, Function] = {
        "model": lambda y_NP: subject.apply(subject.model.encode, y_NP),
        "pca": lambda y_NP: subject.apply(pca.encode, y_NP),
        "pixels": lambda y_NP: y_NP,
    }
    levels = {name: entry.facts.levels for name, entry in MOTIONS.items()}
    return with_cached_baselines(
        subject, "motions", levels, encoders, lambda chosen: sweep_motions(subject, x_NP, chosen)
    )


def sweep_motions(subject: "Subject", x_NP: np.ndarray, encoders: dict[str, Function]) -> Curves:
    """Drift and probe accuracy of each encoder under each motion; raw pixels have no probe, it would take too long."""
    codes = {who: encode(x_NP) for who, encode in encoders.items()}
    units = {who: mean_distance(code_NL[:PAIR_IMAGES]) for who, code_NL in codes.items()}
    probed = [] if why_no_probe(subject) else [who for who in encoders if who != "pixels"]
    probes = {who: fit_probe(subject, encoders[who]) for who in probed}
    measured = {"drift": encoders, "accuracy": probes}
    found = {
        f"{who}/{what}/{name}": np.full(6, np.nan) for what in measured for name in MOTIONS for who in measured[what]
    }
    for name in MOTIONS:
        for severity in (0, *SEVERITIES):
            y_NP = moved(subject, name, x_NP, severity)
            for who, encode in encoders.items():
                code_NL = encode(y_NP)
                found[f"{who}/drift/{name}"][severity] = drift(code_NL, codes[who], units[who])
                if who in probes:
                    right_N = probes[who].predict(code_NL) == known(subject.target.labels_N)[: len(x_NP)]
                    found[f"{who}/accuracy/{name}"][severity] = right_N.mean()
    return found


def drift(code_NL: np.ndarray, unmoved_NL: np.ndarray, unit: float) -> float:
    """The mean distance of codes from those of the unmoved images, in units of it; not a number where that is 0."""
    distance = float(np.linalg.norm(code_NL.astype(np.float64) - unmoved_NL, axis=1).mean())
    return distance / unit if unit > 0 else np.nan


def moved(subject: "Subject", name: str, x_NP: np.ndarray, severity: int) -> np.ndarray:
    """All images moved, block by block; an image moves in the same direction at every severity."""
    shape, parts = known(subject.splits.image_shape), []
    for start in range(0, len(x_NP), BLOCK):
        rng = subject.rng("robustness", name, start)
        parts.append(move(name, x_NP[start : start + BLOCK], severity, rng, shape))
    return np.concatenate(parts)


def mean_distance(code_NL: np.ndarray) -> float:
    """The mean Euclidean distance between two different rows; 0 for a single row."""
    from scipy.spatial.distance import pdist

    return float(pdist(code_NL.astype(np.float64)).mean()) if len(code_NL) > 1 else 0.0


def why_no_probe(subject: "Subject") -> str | None:
    """Why there is no linear probe; None where there is one."""
    if subject.train.labels_N is None or subject.target.labels_N is None:
        return "the data has no labels"
    if len(np.unique(subject.train.labels_N[probe_rows(subject)])) < 2:
        return "the training images have one class only"
    return None


def probe_rows(subject: "Subject") -> np.ndarray:
    """Evenly spaced training images, so that a sorted data set has all its classes among them."""
    count = len(subject.train)
    return np.unique(np.linspace(0, count - 1, min(count, PROBE_IMAGES)).round().astype(int))


def fit_probe(subject: "Subject", encode: Function) -> "Pipeline":
    """Multinomial logistic regression on standardised training codes."""
    import torch
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    rows = probe_rows(subject)
    x_NP = subject.train.batch(torch.from_numpy(rows).to(subject.train.values_NP.device)).cpu().numpy()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return make_pipeline(StandardScaler(), LogisticRegression(max_iter=300)).fit(
            encode(x_NP), known(subject.train.labels_N)[rows]
        )
