"""What is told of the weights that were looked for."""

from aecli.runs.bought import bought_words, missed_words

REACHED = {
    "measure": "code.l0",
    "target": 32.0,
    "value": 32.31,
    "weight": 0.05432,
    "excess": 0.0096,
    "is_reached": True,
    "is_least": False,
}
MISSED = REACHED | {"value": 41.2, "excess": 0.25, "is_reached": False}
LEAST = REACHED | {"value": 9.0, "weight": 1e-9, "excess": -1.27, "is_reached": False, "is_least": True}


def summary(one):
    return {"judged_epoch": 7, "targets": {"regularization.activity_l1": one}}


def test_the_found_weight_is_told_and_a_target_that_was_missed_in_one_sentence():
    assert bought_words(summary(REACHED)) == [
        "regularization.activity_l1: weight 0.05432 buys code.l0 32.31 on validation images; asked for: 32"
    ]
    assert missed_words(summary(REACHED)) == []
    assert missed_words(summary(MISSED)) == [
        "regularization.activity_l1: code.l0 32 was not reached: it is 41.2 at epoch 7 with a weight of 0.05432; train "
        "for more epochs, or ask for another value"
    ]
    assert missed_words(summary(LEAST)) == [
        "regularization.activity_l1: code.l0 32 was not reached: it is 9 at epoch 7 with a weight of 1e-09; no smaller "
        "weight would change that: ask for what the net does without it, or less"
    ]


def test_a_summary_that_is_incomplete_tells_nothing():
    for broken in ({}, {"targets": 5}, {"targets": {"a": 5}}, summary(REACHED | {"weight": None})):
        assert bought_words(broken) == missed_words(broken) == []
