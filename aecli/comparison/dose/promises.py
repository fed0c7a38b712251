"""What regularizers promise, as their registrations say it."""

from aecli.components.regularization import REGULARIZERS
from aecli.components.regularization.promises import MORE_ZEROS, Promise


def promises_of(name: str) -> tuple[Promise, ...]:
    """What a regularizer promises; nothing where there is no such one."""
    return REGULARIZERS[name].facts.promises if name in REGULARIZERS else ()


def only_shrinks(name: str) -> bool:
    """Whether a regularizer shrinks weights, and makes none exactly zero."""
    return name in REGULARIZERS and REGULARIZERS[name].facts.exact_zeros is False


def who_makes_zeros() -> str:
    """The first regularizer whose promise is exact zeros in the matrices."""
    return next(name for name, entry in REGULARIZERS.items() if MORE_ZEROS in entry.facts.promises)
