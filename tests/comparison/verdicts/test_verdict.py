"""What a verdict carries: kinds and reasons as codes, and a sentence for each reason elsewhere."""

from dataclasses import replace

import pytest
from fake_candidates import BASE, judge_two

from aecli.comparison.telling.verdict_words import REASONS, reason_words
from aecli.comparison.verdicts import verdict as codes
from aecli.comparison.verdicts.verdict import NEVER_MEASURED, NO_FINITE_NUMBER, UNDECIDED

KINDS = {"better", "worse", "equivalent", "undecided", "not measured"}
NAMED = {value for name, value in vars(codes).items() if name.isupper() and isinstance(value, str)}


def test_every_reason_has_its_words_and_no_words_are_left_over():
    assert set(REASONS) == NAMED - KINDS


def test_kinds_are_the_words_that_users_know():
    assert KINDS < NAMED


@pytest.mark.parametrize("reason", sorted(REASONS))
def test_no_two_reasons_are_told_alike(reason):
    open_one = replace(judge_two(BASE, BASE * 1.01), kind=UNDECIDED, lacking="mae", comparisons=3)
    told = {code: reason_words(replace(open_one, reason=code)) for code in REASONS}
    assert [code for code, text in told.items() if text == told[reason]] == [reason]


def test_who_lacks_a_number_is_named():
    lacking = replace(judge_two(BASE, BASE), lacking="mae")
    assert reason_words(replace(lacking, reason=NEVER_MEASURED)) == "test.mse was not measured for mae"
    assert reason_words(replace(lacking, reason=NO_FINITE_NUMBER)) == "test.mse is no finite number for mae"
    assert reason_words(lacking) == ""
