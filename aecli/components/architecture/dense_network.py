"""The network of the family `dense`, and its initial weights.

`widths` names the encoder from the input to the code; the decoder mirrors it. The output is kept as logits until a
loss or a metric asks for the reconstruction.

Shapes: B batch, P inputs, L code units.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, overload

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from aecli.components.architecture.activations import ACTIVATIONS
from aecli.components.architecture.contract import NamedMatrix, Network, Part, Plan, Step, Units
from aecli.components.architecture.registration import Site
from aecli.errors import known

if TYPE_CHECKING:

    class Linear(nn.Linear):
        """A linear layer whose matrix may be another one's."""

        weight: nn.Parameter | None  # type: ignore[assignment]  # torch takes one without a matrix, its types do not
        bias: nn.Parameter

    class LinearLayers(nn.ModuleList):
        """A list of linear layers and of nothing else."""

        def __iter__(self) -> Iterator[Linear]: ...
        @overload
        def __getitem__(self, idx: slice) -> "LinearLayers": ...
        @overload
        def __getitem__(self, idx: int) -> Linear: ...
        def __getitem__(self, idx: int | slice) -> "Linear | LinearLayers": ...

else:
    Linear, LinearLayers = nn.Linear, nn.ModuleList


class Autoencoder(Network):
    """Dense encoder and mirrored decoder.

    Weights are `encoder.0.weight` ... and `decoder.0.weight` ...; with tied weights the decoder has only biases and
    uses the encoder's matrices transposed.
    """

    encoder: LinearLayers
    decoder: LinearLayers

    def __init__(
        self,
        widths: Sequence[int],
        *,
        activation: str,
        code_activation: str,
        output_activation: str,
        tied: bool,
        normalization: str | None,
    ) -> None:
        super().__init__()
        self.widths = tuple(widths)
        self.activation = ACTIVATIONS[activation].function
        self.code_activation = ACTIVATIONS[code_activation].function
        self.output_activation = ACTIVATIONS[output_activation].function
        self.encoder = LinearLayers(Linear(a, b) for a, b in zip(self.widths, self.widths[1:], strict=False))
        mirrored = self.widths[::-1]
        self.decoder = LinearLayers(Linear(a, b) for a, b in zip(mirrored, mirrored[1:], strict=False))
        if tied:
            for layer in self.decoder:
                layer.weight = None
        hidden = self.widths[1:-1]
        self.encoder_norms = nn.ModuleList(make_normalization(normalization, width) for width in hidden)
        self.decoder_norms = nn.ModuleList(make_normalization(normalization, width) for width in hidden[::-1])

    @property
    def code_size(self) -> int:
        """Number of code units, L."""
        return self.widths[-1]

    def encode(self, x_BP: Tensor) -> Tensor:
        """The code of each image: (B, P) -> (B, L)."""
        h = x_BP
        for layer, norm in zip(self.encoder[:-1], self.encoder_norms, strict=True):
            h = self.hidden(norm(layer(h)))
        return self.through("code", self.code_activation(self.encoder[-1](h)))

    def decode_logits(self, code_BL: Tensor) -> Tensor:
        """What goes into the output activation: (B, L) -> (B, P)."""
        h = code_BL
        for index, norm in enumerate(self.decoder_norms):
            h = self.hidden(norm(F.linear(h, self.decoder_weight(index), self.decoder[index].bias)))
        return F.linear(h, self.decoder_weight(-1), self.decoder[-1].bias)

    def hidden(self, h: Tensor) -> Tensor:
        """The activation of a hidden layer and what regularizers put behind it."""
        return self.through("hidden", self.activation(h))

    def decoder_weight(self, index: int) -> Tensor:
        """The matrix of a decoder layer, (out, in); the encoder's, transposed, where weights are tied."""
        weight = self.decoder[index].weight
        return known(self.encoder[-1 - index].weight).T if weight is None else weight

    def matrices(self, part: Part = "all") -> list[NamedMatrix]:
        """The matrices of the layers, a tied decoder's left out; regularizers ask for them at every step."""
        halves = {"encoder": self.encoder, "decoder": self.decoder}
        return [
            NamedMatrix(f"{half}.{index}.weight", layer.weight, layer.weight)
            for half, layers in halves.items()
            if part in ("all", half)
            for index, layer in enumerate(layers)
            if layer.weight is not None
        ]

    def units(self) -> list[Units]:
        """The units of all layers, encoder first; a tied decoder's are columns of the encoder's matrices."""
        found = [Units(f"encoder.{index}.weight", known(layer.weight)) for index, layer in enumerate(self.encoder)]
        return found + [Units(f"decoder.{index}.weight", self.decoder_weight(index)) for index in range(len(found))]

    def decoder_tensors(self) -> list[Tensor]:
        """Matrices, tied ones included, biases and normalization of the decoder."""
        matrices = [self.decoder_weight(index) for index in range(len(self.decoder))]
        norms = [value for value in self.decoder_norms.state_dict().values() if value.is_floating_point()]
        return [*matrices, *(layer.bias for layer in self.decoder), *norms]

    def plan(self) -> Plan | None:
        """The layers as steps, where weights are not tied, nothing is normalized and the slots are empty."""
        layers, depth = [*self.encoder, *self.decoder], len(self.encoder)
        norms = (*self.encoder_norms, *self.decoder_norms)
        weights = [layer.weight for layer in layers if layer.weight is not None]
        if self.slots("hidden") or self.slots("code") or len(weights) < len(layers):
            return None
        if not all(isinstance(norm, nn.Identity) for norm in norms):
            return None
        activations = [self.activation] * len(layers)
        activations[depth - 1], activations[-1] = self.code_activation, self.output_activation
        biases = (layer.bias for layer in layers)
        return Plan(tuple(Step(*step) for step in zip(weights, biases, activations, strict=True)), depth)


def make_normalization(kind: str | None, width: int) -> nn.Module:
    """Batch normalization, layer normalization, or nothing."""
    makers: dict[str | None, Callable[[int], nn.Module]] = {
        "batch": nn.BatchNorm1d,
        "layer": nn.LayerNorm,
        None: lambda width: nn.Identity(),
    }
    return makers[kind](width)


def build_dense(
    site: Site,
    *,
    widths: Sequence[int | str],
    activation: str,
    code_activation: str,
    output_activation: str,
    init: str,
    tied: bool,
    normalization: str | None,
    output_bias: str,
) -> Autoencoder:
    """Build and initialise the network; arguments as of the family in dense.py.

    Every matrix has a random stream of its own, named by its shape, so layers of equal shape start equal in different
    architectures.
    """
    model = Autoencoder(
        [site.size, *(int(width) for width in widths[1:])],
        activation=activation,
        code_activation=code_activation,
        output_activation=output_activation,
        tied=tied,
        normalization=normalization,
    )
    with torch.no_grad():
        for part, layers in (("encoder", model.encoder), ("decoder", model.decoder)):
            seen: Counter[tuple[int, int]] = Counter()
            for layer in layers:
                shape = (layer.in_features, layer.out_features)
                initialise(layer, init, site.stream(part, *shape, seen[shape]))
                seen[shape] += 1
        if output_bias != "zero":
            mean_P = site.mean_image_P
            level_P = mean_P if output_bias == "mean_image" else mean_P.mean().expand(site.size)
            model.decoder[-1].bias.copy_(inverse_output(output_activation, level_P))
    return model


def initialise(layer: Linear, init: str, generator: torch.Generator) -> None:
    """Fill the weights and the bias of a layer in place.

    Glorot and He as in Keras, with zero biases; `torch` as in torch.nn.Linear: both uniform in 1 / sqrt(fan_in).
    """
    fan_in = layer.in_features
    if layer.weight is not None:
        scale, _, shape = init.partition("_")
        fan = {"glorot": (layer.in_features + layer.out_features) / 2, "he": fan_in / 2, "torch": 3 * fan_in}[scale]
        if shape == "normal":
            # Keras truncates at two standard deviations and widens the normal so that the variance stays 1 / fan
            std = math.sqrt(1.0 / fan) / 0.87962566103423978
            nn.init.trunc_normal_(layer.weight, std=std, a=-2 * std, b=2 * std, generator=generator)
        else:
            bound = math.sqrt(3.0 / fan)
            layer.weight.uniform_(-bound, bound, generator=generator)
    layer.bias.zero_()
    if init == "torch":
        bound = 1.0 / math.sqrt(fan_in)
        layer.bias.uniform_(-bound, bound, generator=generator)


def inverse_output(output_activation: str, level_P: Tensor) -> Tensor:
    """The bias at which the output starts at the given level; the level itself where the activation is near linear."""
    inverse = ACTIVATIONS[output_activation].facts.inverse
    return level_P if inverse is None else inverse(level_P)
