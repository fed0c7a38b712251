"""The family `dense`: a symmetric autoencoder of matrices. Its network, which needs torch, is in dense_network.py."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal

from annotated_types import Ge, MinLen

from aecli.components.architecture.activations import ACTIVATIONS
from aecli.components.architecture.registration import NetworkTraits, Site, architecture
from aecli.components.requirements import Rows
from aecli.registry import OneOf

if TYPE_CHECKING:
    from aecli.components.architecture.dense_network import Autoencoder

Activation = Annotated[str, OneOf(ACTIVATIONS)]
Width = Literal["auto"] | Annotated[int, Ge(1)]


def traits(parameters: Mapping[str, Any]) -> NetworkTraits:
    """What the parameters tell before the network is built."""
    code = parameters["widths"][-1]
    return NetworkTraits(
        code_size=None if code == "auto" else code,
        code_activation=parameters["code_activation"],
        output_activation=parameters["output_activation"],
        output_bias=parameters["output_bias"],
        mixes_images=parameters["normalization"] == "batch",
        decoder_has_matrices=not parameters["tied"],
    )


def only_the_first_is_auto(parameters: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """`auto` stands only for the input."""
    for index, width in enumerate(parameters["widths"]):
        if index and width == "auto":
            yield f"widths.{index}", "only the first width can be auto: the size of the data"


def begins_with_the_rows(parameters: Mapping[str, Any], rows: Rows) -> Iterator[tuple[str, str]]:
    """The first width is the size of the rows."""
    width = parameters["widths"][0]
    if width not in ("auto", rows.size):
        yield "widths.0", f"must be {rows.size}, the size of {rows.name}'s rows, or auto; got {width}"


def words(parameters: Mapping[str, Any]) -> str:
    """`784-128-64-32, relu/relu/sigmoid, glorot_uniform`."""
    widths = "-".join(str(width) for width in parameters["widths"])
    activations = "/".join(parameters[key] for key in ("activation", "code_activation", "output_activation"))
    return f"{widths}, {activations}, {parameters['init']}{', tied' if parameters['tied'] else ''}"


@architecture(traits=traits, check=only_the_first_is_auto, fit=begins_with_the_rows, words=words)
def dense(
    site: Site,
    *,
    widths: Annotated[tuple[Width, ...], MinLen(2)] = ("auto", 128, 64, 32),
    activation: Activation = "relu",
    code_activation: Activation = "relu",
    output_activation: Activation = "sigmoid",
    init: Literal["glorot_uniform", "glorot_normal", "he_uniform", "he_normal", "torch"] = "glorot_uniform",
    tied: bool = False,
    normalization: Literal["batch", "layer"] | None = None,
    output_bias: Literal["zero", "mean_pixel", "mean_image"] = "zero",
) -> "Autoencoder":
    """The symmetric dense autoencoder.

    code = f_code(W_n f(... f(W_1 x + b_1) ...) + b_n), and back through the mirrored widths to f_out

    Args:
        widths: Units of the encoder from the input to the code; the decoder mirrors it. `auto` takes the data's size.
        activation: Of the hidden layers; `aecli list activations`.
        code_activation: Of the code; relu leaves units dead, linear keeps all of them.
        output_activation: Of the reconstruction; sigmoid for pixels in [0, 1], linear for standardised tables.
        init: Initial weights: Glorot or He as in Keras, or as in torch.nn.Linear.
        tied: Whether the decoder uses the encoder's matrices transposed.
        normalization: Normalization before the activation of every hidden layer.
        output_bias: Where the output starts: at 0, at the mean of all training pixels, or at the mean training image.
    """
    from aecli.components.architecture.dense_network import build_dense

    return build_dense(
        site,
        widths=widths,
        activation=activation,
        code_activation=code_activation,
        output_activation=output_activation,
        init=init,
        tied=tied,
        normalization=normalization,
        output_bias=output_bias,
    )
