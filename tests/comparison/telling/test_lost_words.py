"""The words of lost seeds, one and several."""

import pytest

from aecli.comparison.telling.lost_words import collapse_words, how_words, lost_words


@pytest.mark.parametrize(
    ("why", "one", "several"),
    [
        ("diverged", "seed 3 diverged", "seeds 3, 5 diverged"),
        ("failed", "seed 3 failed", "seeds 3, 5 failed"),
        ("interrupted", "seed 3 was interrupted", "seeds 3, 5 were interrupted"),
        ("running", "seed 3 is not finished", "seeds 3, 5 are not finished"),
        ("test.mse", "seed 3 has no finite test.mse", "seeds 3, 5 have no finite test.mse"),
    ],
)
def test_every_way_to_be_lost_has_words(why, one, several):
    assert (how_words(why, [3]), how_words(why, [3, 5])) == (one, several)


def test_labels_with_commas_are_quoted():
    what, forbids = lost_words(lost={"mae, l2": {"failed": [1]}}, gone={}, resume="runs/a", broke=False)
    assert what == '"mae, l2": seed 1 failed'
    assert forbids.endswith("; go on with: aecli resume runs/a")
    assert (
        '"mae, l2" in 1 of 4 seeds (seed 1), so up to 75 % may'
        in collapse_words(metric="test.mse", collapsed={"mae, l2": ([1], 4)}, upper={"mae, l2": 0.751})[0]
    )
