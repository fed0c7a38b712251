"""Where numbers come from: the command that makes each run again."""

import re

from fake_reports import Page, report_on

from aecli.comparison.telling.report.provenance import describe_environment, describe_seeds, list_sources
from aecli.comparison.verdicts.compare import compare


def test_every_run_has_the_command_that_makes_it_again(reported, report):
    text = Page(report).text
    commands = re.findall(r"aecli train --config (\S+)", text)
    assert sorted(commands) == sorted(str(path / "config.yaml") for path in reported.iterdir())


def test_a_path_with_spaces_is_quoted_in_its_command(write_run, tmp_path):
    path = write_run(name="my run")
    assert f"aecli train --config '{path}/config.yaml'" in Page(report_on(tmp_path / "runs")).text


def test_seeds_are_listed_where_all_have_the_same(losses, write_run):
    (group,) = compare([losses]).groups
    assert describe_seeds(group.candidates) == "3 seeds for each config: 0, 1, 2"
    write_run(seed=3)
    (group,) = compare([losses]).groups
    assert describe_seeds(group.candidates) == "3 to 4 seeds for a config, not the same ones for all"


def test_what_differs_between_machines_is_told_with_its_numbers_of_runs(losses, write_run):
    write_run(seed=3, environment={"host": "there"})
    (group,) = compare([losses]).groups
    told = dict(describe_environment(group.runs))
    assert (told["host"], told["torch"]) == ("here (9 runs), there (1 run)", "2.14.1")
    assert [source.seed for source in list_sources(group)].count(3) == 1
