"""Everything that the README tells a reader to type works, on smaller data where that saves minutes."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

README = (Path(__file__).parents[1] / "README.md").read_text()
EXAMPLE = "runs/20261122T101502Z_mse_s0_9f3a"
LESS = ["--set", "data.train_size=500", "--set", "data.validation=100", "--set", "training.epochs=2"]
FENCED = re.findall(r"^```(\w*)\n(.*?)^```$", README, re.S | re.M)
BLOCKS = [text.rstrip("\n") for language, text in FENCED if not language]
COMMANDS = [
    line.partition("#")[0].strip() for block in BLOCKS for line in block.splitlines() if line.startswith("aecli ")
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with a run under the name that the README uses."""
    folder = tmp_path_factory.mktemp("reader")
    done = run(["train", "--config", "smoke.yaml", "--quiet"], folder)
    (folder / done.stdout.splitlines()[-1]).rename(folder / EXAMPLE)
    return folder


def run(arguments: list[str], folder: Path) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, "-m", "aecli", *arguments], cwd=folder, capture_output=True, text=True)


def test_the_commands_are_found():
    assert len(COMMANDS) >= 17
    assert {command.split()[1] for command in COMMANDS} >= {
        "train",
        "resume",
        "show",
        "evaluate",
        "compare",
        "report",
        "recommend",
        "sweep",
    }


@pytest.mark.slow
def test_every_command_works_in_the_order_in_which_it_stands(folder):
    for command in COMMANDS:
        arguments = shlex.split(command)[1:]
        if arguments[0] == "train" and "smoke.yaml" not in arguments:
            arguments += LESS
        if arguments == ["evaluate", EXAMPLE]:  # every suite takes a minute
            arguments += ["--suite", "generalization"]
        done = run(arguments, folder)
        assert done.returncode == 0, f"{command}\n{done.stderr}"
        assert done.stdout, command


def test_the_readme_begins_with_the_two_commands():
    assert BLOCKS[:2] == ["pip install . && aecli train --config mse.yaml", "pip install -e '.[test]' && pytest"]


def test_the_yaml_is_a_config(tmp_path):
    from aecli.config.load import load_config

    (block,) = re.findall(r"```yaml\n(.*?)```", README, re.S)
    (tmp_path / "my.yaml").write_text(block)
    assert load_config(tmp_path / "my.yaml").loss_terms[0].name == "charbonnier"


def test_the_python_runs(folder, monkeypatch):
    import torch

    (block,) = re.findall(r"```python\n(.*?)```", README, re.S)
    monkeypatch.chdir(folder)
    names = {"images_BP": torch.rand(5, 784)}
    exec(block, names)
    assert names["code_BL"].shape == (5, 32)
    assert names["loss"](torch.zeros(2, 9), torch.ones(2, 9)).shape == (2,)


def test_every_code_of_an_advice_is_explained():
    from aecli.config.advice import OUT_OF_REACH, RULES

    table = README.partition("## What the messages mean")[2].partition("\n## ")[0]
    explained = re.findall(r"^\| `([a-z0-9-]+)` \|", table, re.M)
    assert sorted(explained) == sorted([*(code for code, _, _ in RULES), OUT_OF_REACH.code])


def test_nothing_is_left_to_fill_in():
    assert "@@" not in README


def test_every_finding_of_a_comparison_is_explained():
    from aecli.comparison.verdicts.lint import RULES

    table = README.partition("## Comparing runs")[2].partition("\n## ")[0]
    assert re.findall(r"^\| `([a-z-]+)` \|", table, re.M) == [code for code, _ in RULES]
