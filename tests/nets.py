"""Dense networks of any widths, for tests of what networks go into."""

from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any

import torch
from torch import Tensor

from aecli.components.architecture.contract import Network, make_network
from aecli.components.architecture.registration import Site
from aecli.config.assemble import Named, plain_parameters


def make_model(
    settings: Named | SimpleNamespace | Mapping[str, Any], widths: Sequence[int], seed: int, mean_image_P: Tensor | None
) -> Network:
    """A network of the family `dense` with these settings and widths."""
    if isinstance(settings, Named):
        given = plain_parameters(settings)
    else:
        given = dict(settings if isinstance(settings, Mapping) else vars(settings))
    mean_image_P = torch.zeros(widths[0]) if mean_image_P is None else mean_image_P
    return make_network("dense", {**given, "widths": list(widths)}, Site(widths[0], None, seed, mean_image_P))


def matrices_of(model: Network, part: str = "all") -> list[Tensor]:
    """The matrices of a network, encoder first."""
    return [matrix.weight_UI for matrix in model.matrices(part)]
