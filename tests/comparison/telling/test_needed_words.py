"""How many seeds would decide: a range, never one number, and that more seeds are another look."""

import json
from dataclasses import replace

import pytest
from fake_answers import answer, shifted

from aecli.comparison.telling.formats.json_data import verdict_json
from aecli.comparison.telling.needed_words import (
    NEVER,
    few_needed_words,
    looks_words,
    needed_words,
    number_words,
    round_up,
    seeds_words,
)
from aecli.comparison.verdicts.verdict import LOST_SEEDS, WORSE

OPEN = (0.20, -0.10)


@pytest.fixture
def open_verdict(judged):
    """A group with one verdict, which is undecided, and a function that gives it another range."""
    group = judged(mae=shifted(*OPEN))
    (verdict,) = group.verdicts
    return group, lambda low, high, **more: replace(verdict, needed=low, needed_range=(low, high), **more)


@pytest.mark.parametrize(
    ("low", "high", "told"),
    [
        (33, 913, "33 to 920 seeds"),
        (1234, 9876, "1,234 to 9,900 seeds"),
        (7, 7, "7 seeds"),
        (33, None, "at least 33 seeds"),
        (None, None, NEVER),
    ],
    ids=["both ends", "thousands", "one number", "no upper end", "none at all"],
)
def test_a_range_is_told_with_the_ends_that_it_has(low, high, told, open_verdict):
    verdict = open_verdict[1](low, high)
    assert number_words([verdict]) == told and needed_words(verdict) == f"{told} would decide"
    assert few_needed_words(verdict) == (told if low else ">10,000 seeds")
    assert few_needed_words(replace(verdict, kind=WORSE)) == ""


def test_of_several_the_larger_ends_count(open_verdict):
    make = open_verdict[1]
    assert number_words([make(10, 90), make(20, 60)]) == "20 to 90 seeds"
    assert number_words([make(10, 90), make(20, None)]) == "at least 20 seeds"
    assert number_words([make(10, 90), make(None, None)]) == NEVER
    assert [round_up(number) for number in (9, 99, 101, 1001)] == [9, 99, 110, 1100]


def test_lost_seeds_have_a_number_by_ranks_or_none(open_verdict):
    lost = open_verdict[1](None, None, reason=LOST_SEEDS)
    assert needed_words(lost) == "train the lost ones in a way that does not diverge"
    assert few_needed_words(lost) == "lost seeds"
    assert needed_words(replace(lost, needed=20)) == "about 20 seeds would decide"
    assert number_words([replace(lost, needed=20), open_verdict[1](5, 9)]) == "at least 20 seeds"


def test_an_answer_says_both_ends_and_that_more_seeds_are_another_look(open_verdict):
    group, make = open_verdict
    assert seeds_words(group, [make(10, 90), replace(make(None, None), candidate="bce")]) == [
        "10 to 90 seeds each would decide about the others with a chance of 80 %.",
        "No number of seeds up to 10,000 would decide about bce.",
        "More seeds are another look: plan it with looks: in a sweep.",
    ]
    assert seeds_words(group, [make(None, None)]) == ["No number of seeds up to 10,000 would decide about mae."]


@pytest.mark.parametrize(
    ("plan", "told"),
    [
        ({"seeds": 6}, "More seeds are another look, judged at 0.025 unless looks: in the sweep had planned it."),
        ({"seeds": 6, "looks": [6, 12, 24]}, "The next planned look is judged at 0.0125."),
        (
            {"seeds": 6, "history": [{"seeds": 3}]},
            "More seeds are another look, judged at 0.0125 unless looks: in the sweep had planned it.",
        ),
        (
            {"seeds": 6, "looks": [3, 6]},
            "More seeds are another look, judged at 0.025 unless looks: in the sweep had planned it.",
        ),
    ],
    ids=["one look", "planned", "extended before", "the last of the plan"],
)
def test_what_the_next_look_costs_is_that_of_the_sweep(plan, told, judged, tmp_path):
    (tmp_path / "plan.json").write_text(json.dumps(plan))
    group = judged(mae=shifted(*OPEN))
    assert looks_words(group) == told and answer(group).endswith(told)


def test_more_seeds_are_counted_at_the_level_of_the_next_look(judged, tmp_path):
    shifts = (0.06, -0.01)
    (tmp_path / "plan.json").write_text(json.dumps({"seeds": 6}))
    (before,) = judged(mae=shifted(*shifts)).verdicts
    (tmp_path / "plan.json").write_text(json.dumps({"seeds": 6, "history": [{"seeds": 3}, {"seeds": 4}]}))
    (after,) = judged(base=[], mae=[]).verdicts
    assert before.needed < after.needed
    plain = verdict_json(before)
    low, likely, high = (plain[key] for key in ("needed_seeds_low", "needed_seeds", "needed_seeds_high"))
    assert 6 < low <= likely <= high and number_words([before]) == f"{low} to {round_up(high):,} seeds"
