"""The denoising suite: what is gained over the noisy input, beside what classical filters and PCA gain.

Shapes: N images, B batch, P pixels.
"""

import json
import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from aecli.components.data.corruptions import CORRUPTIONS
from aecli.components.evaluation.suites import SUITES, Findings, skill_score
from aecli.errors import known
from aecli.evaluation.instruments.filters import gaussian_blur, median_3x3
from aecli.evaluation.pictures import choose_rows, draw_grid
from aecli.evaluation.suites.clean_images import BLOCK, check_unit_range, first_images, squared_error

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from aecli.evaluation.subject import Subject

Kind = tuple[str, dict[str, Any]]
"""Name of a corruption of `data.corruption`, and its parameters."""
KINDS: tuple[Kind, ...] = (
    ("gaussian", {"std": 0.3}),
    ("salt_and_pepper", {"share": 0.1}),
    ("salt_and_pepper", {"share": 0.3}),
    ("masking", {"share": 0.25}),
)
"""Every run meets these; with `data.corruption` it meets that too."""
BLUR_SIGMA = 0.8
PICTURE_IMAGES = 3
"""Images of each kind in the picture."""

Denoiser = Callable[[np.ndarray], np.ndarray]


def measure(subject: "Subject") -> Findings:
    """MSE and PSNR against the clean image, by kind of noise, of the model and of the baselines.

    The baselines are the noisy input, the 3 x 3 median and a Gaussian blur (images only, black beyond the border), and
    PCA clipped to [0, 1]; the model's reconstruction is taken as it is. PSNR is that of the mean MSE. `best_classical`
    is the best baseline of all, doing nothing included. The means and the skill are over the four kinds that every run
    meets; the skill is None where PCA does no better than the noisy input.

    Raises:
        Skipped: the data is not in [0, 1].
    """
    check_unit_range(subject)
    x_NP = first_images(subject)
    baselines, own = baseline_denoisers(subject), own_kind(subject)
    pca_name = list(baselines)[-1]
    kinds = list(KINDS) + ([own] if own and own not in KINDS else [])
    found = {label(kind): measure_kind(subject, x_NP, kind, baselines) | {"is_own": kind == own} for kind in kinds}
    common = [found[label(kind)] for kind in KINDS]
    mean = {who: float(np.mean([row["mse"][who] for row in common])) for who in (*baselines, "model")}
    beaten = sum(row["model_beats_it"] for row in common)
    numbers = {"images": len(x_NP), "kinds": found, "mean": {"mse": mean, "kinds": len(common), "kinds_won": beaten}}
    trivial, reference = mean["noisy_input"], mean[pca_name]
    skill = skill_score(mean["model"], trivial=trivial, reference=reference) if reference < trivial else None
    pictures = {"denoising": draw(subject, kinds, baselines)} if subject.splits.image_shape else {}
    return Findings(numbers, skill, *tabulate(numbers), pictures)


def own_kind(subject: "Subject") -> Kind | None:
    """The noise this run was trained on, if any."""
    term = subject.config.data.corruption if subject.config else None
    return (term.name, term.model_dump(exclude={"name"})) if term else None


def label(kind: Kind) -> str:
    """A kind as text.

    Example:
        >>> label(("salt_and_pepper", {"share": 0.1}))
        'salt_and_pepper 0.1'
    """
    return " ".join([kind[0], *(str(value) for value in kind[1].values())])


def corrupted(subject: "Subject", x_NP: np.ndarray, kind: Kind) -> list[np.ndarray]:
    """Noisy images in blocks, the same at every call, for every model, and on every device."""
    generator = torch.Generator().manual_seed(int(subject.rng("denoising", label(kind)).integers(2**62)))
    function = CORRUPTIONS[kind[0]].function
    blocks = (torch.from_numpy(x_NP[start : start + BLOCK]) for start in range(0, len(x_NP), BLOCK))
    return [function(x_BP, generator, **kind[1]).numpy() for x_BP in blocks]


# ------------------------------------------------------------------ denoisers


def baseline_denoisers(subject: "Subject") -> dict[str, Denoiser]:
    """Name -> function of noisy images; PCA is the last."""
    pca, shape = subject.pca(), subject.splits.image_shape
    found: dict[str, Denoiser] = {"noisy_input": lambda y_NP: y_NP}
    if shape:
        found["median_3x3"] = lambda y_NP: median_3x3(y_NP, shape)
        found["gaussian_blur"] = lambda y_NP: gaussian_blur(y_NP, shape, BLUR_SIGMA)
    found[f"pca_{len(pca.components_KP)}_clipped"] = lambda y_NP: subject.apply(pca.reconstruct_clipped, y_NP)
    return found


# -------------------------------------------------------------------- numbers


def measure_kind(subject: "Subject", x_NP: np.ndarray, kind: Kind, baselines: dict[str, Denoiser]) -> dict[str, Any]:
    """MSE, PSNR and gain of everyone on one kind of noise."""
    blocks = corrupted(subject, x_NP, kind)

    def mse(denoise: Denoiser) -> float:
        pairs = zip(blocks, range(0, len(x_NP), BLOCK), strict=True)
        return sum(squared_error(denoise(y_BP), x_NP[start : start + BLOCK]) for y_BP, start in pairs) / x_NP.size

    version = SUITES["denoising"].facts.version
    depends_on = json.dumps([kind, list(baselines), subject.splits.image_shape, len(x_NP), BLOCK, BLUR_SIGMA])
    known = subject.cached(
        f"denoising {version} {depends_on}", lambda: {who: np.array(mse(denoise)) for who, denoise in baselines.items()}
    )
    errors = {who: float(known[who]) for who in baselines} | {"model": mse(subject.reconstruct_array)}
    best = min(baselines, key=errors.__getitem__)
    return {
        "corruption": {"name": kind[0], **kind[1]},
        "mse": errors,
        "psnr_db": {who: psnr_db(value) for who, value in errors.items()},
        "gain_db": {who: gain_db(value, errors["noisy_input"]) for who, value in errors.items()},
        "best_classical": best,
        "model_beats_it": errors["model"] < errors[best],
    }


def psnr_db(mse: float) -> float | None:
    """-10 log10(mse); None for no error at all.

    Example:
        >>> psnr_db(0.01)
        20.0
    """
    return -10.0 * math.log10(mse) if mse > 0 else None


def gain_db(mse: float, noisy: float) -> float | None:
    """PSNR above that of the noisy input; None where either has no error."""
    return 10.0 * math.log10(noisy / mse) if mse > 0 and noisy > 0 else None


def tabulate(numbers: dict[str, Any]) -> tuple[list[str], list[list[Any]]]:
    """MSE of everyone, one line per kind, and the best baseline."""
    whos = list(numbers["mean"]["mse"])
    columns = [
        "MSE against the clean image",
        *(who.removesuffix("_clipped").replace("_", " ") for who in whos),
        "best classical",
    ]
    rows = [
        [name + (" (trained on)" if row["is_own"] else ""), *row["mse"].values(), verdict(row)]
        for name, row in numbers["kinds"].items()
    ]
    mean = numbers["mean"]
    won = f"beaten {mean['kinds_won']} of {mean['kinds']} times"
    return columns, [*rows, ["mean of the common kinds", *mean["mse"].values(), won]]


def verdict(row: dict[str, Any]) -> str:
    """The best baseline, and whether the model beats it."""
    name = row["best_classical"].removesuffix("_clipped").replace("_", " ")
    return f"{name}, {'beaten' if row['model_beats_it'] else 'not beaten'}"


# -------------------------------------------------------------------- picture


def draw(subject: "Subject", kinds: list[Kind], baselines: dict[str, Denoiser]) -> "Figure":
    """A few images of each kind: noisy, denoised by everyone, clean."""
    rows = choose_rows(subject.target.labels_N, len(subject.target))[:PICTURE_IMAGES]
    x_BP = subject.target.batch(torch.from_numpy(rows).to(subject.target.values_NP.device)).cpu().numpy()
    y_NP = np.concatenate([corrupted(subject, x_BP, kind)[0] for kind in kinds])
    x_NP = np.tile(x_BP, (len(kinds), 1))
    denoisers = {**baselines, "model": subject.reconstruct_array}
    parts = {who.removesuffix("_clipped").replace("_", " "): denoise(y_NP) for who, denoise in denoisers.items()} | {
        "clean": x_NP
    }
    heads = [
        label(kind).replace("_", " ") if index == len(rows) // 2 else "" for kind in kinds for index in range(len(rows))
    ]
    return draw_grid(
        parts,
        heads,
        x_NP,
        known(subject.splits.image_shape),
        "noisy images, denoised; below: MSE against the clean image",
    )
