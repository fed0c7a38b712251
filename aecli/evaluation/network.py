"""All that suites know of the inside of a network: matrices, idle units, sizes, and a twin that nobody trained.

Everything else they ask of it is a pass: `encode`, `decode`, `forward`.

Shapes: a weight matrix is (out, in).
"""

import copy
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from aecli.errors import known
from aecli.training.objective import Objective

if TYPE_CHECKING:
    from aecli.components.architecture.contract import Network
    from aecli.evaluation.subject import Subject


def named_matrices(model: "Network") -> dict[str, Tensor]:
    """The weight matrices by the names of their parameters, encoder first; tied ones once."""
    return {matrix.name: matrix.weight_UI for matrix in model.matrices()}


def idle_units(model: "Network") -> dict[str, int]:
    """How many units of every layer have no incoming weight but zeros; tied layers too."""
    return {units.name: int((units.weight_UI == 0).all(1).sum()) for units in model.units()}


def decoder_values(model: "Network") -> int:
    """How many numbers whoever decodes has to have, tied weights and the state of normalizations included."""
    return sum(value.numel() for value in model.decoder_tensors())


def with_matrices(model: "Network", changed: dict[str, Tensor]) -> "Network":
    """A copy that has other matrices; the model keeps its own.

    They are written through the copy's own views, so whatever shape a parameter has, its units stay units.
    """
    other = copy.deepcopy(model)
    with torch.no_grad():
        for matrix in other.matrices():
            matrix.weight_UI.copy_(changed[matrix.name])
    return other


def untrained_twin(subject: "Subject", seed: int) -> "Network":
    """The model as it starts from a seed, on the CPU, without what regularizers attach to it."""
    return subject.model.rebuild(seed, subject.splits.mean_image_P.cpu())


def random_encoder(subject: "Subject", seed: int) -> "Network":
    """An untrained twin ready to encode, with whatever acts on the model's code (k_sparse)."""
    model = untrained_twin(subject, seed)
    Objective(known(subject.config), subject.splits.image_shape).attach(model)
    return model.to(subject.splits.mean_image_P.device).eval()


def random_encoder_parts(subject: "Subject") -> list[object]:
    """Everything but the seed that a random encoder's code depends on, ready for JSON."""
    config = known(subject.config)
    terms = Objective(config, subject.splits.image_shape).regularizers
    acting = [[term.key, term.params] for term in terms if term.acts in ("hidden", "code")]
    return [subject.splits.rows.size, config.architecture.model_dump(mode="json"), acting]
