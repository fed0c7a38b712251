"""What each regularizer promises by its name: a number, and where it ought to go as the dose rises."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Promise:
    """A number and where it ought to go as the dose rises."""

    words: str
    """`more exact zeros in the matrices`"""
    suite: str = ""
    """The suite that measures it; empty for the gap, which every run has, and for what only the term itself tells."""
    path: str = ""
    """Where it is within the suite."""
    rises: bool = False
    term: str = ""
    """The regularizer whose raw value in metrics.jsonl is the same number, up to a factor."""
    is_gap: bool = False


MORE_ZEROS = Promise("more exact zeros in the matrices", "sparsity", "all_matrices.exact_zeros", rises=True)
SPARSER_CODE = Promise("sparser codes (Hoyer)", "code", "code.hoyer_per_image", rises=True)
SMALLER_GAP = Promise("smaller gap (test.mse / train.mse)", is_gap=True)


def smaller_squares(term: str) -> Promise:
    """A smaller sum of squares, which the term itself logs too."""
    return Promise("smaller sum of squares of the parameters", "sparsity", "all_parameters.sum_squares", term=term)


PROMISES: dict[str, tuple[Promise, ...]] = {
    "l1": (Promise("smaller sum of absolute parameters", "sparsity", "all_parameters.sum_abs", term="l1"), SMALLER_GAP),
    "l1_proximal": (MORE_ZEROS,),
    "l2": (smaller_squares("l2"), SMALLER_GAP),
    "weight_decay": (smaller_squares("weight_decay"), SMALLER_GAP),
    "group_lasso": (Promise("more units without input", "sparsity", "all_matrices.units_without_input", rises=True),),
    "activity_l1": (SPARSER_CODE, Promise("smaller mean abs(code)", term="activity_l1")),
    "kl_sparsity": (SPARSER_CODE, Promise("mean activity nearer to rho", term="kl_sparsity")),
    "k_sparse": (Promise("fewer exact zeros in the code as k rises", "code", "code.exact_zeros"),),
    "dropout": (SMALLER_GAP,),
    "contractive": (SMALLER_GAP,),
    "orthogonality": (Promise("matrices nearer to orthonormal ones", term="orthogonality"),),
}
NO_ZEROS = ("l1", "l2", "weight_decay")
"""They shrink weights, and make none exactly zero."""


def promises_of(name: str) -> tuple[Promise, ...]:
    """What a regularizer promises; nothing where there is no such one."""
    return PROMISES.get(name, ())


def only_shrinks(name: str) -> bool:
    """Whether a regularizer shrinks weights, and makes none exactly zero."""
    return name in NO_ZEROS


def who_makes_zeros() -> str:
    """The regularizer whose promise is exact zeros in the matrices."""
    return next(name for name, promises in PROMISES.items() if MORE_ZEROS in promises)
