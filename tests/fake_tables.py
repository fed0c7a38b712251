"""What tests of tables share."""

import pytest

from aecli.comparison.verdicts.compare import compare


def group_of(*paths, **options):
    (group,) = compare(paths, **options).groups
    return group


def texts(table, head):
    return [row.cells[table.heads.index(head)].text for row in table.rows]


@pytest.fixture
def ranked(write_seeds, tmp_path):
    """mse .008, .010; mae .020, .030, huber without a second seed."""
    write_seeds([0.008, 0.010])
    write_seeds([0.020, 0.030], set=["loss.name=mae"])
    write_seeds([0.012], set=["loss.name=huber", "loss.delta=0.1"])
    return tmp_path / "runs"
