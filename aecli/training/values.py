"""What the values of a data set are, for advice on the config that trains on them.

Shapes: N rows, B batch, P pixels or columns.
"""

from collections.abc import Sequence

import torch
from torch import Tensor

from aecli.config.data_advice import Values

LOOKED_AT = 4096
"""Training rows that tell how empty the data is."""


def describe_values(parts: Sequence[Tensor], probabilities_BP: Tensor | None, *, scaling: str) -> Values:
    """The range of all parts, and how empty and how uncertain the training part is.

    Args:
        parts: values of training, validation and test, (N, P) each, as they are stored: bytes stand for [0, 1].
        probabilities_BP: training values as the net sees them, where they are within [0, 1].
        scaling: its kind.
    """
    ends = [torch.aminmax(values_NP) for values_NP in parts]
    divisor = 255.0 if parts[0].dtype == torch.uint8 else 1.0
    first_NP = parts[0][:LOOKED_AT]
    return Values(
        lowest=min(float(end.min) for end in ends) / divisor,
        highest=max(float(end.max) for end in ends) / divisor,
        at_lowest=float((first_NP == first_NP.amin(0)).float().mean()),
        scaling=scaling,
        entropy_nats=None if probabilities_BP is None else entropy_of(probabilities_BP),
    )


def entropy_of(x_BP: Tensor) -> float:
    """The mean entropy of values that are probabilities, in nats: the floor of their cross-entropy."""
    return float(-(torch.xlogy(x_BP, x_BP) + torch.xlogy(1.0 - x_BP, 1.0 - x_BP)).mean(dtype=torch.float64))
