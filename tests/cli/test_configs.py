"""`validate`, `show`, `schema`, `list`, `init`, help and completion."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from typer.testing import CliRunner

from aecli import console
from aecli.cli import app
from aecli.cli.configs import KINDS
from aecli.components.catalogue import CATALOGUE
from aecli.config.load import load_config
from aecli.config.merge import read_file
from aecli.config.presets import preset_folder, preset_names, sweep_names
from aecli.config.yaml_source import parse
from aecli.errors import AecliError
from aecli.sweep.planning.document import load_sweep
from aecli.sweep.planning.plan import make_plan

COMMANDS = sorted(command.name or command.callback.__name__ for command in app.registered_commands)


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    """An empty working folder, and consoles that write to whatever stdout and stderr are now."""
    monkeypatch.chdir(tmp_path)
    console.stdout.cache_clear()
    console.stderr.cache_clear()
    yield tmp_path
    console.stdout.cache_clear()
    console.stderr.cache_clear()


def call(*arguments: str) -> Any:
    """A command within this process."""
    return CliRunner().invoke(app, list(arguments))


def refusal(*arguments: str) -> AecliError:
    """What a command refuses with; `main` turns it into a message and an exit code."""
    result = call(*arguments)
    assert isinstance(result.exception, AecliError), result.output
    return result.exception


def process(*arguments: str, **variables: str) -> subprocess.CompletedProcess:
    """A command as a process of its own."""
    command = [sys.executable, "-m", "aecli", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, env=os.environ | variables)


def squeezed(text: str) -> str:
    """Text whose lines were wrapped, on one line."""
    return " ".join(text.split())


# -------------------------------------------------------------------- processes


def test_validate_checks_every_file_and_returns_the_code_of_the_first_problem():
    Path("good.yaml").write_text("data: {train_size: 100, validation: 50}\narchitecture: {code_activation: linear}\n")
    Path("bad.yaml").write_text("seed: -1\ntraining: {epochs: 0}\n")
    Path("data.yaml").write_text("data: {dataset: {name: csv, file: nowhere.csv}}\n")
    done = process("validate", "good.yaml", "bad.yaml", "data.yaml", "smoke.yaml")
    assert done.stdout == "good.yaml: ok\nsmoke.yaml: ok\n"
    assert done.returncode == 2
    lines = done.stderr.splitlines()
    assert lines[:3] == [
        "bad.yaml:1:7: seed: must be >= 0, got -1",
        "bad.yaml:2:20: training.epochs: must be >= 1, got 0",
        "error: the config was refused: 2 problems",
    ]
    assert "nowhere.csv" in done.stderr
    assert lines[-1].startswith("note dead-code: architecture.code_activation: ")
    assert sorted(path.name for path in Path().iterdir()) == ["bad.yaml", "data.yaml", "good.yaml"]


def test_validate_builds_the_model_as_train_does():
    Path("x.yaml").write_text("architecture: {widths: [700, 32], code_activation: linear}\n")
    done = process("validate", "x.yaml")
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr == (
        "x.yaml:1:25: architecture.widths[0]: must be 784, the size of mnist's rows, or auto; got 700\n"
        "error: the config was refused: 1 problem\n"
    )


@pytest.mark.parametrize("name", ["nothing", "../pyproject.toml"])
def test_an_unknown_preset_is_refused_without_a_traceback(name):
    done = process("init", name)
    assert done.returncode == 2
    assert (
        done.stderr
        == f'unknown preset "{name}"; presets: {", ".join(preset_names())}\nerror: the config was refused: 1 problem\n'
    )
    assert done.stdout == ""


def test_the_version_is_shown():
    done = process("--version")
    assert re.fullmatch(r"\d+\.\d+\.\d+\n", done.stdout)
    assert (done.returncode, done.stderr) == (0, "")


def complete(line: str) -> list[str]:
    """What bash is offered for the last word of a line."""
    script = Path(sys.executable).with_name("aecli")
    variables = {"_AECLI_COMPLETE": "complete_bash", "COMP_WORDS": line, "COMP_CWORD": str(line.count(" "))}
    done = subprocess.run([script], capture_output=True, text=True, timeout=60, env=os.environ | variables)
    return done.stdout.split()


def test_completion_offers_local_files_and_presets():
    Path("msx.yaml").write_text("seed: 1\n")
    Path("configs").mkdir()
    Path("configs/msy.yaml").write_text("seed: 1\n")
    assert complete("aecli train --config ms") == ["msx.yaml", "mse.yaml"]
    assert complete("aecli validate configs/") == ["configs/msy.yaml"]


def test_completion_offers_every_preset():
    assert complete("aecli train --config ") == list(preset_names())


# -------------------------------------------------------------------------- help


def test_these_are_the_commands():
    assert {"init", "list", "resume", "schema", "show", "train", "validate"} <= set(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_every_command_has_help_with_an_example(command, flag):
    result = call(command, flag)
    assert result.exit_code == 0
    assert f"Example: aecli {command}" in squeezed(result.output.replace("│", ""))


def test_help_lists_every_command_and_no_command_is_help():
    result = call("--help")
    assert result.exit_code == 0
    for command in COMMANDS:
        assert f" {command} " in result.output
    assert "aecli train --config mse.yaml" in squeezed(result.output)
    assert call().output.strip() == result.output.strip()


@pytest.mark.parametrize("arguments", [("validate",), ("show",), ("list",), ("nonsense",), ("init", "--nonsense")])
def test_bad_usage_is_2(arguments):
    assert call(*arguments).exit_code == 2


# -------------------------------------------------------------------------- show


def test_show_prints_a_config_that_is_the_same():
    result = call("show", "huber.yaml", "--set", "loss.delta=0.3")
    assert result.exit_code == 0
    shown = load_config(parse(result.stdout, "shown.yaml").data)
    assert shown == load_config("huber.yaml", set=["loss.delta=0.3"])
    assert "where the square becomes a line" in result.stdout


def test_show_as_json_is_the_plain_config():
    result = call("show", "huber.yaml", "--json")
    assert json.loads(result.stdout) == load_config("huber.yaml").plain()


def test_show_of_a_wrong_config_says_where():
    Path("x.yaml").write_text("seed: -1\n")
    assert str(refusal("show", "x.yaml")) == "x.yaml:1:7: seed: must be >= 0, got -1"


def test_show_of_a_folder_that_is_no_run_is_refused():
    Path("folder").mkdir()
    error = refusal("show", "folder")
    assert error.exit_code == 2
    assert str(error) == "folder: is no run folder: it has no config.yaml and status.json"


# ------------------------------------------------------------------------ schema


def test_the_schema_is_json_that_accepts_every_preset_and_refuses_a_typo():
    schema = json.loads(call("schema").stdout)
    validator = jsonschema.Draft202012Validator(schema)
    for name in preset_names():
        assert validator.is_valid(read_file(preset_folder() / name, name).data)
    assert not validator.is_valid({"loss": "hubber"})


# -------------------------------------------------------------------------- list


def test_every_registry_can_be_listed():
    assert tuple(CATALOGUE) == KINDS


@pytest.mark.parametrize("kind", KINDS)
def test_a_list_has_every_name_with_formula_and_source(kind):
    result = call("list", kind)
    assert result.exit_code == 0
    words = squeezed(result.stdout)
    for name, entry in CATALOGUE[kind].items():
        assert re.search(rf"^{name}  ", result.stdout, re.M), name
        for text in (entry.summary, entry.formula, entry.source, entry.note):
            assert squeezed(text) in words
        for parameter in entry.parameters:
            assert f"    {parameter.name}: {parameter.range}, " in result.stdout


@pytest.mark.parametrize("kind", KINDS)
def test_a_list_as_json_has_every_name_with_formula_and_source(kind):
    listed = json.loads(call("list", kind, "--json").stdout)
    entries = CATALOGUE[kind]
    assert [entry["name"] for entry in listed] == list(entries)
    for entry in listed:
        assert entry["formula"] == entries[entry["name"]].formula
        assert entry.get("source", "") == entries[entry["name"]].source
        assert [one["name"] for one in entry["parameters"]] == [one.name for one in entries[entry["name"]].parameters]


def test_a_loss_is_listed_like_this():
    block = call("list", "losses").stdout.partition("\nhuber  ")[2].partition("\nsmooth_l1  ")[0]
    assert block.splitlines() == [
        "Squared for small errors, linear for large ones.",
        "    0.5 e^2 if abs(e) <= delta else delta (abs(e) - 0.5 delta)",
        "    delta: > 0, default 0.1: where the square becomes a line, in pixel units; at 1 and above it is half of "
        "mse.",
        "    source: Huber 1964, doi:10.1214/aoms/1177703732",
    ]


@pytest.mark.parametrize(("kind", "hint"), [("loss", ' did you mean "losses"?'), ("zzz", "")], ids=["close", "far"])
def test_an_unknown_kind_is_refused(kind, hint):
    error = refusal("list", kind)
    assert error.exit_code == 2
    assert str(error) == f'unknown kind "{kind}";{hint} choices: {", ".join(KINDS)}'


# -------------------------------------------------------------------------- init


def test_init_writes_the_main_preset_and_prints_its_path():
    result = call("init")
    assert result.exit_code == 0
    assert result.stdout == "mse.yaml\n"
    assert Path("mse.yaml").read_bytes() == (preset_folder() / "mse.yaml").read_bytes()
    sweeps = ", ".join(sweep_names())
    assert result.stderr == f"note: other presets: {', '.join(preset_names())}; sweeps: {sweeps}\n"


def test_init_copies_a_sweep_too():
    assert call("init", "losses_fast.yaml", "my losses.yaml").stdout == "my losses.yaml\n"
    assert Path("my losses.yaml").read_text().startswith("# aecli sweep --config 'my losses.yaml'\n")
    assert len(make_plan(*load_sweep("my losses.yaml")).trials) == 48


@pytest.mark.parametrize("name", preset_names())
def test_init_of_any_preset_gives_a_config_that_loads(name):
    assert call("init", name.removesuffix(".yaml"), "mine.yaml").stdout == "mine.yaml\n"
    text = Path("mine.yaml").read_text()
    assert text.splitlines()[0].endswith(" --config mine.yaml")
    preset = (preset_folder() / name).read_text().splitlines()[1:]
    assert text.splitlines()[1:] == [line for line in preset if not line.startswith("name: ")]
    assert load_config("mine.yaml") == load_config(preset_folder() / name, name="mine"), "the file's own name counts"


def test_init_into_a_folder_keeps_the_name():
    Path("folder").mkdir()
    assert call("init", "huber", "folder").stdout == "folder/huber.yaml\n"
    assert Path("folder/huber.yaml").read_text().startswith("# aecli train --config folder/huber.yaml\n")


def test_init_does_not_overwrite_unless_forced():
    Path("mse.yaml").write_text("mine")
    error = refusal("init", "mse.yaml")
    assert error.exit_code == 2
    assert str(error) == "mse.yaml: is there already; name another file, or add --force"
    assert Path("mse.yaml").read_text() == "mine"
    assert call("init", "mse.yaml", "--force").exit_code == 0
    assert Path("mse.yaml").read_text().startswith("# aecli train --config mse.yaml\n")


def test_init_where_nothing_can_be_written_is_refused():
    error = refusal("init", "mse.yaml", "nowhere/x.yaml")
    assert error.exit_code == 2
    assert str(error) == "nowhere/x.yaml: cannot be written: No such file or directory"
