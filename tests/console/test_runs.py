"""A run on the screen: what is broken is named, and the rest is told."""

from aecli.components.evaluation.suites import Findings
from aecli.config.merge import read_file
from aecli.console.runs import show_findings, show_run
from aecli.runs.folder import RunFolder


def test_a_summary_that_is_broken_is_named_and_the_rest_is_told(write_run, capsys):
    run = RunFolder(write_run())
    run.summary.write_text('{"train": {"mse": "much"}}')
    show_run(run, read_file(run.config, "config.yaml").data)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == str(run.path) and lines[1].startswith("status          completed")
    assert f"{run.summary} is incomplete" in lines
    assert any(line.startswith("loss            mse") for line in lines)


def test_a_suite_is_told_by_its_table_or_why_there_is_none(capsys):
    numbers = {"protocol": 2, "skill": 0.5}
    show_findings("code", numbers, Findings({}, columns=["", "bits"], rows=[["code", 1.25], ["pca", None]]))
    show_findings("code", numbers, None)
    show_findings("code", numbers | {"skipped": "no labels"}, None)
    out = capsys.readouterr().out
    assert "code (protocol 2, skill 0.500)" in out and "1.25" in out and " - " in out
    assert "measured before; its numbers are in summary.json" in out and "skipped: no labels" in out
