"""What tests of whole comparisons share."""

import itertools

import pytest

from aecli.comparison.verdicts.compare import compare
from aecli.errors import UsageError


def refusal(*paths, **options):
    with pytest.raises(UsageError) as refused:
        compare(paths, **options)
    return str(refused.value)


@pytest.fixture
def runs(tmp_path):
    return tmp_path / "runs"


@pytest.fixture
def losses(write_seeds, runs):
    """mse, mae and huber, three seeds each."""
    write_seeds([0.010, 0.011, 0.012])
    write_seeds([0.030, 0.031, 0.032], set=["loss.name=mae"])
    write_seeds([0.020, 0.021, 0.022], set=["loss={name: huber, delta: 0.1}"])
    return runs


@pytest.fixture
def many(write_run, tmp_path):
    """Twelve candidates with two seeds each, some of them close to each other in two metrics."""
    for number, seed in itertools.product(range(12), range(2)):
        near = 0.01 + 0.0001 * (number // 3) + 0.00001 * seed
        write_run(
            seed=seed,
            set=[f"training.batch_size={16 + number}"],
            test={"mse": near, "ssim": 0.9 - near + 0.000002 * (number % 3)},
        )
    return tmp_path
