"""What a network is to everything around it: training, penalties, suites and checkpoints use nothing else.

A family derives from `Network`, keeps its layers in `encoder` and `decoder`, and defines `code_size`, `encode`,
`decode_logits` and the attribute `output_activation`. The rest follows from these, and may be defined anew where the
family knows better.

Shapes: B batch, P inputs, L code units, U units of a layer, I inputs of a layer.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, Protocol

from torch import Tensor, nn

from aecli.components.architecture.registration import ARCHITECTURES, Site

Part = Literal["all", "encoder", "decoder"]
Slot = Literal["hidden", "code"]
Activation = Callable[[Tensor], Tensor]
Layer = Callable[["Network", Tensor], Tensor]
"""What a regularizer puts into the forward pass; it is used in training mode and in evaluation mode alike."""


class Posterior(Protocol):
    """The distribution that the code of each image was drawn from, such as one of torch.distributions."""

    @property
    def mean(self) -> Tensor:
        """(B, L)."""

    @property
    def variance(self) -> Tensor:
        """(B, L)."""


class Pass(NamedTuple):
    """One forward pass."""

    code_BL: Tensor
    logits_BP: Tensor
    """What goes into the output activation."""
    x_hat_BP: Tensor
    posterior: Posterior | None = None
    """For a network whose code is a distribution."""


class CutPass(Pass):
    """A pass whose three tensors are leaves: autograd ends there, and training/propagation.py goes on."""


class NamedMatrix(NamedTuple):
    """The trainable weights of one layer."""

    name: str
    """Of the parameter, as in the state that checkpoints keep."""
    weight_UI: Tensor
    """A 2-D view of the parameter with one row for each unit: what is done to it in place is done to the parameter."""
    parameter: nn.Parameter


class Units(NamedTuple):
    """The units of one layer with what comes into them."""

    name: str
    weight_UI: Tensor
    """A view with one row for each unit, of a matrix that may belong to another layer, as with tied weights."""


class Step(NamedTuple):
    """One layer of a plain network: an affine map and an activation."""

    weight_UI: Tensor
    bias_U: Tensor
    activation: Activation


class Plan(NamedTuple):
    """A network that is nothing but a row of steps."""

    steps: tuple[Step, ...]
    code_after: int
    """Steps that lead to the code."""


@dataclass(frozen=True)
class Origin:
    """What a network was made from, so that it can be made again."""

    family: str
    parameters: Mapping[str, Any]
    size: int
    image_shape: tuple[int, int, int] | None

    def plain(self) -> dict[str, Any]:
        """As plain values, for a checkpoint."""
        shape = None if self.image_shape is None else list(self.image_shape)
        return {"family": self.family, "size": self.size, "image_shape": shape}


class Network(nn.Module):
    """An autoencoder of any family."""

    encoder: nn.Module
    decoder: nn.Module
    output_activation: Activation
    origin: Origin
    """Set by `make_network`."""

    def __init__(self) -> None:
        super().__init__()
        self._slots: dict[str, list[Layer]] = {"hidden": [], "code": []}

    @property
    def code_size(self) -> int:
        """Number of code units, L."""
        raise NotImplementedError

    def encode(self, x_BP: Tensor) -> Tensor:
        """The code of each image: (B, P) -> (B, L); of a code that is a distribution, its mean."""
        raise NotImplementedError

    def decode_logits(self, code_BL: Tensor) -> Tensor:
        """What goes into the output activation: (B, L) -> (B, P)."""
        raise NotImplementedError

    def decode(self, code_BL: Tensor) -> Tensor:
        """The reconstruction of each code: (B, L) -> (B, P)."""
        return self.output_activation(self.decode_logits(code_BL))

    def forward(self, x_BP: Tensor) -> Pass:
        """Code, logits and reconstruction of each image."""
        code_BL = self.encode(x_BP).to(x_BP.dtype)  # under autocast they come in fewer bits
        logits_BP = self.decode_logits(code_BL).to(x_BP.dtype)
        return Pass(code_BL, logits_BP, self.output_activation(logits_BP))

    def slots(self, kind: Slot) -> list[Layer]:
        """What regularizers have put behind hidden layers, or behind the code; append to it to put more there."""
        return self._slots[kind]

    def through(self, kind: Slot, h: Tensor) -> Tensor:
        """Activations of a hidden layer or the code, as what is in their slots leaves them; families call it there."""
        for apply in self._slots[kind]:
            h = apply(self, h)
        return h

    def matrices(self, part: Part = "all") -> list[NamedMatrix]:
        """The trainable weights that are no vectors, encoder first: no biases, no normalization.

        Raises:
            NotImplementedError: a transposed convolution, whose units are no rows of any view; the family has to say.
        """
        parts = ("encoder", "decoder") if part == "all" else (part,)
        found = []
        for half in parts:
            for module_name, module in getattr(self, half).named_modules(prefix=half):
                for name, parameter in module.named_parameters(recurse=False):
                    if parameter.ndim < 2:
                        continue
                    if getattr(module, "transposed", False):
                        raise NotImplementedError(f"{module_name}: define `matrices` for transposed convolutions")
                    found.append(NamedMatrix(f"{module_name}.{name}", parameter.flatten(1), parameter))
        return found

    def units(self) -> list[Units]:
        """The units of all layers, encoder first, with their incoming weights."""
        return [Units(matrix.name, matrix.weight_UI) for matrix in self.matrices()]

    def decoder_tensors(self) -> list[Tensor]:
        """Every number that decoding needs, as whoever receives only codes would have to have them."""
        return [value for value in self.decoder.state_dict().values() if value.is_floating_point()]

    def plan(self) -> Plan | None:
        """The network as a row of affine maps and activations; None for any other, which is left to autograd."""
        return None

    def rebuild(self, seed: int, mean_image_P: Tensor) -> "Network":
        """A network of the same family, parameters and size as it starts from a seed; its slots are empty."""
        origin = self.origin
        return make_network(origin.family, origin.parameters, Site(origin.size, origin.image_shape, seed, mean_image_P))


def make_network(family: str, parameters: Mapping[str, Any], site: Site) -> Network:
    """Build and initialise a network, on the CPU and in training mode.

    Args:
        family: a name from `aecli list architectures`.
        parameters: its own, as a config has checked them.
        site: what it is built for.
    """
    network: Network = ARCHITECTURES[family].function(site, **parameters)
    network.origin = Origin(family, dict(parameters), site.size, site.image_shape)
    return network
