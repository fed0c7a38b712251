"""The registry of regularizers, what one says of itself, and what it may look at.

A regularizer acts in one of these places, said by its registration:

- `penalty`: its value, times its weight, is added to the loss;
- `step`: it changes the weights after the optimizer's step, by lr times its weight, with the function registered as
  `step`, `(model, amount, *, parameters)`, in place; its value is only logged;
- `hidden` or `code`: it changes the activations in the forward pass and has no value.

Penalties and steps take a `Moment`, which has everything they may look at, and return one value for the batch. The
network is known by its contract alone, see architecture/contract.py.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple

from annotated_types import Interval

from aecli.components.architecture.registration import NetworkTraits
from aecli.components.regularization.promises import Promise
from aecli.components.regularization.targets import Target
from aecli.lazy import Tensor, torch
from aecli.registry import Facts, Function, Registry

if TYPE_CHECKING:
    from aecli.components.architecture.contract import Network, Posterior

Place = Literal["penalty", "step", "hidden", "code"]
Selection = Literal["all", "weights", "encoder", "decoder"]
MatrixSelection = Literal["weights", "encoder", "decoder"]
OpenFraction = Annotated[float, Interval(gt=0, lt=1)]
Requires = Callable[[Mapping[str, Any], NetworkTraits], Iterator[tuple[str, str]]]
"""From the term's parameters and what is known of the network to (key of the term, or nothing, what is wrong)."""


@dataclass(frozen=True, kw_only=True)
class RegularizerFacts(Facts):
    """What a regularizer says of itself beside its parameters and its formula."""

    acts: Place
    weight: float | None = None
    """Its default weight; nothing for what acts in the forward pass."""
    step: Callable[..., None] | None = None
    """Changes the weights in place, for what acts after a step."""
    requires: Requires | None = None
    """What it needs of the network."""
    promises: tuple[Promise, ...] = ()
    """What ought to happen as its dose rises; `aecli dose` asks whether it did."""
    exact_zeros: bool | None = None
    """Whether it sets weights to exactly zero; nothing where nobody would expect it to."""
    targets: tuple[Target, ...] = ()
    """The numbers that its weight can buy, as `target: {code.l0: 32}` asks for in place of a weight."""
    untargeted: str = "nothing that is measured while training tells what its weight buys"
    """Why it takes no target, where it takes none."""
    caps: tuple[str, str] | None = None
    """A measure that it holds below one of its parameters: no other term can buy more of it."""

    def told(self) -> dict[str, object]:
        """The default weight, and what it can be asked to buy."""
        targets = {target.measure: target.words for target in self.targets}
        return {"weight": self.weight} | ({"target": targets} if targets else {})


REGULARIZERS: Registry[RegularizerFacts] = Registry(
    "regularizer",
    symbols="w: the weights, W: a matrix of them; x: an image; code: its code, h: its hidden units; lr: learning rate",
)
KINDS: Mapping[Place, str] = {
    "penalty": "penalties: the value, times the weight, is added to the loss",
    "step": "steps: they change the weights after every step of the optimizer",
    "hidden": "layers: they change hidden units while training",
    "code": "layers: they change the code, in training and in use",
}


def regularizer(
    *,
    acts: Place,
    weight: float | None = None,
    step: Callable[..., None] | None = None,
    requires: Requires | None = None,
    promises: tuple[Promise, ...] = (),
    exact_zeros: bool | None = None,
    targets: tuple[Target, ...] = (),
    untargeted: str = RegularizerFacts.untargeted,
    caps: tuple[str, str] | None = None,
) -> Callable[[Function], Function]:
    """Decorator: enrol a regularizer; the arguments are the fields of RegularizerFacts.

    Raises:
        ValueError: the place is none, or it lacks the weight or the step that its place needs.
    """
    if acts not in ("penalty", "step", "hidden", "code"):
        raise ValueError(f'acts must be "penalty", "step", "hidden" or "code", got {acts!r}')
    if (weight is None) != (acts in ("hidden", "code")):
        raise ValueError("penalties and steps have a default weight, and what acts in the forward pass has none")
    if (step is None) == (acts == "step"):
        raise ValueError("a regularizer that acts as a step, and no other, has a function registered as `step`")
    return REGULARIZERS.register(
        RegularizerFacts(
            kind=KINDS[acts],
            acts=acts,
            weight=weight,
            step=step,
            requires=requires,
            promises=promises,
            exact_zeros=exact_zeros,
            targets=targets,
            untargeted=untargeted,
            caps=caps,
        )
    )


class Moment(NamedTuple):
    """What a penalty may look at."""

    model: "Network"
    input_BP: Tensor
    """What the encoder saw, corruption included."""
    code_BL: Tensor
    posterior: "Posterior | None" = None
    """The distribution that the code was drawn from, for networks whose code is one."""

    def per_pixel(self, value: Tensor) -> Tensor:
        """A value per image as one per pixel, which is what losses are: the one place that knows the factor."""
        return value / self.input_BP.shape[1]


def select_parameters(model: "Network", selection: Selection) -> list[Tensor]:
    """The tensors that a penalty runs over.

    `all`: every parameter, biases and normalization too; `weights`: the matrices, as 2-D views with a row for each
    unit; `encoder`, `decoder`: the matrices of that half. With tied weights the decoder has no matrix of its own.
    """
    if selection == "all":
        return list(model.parameters())
    return [matrix.weight_UI for matrix in model.matrices("all" if selection == "weights" else selection)]


def total(values: list[Tensor]) -> Tensor:
    """The sum of scalars; 0 where there is nothing to sum."""
    return torch.stack(values).sum() if values else torch.zeros(())


def missing(name: str, parameters: Mapping[str, Any], network: NetworkTraits) -> Iterator[tuple[str, str]]:
    """What a regularizer lacks in a network: its own requirements, and matrices to run over."""
    requires = REGULARIZERS[name].facts.requires
    if requires is not None:
        yield from requires(parameters, network)
    if parameters.get("parameters") == "decoder" and not network.decoder_has_matrices:
        yield "parameters", "with tied weights the decoder has no matrices of its own"
