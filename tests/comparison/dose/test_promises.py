"""What each regularizer promises."""

from aecli.comparison.dose.promises import only_shrinks, promises_of, who_makes_zeros
from aecli.components.regularization import REGULARIZERS


def test_every_regularizer_has_a_promise():
    assert [name for name in REGULARIZERS if not promises_of(name)] == []


def test_who_promises_zeros_does_not_only_shrink():
    assert not only_shrinks(who_makes_zeros())
    assert any(promise.path == "all_matrices.exact_zeros" for promise in promises_of(who_makes_zeros()))


def test_what_is_no_regularizer_promises_nothing():
    assert promises_of("") == () and not only_shrinks("")
