"""Verdicts untuned and tuned on the screen."""

from dataclasses import replace

import pytest
from in_process import call_main

from aecli.comparison.verdicts.compare import compare
from aecli.console.tuned_verdicts import cells, verdict_columns


def test_a_baseline_has_a_dash_where_others_have_a_verdict():
    assert cells(None) == ["-", "-"]


def test_compare_shows_both_verdicts_and_the_curve(tuned_sweep, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    printed = " ".join(call_main("compare", str(tuned_sweep), "--baseline", "mse", "--explain").stdout.split())
    assert "mnist, 10,000 test images: 20 runs, 2 configs" in printed
    assert "by test.mse tuned to untuned (lr=0.001) difference tuned difference" in printed
    assert "huber lr=0.03 worse +66.7 % worse +10 %" in printed
    assert "best validation.mse 1 trial 2 trials 3 trials" in printed and "huber 0.03 0.03 0.011" in printed
    assert "edge-of-range: optimization.optimizer.lr was tuned to an end of what was tried for huber (0.03)" in printed
    assert "untuned, huber is worse than mse by test.mse: 66.7 % higher" in printed


def test_what_diverged_untuned_is_no_baseline_s_dash(tuned_sweep):
    (group,) = compare([tuned_sweep], baseline="mse").groups
    rows = tuple(replace(row, diverged=tuple(range(10)) if row.label == "huber" else ()) for row in group.tuned.rows)
    _, told = verdict_columns(replace(group.tuned, rows=rows, verdicts=()), "test.mse", group.verdicts)
    assert [row[:4] for row in told] == [["mse", "lr=0.003", "-", "-"], ["huber", "lr=0.03", "diverged", "-"]]


def test_a_report_tells_what_was_tuned(tuned_sweep, tmp_path):
    assert call_main("report", str(tuned_sweep), "-o", str(tmp_path / "r.html")).returncode == 0
    page = (tmp_path / "r.html").read_text()
    assert "<h3>Tuned and untuned</h3>" in page and "huber was tuned to lr=0.03." in page


@pytest.mark.parametrize("format", ["md", "html", "latex", "json", "csv"])
def test_every_format_has_the_tuned_values(tuned_sweep, format):
    printed = call_main("compare", str(tuned_sweep), "--format", format).stdout
    assert "0.03" in printed and ("tuned to" in printed or format in ("json", "csv"))
