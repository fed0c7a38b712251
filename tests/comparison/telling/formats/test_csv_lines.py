"""A comparison as CSV: every number in full, and no formula."""

import csv
import io

import pytest
from fake_formats import made

from aecli.comparison.statistics.intervals import mean_interval
from aecli.comparison.telling.formats.csv_lines import csv_text, write_csv


def test_csv_has_every_number_in_full_with_its_interval(three_losses):
    rows = list(csv.DictReader(io.StringIO(write_csv(*made(three_losses)))))
    assert [(row["kind"], row["label"], row["n"]) for row in rows] == [
        ("candidate", "mse", "3"),
        ("candidate", "huber", "3"),
        ("candidate", "mae", "3"),
        ("baseline", "mean image", ""),
        ("baseline", "pca 32", ""),
    ]
    estimate = mean_interval([0.012, 0.012, 0.013])
    assert [float(rows[1][key]) for key in ("test.mse", "test.mse.low", "test.mse.high")] == [
        estimate.mean,
        estimate.low,
        estimate.high,
    ]
    assert (rows[3]["test.mse"], rows[3]["test.mse.low"]) == ("0.0675", "")
    assert rows[0]["data"] == "mnist, 10,000 test images"


def test_csv_of_single_runs_has_seed_and_folder(three_losses):
    rows = list(csv.DictReader(io.StringIO(write_csv(*made(three_losses, fold=False)))))
    assert len(rows) == 9
    assert rows[0]["seed"] == "0"
    assert rows[0]["run"].endswith("_0000")


def test_csv_of_several_data_sets_has_the_columns_of_all(three_losses, write_run):
    environment = {"data": {"dataset": "other", "sha256": "1", "images": {"test": 5}}}
    for rate in ("0.1", "0.2"):
        write_run(environment=environment, set=[f"optimization.optimizer.lr={rate}"])
    rows = list(csv.DictReader(io.StringIO(write_csv(*made(three_losses)))))
    assert {row["data"] for row in rows} == {"mnist, 10,000 test images", "other, 5 test images"}
    assert {row["optimization.optimizer.lr"] for row in rows} == {"", "0.1", "0.2"}


@pytest.mark.parametrize("text", ["=1+1", "+cmd", "-x", "@SUM(A1)", "\tx", "=HYPERLINK(1)"])
def test_a_spreadsheet_finds_no_formula_in_a_csv(text):
    assert csv_text(text) == f"'{text}"


@pytest.mark.parametrize("text", ["-", "-0.5", "+1e-3", "mse", "", "a=b"])
def test_a_csv_keeps_numbers_and_plain_texts(text):
    assert csv_text(text) == text


def test_a_setting_that_is_a_formula_is_a_text_in_csv(write_run, tmp_path):
    write_run()
    path = write_run(set=["architecture.init=he_normal"]) / "config.yaml"
    path.write_text(path.read_text().replace("he_normal", "'=1+1'"))
    rows = list(csv.DictReader(io.StringIO(write_csv(*made(tmp_path / "runs")))))
    assert "'=1+1" in [row["architecture.init"] for row in rows]
    assert not any(cell.startswith("=") for row in rows for cell in row.values())
