"""House rules: what may import what, what starts without torch, and what every public thing has."""

import ast
import importlib
import inspect
import os
import pkgutil
import re
import subprocess
import sys
from pathlib import Path

import pytest

import aecli

ROOT = Path(aecli.__file__).parent
MODULES = sorted(
    module.name for module in pkgutil.walk_packages([str(ROOT)], "aecli.") if not module.name.endswith("__main__")
)
ABOVE = ("comparison", "sweep", "console", "cli", "api")
FORBIDDEN = {
    "runs": ("components", "config", "training", "evaluation", "experiment", *ABOVE),
    "components": ("runs", "experiment", *ABOVE),
    "config": ("experiment", *ABOVE),
    "training": ("runs", "experiment", *ABOVE),
    "evaluation": ABOVE,
    "experiment": ABOVE,
    "comparison": ("experiment", "sweep", "cli", "api", "console"),
    "sweep": ("comparison", "cli", "api", "console"),
    "registry": ("components", "config", "training", "experiment", "evaluation", "runs", *ABOVE),
    "errors": ("components", "config", "training", "experiment", "evaluation", "runs", *ABOVE),
    "console": ("experiment", "evaluation", "cli", "api"),
}
"""Data flows one way: what is on the left must not know what is on the right."""
HEAVY = ("torch", "ray", "optuna", "jinja2", "torchvision", "numpy", "scipy", "sklearn", "matplotlib")


def imports_at_the_top(path: Path) -> set[str]:
    """Modules that are imported when the file is, type checking left out."""
    found = set()
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {node.module or ""} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


@pytest.mark.parametrize("part", FORBIDDEN)
def test_imports_point_one_way(part):
    files = [ROOT / f"{part}.py"] if (ROOT / f"{part}.py").exists() else sorted((ROOT / part).rglob("*.py"))
    assert files
    for path in files:
        for name in imports_at_the_top(path):
            for forbidden in FORBIDDEN[part]:
                assert not re.match(rf"aecli\.{forbidden}(\.|$)", name), f"{path} imports {name}"


def test_only_the_console_imports_rich():
    users = [path for path in ROOT.rglob("*.py") if re.search(r"^\s*(import|from) rich\b", path.read_text(), re.M)]
    assert {path.relative_to(ROOT).parts[0] for path in users} == {"console"}


def test_the_console_imports_rich_only_when_it_prints():
    files = sorted((ROOT / "console").rglob("*.py"))
    assert len(files) > 1
    for path in files:
        assert not [name for name in imports_at_the_top(path) if re.match(r"rich(\.|$)", name)], path


def loaded_by(code: str) -> set[str]:
    """The heavy packages that a fresh process has imported after some code."""
    check = f"import sys\n{code}\nprint(*[name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    return set(done.stdout.split("\n")[-2].split())


@pytest.mark.parametrize(
    "code",
    [
        "import aecli",
        "import aecli.cli",
        "import aecli.runs.folder, aecli.config.telling, aecli.console",
        "import aecli.comparison.verdicts.compare, aecli.comparison.telling.answer_words, aecli.comparison.check.check",
        "import aecli.sweep.planning.document, aecli.sweep.planning.plan, aecli.sweep.run_sweep",
        "import aecli.config.load; aecli.config.load.load_config('mse.yaml')",
        "import aecli.config.explain; aecli.config.explain.json_schema()",
    ],
    ids=["aecli", "command line", "run folder", "comparison", "sweep", "config", "schema"],
)
def test_what_does_not_compute_imports_nothing_heavy(code):
    assert loaded_by(code) == set()


def test_the_check_for_heavy_packages_can_fail():
    assert loaded_by("import numpy") == {"numpy"}


@pytest.mark.parametrize(
    "arguments",
    [["--help"], ["train", "--help"], ["compare", "--help"], ["sweep", "--help"], ["list", "losses"]],
    ids=" ".join,
)
def test_commands_that_only_tell_start_at_once(arguments):
    times = []
    for _ in range(2):
        begin = os.times()
        subprocess.run([sys.executable, "-m", "aecli", *arguments], capture_output=True, check=True)
        end = os.times()  # of processor time, which other work on the machine does not change
        times.append(end.children_user + end.children_system - begin.children_user - begin.children_system)
    assert min(times) < 1.0, "a third of a second for most; torch alone takes more than one"


@pytest.mark.parametrize("name", MODULES)
def test_every_public_thing_has_a_docstring_and_annotations(name):
    module = importlib.import_module(name)
    assert module.__doc__ or not Path(module.__file__).read_text().strip(), name
    for label, thing in vars(module).items():
        if label.startswith("_") or getattr(thing, "__module__", None) != name:
            continue
        if inspect.isfunction(thing) or inspect.isclass(thing):
            assert thing.__doc__, f"{name}.{label} has no docstring"
        functions = {label: thing} if inspect.isfunction(thing) else vars(thing) if inspect.isclass(thing) else {}
        for inner, function in functions.items():
            function = getattr(function, "fget", function)
            if inspect.isfunction(function) and not inner.startswith("_") and function.__module__ == name:
                assert function.__doc__, f"{name}.{label}.{inner} has no docstring"
                signature = inspect.signature(function)
                assert signature.return_annotation is not signature.empty, f"{name}.{label}.{inner} returns what?"
                for parameter in signature.parameters.values():
                    if parameter.name not in ("self", "cls"):
                        assert parameter.annotation is not parameter.empty, f"{name}.{label}.{inner}: {parameter.name}"


def test_the_loop_fits_on_a_screen():
    from aecli.training.loop import fit

    assert len(inspect.getsource(fit).splitlines()) <= 60


def test_nothing_reads_outside_of_the_project():
    for path in [*ROOT.rglob("*.py"), *Path(__file__).parent.rglob("*.py")]:
        if path != Path(__file__):
            assert "/work/" not in path.read_text(), path
