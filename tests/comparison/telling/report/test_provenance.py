"""Where numbers come from: the command that makes each run again."""

import re

from fake_reports import Page, report_on


def test_every_run_has_the_command_that_makes_it_again(reported, report):
    text = Page(report).text
    commands = re.findall(r"aecli train --config (\S+)", text)
    assert sorted(commands) == sorted(str(path / "config.yaml") for path in reported.iterdir())


def test_a_path_with_spaces_is_quoted_in_its_command(write_run, tmp_path):
    path = write_run(name="my run")
    assert f"aecli train --config '{path}/config.yaml'" in Page(report_on(tmp_path / "runs")).text
