"""Regularizers that change the activations of the forward pass.

Shapes: B batch, H hidden units, L code units, K units that stay.
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any

from annotated_types import Ge

from aecli.components.architecture.registration import NetworkTraits
from aecli.components.regularization.promises import SMALLER_GAP, Promise
from aecli.components.regularization.registration import OpenFraction, regularizer
from aecli.lazy import F, Tensor, torch

if TYPE_CHECKING:
    from aecli.components.architecture.contract import Network


@regularizer(acts="hidden", promises=(SMALLER_GAP,), untargeted="it has no weight; its strength is p")
def dropout(model: "Network", h_BH: Tensor, *, p: OpenFraction = 0.1) -> Tensor:
    """Hidden units are switched off at random while training.

    h <- h b / (1 - p), b = 0 with probability p, else 1

    Args:
        p: share of the hidden units.

    Use when: the net overfits a small training set; where it does not, dropout harms.
    Source: Srivastava et al. 2014
    """
    return F.dropout(h_BH, p, training=model.training)


def needs_room(parameters: Mapping[str, Any], network: NetworkTraits) -> Iterator[tuple[str, str]]:
    """Some units have to be left to switch off."""
    if network.code_size is not None and parameters["k"] >= network.code_size:
        yield "k", f"must be less than the code size {network.code_size}, got {parameters['k']}"


@regularizer(
    acts="code",
    requires=needs_room,
    promises=(Promise("fewer exact zeros in the code as k rises", "code", "code.exact_zeros"),),
    untargeted="it has no weight, and k says by itself how many units stay",
    caps=("code.l0", "k"),
)
def k_sparse(model: "Network", code_BL: Tensor, *, k: Annotated[int, Ge(1)] = 8) -> Tensor:
    """Only the k largest code units of an image stay, in training and in use.

    code_j if code_j is among the k largest else 0

    Args:
        k: units that stay; fewer than the code has.

    Use when: each image should be told by at most k code units.
    Note: behind a relu some of the k may be 0; `aecli evaluate RUN --suite code` counts units that are not.
    Source: Makhzani & Frey 2013, arXiv:1312.5663
    """
    kept_BK = code_BL.topk(k, dim=1).indices
    return code_BL * torch.zeros_like(code_BL).scatter_(1, kept_BK, 1.0)
