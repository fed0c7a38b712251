"""`python -m aecli` is `aecli`."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import aecli
from aecli import cli
from aecli.__main__ import main


def test_the_module_calls_what_the_installed_command_calls():
    assert main is cli.main
    done = subprocess.run([sys.executable, "-m", "aecli", "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.split()[-1] == aecli.__version__


@pytest.mark.parametrize("command", ["show mse.yaml", "train -c mse.yaml", "sweep -c smoke.yaml", "compare runs"])
def test_a_folder_that_is_gone_is_one_line(command, tmp_path):
    (tmp_path / "gone").mkdir()
    script = f"rmdir ../gone; {sys.executable} -m aecli {command}"
    environment = os.environ | {"PYTHONPATH": str(Path(aecli.__file__).parents[1])}
    done = subprocess.run(
        ["sh", "-c", script], cwd=tmp_path / "gone", env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1] == (
        "error: the current folder has been removed: cd into one that exists, and try again"
    )
    assert "Traceback" not in done.stderr
