import pytest

from aecli.errors import known


@pytest.mark.parametrize("value", [0, 0.0, "", [], False, "text"], ids=repr)
def test_a_value_that_is_known_is_given_back_even_where_it_counts_as_false(value):
    assert known(value) is value


def test_nothing_in_place_of_a_known_value_is_a_bug_and_no_error_of_the_user():
    with pytest.raises(AssertionError, match="has to be known"):
        known(None)
