"""A run that all tests of this folder may read."""

import pytest
from overshooting import OVERSHOOT

import aecli


@pytest.fixture(scope="session")
def overshot(tmp_path_factory):
    """A run whose best epoch is not its last."""
    config = {"name": "x", "data": {"train_size": 300, "validation": 100}, "architecture": {"widths": ["auto", 16, 8]}}
    config["training"] = {"batch_size": 64, "threads": 1}
    run = aecli.train(config, out=tmp_path_factory.mktemp("runs"), set=OVERSHOOT)
    assert 0 < run.summary["best_epoch"] < 6, "the test needs a run that gets worse; choose another rate"
    return run
