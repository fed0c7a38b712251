"""Optimizers: one function each, thin over torch.optim.

Each takes the model and returns a list of torch optimizers that together cover all its parameters. `lr` is the rate at
schedule factor 1. The fused or multi-tensor implementation is used: the same numbers in fewer passes over memory.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Annotated, Any

from annotated_types import Ge, Gt, Interval

from aecli.components.optimization.eager import eager
from aecli.lazy import torch
from aecli.registry import Facts, Function, Registry

if TYPE_CHECKING:
    from aecli.components.architecture.contract import Network

OPTIMIZERS: Registry[Facts] = Registry(
    "optimizer", symbols="w, W: weights; g: gradient; m, v: running means of g and g^2, or v the velocity; lr: rate"
)


def optimizer(*, name: str | None = None) -> Callable[[Function], Function]:
    """Decorator: enrol an optimizer, under its function's name unless another one is given."""
    return OPTIMIZERS.register(Facts(), name=name)


Rate = Annotated[float, Gt(0)]
NonNegative = Annotated[float, Ge(0)]
Decay = Annotated[float, Interval(ge=0, lt=1)]
Betas = tuple[Decay, Decay]


@optimizer()
def adam(
    model: "Network", *, lr: Rate = 1e-3, betas: Betas = (0.9, 0.999), eps: Rate = 1e-8
) -> "list[torch.optim.Optimizer]":
    """Adam: steps scaled by running means of the gradient and of its square.

    w <- w - lr m / (sqrt(v) + eps), m and v bias-corrected

    Args:
        lr: learning rate.
        betas: decay of the two running means.
        eps: added to the root; Keras uses 1e-7.

    Use when: in doubt.
    Source: Kingma & Ba 2015, arXiv:1412.6980; torch.optim.Adam
    """
    return [fused_adam(torch.optim.Adam, model.parameters(), lr=lr, betas=(betas[0], betas[1]), eps=eps)]


@optimizer()
def adamw(
    model: "Network",
    *,
    lr: Rate = 1e-3,
    betas: Betas = (0.9, 0.999),
    eps: Rate = 1e-8,
    weight_decay: NonNegative = 1e-2,
) -> "list[torch.optim.Optimizer]":
    """Adam with decoupled weight decay.

    w <- w - lr weight_decay w, then Adam's step

    Args:
        lr: learning rate.
        betas: decay of the two running means.
        eps: added to the root.
        weight_decay: share of the weights that is taken away, per step and unit of lr.

    Use when: as adam, where weights should decay too.
    Source: Loshchilov & Hutter 2019, arXiv:1711.05101; torch.optim.AdamW
    """
    parameters, both = model.parameters(), (betas[0], betas[1])  # a config may have a list
    return [fused_adam(torch.optim.AdamW, parameters, lr=lr, betas=both, eps=eps, weight_decay=weight_decay)]


@optimizer()
def sgd(model: "Network", *, lr: Rate = 0.5, momentum: Decay = 0.0) -> "list[torch.optim.Optimizer]":
    """Stochastic gradient descent, with heavy-ball momentum if asked for.

    v <- momentum v + g; w <- w - lr v

    Args:
        lr: learning rate.
        momentum: decay of the velocity.

    Use when: the plain rule is wanted, or memory for adam's means is short; it needs larger rates.
    Source: Robbins & Monro 1951; torch.optim.SGD
    """
    return [eager(torch.optim.SGD)(model.parameters(), lr=lr, momentum=momentum, fused=True)]


@optimizer()
def nesterov(
    model: "Network", *, lr: Rate = 0.5, momentum: Annotated[float, Interval(gt=0, lt=1)] = 0.9
) -> "list[torch.optim.Optimizer]":
    """Gradient descent with Nesterov's momentum.

    v <- momentum v + g; w <- w - lr (g + momentum v)

    Args:
        lr: learning rate.
        momentum: decay of the velocity.

    Use when: as sgd, in fewer epochs.
    Source: Nesterov 1983; Sutskever et al. 2013; torch.optim.SGD(nesterov=True)
    """
    return [eager(torch.optim.SGD)(model.parameters(), lr=lr, momentum=momentum, nesterov=True, fused=True)]


@optimizer()
def rmsprop(
    model: "Network", *, lr: Rate = 1e-3, alpha: Decay = 0.99, eps: Rate = 1e-8, momentum: Decay = 0.0
) -> "list[torch.optim.Optimizer]":
    """Steps scaled by a running mean of the squared gradient.

    w <- w - lr g / (sqrt(v) + eps)

    Args:
        lr: learning rate.
        alpha: decay of the running mean; Keras uses 0.9.
        eps: added to the root.
        momentum: decay of the velocity.

    Use when: older results are repeated.
    Source: Tieleman & Hinton 2012; torch.optim.RMSprop
    """
    made = eager(torch.optim.RMSprop)
    return [made(model.parameters(), lr=lr, alpha=alpha, eps=eps, momentum=momentum, foreach=True)]


@optimizer()
def nadam(
    model: "Network", *, lr: Rate = 1e-3, betas: Betas = (0.9, 0.999), eps: Rate = 1e-8
) -> "list[torch.optim.Optimizer]":
    """Adam with Nesterov's momentum.

    Adam with m looked ahead by one step

    Args:
        lr: learning rate.
        betas: decay of the two running means.
        eps: added to the root.

    Use when: as adam; sometimes in fewer steps.
    Source: Dozat 2016; torch.optim.NAdam
    """
    return [eager(torch.optim.NAdam)(model.parameters(), lr=lr, betas=(betas[0], betas[1]), eps=eps, foreach=True)]


@optimizer()
def radam(
    model: "Network", *, lr: Rate = 1e-3, betas: Betas = (0.9, 0.999), eps: Rate = 1e-8
) -> "list[torch.optim.Optimizer]":
    """Adam that starts as momentum until the variance of its step size is known.

    Adam with the rectification term r_t

    Args:
        lr: learning rate.
        betas: decay of the two running means.
        eps: added to the root.

    Use when: adam is unstable in its first steps and no warm-up is wanted.
    Source: Liu et al. 2020, arXiv:1908.03265; torch.optim.RAdam
    """
    return [eager(torch.optim.RAdam)(model.parameters(), lr=lr, betas=(betas[0], betas[1]), eps=eps, foreach=True)]


@optimizer()
def muon(
    model: "Network",
    *,
    lr: Rate = 0.02,
    momentum: Decay = 0.95,
    newton_schulz_steps: Annotated[int, Interval(ge=1, le=20)] = 5,
    weight_decay: NonNegative = 0.0,
    vector_lr: Rate = 1e-3,
) -> "list[torch.optim.Optimizer]":
    """Momentum made orthogonal by Newton-Schulz on every matrix, Adam on the biases.

    W <- W - lr 0.2 sqrt(max(rows, columns)) orthogonalize(m)

    Args:
        lr: learning rate of the matrices; goes well with a warm-up and a cosine schedule.
        momentum: decay of the velocity, looked ahead by Nesterov's rule.
        newton_schulz_steps: iterations of the orthogonalization.
        weight_decay: decoupled decay of the matrices (torch's own default is .1).
        vector_lr: learning rate of Adam on everything that is no matrix.

    Use when: a few epochs have to be enough; see `aecli docs speed`.
    Source: Jordan et al. 2024; torch.optim.Muon(adjust_lr_fn="match_rms_adamw"), see muon.py for the difference
    """
    from aecli.components.optimization.muon import Muon

    named = {id(matrix.parameter) for matrix in model.matrices()}
    matrices = [parameter for parameter in model.parameters() if id(parameter) in named]
    vectors = [parameter for parameter in model.parameters() if id(parameter) not in named]
    found: list[torch.optim.Optimizer] = []
    if matrices:
        found.append(
            eager(Muon)(
                matrices, lr=lr, momentum=momentum, newton_schulz_steps=newton_schulz_steps, weight_decay=weight_decay
            )
        )
    if vectors:
        found.append(fused_adam(torch.optim.Adam, vectors, lr=vector_lr))
    return found


def fused_adam(
    kind: "type[torch.optim.Adam]",
    parameters: "Iterable[torch.Tensor]",
    *,
    lr: float,
    betas: tuple[float, float] = (0.9, 0.999),
    eps: float = 1e-8,
    weight_decay: float = 0,
) -> "torch.optim.Optimizer":
    """torch.optim.Adam or AdamW with the step of adam.py, or with their own where PyTorch has no such kernels."""
    import torch

    from aecli.components.optimization.adam import count_apart, fused_step

    has_kernels = hasattr(torch, "_fused_adam_") and hasattr(torch, "_fused_adamw_")
    fused = eager(kind, step=fused_step if has_kernels else None)
    made = fused(parameters, lr=lr, betas=betas, eps=eps, weight_decay=weight_decay, fused=True)
    made.register_state_dict_post_hook(count_apart)
    return made


def make_optimizers(name: str, params: Mapping[str, Any], model: "Network") -> "list[torch.optim.Optimizer]":
    """The optimizers of a config; every group remembers its rate at schedule factor 1 as `base_lr`."""
    optimizers: list[torch.optim.Optimizer] = OPTIMIZERS[name].function(model, **params)
    for one in optimizers:
        for group in one.param_groups:
            group["base_lr"] = group["lr"]
    return optimizers


def set_learning_rate(optimizers: "list[torch.optim.Optimizer]", factor: float) -> float:
    """Set every group to its base rate times the factor; return the rate of the first group."""
    for one in optimizers:
        for group in one.param_groups:
            group["lr"] = group["base_lr"] * factor
    rate: float = optimizers[0].param_groups[0]["lr"]
    return rate
