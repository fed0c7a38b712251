"""`aecli evaluate` as a real process on a real run."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from in_process import call_main


def aecli(*arguments: str) -> subprocess.CompletedProcess:
    """Run the command to its end."""
    return subprocess.run([sys.executable, "-m", "aecli", *arguments], capture_output=True, text=True, timeout=300)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """The folder of one small run."""
    sets = [
        part
        for text in ("data.train_size=300", "data.validation=100", "architecture.widths=[784, 16, 8]")
        for part in ("--set", text)
    ]
    done = call_main(*"train -c smoke.yaml --quiet".split(), *sets, "--out", str(tmp_path_factory.mktemp("runs")))
    return done.stdout.splitlines()[-1]


@pytest.mark.slow
def test_a_table_per_suite_and_the_run_as_the_last_line(run):
    done = aecli("evaluate", run, *"--suite sparsity --suite code".split())
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == run
    assert "sparsity (protocol 1, skill " in done.stdout
    assert "code (protocol 1, skill " in done.stdout
    assert done.stderr.splitlines()[:2] == ["sparsity ...", "code ..."]
    assert done.stderr.splitlines()[2].startswith("warning: this net is behind the mean image")


def test_json_is_what_the_summary_holds(run):
    done = call_main("evaluate", run, *"--suite sparsity --json --quiet".split())
    answer = json.loads(done.stdout)
    summary = json.loads((Path(run) / "summary.json").read_text())
    assert answer["suites"]["sparsity"] == summary["suites"]["test"]["sparsity"]
    assert done.stderr.startswith("warning: this net is behind the mean image") and done.stderr.count("\n") == 1


def test_an_unknown_suite_is_a_usage_error(run):
    done = call_main("evaluate", run, "--suite", "sparse")
    assert done.returncode == 2
    assert done.stderr.startswith('error: unknown suite "sparse"; did you mean "sparsity"? choices: reconstruction, ')


def test_what_is_no_run_is_refused(tmp_path):
    done = call_main("evaluate", str(tmp_path))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"error: {tmp_path}: is no run folder: it has no config.yaml and status.json\n"
