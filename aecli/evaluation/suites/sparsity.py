"""The sparsity suite: how sparse the weights are, and what it costs to remove the smallest of them.

The weights are the matrices; biases and normalization are counted only in the sums over all parameters, which are what
the penalties `l1` and `l2` see. Tied matrices are counted once.

Shapes: N images, B batch, P pixels; a weight matrix is (out, in).
"""

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from torch import Tensor

from aecli.components.evaluation.suites import Findings, skill_score
from aecli.drawing import scale_values
from aecli.evaluation.baselines import constant_predictions, predictions
from aecli.evaluation.instruments.pruning import TOLERANCE, prunable, prune, ranked
from aecli.evaluation.instruments.sparseness import hoyer
from aecli.evaluation.network import idle_units, named_matrices, untrained_twin, with_matrices
from aecli.evaluation.subject import CHUNK

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from aecli.components.architecture.contract import Network
    from aecli.evaluation.subject import Subject

SMALL = 1e-3
"""A weight smaller than this counts as small."""
SHARES = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99)
"""Shares of the weights that are removed."""
SKILL_SHARE = 0.5


def measure(subject: "Subject") -> Findings:
    """Zeros, small weights, Hoyer and sums, by layer and in all, now and at initialisation; the pruning curve.

    Pruning sets the smallest weights to zero, ranked over all matrices or within each; nothing is trained afterwards,
    and the model is not changed.

    Returns: numbers `layers`, `all_matrices`, `all_parameters`, `at_initialisation` (None without a config), `pruning`
        (shares, MSE ranked globally and by layer, on the judged images), `prunable_share` and `baselines`.

    Source: Hurley & Rickard 2009, arXiv:0811.4706 (measures of sparsity); Blalock et al. 2020, arXiv:2003.03033
        (pruning)
    """
    mse, curve = baseline_mse(subject), pruning_curve(subject)
    trivial, reference = mse.values()
    idle = sum(idle_units(subject.model).values())
    total = describe_total(subject.model)
    numbers = {
        "layers": describe_layers(subject.model),
        "all_matrices": total["all_matrices"] | {"units_without_input": idle},
        "all_parameters": total["all_parameters"],
        "at_initialisation": describe_initial(subject),
        "pruning": curve,
        "prunable_share": {"tolerance": TOLERANCE}
        | {kind: prunable(SHARES, curve[kind]) for kind in ("global", "by_layer")},
        "baselines": mse,
    }
    pruned = curve["global"][SHARES.index(SKILL_SHARE)]
    skill = skill_score(pruned, trivial=trivial, reference=reference)
    columns, rows = tabulate(numbers)
    return Findings(numbers, skill, columns, rows, {"pruning": draw(curve, mse)})


def describe_layers(model: "Network") -> dict[str, dict[str, Any]]:
    """Numbers of every layer; of a tied one only how many of its units have no input."""
    layers: dict[str, dict[str, Any]] = {
        name: describe([weight]) | {"shape": list(weight.shape)} for name, weight in named_matrices(model).items()
    }
    for name, idle in idle_units(model).items():
        layers.setdefault(name, {"tied": True})["units_without_input"] = idle
    return layers


def describe_total(model: "Network") -> dict[str, dict[str, float | None]]:
    """Numbers of all matrices together, and the sums over all parameters."""
    matrices = list(named_matrices(model).values())
    return {"all_matrices": describe(matrices), "all_parameters": sums(list(model.parameters()))}


def values_of(tensors: Sequence[Tensor]) -> np.ndarray:
    """All values of some tensors, in double precision."""
    return np.concatenate([tensor.detach().cpu().double().numpy().ravel() for tensor in tensors])


def describe(weights: Sequence[Tensor]) -> dict[str, float | None]:
    """How many, how many of them are zero or small, how unequal they are, and what the penalties see."""
    size_W = np.abs(values_of(weights))
    return {
        "weights": len(size_W),
        "exact_zeros": float(np.mean(size_W == 0)),
        "small": float(np.mean(size_W < SMALL)),
        "hoyer": number(hoyer(size_W)),
        **sums(weights),
    }


def sums(tensors: Sequence[Tensor]) -> dict[str, float | None]:
    """Sum of abs(w) and of w^2."""
    values_W = values_of(tensors)
    return {"sum_abs": number(np.abs(values_W).sum()), "sum_squares": number(np.square(values_W).sum())}


def number(value: float | np.ndarray) -> float | None:
    """A plain float; None where it is not finite."""
    return float(value) if math.isfinite(value) else None


def describe_initial(subject: "Subject") -> dict[str, dict[str, float | None]] | None:
    """The same numbers before training: the scale of the sums. None without a config, which knows the seed."""
    return None if subject.config is None else describe_total(untrained_twin(subject, subject.config.seed))


def baseline_mse(subject: "Subject") -> dict[str, float]:
    """MSE of the mean training image and of PCA of the code's size, not clipped, on the judged images."""
    pca, mean_image_P = subject.pca(), subject.splits.mean_image_P
    pairs = {
        "mean_image": constant_predictions(subject.target, mean_image_P),
        f"pca_{len(pca.components_KP)}": predictions(subject.target, pca, clip=False),
    }
    return {name: subject.metrics(pair, ["mse"])["mse"] for name, pair in pairs.items()}


def pruning_curve(subject: "Subject") -> dict[str, list[float]]:
    """MSE on the judged images after pruning, by share, ranked over all matrices and within each."""
    matrices = named_matrices(subject.model)
    groups = {"global": [list(matrices)], "by_layer": [[name] for name in matrices]}
    curve = {"shares": list(SHARES)}
    for kind, names in groups.items():
        ranks = {name: rank for group in names for name, rank in ranked({key: matrices[key] for key in group}).items()}
        curve[kind] = [pruned_mse(subject, prune(matrices, ranks, share)) for share in SHARES]
    return curve


def pruned_mse(subject: "Subject", matrices: dict[str, Tensor]) -> float:
    """MSE on the judged images with other matrices; the model keeps its own."""
    pruned = with_matrices(subject.model, matrices)

    def pairs() -> Iterator[tuple[Tensor, Tensor]]:
        for x_BP in subject.target.batches(CHUNK):
            yield pruned(x_BP).x_hat_BP, x_BP

    return subject.metrics(pairs(), ["mse"])["mse"]


def tabulate(numbers: dict[str, Any]) -> tuple[list[str], list[list[Any]]]:
    """All matrices together, beside what they started from; then the error after pruning, beside the baselines."""
    curve, (trivial, reference) = numbers["pruning"], numbers["baselines"].values()
    columns = ["weights", "trained", "at initialisation", *(name.replace("_", " ") for name in numbers["baselines"])]
    captions = {"exact_zeros": "share exactly 0", "small": f"share below {SMALL:g}", "hoyer": "Hoyer sparsity"}
    captions |= {"sum_abs": "sum abs(w)", "sum_squares": "sum w^2", "units_without_input": "units without input"}
    now, before = numbers["all_matrices"], (numbers["at_initialisation"] or {}).get("all_matrices", {})
    rows = [[caption, shown(now[key]), shown(before.get(key)), "", ""] for key, caption in captions.items()]
    rows += [
        [f"MSE, {share:.0%} pruned", mse, "", trivial, reference]
        for share, mse in zip(SHARES, curve["global"], strict=True)
        if share in (0.0, 0.5, 0.7, 0.9)
    ]
    rows.append([f"prunable at +{TOLERANCE:.0%} MSE", f"{numbers['prunable_share']['global']:.0%}", "", "", ""])
    return columns, rows


def shown(value: float | None) -> float | str:
    """A number, or nothing."""
    return "" if value is None else value


def draw(curve: dict[str, list[float]], baselines: dict[str, float]) -> "Figure":
    """MSE by the share of the weights that is removed, with the baselines as lines."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7.5, 4.0), layout="constrained")
    axes = figure.subplots()
    percent = [100 * share for share in curve["shares"]]
    axes.plot(percent, curve["global"], "o-", color="#b5541c", markersize=4, label="smallest of all matrices")
    axes.plot(percent, curve["by_layer"], "s--", color="#1f4e79", markersize=3, label="smallest of each matrix")
    for (name, value), style in zip(baselines.items(), (":", "--"), strict=True):
        axes.axhline(value, color="grey", linestyle=style, linewidth=1, label=f"{name.replace('_', ' ')}: {value:.5f}")
    scale_values(axes, [*curve["global"], *curve["by_layer"], *baselines.values()])
    axes.set(
        title="pruned without further training",
        xlabel="% of the weights set to zero",
        ylabel="MSE on the judged images",
    )
    axes.spines[["top", "right"]].set_visible(False)
    figure.legend(loc="outside right upper", fontsize="small", frameon=False)
    return figure
