"""`aecli diff`."""

import json

from in_process import call_main

from aecli.cli.diff_command import HELP


def test_the_help_has_an_example():
    assert "Example: [bold]aecli diff " in HELP and call_main("diff", "--help").returncode == 0


def test_two_runs_a_run_and_a_file_and_two_files_are_told_apart(write_run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    one, other = write_run(), write_run(set=["loss.name=mae"], seed=3)
    done = call_main("diff", "last-1", "last")
    assert done.stdout.splitlines() == [
        f"- runs/{one.name}",
        f"+ runs/{other.name}",
        "seed       0    -> 3",
        "loss.name  mse  -> mae",
    ]
    found = json.loads(call_main("diff", "last-1", "last", "--json").stdout)
    assert found["differs"] == {"seed": {"one": 0, "other": 3}, "loss.name": {"one": "mse", "other": "mae"}}
    assert call_main("diff", "smoke.yaml", "smoke").stdout.splitlines()[-1] == "no setting differs"
    assert (done := call_main("diff", "last", "nothing")).returncode == 2
    assert done.stderr.startswith("error: nothing: no such path, and no run in ./runs")
