"""What no error tells about regularization: weights that erase the net, zeros that never come, decays that add up.

Each rule is one function; advice.py has their codes. The figures are measurements on MNIST with the 784-128-64-32 net.
"""

from collections.abc import Iterator

from aecli.config.findings import Finding, largest, regularizers
from aecli.config.schema import Config


def weights_are_erased(config: Config) -> Iterator[Finding]:
    """Sums over 222,384 parameters need tiny weights."""
    for path, term in regularizers(config, "l1", "l2"):
        limit = {"l1": 1e-5, "l2": 1e-3}[term.name]
        if largest(term.weight) >= limit:
            size, useful = {"l1": ("10,000", "1e-9 to 1e-6"), "l2": ("700", "1e-8 to 1e-5")}[term.name]
            yield (
                f"{path}.weight",
                f"{term.name} is a sum over all parameters, about {size} at the start, while the MSE is about .008: "
                "this weight erases the net",
                f"use {useful}",
            )


def subgradient_makes_no_zeros(config: Config) -> Iterator[Finding]:
    """L1 by its subgradient."""
    for path, _ in regularizers(config, "l1"):
        yield path, "l1 in the loss shrinks weights but makes none exactly zero", "for exact zeros use l1_proximal"


def l2_is_not_weight_decay(config: Config) -> Iterator[Finding]:
    """L2 in the loss of an adaptive optimizer."""
    name = config.optimization.optimizer.name
    for path, _ in regularizers(config, "l2"):
        if name not in ("sgd", "nesterov"):
            yield (
                path,
                f"under {name} the gradient of l2 is rescaled like any other, so it is not the same as weight decay",
                "for decoupled decay use weight_decay",
            )


def two_decays(config: Config) -> Iterator[Finding]:
    """Weight decay by the optimizer and as a regularizer."""
    if getattr(config.optimization.optimizer, "weight_decay", 0.0) > 0:
        for path, _ in regularizers(config, "weight_decay"):
            yield path, "the optimizer has a weight_decay too, and both act", "keep one of them"


def regularizing_without_a_gap(config: Config) -> Iterator[Finding]:
    """Regularization on all of MNIST, where there is nothing to regularize."""
    shrinking = list(regularizers(config, "l1", "l2", "weight_decay", "dropout"))
    if shrinking and config.data.dataset.name == "mnist" and config.data.train_size is None:
        yield (
            "regularization",
            "with all training images of MNIST the generalization gap is about 0, so there is none to close",
            "to see an effect on it set data.train_size to 250 ... 5000",
        )
