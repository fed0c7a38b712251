"""The article's model in PyTorch, for the peers that use it."""

from contract import WIDTHS
from torch import nn


def make_model() -> nn.Sequential:
    """Dense layers with ReLU and a sigmoid at the end; Glorot's weights and no bias at the start, as in Keras."""
    parts: list[nn.Module] = []
    for inputs, outputs in zip(WIDTHS, WIDTHS[1:], strict=False):
        layer = nn.Linear(inputs, outputs)
        nn.init.xavier_uniform_(layer.weight)
        nn.init.zeros_(layer.bias)
        parts += [layer, nn.ReLU()]
    return nn.Sequential(*parts[:-1], nn.Sigmoid())
