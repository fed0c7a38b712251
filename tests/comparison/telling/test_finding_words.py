"""Findings in plain English: the code first, and words for every code."""

from aecli.comparison.telling.finding_words import TELLERS, finding_words, tell
from aecli.comparison.verdicts.lint import RULES, Finding

FEW = Finding("few-seeds", {"fewest": 7, "is_smoke_test": False, "of_all": True, "of_candidates": True})


def test_a_finding_begins_with_its_code():
    assert tell(FEW) == ("7 seeds each: a first look", "a claim needs 10, a headline 30")
    assert finding_words(FEW) == "few-seeds: 7 seeds each: a first look; a claim needs 10, a headline 30"


def test_every_rule_has_its_words_and_no_words_are_left_over():
    assert list(TELLERS) == [code for code, _ in RULES]
