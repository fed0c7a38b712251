"""What the baseline leads by: rivals, and means that seem better."""

import pytest

from aecli.comparison.verdicts.compare import compare
from aecli.comparison.verdicts.leader import rivals, seemingly_better


@pytest.fixture
def group(write_seeds, tmp_path):
    """mse with three seeds, mae with a single better one, huber with worse ones."""
    write_seeds([0.010, 0.011, 0.012])
    write_seeds([0.009], set=["loss.name=mae"])
    write_seeds([0.020, 0.021], set=["loss.name=huber", "loss.delta=0.1"])
    (group,) = compare([tmp_path / "runs"]).groups
    return group


def test_a_single_run_with_a_better_number_seems_better_and_is_no_rival(group):
    assert group.baseline.label == "mse"
    assert seemingly_better(group) == (["mae"], [])
    assert rivals(group) == []


def test_a_better_mean_than_that_of_a_named_baseline_is_of_several_seeds(losses):
    (group,) = compare([losses], baseline="huber").groups
    assert seemingly_better(group) == ([], ["mse"])


def test_nobody_is_ahead_by_rounding(write_seeds, tmp_path):
    write_seeds([0.01, 0.01])
    write_seeds([0.01 * (1 - 1e-15), 0.01], set=["loss.name=mae"])
    (group,) = compare([tmp_path / "runs"], baseline="mse").groups
    assert seemingly_better(group) == ([], [])
