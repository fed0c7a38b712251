"""The training objective: the one place where losses and penalties are weighted, averaged and summed.

objective = sum over losses of weight x mean over the batch + sum over penalties of weight x value
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import torch
from torch import Tensor

from aecli.components.architecture.contract import CutPass
from aecli.components.loss import LOSSES
from aecli.components.regularization import REGULARIZERS, Moment
from aecli.config.assemble import Anneal
from aecli.errors import known
from aecli.registry import Entry
from aecli.training.multiplier import Multiplier

if TYPE_CHECKING:
    from aecli.components.architecture.contract import Layer, Network, Pass
    from aecli.components.regularization.registration import Place
    from aecli.config.assemble import Named
    from aecli.config.schema import Config


@dataclass(frozen=True)
class Term:
    """One loss or regularizer of a config."""

    key: str
    """What it is called in metrics.jsonl: `loss.mse`, `regularization.l1`; a second one of a name gets `#2`."""
    function: Callable[..., Tensor]
    weight: float | Anneal | Multiplier
    params: dict[str, Any]
    acts: "Place | Literal['loss']"
    from_logits: bool = False
    gradient: Callable[..., tuple[Tensor, Tensor]] | None = None
    """Its value and gradient by hand, see gradients.py."""
    step: Callable[..., None] | None = None

    def at(self, epoch: int) -> "tuple[float, dict[str, Any]]":
        """Weight and parameters in this epoch, annealing applied."""
        return value_at(self.weight, epoch), {key: value_at(value, epoch) for key, value in self.params.items()}


class Objective:
    """Losses and regularizers of one config, ready to be evaluated on batches."""

    def __init__(self, config: "Config", image_shape: tuple[int, int, int] | None) -> None:
        keys: list[str] = []
        self.losses = [make_loss_term(one, keys, image_shape) for one in config.loss_terms]
        self.regularizers = [make_regularization_term(one, keys) for one in config.regularization]
        self.penalties = [term for term in self.regularizers if term.acts == "penalty"]
        self.steps = [term for term in self.regularizers if term.acts == "step"]
        self.watched: Tensor | None = None
        """The code of the last batch, where weights are looked for that buy targets."""
        self.multipliers = [term.weight for term in self.regularizers if isinstance(term.weight, Multiplier)]

    @property
    def keys(self) -> list[str]:
        """Names of the terms that have a value while training, in the order of `__call__`'s raw values."""
        return [term.key for term in (*self.losses, *self.penalties)]

    def attach(self, model: "Network") -> None:
        """Put the regularizers that act in the forward pass into the model."""
        for term in self.regularizers:
            if term.acts == "hidden" or term.acts == "code":
                model.slots(term.acts).append(layer_of(term))

    def __call__(
        self, model: "Network", input_BP: Tensor, x_BP: Tensor, output: "Pass", epoch: int
    ) -> tuple[Tensor, Tensor]:
        """The objective of one batch. On a cut pass it leaves gradients by hand, of gradients.py, on the prediction.

        Args:
            model: for the penalties on its parameters.
            input_BP: what the model saw, corruption included.
            x_BP: the clean target.
            output: the model's pass over `input_BP`.
            epoch: 1 in the first; sets annealed values.

        Returns: the objective, a scalar to differentiate, and what is logged, (1 + T,), detached: the objective and the
            raw value of each of `keys`.
        """
        moment = Moment(model, input_BP, output.code_BL, output.posterior)
        raw, weighted = [], []
        for term in self.losses:
            weight, params = term.at(epoch)
            prediction_BP = output.logits_BP if term.from_logits else output.x_hat_BP
            if term.gradient and isinstance(output, CutPass):
                raw.append(value_and_gradient(term.gradient, prediction_BP, x_BP, weight))
            else:
                raw.append(term.function(prediction_BP, x_BP, **params).mean())
            weighted.append(weight * raw[-1])
        for term in self.penalties:
            weight, params = term.at(epoch)
            raw.append(term.function(moment, **params))
            weighted.append(weight * raw[-1])
        loss = sum(weighted[1:], weighted[0])
        self.watched = output.code_BL.detach() if self.multipliers else None
        return loss, torch.stack([value.detach() for value in (loss, *raw)])

    @torch.no_grad()
    def after_step(self, model: "Network", lr: float, epoch: int) -> None:
        """Apply the regularizers that act on the weights after the optimizer's step."""
        for term in self.steps:
            weight, params = term.at(epoch)
            known(term.step)(model, lr * weight, **params)
        for multiplier in self.multipliers:
            multiplier.observe(multiplier.target.read(model, known(self.watched)).item())

    @torch.no_grad()
    def report(self, model: "Network", raw: Sequence[float], epoch: int) -> dict[str, dict[str, float]]:
        """Every term with its raw value, its weight, the product, and its share of the objective.

        Args:
            model: for the `step` regularizers, whose value is taken now.
            raw: the epoch's mean raw values, in the order of `keys`.
            epoch: sets annealed values.
        """
        no_images = torch.empty(0, 0)  # between two epochs there is no batch
        moment = Moment(model, no_images, no_images)
        values = dict(zip(self.keys, raw, strict=True))
        values |= {term.key: float(term.function(moment, **term.at(epoch)[1])) for term in self.steps}
        rows = {}
        for term in (*self.losses, *self.penalties, *self.steps):
            weight = term.at(epoch)[0]
            rows[term.key] = {"raw": values[term.key], "weight": weight, "weighted": weight * values[term.key]}
        size = sum(abs(row["weighted"]) for row in rows.values())
        for row in rows.values():
            row["share"] = row["weighted"] / size if size else 0.0
        return rows


def layer_of(term: Term) -> "Layer":
    """What a regularizer that acts in the forward pass puts there."""
    return lambda model, h: term.function(model, h, **term.params)


def make_loss_term(spec: "Named", taken: list[str], image_shape: tuple[int, int, int] | None) -> Term:
    """A loss of the objective from its entry in the config."""
    entry, facts = LOSSES[spec.name], LOSSES[spec.name].facts
    params = parameters_of(entry, spec) | ({"image_shape": image_shape} if facts.needs_image else {})
    return Term(
        key=take_key(f"loss.{spec.name}", taken),
        function=entry.function,
        weight=spec.weight,
        params=params,
        acts="loss",
        from_logits=facts.from_logits,
        gradient=facts.gradient,
    )


def make_regularization_term(spec: "Named", taken: list[str]) -> Term:
    """A regularizer of the objective from its entry in the config."""
    entry, facts = REGULARIZERS[spec.name], REGULARIZERS[spec.name].facts
    key = take_key(f"regularization.{spec.name}", taken)
    return Term(
        key=key,
        function=entry.function,
        weight=1.0 if facts.weight is None else weight_of(spec, key),
        params=parameters_of(entry, spec),
        acts=facts.acts,
        step=facts.step,
    )


def weight_of(spec: "Named", key: str) -> "float | Anneal | Multiplier":
    """The weight as the config gives it, or the one that will find what buys its target."""
    facts = REGULARIZERS[spec.name].facts
    asked: dict[str, float] | None = getattr(spec, "target", None)
    if not asked:
        weight: float | Anneal = spec.weight
        return weight
    ((measure, goal),) = asked.items()
    target = next(one for one in facts.targets if one.measure == measure)
    return Multiplier(key, target, goal, known(facts.weight))


def parameters_of(entry: Entry[Any], spec: "Named") -> dict[str, Any]:
    """The parameters of a registered function as the config gives them, annealed ones too."""
    return {parameter.name: getattr(spec, parameter.name) for parameter in entry.parameters}


def take_key(key: str, taken: list[str]) -> str:
    """A name for a term that no other has: a second one of a name gets `#2`."""
    count = sum(name.split("#")[0] == key for name in taken)
    taken.append(key if count == 0 else f"{key}#{count + 1}")
    return taken[-1]


@torch.no_grad()
def value_and_gradient(function: Callable[..., Any], leaf_BP: Tensor, x_BP: Tensor, weight: float) -> Tensor:
    """A loss over the batch; its weighted gradient, with the bits of autograd's, is added to that of the prediction."""
    images, pixels = leaf_BP.shape
    scale = np.float32(weight) / np.float32(images) / np.float32(pixels)
    total, gradient_BP = function(leaf_BP, x_BP, float(scale))
    add_gradient(leaf_BP, gradient_BP)
    return total / leaf_BP.numel()


def add_gradient(tensor: Tensor, gradient: Tensor) -> None:
    """Add to the gradient of a tensor, which may have none yet."""
    if tensor.grad is None:
        tensor.grad = gradient
    else:
        tensor.grad += gradient


def value_at(value: float | Anneal | Multiplier, epoch: int) -> float:
    """A number as it is, an annealed one as it stands in this epoch, one that buys a target as it stands now."""
    if isinstance(value, Multiplier):
        return value.weight
    return value.at(epoch) if isinstance(value, Anneal) else value
