"""A tuning in plain English."""

from dataclasses import replace

from aecli.comparison.telling.tuning_words import (
    budget_lines,
    diverged_lines,
    leader_spans,
    range_words,
    shown_trials,
    tuning_lines,
    value_words,
)
from aecli.comparison.verdicts.compare import compare


def test_every_line_says_who_was_tuned_to_what_and_what_it_was_before(tuned_sweep):
    (group,) = compare([tuned_sweep], baseline="mse").groups
    head, *tuned, untuned, leader, _, _, _ = tuning_lines(group.tuned)
    lr = "optimization.optimizer.lr"
    assert head == f"tuned by validation.mse: 3 points of {lr} (0.0003 to 0.03) x 2 seeds that judge nothing"
    assert tuned == ["mse was tuned to lr=0.003", "huber was tuned to lr=0.03"]
    assert untuned.startswith("untuned (lr=0.001), huber is worse than mse by test.mse: 66.7 % higher")
    assert leader == "the best by validation.mse of so many trials, after 1 to 3: mse"
    assert tuning_lines(None) == []
    (other,) = compare([tuned_sweep], baseline="mse", metrics=["mse", "validation.mse", "train.mse"]).groups
    assert tuning_lines(other.tuned)[0] == head
    (other,) = compare([tuned_sweep], baseline="mse", metrics=["mse", "train_s"]).groups
    assert tuning_lines(other.tuned)[0] == f"{head}; train_s may ask for other values"


def test_the_verdict_after_each_number_of_trials_says_whether_fresh_seeds_judge(tuned_sweep):
    (group,) = compare([tuned_sweep], baseline="mse").groups
    assert budget_lines(group.tuned) == [
        "with what so many trials choose, against mse by test.mse of fresh seeds; * by validation.mse of the 2 seeds "
        "that tuned",
        "huber after 1 to 2: undecided, +200 %*; after 3: worse, +10 %",
        "curve: true in tune trains fresh seeds for what fewer trials choose, and they judge there too",
    ]


def test_what_diverged_with_the_base_s_own_value_is_told(tuned_sweep):
    (group,) = compare([tuned_sweep], baseline="mse").groups
    tuned = replace(group.tuned, rows=tuple(replace(row, diverged=(1, 2)) for row in group.tuned.rows[:1]))
    assert diverged_lines(tuned) == ["untuned (lr=0.001), mse diverged with 2 seeds"]


def test_budgets_with_the_same_leader_are_one_span():
    assert list(leader_spans([("a",), ("a",), ("b",), ("a", "b")])) == [
        (1, 2, ("a",)),
        (3, 3, ("b",)),
        (4, 4, ("a", "b")),
    ]


def test_words_have_no_range_and_sections_are_told_by_their_numbers():
    assert range_words(["a", "b"]) == range_words([True, False]) == ""
    assert value_words({"training.batch_size": 32, "optimization.optimizer.lr": 0.01}) == "batch_size=32, lr=0.01"


def test_every_budget_is_shown_or_each_twice_the_one_before():
    assert shown_trials(3) == [1, 2, 3] and shown_trials(9) == [1, 2, 4, 8, 9]
