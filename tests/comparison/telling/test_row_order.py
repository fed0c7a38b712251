"""The order of the rows of a table."""

import pytest
from fake_tables import group_of, texts

from aecli.comparison.telling.row_order import BEST, HIGHEST, LOWEST
from aecli.comparison.telling.table import make_table
from aecli.errors import UsageError


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        (("mse", BEST), ["mse", "huber", "mae"]),
        (("mse", LOWEST), ["mse", "huber", "mae"]),
        (("mse", HIGHEST), ["mae", "huber", "mse"]),
        (("loss", LOWEST), ["huber", "mae", "mse"]),
        (("loss", HIGHEST), ["mse", "mae", "huber"]),
    ],
    ids=str,
)
def test_rows_are_sorted(ranked, sort, order):
    table = make_table(group_of(ranked), sort=sort)
    assert [row.label for row in table.rows if row.kind == "candidate"] == order


def test_settings_are_sorted_by_size_and_not_by_their_letters(write_run, tmp_path):
    for weight in ("1e-5", "1e-9", "2e-5"):
        write_run(set=[f"regularization.l1.weight={weight}"])
    table = make_table(group_of(tmp_path / "runs"), sort=("regularization.l1.weight", LOWEST))
    assert texts(table, "regularization.l1.weight")[:3] == ["1e-09", "1e-05", "2e-05"]


def test_a_candidate_without_the_metric_comes_last_either_way(write_run, tmp_path):
    write_run(test={"ssim": 0.9})
    write_run(test={"ssim": 0.8}, set=["loss.name=mae"])
    write_run(set=["loss.name=bce"])
    for way in (LOWEST, HIGHEST):
        table = make_table(group_of(tmp_path / "runs"), columns=["ssim"], sort=("ssim", way))
        assert table.rows[2].label == "bce"
        assert texts(table, "ssim ↑")[2] == "-"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("loss.name", "--sort loss.name: no value of a setting is best; use --min loss.name or --max loss.name"),
        (
            "parameters",
            "--sort parameters: nobody knows whether more or less of it is better; use --min parameters or --max "
            "parameters",
        ),
        (
            "objective",
            "objective: these runs minimized 3 different objectives (huber, mae, mse), whose values are different "
            "quantities, so "
            "neither can be ranked by the other; use a neutral metric such as mse, mae or ssim",
        ),
    ],
)
def test_what_cannot_be_sorted_by_is_refused_with_the_reason(ranked, write_run, name, message):
    write_run(seed=7, summary={"parameters": 5})
    with pytest.raises(UsageError) as refusal:
        make_table(group_of(ranked), sort=(name, BEST))
    assert str(refusal.value) == message


def test_the_objective_sorts_runs_of_one_loss(write_run, tmp_path):
    for rate, value in (("0.01", 0.5), ("0.1", 0.25)):
        records = [{"epoch": 1, "objective": value, "validation": {"mse": 1.0}}]
        write_run(set=[f"optimization.optimizer.lr={rate}"], records=records)
    table = make_table(group_of(tmp_path / "runs"), sort=("objective", BEST), columns=["objective"])
    assert texts(table, "objective ↓") == ["0.25", "0.5"]
