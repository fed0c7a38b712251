"""The band of practical equivalence as it is written by a user."""

import re

import pytest

from aecli.comparison.evidence.rope import Rope, parse_rope
from aecli.errors import UsageError

pytestmark = pytest.mark.filterwarnings("error")
"""A warning in the middle of a comparison would tell the user nothing."""


@pytest.mark.parametrize(
    ("text", "size", "is_relative"),
    [
        ("1%", 0.01, True),
        (" 2.5 % ", 0.025, True),
        ("0.0001", 1e-4, False),
        ("1e-4", 1e-4, False),
        (".5%", 0.005, True),
    ],
)
def test_a_band_is_a_share_or_a_number(text, size, is_relative):
    assert parse_rope(text) == Rope(pytest.approx(size), is_relative)


@pytest.mark.parametrize("text", ["", "0", "0%", "-1%", "one", "1e999", "nan", "inf", "1e-323%", "1%%", "1 % of it"])
def test_no_band_is_refused(text):
    with pytest.raises(UsageError) as refusal:
        parse_rope(text)
    assert (
        str(refusal.value)
        == f'--rope "{text}": write a share of the baseline such as 1%, or a number above 0 in units of the metric'
    )


def test_the_refusal_of_a_band_obeys_no_control_characters():
    with pytest.raises(UsageError, match=re.escape(r'--rope "\x1b[31m":')):
        parse_rope("\x1b[31m")
