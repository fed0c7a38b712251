"""Lists within a sentence."""

import pytest

from aecli.comparison.telling.lists import listing


@pytest.mark.parametrize(
    ("number", "text"), [(1, "a"), (2, "a and b"), (5, "a, b, c, d and e"), (6, "a, b, c, d and 2 more")]
)
def test_listings_are_cut(number, text):
    assert listing(list("abcdefgh")[:number]) == text
