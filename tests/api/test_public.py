"""What `aecli` offers: the same at run time and for type checkers, short in a line, and nothing without a type."""

import ast
import subprocess
import sys
from importlib import import_module, util
from pathlib import Path

import numpy as np
import pytest
import typer

import aecli
from aecli.api import answer, folders, judged, progress, run, runs, telling
from aecli.cli import app

STUB = Path(aecli.__file__).with_suffix(".pyi")
SCRIPT = """
import aecli
import numpy as np

run = aecli.train({"seed": 1}, out="runs", set="seed=3")
reveal_type(run.encode(np.zeros((2, 784))))
reveal_type(run.score([[1.0]]))
reveal_type(run.model)
reveal_type(run.config.training.epochs)
comparison = aecli.compare([run, "runs/*"], metrics="mse")
reveal_type(comparison.groups)
reveal_type(comparison.written("csv", top=3))
reveal_type(aecli.sweep({"base": "mse.yaml"}).runs)
reveal_type(aecli.list("losses"))
holds: bool = aecli.check(run, "mse<1").holds
try:
    aecli.validate("mse.yaml")
except aecli.ConfigError as error:
    reveal_type(error.problems)
"""


def offered():
    """Name -> module, as the stub says it."""
    tree = ast.parse(STUB.read_text())
    imports = [node for node in tree.body if isinstance(node, ast.ImportFrom)]
    return {alias.asname: node.module for node in imports for alias in node.names if alias.name == alias.asname}


def test_type_checkers_see_what_there_is_at_run_time():
    assert offered() == aecli._HOMES
    for name, module in offered().items():
        assert getattr(aecli, name) is getattr(import_module(module), name), name


def test_every_command_is_a_function():
    import_module("aecli.sweep.run_sweep")  # a room of the same name must not hide it
    commands = typer.main.get_command(app).commands
    names = [{"runs": "list_runs", "diff": "diff_configs"}.get(command, command) for command in commands]
    assert [name for name in names if not callable(getattr(aecli, name, None))] == []


def test_a_star_leaves_the_list_of_python_alone():
    names = {}
    exec("from aecli import *", names)
    assert {"train", "compare", "Run", "AecliError"} <= set(names) and "list" not in names
    assert set(aecli.__all__) | {"list"} == set(offered()) and set(offered()) <= set(dir(aecli))
    with pytest.raises(AttributeError, match="module 'aecli' has no attribute 'trian'"):
        _ = aecli.trian


def test_what_suites_found_is_short_and_has_the_json_of_the_command(small, tmp_path, capfd):
    np.save(tmp_path / "x.npy", np.random.default_rng(0).random((40, 6)))
    data = {"dataset": {"name": "npy", "file": str(tmp_path / "x.npy")}, "validation": 5}
    trained = aecli.train({**small, "data": data}, out=tmp_path / "runs", set="training.epochs=1")
    found = aecli.evaluate(trained, suites="code")
    assert repr(found) == f"Judged({str(trained.path)!r}, test: code)"
    assert found.plain() == {"run": str(trained.path), "place": "test", "suites": found.numbers}
    assert str(found).endswith(str(trained.path)) and "<td>code</td>" in found._repr_html_()
    assert capfd.readouterr() == ("", "")
    assert aecli.resume(trained) == trained


def test_one_text_is_one_and_one_run_is_one(tmp_path):
    assert folders.one_or_more("seed=3") == ["seed=3"]
    assert folders.many_runs(tmp_path) == [str(tmp_path)] and folders.one_run("a") == Path("a")
    assert {answer.Answer, judged.Judged} and progress and run and runs and telling


@pytest.mark.slow
def test_a_script_of_a_user_is_typed_without_a_gap(tmp_path):
    if util.find_spec("mypy") is None:
        pytest.skip("needs aecli[dev]")
    names = "\n".join(f"reveal_type(aecli.{name})" for name in offered())
    (tmp_path / "script.py").write_text(SCRIPT + names + "\n")
    command = [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", "--config-file", "", "script.py"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, done.stdout + done.stderr
    revealed = [line.partition("Revealed type is ")[2] for line in done.stdout.splitlines() if "Revealed" in line]
    assert len(revealed) == SCRIPT.count("reveal_type") + len(offered())
    assert [text for text in revealed if text in ('"Any"', '"builtins.object"')] == []
    assert "ndarray" in revealed[0] and "ndarray" in revealed[1] and "Network" in revealed[2]
