"""Reconstruction losses: one function each, in the file of its kind."""

from aecli.components.loss import pointwise, robust, likelihood, structural  # noqa: F401, I001  order of the list
from aecli.components.loss.registration import LOSSES, LossFacts, loss

__all__ = ["LOSSES", "LossFacts", "loss"]
