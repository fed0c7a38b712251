"""Regularizers that change the weights after the optimizer's step, in place.

Shapes: U units of a matrix.
"""

import math
from typing import TYPE_CHECKING

from aecli.components.regularization.penalties import l1, l2
from aecli.components.regularization.promises import MORE_ZEROS, SMALLER_GAP, SMALLER_SQUARES, Promise
from aecli.components.regularization.registration import (
    MatrixSelection,
    Moment,
    Selection,
    regularizer,
    select_parameters,
    total,
)
from aecli.components.regularization.targets import SQUARED_SUM, ZERO_WEIGHTS
from aecli.lazy import F, Tensor

if TYPE_CHECKING:
    from aecli.components.architecture.contract import Network


def soft_threshold(model: "Network", amount: float, *, parameters: Selection) -> None:
    """The proximal step of l1, in place."""
    for weight in select_parameters(model, parameters):
        weight.copy_(F.softshrink(weight, amount))


@regularizer(
    acts="step", weight=1e-4, step=soft_threshold, promises=(MORE_ZEROS,), exact_zeros=True, targets=(ZERO_WEIGHTS,)
)
def l1_proximal(moment: Moment, *, parameters: Selection = "weights") -> Tensor:
    """Lasso with exact zeros: weights are pulled to 0 after every step, and stay there.

    w <- sign(w) max(abs(w) - lr weight, 0)

    Args:
        parameters: the tensors that are shrunk.

    Use when: the net should become small: what is exactly 0 can be left out.
    Note: by default the matrices only, so that biases stay free.
    Source: Daubechies et al. 2004; Parikh & Boyd 2014, section 6.5.2
    """
    return l1(moment, parameters=parameters)


def shrink_units(model: "Network", amount: float, *, parameters: MatrixSelection) -> None:
    """The proximal step of the group lasso, in place."""
    for weight in select_parameters(model, parameters):
        norm_U1 = weight.norm(dim=1, keepdim=True).clamp(min=1e-30)
        weight.mul_((1.0 - amount * math.sqrt(weight.shape[1]) / norm_U1).clamp(min=0.0))


@regularizer(
    acts="step",
    weight=1e-3,
    step=shrink_units,
    promises=(Promise("more units without input", "sparsity", "all_matrices.units_without_input", rises=True),),
    exact_zeros=True,
    targets=(ZERO_WEIGHTS,),
)
def group_lasso(moment: Moment, *, parameters: MatrixSelection = "weights") -> Tensor:
    """Removes whole units: the incoming weights of a unit become exactly zero together.

    sum over units of sqrt(d) norm2(w_unit); w_unit <- w_unit max(1 - lr weight sqrt(d) / norm2(w_unit), 0)

    Args:
        parameters: the matrices whose rows are the units.

    Use when: whole units should go, so that the matrices themselves become smaller.
    Source: Yuan & Lin 2006; Parikh & Boyd 2014, section 6.5.4
    """
    weights = select_parameters(moment.model, parameters)
    return total([math.sqrt(weight.shape[1]) * weight.norm(dim=1).sum() for weight in weights])


def decay(model: "Network", amount: float, *, parameters: Selection) -> None:
    """The step of decoupled weight decay, in place."""
    for weight in select_parameters(model, parameters):
        weight.mul_(1.0 - amount)


@regularizer(
    acts="step",
    weight=1e-2,
    step=decay,
    promises=(SMALLER_SQUARES, SMALLER_GAP),
    exact_zeros=False,
    targets=(SQUARED_SUM,),
)
def weight_decay(moment: Moment, *, parameters: Selection = "weights") -> Tensor:
    """Decoupled weight decay with any optimizer.

    w <- w - lr weight w; the value that is logged is sum w^2 / 2

    Args:
        parameters: the tensors that decay.

    Use when: the net overfits: try it first, with any optimizer.
    Source: Loshchilov & Hutter 2019, arXiv:1711.05101
    """
    return 0.5 * l2(moment, parameters=parameters)
