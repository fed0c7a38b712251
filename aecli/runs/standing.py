"""How a net stands beside the predictors that need no training, and what most likely keeps it behind them.

It knows run folders and plain data; nothing of torch, and nothing of components.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aecli.runs.stored_values import finite_number, mapping

METRIC = "mse"
"""What nets and baselines are compared by where nobody asks for another metric."""
OTHER_INPUT = ("corrupted_input",)
"""Baselines of a task that is not the reconstruction of clean input."""
FEW_STEPS = 1000
"""Steps of the optimizer below which no net of any size is trained."""
STANDS_STILL, FALLS = 0.01, 0.01
"""A validation error that fell by less than the first, in all, stood still; by more than the second in its last tenth,
it was still falling."""
FEW_EPOCHS = 3
"""Epochs of which nothing can be said to stand still."""
SHOWN = ".4g"


@dataclass(frozen=True)
class Standing:
    """Predictors that need no training, the easiest first, and which of them a net is ahead of."""

    ahead_of: tuple[str, ...]
    behind: tuple[str, ...]

    @property
    def highest(self) -> str | None:
        """The hardest predictor that the net is ahead of; None if it is ahead of none."""
        return self.ahead_of[-1] if self.ahead_of else None


def find_standing(own: float, baselines: Mapping[str, float], *, better: str = "lower") -> Standing:
    """Sort the predictors by whether a net is ahead of them; as good as one of them is not ahead of it.

    Args:
        own: the net's number.
        baselines: label -> its number on the same images.
        better: lower | higher.

    Example:
        >>> find_standing(0.02, {"pca_32": 0.017, "mean_image": 0.0675})
        Standing(ahead_of=('mean_image',), behind=('pca_32',))
    """
    sign = -1 if better == "higher" else 1
    known = {label: value for label, value in baselines.items() if label not in OTHER_INPUT and math.isfinite(value)}
    order = sorted(known, key=lambda label: -sign * known[label])
    return Standing(
        tuple(label for label in order if sign * own < sign * known[label]),
        tuple(label for label in order if not sign * own < sign * known[label]),
    )


def warn_of_standing(summary: Mapping[str, Any], config: Mapping[str, Any], records: Sequence[Any]) -> str | None:
    """One sentence if the judged net of a run is behind a predictor that needs no training, with the likeliest cause.

    Args:
        summary: summary.json.
        config: the effective config as plain data.
        records: metrics.jsonl.

    Returns: None where the net is ahead of all, or where its numbers are not known.
    """
    own = finite_number(mapping(summary.get("test")).get(METRIC))
    rows = mapping(summary.get("baselines"))
    read = {label: finite_number(mapping(mapping(row).get("test")).get(METRIC)) for label, row in rows.items()}
    baselines = {label: value for label, value in read.items() if value is not None}
    if own is None or not baselines:
        return None
    standing = find_standing(own, baselines)
    if not standing.behind:
        return None
    least = standing.behind[0]
    versus = f"test {METRIC} {own:{SHOWN}} against {baselines[least]:{SHOWN}}"
    who = f"this net is behind {noun_phrase(label_words(least))}, which needs no training: {versus}"
    return f"{who}; likeliest cause: {likeliest_cause(summary, config, records)}"


def label_words(label: str) -> str:
    """`mean image`, `pca 32`."""
    return label.replace("_", " ")


def noun_phrase(words: str) -> str:
    """A predictor within a sentence: with an article, unless a number makes it a name.

    Example:
        >>> noun_phrase("mean image"), noun_phrase("pca 32")
        ('the mean image', 'pca 32')
    """
    return words if any(letter.isdigit() for letter in words) else f"the {words}"


def likeliest_cause(summary: Mapping[str, Any], config: Mapping[str, Any], records: Sequence[Any]) -> str:
    """What most likely keeps a net behind: dead units, few steps, an end too early, a penalty, or the learning rate."""
    training = mapping(config.get("training"))
    lr = finite_number(mapping(mapping(config.get("optimization")).get("optimizer")).get("lr"))
    rate = f"learning rate (optimization.optimizer.lr, now {lr:g})" if lr else "learning rate"
    code = mapping(summary.get("code"))
    alive, units = finite_number(code.get("alive")), finite_number(code.get("units"))
    if alive == 0:
        return f"no code unit is alive: try a lower {rate} or another activation"
    penalties = ", ".join(str(mapping(one).get("name")) for one in config.get("regularization") or ())
    epochs = finite_number(summary.get("epochs")) or 0
    images, batch = (
        finite_number(mapping(summary.get("train")).get("images")),
        finite_number(training.get("batch_size")),
    )
    if images and batch and epochs * math.ceil(images / batch) < FEW_STEPS:
        each = math.ceil(images / batch)
        steps = f"{epochs * each:,.0f} step{'s' * (epochs * each != 1)} of the optimizer"
        told = f"{epochs:.0f} epoch{'s' * (epochs != 1)} of {each:,}"
        if penalties:
            return f"only {steps} ({told}), or its regularization ({penalties}): train longer, and without it beside"
        return f"only {steps} ({told}): train for more epochs, or with a smaller training.batch_size"
    errors = validation_errors(records)
    if len(errors) >= FEW_EPOCHS and errors[-1] > (1 - STANDS_STILL) * errors[0]:
        return f"its validation error stands still since the first epoch: try another {rate}"
    before = errors[-1 - math.ceil(len(errors) / 10)] if len(errors) > 1 else math.nan
    if errors and errors[-1] < (1 - FALLS) * before:
        return "its validation error was still falling at the end: train for more epochs"
    if alive is not None and units and alive < units / 2:
        dead = f"only {alive:.0f} of {units:.0f} code units are alive"
        return f"{dead}: try a lower {rate} or another activation"
    if penalties:
        return f"its regularization ({penalties}) may be too strong: train without it beside"
    return f"the {rate}, or a net too small for the data"


def validation_errors(records: Sequence[Any]) -> list[float]:
    """The validation error by epoch, from the first one on, as far as it is known."""
    trained = [record for record in map(mapping, records) if record.get("epoch") != 0]
    read = [finite_number(mapping(record.get("validation")).get(METRIC)) for record in trained]
    return [value for value in read if value is not None]
