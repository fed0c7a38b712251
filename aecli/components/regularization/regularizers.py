"""Regularization: one function each.

A regularizer acts in one of three places, said by its registration:

- `penalty`: its value, times its weight, is added to the loss;
- `step`: it changes the weights after the optimizer's step, by lr times its weight, with the function registered as
  `step`, `(model, amount, *, parameters)`, in place; its value is only logged;
- `hidden` or `code`: it changes the activations in the forward pass and has no value.

Penalties and steps take a `Moment`, which has everything they may look at, and return one value for the batch.
"""

import math
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

from annotated_types import Ge, Interval

from aecli.lazy import F, Tensor, torch
from aecli.registry import Registry

if TYPE_CHECKING:
    from aecli.components.architecture.dense import Autoencoder

REGULARIZERS = Registry("regularizer")
regularizer = REGULARIZERS.register

Selection = Literal["all", "weights", "encoder", "decoder"]
MatrixSelection = Literal["weights", "encoder", "decoder"]
OpenFraction = Annotated[float, Interval(gt=0, lt=1)]


class Moment(NamedTuple):
    """What a penalty may look at."""

    model: "Autoencoder"
    input_BP: Tensor
    """What the encoder saw, corruption included."""
    code_BL: Tensor


def select_parameters(model: "Autoencoder", selection: str) -> list[Tensor]:
    """The tensors that a penalty runs over.

    `all`: every parameter, biases and normalization too; `weights`: the matrices; `encoder`, `decoder`: the matrices
    of that half. With tied weights the decoder has no matrix of its own.
    """
    if selection == "all":
        return list(model.parameters())
    if selection == "weights":
        return model.weights()
    return [layer.weight for layer in getattr(model, selection) if layer.weight is not None]


def total(values: list[Tensor]) -> Tensor:
    """The sum of scalars; 0 where there is nothing to sum."""
    return torch.stack(values).sum() if values else torch.zeros(())


@regularizer(acts="penalty", weight=1e-7)
def l1(moment: Moment, *, parameters: Selection = "all") -> Tensor:
    """Lasso on the parameters, as the article defines it; shrinks them, but makes no exact zeros.

    sum abs(w)

    Args:
        parameters: the tensors that are summed over.

    Note: useful weights are about 1e-9 to 1e-6; .01 erases the net. Exact zeros: l1_proximal.
    Source: Tibshirani 1996
    """
    return total([parameter.abs().sum() for parameter in select_parameters(moment.model, parameters)])


@regularizer(acts="penalty", weight=1e-6)
def l2(moment: Moment, *, parameters: Selection = "all") -> Tensor:
    """Ridge on the parameters, as the article defines it.

    sum w^2

    Args:
        parameters: the tensors that are summed over.

    Note: useful weights are about 1e-8 to 1e-5. Under Adam it is not the same as weight_decay.
    Source: Hoerl & Kennard 1970
    """
    return total([parameter.square().sum() for parameter in select_parameters(moment.model, parameters)])


@regularizer(acts="penalty", weight=1e-4)
def activity_l1(moment: Moment) -> Tensor:
    """Sparse codes by an L1 penalty on the code.

    mean abs(code)

    Source: keras.regularizers activity regularizer; Ranzato et al. 2007
    """
    return moment.code_BL.abs().mean()


@regularizer(acts="penalty", weight=4e-3)
def kl_sparsity(moment: Moment, *, rho: OpenFraction = 0.1) -> Tensor:
    """Every code unit is active for a share rho of the images.

    sum_j rho log(rho / r_j) + (1 - rho) log((1 - rho) / (1 - r_j)), r_j = batch mean of unit j

    Args:
        rho: the wanted mean activity; needs architecture.code_activation: sigmoid.

    Note: the weight of 3 found in texts belongs to errors summed over 784 pixels; per pixel it is 4e-3.
    Source: Lee et al. 2008; Ng 2011, CS294A lecture notes
    """
    active_L = moment.code_BL.mean(0).clamp(1e-6, 1.0 - 1e-6)
    return (rho * (rho / active_L).log() + (1.0 - rho) * ((1.0 - rho) / (1.0 - active_L)).log()).sum()


@regularizer(acts="penalty", weight=1e-3)
def contractive(
    moment: Moment, *, estimator: Literal["hutchinson", "exact"] = "hutchinson", probes: Annotated[int, Ge(1)] = 1
) -> Tensor:
    """Codes that hardly move when the input moves a little.

    mean over images of norm_F(d code / d x)^2

    Args:
        estimator: hutchinson is unbiased and costs one backward pass per probe; exact costs one per code unit.
        probes: random directions per image, for hutchinson.

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


@regularizer(acts="penalty", weight=1e-4)
def orthogonality(moment: Moment, *, parameters: MatrixSelection = "weights") -> Tensor:
    """Weight matrices with orthonormal rows, or columns where those are fewer.

    sum over matrices of norm_F(W W^T - I)^2, the smaller of W W^T and W^T W

    Args:
        parameters: the matrices that are summed over.

    Source: Brock et al. 2017, arXiv:1609.07093
    """
    values = []
    for weight in select_parameters(moment.model, parameters):
        rows = weight if weight.shape[0] <= weight.shape[1] else weight.T
        values.append((rows @ rows.T - torch.eye(len(rows), device=rows.device, dtype=rows.dtype)).square().sum())
    return total(values)


def soft_threshold(model: "Autoencoder", amount: float, *, parameters: str) -> None:
    """The proximal step of l1, in place."""
    for weight in select_parameters(model, parameters):
        weight.copy_(F.softshrink(weight, amount))


@regularizer(acts="step", weight=1e-4, step=soft_threshold)
def l1_proximal(moment: Moment, *, parameters: Selection = "weights") -> Tensor:
    """Lasso with exact zeros: weights are pulled to 0 after every step, and stay there.

    w <- sign(w) max(abs(w) - lr weight, 0)

    Args:
        parameters: the tensors that are shrunk.

    Note: by default the matrices only, so that biases stay free.
    Source: Daubechies et al. 2004; Parikh & Boyd 2014, section 6.5.2
    """
    return l1(moment, parameters=parameters)


def shrink_units(model: "Autoencoder", amount: float, *, parameters: str) -> None:
    """The proximal step of the group lasso, in place."""
    for weight in select_parameters(model, parameters):
        norm_U1 = weight.norm(dim=1, keepdim=True).clamp(min=1e-30)
        weight.mul_((1.0 - amount * math.sqrt(weight.shape[1]) / norm_U1).clamp(min=0.0))


@regularizer(acts="step", weight=1e-3, step=shrink_units)
def group_lasso(moment: Moment, *, parameters: MatrixSelection = "weights") -> Tensor:
    """Removes whole units: the incoming weights of a unit become exactly zero together.

    sum over units of sqrt(d) norm2(w_unit); w_unit <- w_unit max(1 - lr weight sqrt(d) / norm2(w_unit), 0)

    Args:
        parameters: the matrices whose rows are the units.

    Source: Yuan & Lin 2006; Parikh & Boyd 2014, section 6.5.4
    """
    weights = select_parameters(moment.model, parameters)
    return total([math.sqrt(weight.shape[1]) * weight.norm(dim=1).sum() for weight in weights])


def decay(model: "Autoencoder", amount: float, *, parameters: str) -> None:
    """The step of decoupled weight decay, in place."""
    for weight in select_parameters(model, parameters):
        weight.mul_(1.0 - amount)


@regularizer(acts="step", weight=1e-2, step=decay)
def weight_decay(moment: Moment, *, parameters: Selection = "weights") -> Tensor:
    """Decoupled weight decay with any optimizer.

    w <- w - lr weight w; the value that is logged is sum w^2 / 2

    Args:
        parameters: the tensors that decay.

    Source: Loshchilov & Hutter 2019, arXiv:1711.05101
    """
    return 0.5 * l2(moment, parameters=parameters)


@regularizer(acts="hidden")
def dropout(model: "Autoencoder", h_BH: Tensor, *, p: OpenFraction = 0.1) -> Tensor:
    """Hidden units are switched off at random while training.

    h <- h b / (1 - p), b = 0 with probability p, else 1

    Args:
        p: share of the hidden units.

    Source: Srivastava et al. 2014
    """
    return F.dropout(h_BH, p, training=model.training)


@regularizer(acts="code")
def k_sparse(model: "Autoencoder", code_BL: Tensor, *, k: Annotated[int, Ge(1)] = 8) -> Tensor:
    """Only the k largest code units of an image stay, in training and in use.

    code_j if code_j is among the k largest else 0

    Args:
        k: units that stay; fewer than the code has.

    Source: Makhzani & Frey 2013, arXiv:1312.5663
    """
    kept_BK = code_BL.topk(k, dim=1).indices
    return code_BL * torch.zeros_like(code_BL).scatter_(1, kept_BK, 1.0)
