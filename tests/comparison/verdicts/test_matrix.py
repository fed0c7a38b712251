"""The referee matrix: regret, direction, own referees, order."""

import pytest

from aecli.comparison.evidence.measures import measure
from aecli.comparison.verdicts.compare import compare
from aecli.comparison.verdicts.matrix import make_matrix, regret


@pytest.fixture
def matrix(write_run, tmp_path):
    write_run(test={"mse": 0.010, "mae": 0.030, "psnr_db": 20.0, "ssim": 0.90})
    write_run(test={"mse": 0.020, "mae": 0.020, "psnr_db": 17.0, "ssim": 0.93}, set=["loss.name=mae"])
    write_run(test={"mse": 0.011, "mae": 0.025, "psnr_db": 19.6}, set=["loss.name=bce"])
    (group,) = compare([tmp_path / "runs"]).groups
    return make_matrix(group)


def test_every_candidate_is_judged_by_every_metric_with_its_regret(matrix):
    rows = {
        label: {one.name: cell for one, cell in zip(matrix.metrics, cells, strict=True)} for label, cells in matrix.rows
    }
    assert [one.name for one in matrix.metrics] == ["test.mse", "test.mae", "test.psnr_db", "test.ssim"]
    assert {label: row["test.mse"].regret for label, row in rows.items()} == pytest.approx(
        {"mse": 0, "mae": 1.0, "bce": 0.1}
    )
    assert {label: row["test.mae"].regret for label, row in rows.items()} == pytest.approx(
        {"mse": 0.5, "mae": 0, "bce": 0.25}
    )
    assert {label: row["test.psnr_db"].regret for label, row in rows.items()} == pytest.approx(
        {"mse": 0, "mae": 3.0, "bce": 0.4}
    )
    assert rows["bce"]["test.ssim"].regret is None
    assert rows["mse"]["test.ssim"].regret == pytest.approx(0.03)


def test_a_loss_that_judges_itself_is_marked(matrix):
    own = {
        (label, one.name)
        for label, cells in matrix.rows
        for one, cell in zip(matrix.metrics, cells, strict=True)
        if cell.is_own
    }
    assert own == {("mse", "test.mse"), ("mse", "test.psnr_db"), ("mae", "test.mae")}


def test_rows_stand_in_the_order_of_their_mean_rank(matrix):
    # mse is beaten by 0, 2, 0, 1 others; mae by 2, 0, 2, 0; bce by 1, 1, 1, 2
    assert [label for label, _ in matrix.rows] == ["mse", "mae", "bce"]


def test_no_regret_beside_an_error_of_zero():
    assert regret(measure("mse"), 0.1, 0.0) is None
    assert regret(measure("mse"), 0.1, None) is None
    assert regret(measure("mse"), 0.0, 0.0) == 0.0, "the best is the best of its column"
