"""The network: a symmetric dense autoencoder.

`widths` names the encoder from the input to the code; the decoder mirrors it. The output is kept as logits until a
loss or a metric asks for the reconstruction.

Shapes: B batch, P inputs, L code units.
"""

import math
from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from aecli.components.architecture.activations import ACTIVATIONS
from aecli.randomness import stream

if TYPE_CHECKING:
    from aecli.config.schema import Architecture

Layer = Callable[[Tensor], Tensor]
"""What a regularizer puts into the forward pass; it is used in training mode and in evaluation mode alike."""


class Pass(NamedTuple):
    """One forward pass."""

    code_BL: Tensor
    logits_BP: Tensor
    """What goes into the output activation."""
    x_hat_BP: Tensor


class CutPass(Pass):
    """A pass whose three tensors are leaves: autograd ends there, and propagation.py goes on."""


class Autoencoder(nn.Module):
    """Dense encoder and mirrored decoder.

    Weights are `encoder.0.weight` ... and `decoder.0.weight` ...; with tied weights the decoder has only biases and
    uses the encoder's matrices transposed.
    """

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
        self.encoder = nn.ModuleList(nn.Linear(a, b) for a, b in zip(self.widths, self.widths[1:], strict=False))
        mirrored = self.widths[::-1]
        self.decoder = nn.ModuleList(nn.Linear(a, b) for a, b in zip(mirrored, mirrored[1:], strict=False))
        if tied:
            for layer in self.decoder:
                layer.weight = None
        hidden = self.widths[1:-1]
        self.encoder_norms = nn.ModuleList(make_normalization(normalization, width) for width in hidden)
        self.decoder_norms = nn.ModuleList(make_normalization(normalization, width) for width in hidden[::-1])
        self.hidden_layers: list[Callable[[Autoencoder, Tensor], Tensor]] = []
        self.code_layers: list[Callable[[Autoencoder, Tensor], Tensor]] = []

    @property
    def code_size(self) -> int:
        """Number of code units, L."""
        return self.widths[-1]

    def encode(self, x_BP: Tensor) -> Tensor:
        """The code of each image: (B, P) -> (B, L)."""
        h = x_BP
        for layer, norm in zip(self.encoder[:-1], self.encoder_norms, strict=True):
            h = self.hidden(norm(layer(h)))
        code_BL = self.code_activation(self.encoder[-1](h))
        for apply in self.code_layers:
            code_BL = apply(self, code_BL)
        return code_BL

    def decode_logits(self, code_BL: Tensor) -> Tensor:
        """What goes into the output activation: (B, L) -> (B, P)."""
        h = code_BL
        for index, norm in enumerate(self.decoder_norms):
            h = self.hidden(norm(F.linear(h, self.decoder_weight(index), self.decoder[index].bias)))
        return F.linear(h, self.decoder_weight(-1), self.decoder[-1].bias)

    def decode(self, code_BL: Tensor) -> Tensor:
        """The reconstruction of each code: (B, L) -> (B, P)."""
        return self.output_activation(self.decode_logits(code_BL))

    def forward(self, x_BP: Tensor) -> Pass:
        """Code, logits and reconstruction of each image."""
        code_BL = self.encode(x_BP).to(x_BP.dtype)  # under autocast they come in fewer bits
        logits_BP = self.decode_logits(code_BL).to(x_BP.dtype)
        return Pass(code_BL, logits_BP, self.output_activation(logits_BP))

    def hidden(self, h: Tensor) -> Tensor:
        """The activation of a hidden layer and what regularizers put behind it."""
        h = self.activation(h)
        for apply in self.hidden_layers:
            h = apply(self, h)
        return h

    def decoder_weight(self, index: int) -> Tensor:
        """The matrix of a decoder layer, (out, in); the encoder's, transposed, where weights are tied."""
        weight = self.decoder[index].weight
        if weight is None:
            return self.encoder[-1 - index].weight.T
        return weight

    def weights(self) -> list[Tensor]:
        """The weight matrices, encoder first; no biases, no normalization."""
        return [layer.weight for layer in (*self.encoder, *self.decoder) if layer.weight is not None]


def make_normalization(kind: str | None, width: int) -> nn.Module:
    """Batch normalization, layer normalization, or nothing."""
    return {"batch": nn.BatchNorm1d, "layer": nn.LayerNorm, None: lambda width: nn.Identity()}[kind](width)


def make_model(config: "Architecture", widths: Sequence[int], seed: int, mean_image_P: Tensor) -> Autoencoder:
    """Build and initialise the network of a config.

    Every matrix has a random stream of its own, named by its shape, so layers of equal shape start equal in different
    architectures.

    Args:
        config: the `architecture` section.
        widths: its widths with `auto` replaced.
        seed: the seed of the run.
        mean_image_P: mean of the training images, used where the output bias starts at the data's mean.

    Returns: the model on the CPU, in training mode.
    """
    model = Autoencoder(
        widths,
        activation=config.activation,
        code_activation=config.code_activation,
        output_activation=config.output_activation,
        tied=config.tied,
        normalization=config.normalization,
    )
    with torch.no_grad():
        for part in ("encoder", "decoder"):
            seen: Counter[tuple[int, int]] = Counter()
            for layer in getattr(model, part):
                shape = (layer.in_features, layer.out_features)
                initialise(layer, config.init, stream(seed, "init", part, *shape, seen[shape]))
                seen[shape] += 1
        if config.output_bias != "zero":
            level_P = mean_image_P if config.output_bias == "mean_image" else mean_image_P.mean().expand(widths[0])
            model.decoder[-1].bias.copy_(inverse_output(config.output_activation, level_P))
    return model


def initialise(layer: nn.Linear, init: str, generator: torch.Generator) -> None:
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
    if output_activation == "sigmoid":
        return torch.logit(level_P.clamp(1e-3, 1 - 1e-3))
    if output_activation == "tanh":
        return torch.atanh(level_P.clamp(-1 + 1e-3, 1 - 1e-3))
    if output_activation == "softplus":
        return level_P.clamp(min=1e-3).expm1().log()
    return level_P
