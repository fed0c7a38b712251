"""The robustness suite: error against the clean image under corruptions, drift of the code under motions.

Corrupting costs as much as reconstructing, so baselines that are not cached yet are measured in the model's own sweep.
Shapes: N images, P pixels, L code units, S = 6 severities from 0, the clean image, to 5.
"""

import json
import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from aecli.components.evaluation.suites import SUITES, Findings, Skipped, skill_score
from aecli.evaluation.instruments.severity import (
    MOTIONS,
    SEVERITIES,
    SEVERITY_CORRUPTIONS,
    SIDE,
    applicable,
    corrupt,
    move,
)
from aecli.evaluation.suites.robustness_pictures import draw_curves, draw_examples, draw_motions

if TYPE_CHECKING:
    from aecli.evaluation.subject import Subject

IMAGES = 10_000
"""At most so many images are judged, the first ones."""
VALUES = IMAGES * SIDE * SIDE
"""At most so many pixels in all, which bounds the time where images are large."""
FEWEST = 100
BLOCK = 1_000
"""Images corrupted at once; part of the protocol, since the noise is drawn block by block."""
PROBE_IMAGES = 10_000
"""Training codes the linear probe is fitted on, evenly spaced."""
PAIR_IMAGES = 1_000
"""Images whose pairwise distances are the unit of the drift, the first ones."""

Function = Callable[[np.ndarray], np.ndarray]
Curves = dict[str, np.ndarray]
"""`who/what[/which]` -> (S,) float64."""


def judge(subject: "Subject") -> Findings:
    """MSE against the clean image by corruption and severity, and what motions do to the code.

    The model's reconstruction is taken as it is, PCA's is clipped to [0, 1], `corrupted_input` is no prediction at all.
    `area` is the mean over the severities 1 to 5. The skill is None where PCA does no better than the corrupted input.

    Raises:
        Skipped: the data is not in [0, 1].
    """
    check_unit_range(subject)
    shape, x_NP = subject.splits.image_shape, first_images(subject)
    names, pca_name = applicable(shape), f"pca_{len(subject.pca().components_KP)}"
    curves = measure_errors(subject, x_NP, names)
    corruptions = {name: corruption_numbers(name, curves, pca_name) for name in names}
    numbers: dict[str, Any] = {"images": len(x_NP), "severities": [0, *SEVERITIES], "corruptions": corruptions}
    areas = {
        who: mean_of([row[who]["area"] for row in corruptions.values()])
        for who in ("model", f"{pca_name}_clipped", "corrupted_input")
    }
    model, pca, trivial = areas.values()
    numbers["mean"] = {**areas, "model_to_pca": ratio(model, pca)}
    pictures = {"robustness": draw_curves(numbers)}
    if shape:
        numbers["motions"] = motion_numbers(subject, x_NP, pca_name)
        pictures["robustness_motions"] = draw_motions(numbers["motions"])
        pictures["robustness_examples"] = draw_examples(subject, x_NP[:1], names)
    skill = skill_score(model, trivial=trivial, reference=pca) if pca < trivial else None
    return Findings(numbers, skill, *tabulate(numbers, pca_name), pictures)


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


# ---------------------------------------------------------------- corruptions


def measure_errors(subject: "Subject", x_NP: np.ndarray, names: list[str]) -> Curves:
    """MSE of the model, of PCA and of the corrupted input by corruption and severity."""
    pca = subject.pca()
    predictors = {
        "model": subject.reconstruct_array,
        "pca": lambda y_NP: subject.apply(lambda y_BP: pca.reconstruct(y_BP).clamp(0, 1), y_NP),
        "input": lambda y_NP: y_NP,
    }
    levels = {name: SEVERITY_CORRUPTIONS[name].facts.levels for name in names}
    return with_cached_baselines(
        subject, "errors", levels, predictors, lambda chosen: sweep_errors(subject, x_NP, names, chosen)
    )


def with_cached_baselines(
    subject: "Subject", what: str, levels: Any, judged: dict[str, Any], sweep: Callable[[dict[str, Any]], Curves]
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


def squared_error(x_hat_NP: np.ndarray, x_NP: np.ndarray) -> float:
    """The sum of the squared errors, added in double precision."""
    return float(np.square(x_hat_NP - x_NP).sum(1, dtype=np.float64).sum())


def corruption_numbers(name: str, curves: Curves, pca_name: str) -> dict[str, Any]:
    """One corruption's curves and areas."""
    labels = {"model": "model", f"{pca_name}_clipped": "pca", "corrupted_input": "input"}
    found = {label: curve(curves[f"{who}/{name}"]) for label, who in labels.items()}
    levels = list(SEVERITY_CORRUPTIONS[name].facts.levels)
    return {
        "levels": levels,
        **found,
        "model_to_pca": ratio(found["model"]["area"], found[f"{pca_name}_clipped"]["area"]),
    }


def curve(mse_S: np.ndarray) -> dict[str, Any]:
    """A severity curve and the area under it: the mean over the severities 1 to 5."""
    return {"mse": mse_S.tolist(), "area": float(mse_S[1:].mean())}


def ratio(value: float, base: float) -> float | None:
    """A quotient; None where the base is 0."""
    return value / base if base > 0 else None


def mean_of(values: list[float]) -> float:
    """The mean."""
    return float(np.mean(values))


# -------------------------------------------------------------------- motions


def motion_numbers(subject: "Subject", x_NP: np.ndarray, pca_name: str) -> dict[str, Any]:
    """Drift of the code under motions, and the accuracy of a linear probe on the codes of the moved images.

    drift = mean distance between the codes of the moved and the unmoved image / mean distance between the codes of two
    different images; None where all images have the same code
    """
    pca = subject.pca()
    encoders = {
        "model": lambda y_NP: subject.apply(subject.model.encode, y_NP),
        "pca": lambda y_NP: subject.apply(lambda y_BP: (y_BP - pca.mean_P) @ pca.components_KP.T, y_NP),
        "pixels": lambda y_NP: y_NP,
    }
    levels = {name: entry.facts.levels for name, entry in MOTIONS.items()}
    curves = with_cached_baselines(
        subject, "motions", levels, encoders, lambda chosen: sweep_motions(subject, x_NP, chosen)
    )
    labels = {"model": "model", "pca": pca_name, "pixels": "pixels"}

    def found(what: str, name: str) -> dict[str, Any]:
        return {
            label: listed(curves[f"{who}/{what}/{name}"])
            for who, label in labels.items()
            if f"{who}/{what}/{name}" in curves
        }

    rows = {
        name: {"levels": list(level), "drift": found("drift", name), "accuracy": found("accuracy", name)}
        for name, level in levels.items()
    }
    trained_on = len(probe_rows(subject)) if rows["shift"]["accuracy"] else 0
    means = {
        what: {label: mean_curve([row[what][label] for row in rows.values()]) for label in rows["shift"][what]}
        for what in ("drift", "accuracy")
    }
    return {"kinds": rows, "mean": means, "probe_training_images": trained_on, "why_no_probe": why_no_probe(subject)}


def listed(values_S: np.ndarray) -> list[float] | None:
    """A curve for JSON; None where it is not defined."""
    return values_S.tolist() if np.isfinite(values_S).all() else None


def mean_curve(curves: list[list[float] | None]) -> float | None:
    """The mean over motions and the severities 1 to 5."""
    return None if None in curves else mean_of([value for values_S in curves for value in values_S[1:]])


def sweep_motions(subject: "Subject", x_NP: np.ndarray, encoders: dict[str, Function]) -> Curves:
    """Drift and probe accuracy of each encoder under each motion; raw pixels have no probe, it would take too long."""
    codes = {who: encode(x_NP) for who, encode in encoders.items()}
    units = {who: mean_distance(code_NL[:PAIR_IMAGES]) for who, code_NL in codes.items()}
    probes = (
        {} if why_no_probe(subject) else {who: fit_probe(subject, encoders[who]) for who in encoders if who != "pixels"}
    )
    labels_N = subject.target.labels_N
    found: Curves = {}
    for name in MOTIONS:
        for severity in (0, *SEVERITIES):
            y_NP = moved(subject, name, x_NP, severity)
            for who, encode in encoders.items():
                code_NL = encode(y_NP)
                distance = float(np.linalg.norm(code_NL.astype(np.float64) - codes[who], axis=1).mean())
                found.setdefault(f"{who}/drift/{name}", np.full(6, np.nan))[severity] = (
                    distance / units[who] if units[who] > 0 else np.nan
                )
                if who in probes:
                    right_N = probes[who].predict(code_NL) == labels_N[: len(x_NP)]
                    found.setdefault(f"{who}/accuracy/{name}", np.full(6, np.nan))[severity] = right_N.mean()
    return found


def moved(subject: "Subject", name: str, x_NP: np.ndarray, severity: int) -> np.ndarray:
    """All images moved, block by block; an image moves in the same direction at every severity."""
    parts = [
        move(
            name,
            x_NP[start : start + BLOCK],
            severity,
            subject.rng("robustness", name, start),
            subject.splits.image_shape,
        )
        for start in range(0, len(x_NP), BLOCK)
    ]
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


def fit_probe(subject: "Subject", encode: Function) -> Any:
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
            encode(x_NP), subject.train.labels_N[rows]
        )


# ---------------------------------------------------------------------- table


def tabulate(numbers: dict[str, Any], pca_name: str) -> tuple[list[str], list[list[Any]]]:
    """One line per corruption, the mean, and the motions in two lines."""
    heads = ("model", f"{pca_name}_clipped", "corrupted_input")
    columns = ["mean of severities 1-5", "model", pca_name.replace("_", " "), "input", "model / pca"]
    entries = {
        **{name: {who: row[who]["area"] for who in heads} for name, row in numbers["corruptions"].items()},
        "mean": numbers["mean"],
    }
    rows = [
        [name, *(areas[who] for who in heads), ratio(areas["model"], areas[heads[1]])]
        for name, areas in entries.items()
    ]
    for what, means in numbers.get("motions", {}).get("mean", {}).items():
        if means:
            values = [means.get(who) for who in ("model", pca_name, "pixels")]
            rows.append([f"motions: {what}", *values, ratio(values[0], values[1]) if None not in values[:2] else None])
    return columns, rows
