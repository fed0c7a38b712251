"""What regularizers promise: a number, and where it ought to go as the dose rises."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Promise:
    """A number and where it ought to go as the dose rises."""

    words: str
    """`more exact zeros in the matrices`"""
    suite: str = ""
    """The suite that measures it; empty for the gap, which every run has, and for what only the term itself tells."""
    path: str = ""
    """Where it is within the suite, keys joined by dots."""
    rises: bool = False
    """Whether it ought to rise; else it ought to fall."""
    is_logged: bool = False
    """Whether the regularizer's own raw value in metrics.jsonl is the same number, up to a factor."""
    is_gap: bool = False
    """Whether it is the gap between test and training error."""


MORE_ZEROS = Promise("more exact zeros in the matrices", "sparsity", "all_matrices.exact_zeros", rises=True)
SPARSER_CODE = Promise("sparser codes (Hoyer)", "code", "code.hoyer_per_image", rises=True)
SMALLER_GAP = Promise("smaller gap (test.mse / train.mse)", is_gap=True)
SMALLER_SQUARES = Promise(
    "smaller sum of squares of the parameters", "sparsity", "all_parameters.sum_squares", is_logged=True
)
SMALLER_SUM = Promise("smaller sum of absolute parameters", "sparsity", "all_parameters.sum_abs", is_logged=True)
