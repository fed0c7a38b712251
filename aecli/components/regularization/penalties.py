"""Penalties: their value, times their weight, is added to the loss.

Shapes: B batch, P inputs, L code units.
"""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from annotated_types import Ge

from aecli.components.architecture.registration import NetworkTraits
from aecli.components.regularization.promises import SMALLER_GAP, SMALLER_SQUARES, SMALLER_SUM, SPARSER_CODE, Promise
from aecli.components.regularization.registration import (
    MatrixSelection,
    Moment,
    OpenFraction,
    Selection,
    regularizer,
    select_parameters,
    total,
)
from aecli.components.regularization.targets import ABSOLUTE_SUM, ACTIVE_UNITS, SQUARED_SUM
from aecli.lazy import Tensor, torch


@regularizer(
    acts="penalty", weight=1e-7, promises=(SMALLER_SUM, SMALLER_GAP), exact_zeros=False, targets=(ABSOLUTE_SUM,)
)
def l1(moment: Moment, *, parameters: Selection = "all") -> Tensor:
    """Lasso on the parameters, as the article defines it; shrinks them, but makes no exact zeros.

    sum abs(w)

    Args:
        parameters: the tensors that are summed over.

    Use when: small weights are wanted as in the article; for exact zeros take l1_proximal.
    Note: useful weights are about 1e-9 to 1e-6; .01 erases the net. Exact zeros: l1_proximal.
    Source: Tibshirani 1996
    """
    return total([parameter.abs().sum() for parameter in select_parameters(moment.model, parameters)])


@regularizer(
    acts="penalty", weight=1e-6, promises=(SMALLER_SQUARES, SMALLER_GAP), exact_zeros=False, targets=(SQUARED_SUM,)
)
def l2(moment: Moment, *, parameters: Selection = "all") -> Tensor:
    """Ridge on the parameters, as the article defines it.

    sum w^2

    Args:
        parameters: the tensors that are summed over.

    Use when: the net overfits and the optimizer is sgd or nesterov; with others take weight_decay.
    Note: useful weights are about 1e-8 to 1e-5. Under Adam it is not the same as weight_decay.
    Source: Hoerl & Kennard 1970
    """
    return total([parameter.square().sum() for parameter in select_parameters(moment.model, parameters)])


@regularizer(
    acts="penalty",
    weight=1e-4,
    promises=(SPARSER_CODE, Promise("smaller mean abs(code)", is_logged=True)),
    targets=(ACTIVE_UNITS,),
)
def activity_l1(moment: Moment) -> Tensor:
    """Sparse codes by an L1 penalty on the code.

    mean abs(code)

    Use when: each image should be told by few code units, however many that are.
    Source: keras.regularizers activity regularizer; Ranzato et al. 2007
    """
    return moment.code_BL.abs().mean()


def needs_shares(parameters: Mapping[str, Any], network: NetworkTraits) -> Iterator[tuple[str, str]]:
    """Activities have to be shares."""
    if network.code_activation not in (None, "sigmoid"):
        yield (
            "",
            "kl_sparsity compares shares, so it needs architecture.code_activation: sigmoid, "
            f"got {network.code_activation}",
        )


@regularizer(
    acts="penalty",
    weight=4e-3,
    requires=needs_shares,
    promises=(SPARSER_CODE, Promise("mean activity nearer to rho", is_logged=True)),
    untargeted="rho is the mean activity that it aims at; set rho",
)
def kl_sparsity(moment: Moment, *, rho: OpenFraction = 0.1) -> Tensor:
    """Every code unit is active for a share rho of the images.

    sum_j rho log(rho / r_j) + (1 - rho) log((1 - rho) / (1 - r_j)), r_j = batch mean of unit j

    Args:
        rho: the wanted mean activity; needs architecture.code_activation: sigmoid.

    Use when: every code unit should be active equally often; needs a sigmoid code.
    Note: the weight of 3 found in texts belongs to errors summed over 784 pixels; per pixel it is 4e-3.
    Source: Lee et al. 2008; Ng 2011, CS294A lecture notes
    """
    active_L = moment.code_BL.mean(0).clamp(1e-6, 1.0 - 1e-6)
    return (rho * (rho / active_L).log() + (1.0 - rho) * ((1.0 - rho) / (1.0 - active_L)).log()).sum()


def needs_separate_images(parameters: Mapping[str, Any], network: NetworkTraits) -> Iterator[tuple[str, str]]:
    """The code of an image must not depend on the others of its batch."""
    if network.mixes_images:
        yield (
            "",
            "contractive needs the Jacobian of each image by itself, which batch normalization mixes; "
            "use architecture.normalization: layer",
        )


@regularizer(acts="penalty", weight=1e-3, requires=needs_separate_images, promises=(SMALLER_GAP,))
def contractive(
    moment: Moment, *, estimator: Literal["hutchinson", "exact"] = "hutchinson", probes: Annotated[int, Ge(1)] = 1
) -> Tensor:
    """Codes that hardly move when the input moves a little.

    mean over images of norm_F(d code / d x)^2

    Args:
        estimator: hutchinson is unbiased and costs one backward pass per probe; exact costs one per code unit.
        probes: random directions per image, for hutchinson.

    Use when: codes should hardly change when images change a little, as for a classifier behind them.
    Source: Rifai et al. 2011; Hutchinson 1989
    """
    input_BP = moment.input_BP.detach().requires_grad_()
    code_BL = moment.model.encode(input_BP)
    if estimator == "exact":
        size = code_BL.shape[1]
        directions_VBL = torch.eye(size, device=code_BL.device, dtype=code_BL.dtype)[:, None, :].expand(
            size, *code_BL.shape
        )
        scale = 1.0
    else:
        directions_VBL = torch.randn_like(code_BL.detach().expand(probes, *code_BL.shape)).sign_()
        scale = 1.0 / probes
    (jacobian_VBP,) = torch.autograd.grad(code_BL, input_BP, directions_VBL, create_graph=True, is_grads_batched=True)
    return scale * jacobian_VBP.square().sum() / len(input_BP)


@regularizer(acts="penalty", weight=1e-4, promises=(Promise("matrices nearer to orthonormal ones", is_logged=True),))
def orthogonality(moment: Moment, *, parameters: MatrixSelection = "weights") -> Tensor:
    """Weight matrices with orthonormal rows, or columns where those are fewer.

    sum over matrices of norm_F(W W^T - I)^2, the smaller of W W^T and W^T W

    Args:
        parameters: the matrices that are summed over.

    Use when: units should not repeat each other.
    Source: Brock et al. 2017, arXiv:1609.07093
    """
    values = []
    for weight in select_parameters(moment.model, parameters):
        rows = weight if weight.shape[0] <= weight.shape[1] else weight.T
        values.append((rows @ rows.T - torch.eye(len(rows), device=rows.device, dtype=rows.dtype)).square().sum())
    return total(values)
