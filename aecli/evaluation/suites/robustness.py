"""The robustness suite: error against the clean image under corruptions, drift of the code under motions.

Shapes: N images, P pixels, S = 6 severities from 0, the clean image, to 5.
"""

from typing import TYPE_CHECKING, Any

import numpy as np

from aecli.components.evaluation.suites import Findings, skill_score
from aecli.evaluation.instruments.severity import MOTIONS, SEVERITIES, SEVERITY_CORRUPTIONS, applicable
from aecli.evaluation.suites.clean_images import check_unit_range, first_images
from aecli.evaluation.suites.robustness_pictures import draw_curves, draw_examples, draw_motions
from aecli.evaluation.suites.robustness_sweeps import Curves, measure_errors, measure_motions, probe_rows, why_no_probe

if TYPE_CHECKING:
    from aecli.evaluation.subject import Subject


def measure(subject: "Subject") -> Findings:
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


def motion_numbers(subject: "Subject", x_NP: np.ndarray, pca_name: str) -> dict[str, Any]:
    """Drift of the code under motions, and the accuracy of a linear probe on the codes of the moved images.

    drift = mean distance between the codes of the moved and the unmoved image / mean distance between the codes of two
    different images; None where all images have the same code
    """
    curves = measure_motions(subject, x_NP)
    labels = {"model": "model", "pca": pca_name, "pixels": "pixels"}
    rows: dict[str, dict[str, Any]] = {
        name: {
            "levels": list(entry.facts.levels),
            "drift": labelled(curves, labels, "drift", name),
            "accuracy": labelled(curves, labels, "accuracy", name),
        }
        for name, entry in MOTIONS.items()
    }
    trained_on = len(probe_rows(subject)) if rows["shift"]["accuracy"] else 0
    means = {
        what: {label: mean_curve([row[what][label] for row in rows.values()]) for label in rows["shift"][what]}
        for what in ("drift", "accuracy")
    }
    return {"kinds": rows, "mean": means, "probe_training_images": trained_on, "why_no_probe": why_no_probe(subject)}


def labelled(curves: Curves, labels: dict[str, str], what: str, name: str) -> dict[str, list[float] | None]:
    """The curves of one motion by the names that readers see, of those who have one."""
    keys = {label: f"{who}/{what}/{name}" for who, label in labels.items()}
    return {label: listed(curves[key]) for label, key in keys.items() if key in curves}


def curve(mse_S: np.ndarray) -> dict[str, Any]:
    """A severity curve and the area under it: the mean over the severities 1 to 5."""
    return {"mse": mse_S.tolist(), "area": float(mse_S[1:].mean())}


def ratio(value: float, base: float) -> float | None:
    """A quotient; None where the base is 0."""
    return value / base if base > 0 else None


def mean_of(values: list[float]) -> float:
    """The mean."""
    return float(np.mean(values))


def listed(values_S: np.ndarray) -> list[float] | None:
    """A curve for JSON; None where it is not defined."""
    return values_S.tolist() if np.isfinite(values_S).all() else None


def mean_curve(curves: list[list[float] | None]) -> float | None:
    """The mean over motions and the severities 1 to 5."""
    defined = [values_S for values_S in curves if values_S is not None]
    return mean_of([value for values_S in defined for value in values_S[1:]]) if len(defined) == len(curves) else None


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
