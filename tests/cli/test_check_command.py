"""`aecli check` as a real process: exit codes, streams, annotations, files."""

import json
import os
import subprocess
import sys
from xml.etree import ElementTree

import pytest


def aecli(*arguments, **environment):
    """Run the command to its end."""
    known = {key: value for key, value in os.environ.items() if key != "GITHUB_ACTIONS"}
    command = [sys.executable, "-m", "aecli", "check", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, env=known | environment)


@pytest.fixture
def run(write_run):
    """A run with a test MSE of 0.0079."""
    return write_run(test={"mse": 0.0079})


def test_exit_code_0_where_all_conditions_hold(run):
    done = aecli(run, "--assert", "test.mse<=0.009", "--assert", "mse<baselines.pca_32.test.mse", GITHUB_ACTIONS="true")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "ok    test.mse <= 0.009: 0.0079",
        "ok    test.mse < baselines.pca_32.test.mse: 0.0079 and 0.0168",
        "2 of 2 conditions hold",
    ]


def test_exit_code_3_where_one_does_not_and_junit_is_written_all_the_same(run, tmp_path):
    done = aecli(run, *"--assert mse<=0.007 --baseline".split(), run, "--junit", tmp_path / "junit.xml")
    assert (done.returncode, done.stderr) == (3, "")
    assert done.stdout.splitlines() == [
        "FAIL  test.mse <= 0.007: 0.0079",
        "ok    test.mse at most 0 % worse than the baseline: 0.0079, baseline 0.0079, limit 0.0079",
        "note  test.mse: one baseline run has no spread; where seeds spread by 3.5 to 4.7 % of the error, a run with "
        "another seed and nothing else fails in 50 %; name several seeds of it, --baseline A --baseline B",
        "1 of 2 conditions hold",
    ]
    assert ElementTree.parse(tmp_path / "junit.xml").getroot().get("failures") == "1"


@pytest.mark.parametrize(
    "arguments",
    [(), ("--assert", "__import__('os').mkdir('made')"), ("--assert", "nothing<1")],
    ids=["nothing", "code", "unknown"],
)
def test_exit_code_2_and_an_empty_answer_where_it_cannot_be_asked(run, tmp_path, arguments, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = aecli(run, *arguments, "--junit", tmp_path / "junit.xml")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: ") and done.stderr.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["runs"]


def test_a_junit_file_that_cannot_be_written_comes_after_the_answer(run, tmp_path):
    done = aecli(run, "--assert", "mse<=0.007", "--junit", tmp_path / "no" / "junit.xml")
    assert done.returncode == 2
    assert done.stdout.splitlines()[-1] == "0 of 1 conditions hold"
    assert (
        done.stderr == f"error: --junit {tmp_path / 'no' / 'junit.xml'}: cannot be written: No such file or directory\n"
    )


def test_github_gets_an_annotation_on_stdout(run):
    done = aecli(run, "--assert", "mse<=0.7%", GITHUB_ACTIONS="true")
    assert done.returncode == 3
    assert done.stdout.splitlines() == [
        "FAIL  test.mse <= 0.7%: 0.0079",
        "0 of 1 conditions hold",
        f"::error title=aecli check::test.mse <= 0.7%25: 0.0079 ({run})",
    ]


def test_json_stays_json_in_github(run):
    done = aecli(run, "--assert", "mse<=0.007", "--json", GITHUB_ACTIONS="true")
    assert done.returncode == 3
    assert json.loads(done.stdout)["conditions"][0]["holds"] is False
    assert done.stderr == f"::error title=aecli check::test.mse <= 0.007: 0.0079 ({run})\n"


def test_nothing_heavy_is_imported(run):
    command = ["check", str(run), "--assert", "mse<1", "--baseline", str(run), "--junit", str(run.parent / "j.xml")]
    code = (
        "import sys; from aecli.cli import app\n"
        f"app({command!r}, standalone_mode=False)\n"
        "print([name for name in ('torch', 'numpy', 'scipy', 'sklearn', 'matplotlib', 'rich') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.splitlines()[-2:] == ["2 of 2 conditions hold", "[]"]


def test_a_reader_who_has_gone_masks_neither_the_exit_code_nor_the_file(run, tmp_path):
    read, write = os.pipe()
    os.close(read)
    command = [
        sys.executable,
        "-m",
        "aecli",
        "check",
        str(run),
        "--assert",
        "mse<=0.007",
        "--junit",
        str(tmp_path / "junit.xml"),
    ]
    done = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, text=True, timeout=60)
    os.close(write)
    assert (done.returncode, done.stderr) == (3, "")
    assert ElementTree.parse(tmp_path / "junit.xml").getroot().get("failures") == "1"


def test_several_baselines_are_options_or_a_glob(write_run, run, tmp_path):
    first, second = (write_run(seed=seed, test={"mse": value}) for seed, value in ((1, 0.0080), (2, 0.0081)))
    named = aecli(run, "--baseline", first, "--baseline", second)
    globbed = aecli(run, "--baseline", f"{tmp_path}/runs/*")
    assert (named.returncode, named.stderr) == (0, "")
    assert named.stdout.splitlines()[0] == (
        "ok    test.mse at most 0 % worse than the baseline: 0.0079, mean of 2 baseline runs 0.00805, limit 0.008597"
    )
    assert globbed.stdout == named.stdout, "the run that is checked is no baseline of its own"


def test_the_help_says_what_the_baseline_is():
    text = " ".join(aecli("--help", COLUMNS="200", NO_COLOR="1").stdout.split())
    assert "The run may be at most so much worse than this one." in text
