"""In which sense what the others are compared with is the best."""

from dataclasses import replace

import pytest
from fake_answers import BASE, answer, shifted

from aecli.comparison.telling.baseline_words import baseline_words, sense_words


@pytest.mark.parametrize("baseline", [None, "mse", "bce"])
def test_a_better_mean_over_other_seeds_is_told_where_the_verdict_is_another(judged, baseline):
    """The extra seeds of bce are bad, on the common ones it is better."""
    group = judged(bce=[value * 0.9 for value in BASE] + [0.02] * 3, baseline=baseline)
    if baseline is None:
        assert baseline_words(group) == (
            "against bce (the best by test.mse over the seeds that the verdicts rest on; mse has a better mean over "
            "all of its own; --baseline names another):"
        )
    assert answer(group).startswith(
        {
            None: "bce (0.0115 ±0.0056, 9 seeds) is the best by test.mse over the seeds that the verdicts rest on; "
            "mse has a better mean over all of its own. Worse: mse.",
            "mse": "By test.mse, against mse (0.00805 ±0.00020, 6 seeds): better: bce.",
            "bce": "By test.mse, against bce (0.0115 ±0.0056, 9 seeds): worse: mse. mse has the best mean over its "
            "own seeds.",
        }[baseline]
    )


def test_that_nobody_beats_all_others_is_told(judged):
    group = judged(mae=shifted(-0.3, -0.32))
    verdicts = tuple(replace(one, kind="better") for one in group.verdicts)
    assert sense_words(replace(group, verdicts=verdicts)) == [
        "the best mean test.mse over all of its own seeds",
        "over the seeds of the verdicts no config beats all others, mse this one",
    ]
