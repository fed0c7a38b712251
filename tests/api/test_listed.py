"""The list of runs and the difference of two configs in Python: a short line, the screen of the command, its JSON."""

import json
import pickle

import pytest
from in_process import call_main

import aecli
from aecli.api import listed


@pytest.fixture
def root(write_run, tmp_path, monkeypatch):
    """Two runs below the current folder."""
    monkeypatch.chdir(tmp_path)
    write_run(test={"mse": 0.0079})
    write_run(set=["loss=mae"], test={"mse": 0.0095})
    return tmp_path / "runs"


def check_answer(answer, *typed):
    assert type(answer).__module__ == listed.__name__ and len(repr(answer)) < 200 and "\n" not in repr(answer)
    assert str(answer) == call_main(*typed).stdout.rstrip("\n")
    assert answer.plain() == json.loads(call_main(*typed, "--json").stdout)
    assert answer._repr_html_().startswith("<pre")
    assert pickle.loads(pickle.dumps(answer)).plain() == answer.plain()


def test_a_list_of_runs_is_what_the_command_prints(root):
    found = aecli.list_runs()
    check_answer(found, "runs")
    assert repr(found) == "RunList('runs', 2 runs)" and len(found) == 2 and list(found) == list(found.runs)
    few = aecli.list_runs(root, sort="mse", where="loss.name=mae")
    assert f"{few!r}".endswith("1 of 2 runs)") and few
    assert not aecli.list_runs(where=["tag=none"])


def test_a_difference_is_what_the_command_prints(root):
    one, other = (found.record.path for found in aecli.list_runs())
    found = aecli.diff_configs(aecli.load(one), other)
    check_answer(found, "diff", str(one), str(other))
    assert found.keys == ["loss.name"] and repr(found).endswith(": 1 difference)")


def test_what_the_command_line_takes_for_a_run_is_shown_from_python_too(root):
    newest = aecli.list_runs().runs[0].record.path
    assert aecli.show("last").text == aecli.show(newest).text
    with pytest.raises(aecli.UsageError, match="lats: no such path.*did you mean last"):
        aecli.show("lats")
