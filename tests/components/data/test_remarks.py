"""What data sets say of themselves."""

from aecli.components.data.remarks import SHOWN, classes_found, unused


def test_what_is_not_used_is_named_and_nothing_is_said_of_nothing():
    assert unused("x.npz", [], "do") == ()
    assert unused("x.npz", ["x_val", "y_val"], "do")[0].message == "x.npz: x_val, y_val are not used"


def test_many_classes_are_counted_and_some_listed():
    told = classes_found("x", {str(number): 1 for number in range(SHOWN + 2)}).message
    assert told.startswith("x: 12 classes: 0 (1), 1 (1), ") and told.endswith(", 9 (1) and 2 more")
    assert classes_found("x", {"a\x1b": 3}).message == "x: 1 class: a\\x1b (3)"
