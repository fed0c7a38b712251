"""A recommendation on the screen: the answer first, the command that trains the winner last."""

import pytest

from aecli.comparison.recommendation.recommend import recommend
from aecli.comparison.statistics.intervals import Estimate
from aecli.console.recommendation import listed, percent, show_recommendation, tell_line


@pytest.mark.parametrize(
    ("labels", "text"),
    [
        (["a"], "a"),
        (["a", "b"], "a and b"),
        (["a", "b", "c"], "a; b; c"),
        (list("abcdefgh"), "a; b; c; d; e; f; and 2 more"),
    ],
)
def test_candidates_are_told_in_a_sentence_and_many_are_cut(labels, text):
    assert listed(labels) == text


def test_a_share_is_told_in_percent_with_its_interval():
    assert percent(Estimate(0.0123, 6, 0.0113, 0.0133)).startswith("1.23") and "0.1" in percent(
        Estimate(0.0123, 6, 0.0113, 0.0133)
    )


def test_a_sentence_that_is_wrapped_is_indented(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "30")
    tell_line("  not eligible: because it was not measured at all")
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("  not") and all(line.startswith("    ") for line in lines[1:]) and len(lines) == 2


def test_the_answer_comes_first_and_the_command_last(write_seeds, tmp_path, capsys):
    base = [0.0080, 0.0082, 0.0079, 0.0081, 0.0083, 0.0078]
    write_seeds(base)
    write_seeds([value * 1.5 for value in base], set=["loss.name=mae"])
    show_recommendation(recommend([str(tmp_path / "runs")], goals=["reconstruction"]), tmp_path / "winner.yaml")
    lines = capsys.readouterr().out.splitlines()
    assert lines[1] == "recommended: mse"
    assert lines[-1] == f"aecli train --config {tmp_path}/winner.yaml --seed 6"
