"""Regularization: penalties, steps and layers, one function each."""

from aecli.components.regularization import penalties, steps, layers  # noqa: F401, I001  order of the list
from aecli.components.regularization.registration import REGULARIZERS, Moment, RegularizerFacts, regularizer

__all__ = ["REGULARIZERS", "Moment", "RegularizerFacts", "regularizer"]
