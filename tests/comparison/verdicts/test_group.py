"""What a group says of all of its runs."""

import pytest

from aecli.comparison.evidence.measures import measure
from aecli.comparison.verdicts.compare import compare
from aecli.comparison.verdicts.group import Group


def test_predictors_are_the_means_over_the_training_sets_of_the_runs_that_have_them(write_run, tmp_path):
    for seed, error in enumerate((0.01, 0.03)):
        write_run(seed=seed, summary={"baselines": {"pca_32": {"test": {"mse": error}}}})
    write_run(seed=2, summary={"baselines": {}})
    (group,) = compare([tmp_path / "runs"]).groups
    assert isinstance(group, Group) and len(group.runs) == 3
    (row,) = group.untrained([measure("mse")])
    assert (row.label, row.numbers["test.mse"].mean, row.numbers["test.mse"].n) == ("pca_32", pytest.approx(0.02), 2)
    assert group.untrained([measure("train.mse")]) == []
