"""`python -m aecli` is `aecli`."""

import subprocess
import sys

import aecli
from aecli import cli
from aecli.__main__ import main


def test_the_module_calls_what_the_installed_command_calls():
    assert main is cli.main
    done = subprocess.run([sys.executable, "-m", "aecli", "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.split()[-1] == aecli.__version__
