"""Which configs are the best, in one line below the verdicts."""

import pytest
from fake_answers import BASE, shifted

from aecli.comparison.telling.basis_words import best_set_words


@pytest.mark.parametrize(
    ("others", "said"),
    [
        ({"mae": 0.5}, ""),
        ({"mae": 0.5, "bce": 0.6}, "Best: mse; 2 are worse."),
        ({"mae": 0.5, "bce": 0.0}, "Best: mse and bce (not told apart); mae is worse."),
    ],
)
@pytest.mark.parametrize("baseline", [None, "mae"])
def test_who_may_be_the_best_is_said_whatever_the_baseline_is(judged, others, said, baseline):
    near = shifted(-0.01, 0.012, 0.008, -0.009, 0.003, -0.002)
    configs = {name: [value * (1 + by) for value in (BASE if by else near)] for name, by in others.items()}
    group = judged(**configs, baseline=baseline)
    assert best_set_words(group, group.metrics[0]) == said


def test_who_has_too_few_seeds_is_counted_apart(judged):
    group = judged(mae=[value * 1.5 for value in BASE], bce=[value * 1.6 for value in BASE], huber=BASE[:1])
    assert best_set_words(group, group.metrics[0]) == "Best: mse; 2 are worse; 1 not judged."
