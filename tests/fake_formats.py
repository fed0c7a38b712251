"""What tests of formats share."""

import pytest

from aecli.comparison.telling.table import make_table
from aecli.comparison.verdicts.compare import compare


def made(*paths, **options):
    comparison = compare(paths)
    return comparison, [make_table(group, **options) for group in comparison.groups]


@pytest.fixture
def three_losses(write_seeds, tmp_path):
    """Three losses with three seeds each."""
    write_seeds([0.0080, 0.0081, 0.0082])
    write_seeds([0.020, 0.021, 0.022], set=["loss.name=mae"])
    write_seeds([0.012, 0.012, 0.013], set=["loss.name=huber", "loss.delta=0.1"])
    return tmp_path / "runs"
