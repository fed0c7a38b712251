"""Which metrics are no neutral judges: what a loss minimizes by itself, and what orders nets as another metric does.

Everything follows from what losses and metrics say of themselves in their registries.
"""

from collections.abc import Iterable

from aecli.components.evaluation.metrics import METRICS
from aecli.components.loss import LOSSES


def order_of(metric: str) -> str:
    """The metric by which nets are ordered as by this one: the last of the chain that `monotone_of` begins.

    Example:
        >>> order_of("psnr_db"), order_of("mae")
        ('mse', 'mae')
    """
    other = METRICS[metric].facts.monotone_of if metric in METRICS else None
    return metric if other is None else order_of(other)


def formulas(losses: Iterable[str]) -> set[str]:
    """The metrics that are the formula of one of the losses; of a loss that is not registered nothing is known."""
    return {metric for loss in losses if loss in LOSSES for metric in LOSSES[loss].facts.referees}


def judges_itself(metric: str, losses: Iterable[str]) -> bool:
    """Whether a metric is what one of the losses minimizes, up to a monotone function.

    Example:
        >>> judges_itself("psnr_db", ["mse"]), judges_itself("mae", ["mse", "ssim"])
        (True, False)
    """
    return order_of(metric) in map(order_of, formulas(losses))
