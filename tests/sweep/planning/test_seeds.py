"""Seeds as they are written; test_document.py has them as a user meets them."""

import pytest

from aecli.sweep.planning.seeds import MOST_SEEDS, read_seeds


@pytest.mark.parametrize("value", [MOST_SEEDS + 1, 0, -1, "a-b", f"0-{MOST_SEEDS}"])
def test_what_is_no_number_of_seeds_is_refused(value):
    with pytest.raises(ValueError, match="seeds"):
        read_seeds(value)


def test_what_is_no_text_and_no_number_is_left_to_the_schema():
    assert read_seeds([1, 2]) == [1, 2] and read_seeds(True) is True
