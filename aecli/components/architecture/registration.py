"""The registry of families of networks: what a family says of itself, and what it is given to build from.

A family is one function. Its keyword-only parameters are the keys of the YAML's `architecture`; it takes a `Site` and
returns a network behind the contract of contract.py. Nothing here computes.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from aecli.components.requirements import Rows
from aecli.registry import Facts, Function, Registry

if TYPE_CHECKING:
    import torch

DEFAULT_FAMILY = "dense"
"""The family of a config that names none."""


class NetworkTraits(NamedTuple):
    """What the parameters of a family tell of a network before it is built, for rules across sections of a config."""

    code_size: int | None = None
    """Units of the code; None where the parameters do not tell."""
    code_activation: str | None = None
    output_activation: str | None = None
    output_bias: str | None = None
    """Where the output starts, see the family `dense`."""
    mixes_images: bool = False
    """Whether an image's pass depends on the others of its batch while training."""
    has_posterior: bool = False
    """Whether the code is a distribution, as `Pass.posterior` then says."""
    decoder_has_matrices: bool = True
    """Whether the decoder has matrices of its own."""


Check = Callable[[Mapping[str, Any]], Iterator[tuple[str, str]]]
"""From the parameters to (key below `architecture`, dots and numbers within, what is wrong)."""
Fit = Callable[[Mapping[str, Any], Rows], Iterator[tuple[str, str]]]
"""The same with the data."""


@dataclass(frozen=True, kw_only=True)
class ArchitectureFacts(Facts):
    """What a family says of itself beside its parameters."""

    traits: Callable[[Mapping[str, Any]], NetworkTraits]
    check: Check | None = None
    """What is wrong with parameters, whatever the data."""
    fit: Fit | None = None
    """What is wrong with parameters for some data."""
    words: Callable[[Mapping[str, Any]], str] | None = None
    """The parameters in a few words."""


ARCHITECTURES: Registry[ArchitectureFacts] = Registry("architecture")


def nothing_known(parameters: Mapping[str, Any]) -> NetworkTraits:
    """For families that tell nothing."""
    return NetworkTraits()


def architecture(
    *,
    traits: Callable[[Mapping[str, Any]], NetworkTraits] = nothing_known,
    check: Check | None = None,
    fit: Fit | None = None,
    words: Callable[[Mapping[str, Any]], str] | None = None,
    name: str | None = None,
) -> Callable[[Function], Function]:
    """Decorator: enrol a family; the arguments are the fields of ArchitectureFacts and a name if not the function's."""
    return ARCHITECTURES.register(ArchitectureFacts(traits=traits, check=check, fit=fit, words=words), name=name)


@dataclass(frozen=True)
class Site:
    """Where a network is built: the size of the rows, and the run's random streams."""

    size: int
    """Pixels or columns, P."""
    image_shape: tuple[int, int, int] | None
    """Channels, height, width; nothing for rows that are no images."""
    seed: int
    """Of the run."""
    mean_image_P: "torch.Tensor"
    """The mean training image, on the CPU."""

    def stream(self, *name: str | int) -> "torch.Generator":
        """A generator for initial weights of this name, the same for all networks of one seed."""
        from aecli.randomness import stream

        return stream(self.seed, "init", *name)
