"""House rules: what may import what, what starts without torch, and what every public thing has."""

import ast
import importlib
import inspect
import os
import pkgutil
import re
import subprocess
import sys
from collections.abc import Callable, Collection, Mapping
from pathlib import Path

import pytest

import aecli
from aecli.components.catalogue import CATALOGUE

ROOT = Path(aecli.__file__).parent
MODULES = sorted(
    module.name for module in pkgutil.walk_packages([str(ROOT)], "aecli.") if not module.name.endswith("__main__")
)
FLOORS = (
    ("cores",),
    ("aecli", "docstrings", "errors", "lazy", "text"),
    ("chosen", "files", "registry"),
    ("cache", "precision", "randomness", "pages", "runs"),
    ("drawing", "components"),
    ("config", "testing"),
    ("training",),
    ("evaluation",),
    ("experiment",),
    ("comparison",),
    ("sweep",),
    ("console",),
    ("api",),
    ("cli",),
    ("__main__",),
)
"""The rooms and single files of the package, lowest first: each knows what is below it, and nobody of its own floor."""
STRANGERS = {
    "comparison": ("training", "evaluation", "experiment"),
    "console": ("training", "evaluation", "experiment"),
}
"""What is below and must not be known all the same: whoever tells of runs never waits for torch."""
AT_MOST = {"files over 250 lines": 0, "functions over 60 lines": 0, "lines over 120": 0, "bare Any": 15}
"""Ratchets: these may only fall."""
SPELLINGS, SPELLINGS_UNEXCUSED = 144, 35
"""Registered names that are spelled outside of components/, in all and without SPELLED; they may only fall."""
SPELLED = {
    "aecli.config.loss_advice": "what experience says about single losses",
    "aecli.config.regularization_advice": "what experience says about single penalties",
    "aecli.config.protocol_advice": "what experience says about data and metrics that select",
    "aecli.comparison.opinions": "which columns, referees and goals are worth a look",
    "aecli.evaluation": "keys of the numbers that the suites themselves make",
}
"""Where names are spelled for a reason."""
DAILY = {"mean", "linear", "step", "constant", "code", "features", "images", "reconstruction", "gaussian", "csv"}
"""Names of components that are words of daily use, too."""
HEAVY = ("torch", "ray", "optuna", "jinja2", "torchvision", "numpy", "scipy", "sklearn", "matplotlib")


def sources() -> dict[str, ast.Module]:
    """Module of the package -> its tree; of a package it is that of its `__init__`."""
    paths = {".".join(path.relative_to(ROOT.parent).with_suffix("").parts): path for path in ROOT.rglob("*.py")}
    return {name.removesuffix(".__init__"): ast.parse(path.read_text()) for name, path in sorted(paths.items())}


TREES = sources()


def imports_of(tree: ast.Module, known: Collection[str]) -> set[str]:
    """The modules of the package that one imports anywhere, also within functions and for type checking."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {name if name in known else str(node.module) for name in names}
    return found & set(known)


def circles(graph: Mapping[str, Collection[str]]) -> list[list[str]]:
    """The groups of nodes that lead to each other."""
    reached: dict[str, set[str]] = {}
    for start in graph:
        seen, left = set(), list(graph[start])
        while left:
            node = left.pop()
            if node not in seen:
                seen.add(node)
                left += graph.get(node, ())
        reached[start] = seen
    groups = {tuple(sorted(b for b in reached[a] if a in reached[b])) for a in graph if a in reached[a]}
    return [list(group) for group in sorted(groups)]


GRAPH = {name: imports_of(tree, TREES) - {name} for name, tree in TREES.items()}


def room_of(module: str) -> str:
    """The room of a module, or the single file that it is."""
    return module.split(".")[1] if "." in module else module


def grouped(group_of: Callable[[str], str]) -> dict[str, set[str]]:
    """The same graph between groups of modules."""
    found: dict[str, set[str]] = {group_of(name): set() for name in GRAPH}
    for name, others in GRAPH.items():
        found[group_of(name)] |= {group_of(other) for other in others} - {group_of(name)}
    return found


def folder_of(module: str) -> str:
    """The folder of a module within its room; a file beside such folders is one by itself."""
    return module.rpartition(".")[0] if module.count(".") > 2 else module


def test_no_file_no_folder_and_no_room_is_in_a_circle_counting_every_import():
    assert circles(GRAPH) == []
    assert circles(grouped(room_of)) == []
    assert circles(grouped(folder_of)) == []


def test_circles_are_found():
    assert circles({"a": ["b"], "b": ["c"], "c": ["a"], "d": ["a"]}) == [["a", "b", "c"]]
    tree = ast.parse("def f():\n    from aecli import registry\nif TYPE_CHECKING:\n    import aecli.errors")
    assert imports_of(tree, TREES) == {"aecli.registry", "aecli.errors"}


def test_imports_are_written_whole_and_those_by_string_are_known():
    by_string = {"aecli", "aecli.lazy", "aecli.components.evaluation.suites", "aecli.sweep.engines.outside"}
    relative, found = set(), set()
    for name, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.level:
                relative.add(name)
            if isinstance(node, ast.Attribute) and node.attr == "import_module":
                found.add(name)
    assert relative == set()
    assert found == by_string, "what a string imports, no rule about rooms can see"


def test_every_room_has_a_floor_and_knows_only_those_below():
    floors = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}
    graph = grouped(room_of)
    assert set(graph) == set(floors)
    upward = {(room, other) for room, others in graph.items() for other in others if floors[other] >= floors[room]}
    strange = {(room, other) for room, others in STRANGERS.items() for other in others if other in graph[room]}
    assert (upward, strange) == (set(), set())


def lengths_of_functions() -> dict[str, int]:
    """Module and name of every function -> its lines."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {
        f"{name}.{node.name}": node.end_lineno - node.lineno + 1
        for name, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, kinds)
    }


def bare_any(tree: ast.AST) -> int:
    """Arguments, results and variables whose annotation is `Any` and nothing else."""
    found = 0
    for node in ast.walk(tree):
        parts = [getattr(node, "annotation", None), getattr(node, "returns", None)]
        found += sum(isinstance(part, ast.Name) and part.id == "Any" for part in parts)
    return found


def test_the_ratchets_only_fall():
    texts = [path.read_text().splitlines() for path in ROOT.rglob("*.py")]
    found = {
        "files over 250 lines": sum(len(lines) > 250 for lines in texts),
        "functions over 60 lines": sum(lines > 60 for lines in lengths_of_functions().values()),
        "lines over 120": sum(len(line) > 120 for lines in texts for line in lines),
        "bare Any": sum(map(bare_any, TREES.values())),
    }
    assert {name: number for name, number in found.items() if number > AT_MOST[name]} == {}


def test_no_call_passes_more_than_five_arguments_by_position():
    paths = [path for folder in (ROOT, Path(__file__).parent) for path in folder.rglob("*.py")]
    crowded = {
        f"{path.name}:{node.lineno}"
        for path in paths
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and len(node.args) > 5
    }
    assert crowded == set()


def test_every_module_is_imported_by_a_test():
    tested = set()
    for path in Path(__file__).parent.rglob("*.py"):
        tested |= imports_of(ast.parse(path.read_text()), TREES)
    with_code = {name for name, tree in TREES.items() if any(isinstance(node, ast.stmt) for node in tree.body[1:])}
    packages = {name for name in TREES if (ROOT.parent / Path(*name.split("."), "__init__.py")).exists()}
    assert sorted(with_code - packages - tested) == []


def spelled_names() -> dict[str, int]:
    """File outside of components/ -> texts in it that are the name of a component; words of daily use are left out."""
    names = {name for kind, registry in CATALOGUE.items() if kind != "architectures" for name in registry} - DAILY
    found = {}
    for name, tree in TREES.items():
        docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        texts = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in docs]
        number = sum(isinstance(node.value, str) and node.value in names for node in texts)
        if number and not name.startswith("aecli.components"):
            found[name] = number
    return found


def test_names_of_components_are_hardly_spelled_above_them():
    found = spelled_names()
    above = {name: number for name, number in found.items() if not name.startswith(tuple(SPELLED))}
    assert sum(found.values()) <= SPELLINGS, found
    assert sum(above.values()) <= SPELLINGS_UNEXCUSED, above


def imports_at_the_top(path: Path) -> set[str]:
    """Modules that are imported when the file is, type checking left out."""
    found = set()
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {node.module or ""} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


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


def processor_s(*command: str) -> float:
    """The processor time of a command, which other work on the machine hardly changes; the smaller of two."""
    times = []
    for _ in range(2):
        begin = os.times()
        subprocess.run([sys.executable, *command], capture_output=True, check=True)
        end = os.times()
        times.append(end.children_user + end.children_system - begin.children_user - begin.children_system)
    return min(times)


@pytest.fixture(scope="module")
def torch_s() -> float:
    """What the import of torch alone takes here."""
    return processor_s("-c", "import torch")


@pytest.mark.parametrize(
    "arguments",
    [["--help"], ["train", "--help"], ["compare", "--help"], ["sweep", "--help"], ["list", "losses"]],
    ids=" ".join,
)
def test_commands_that_only_tell_start_at_once(arguments, torch_s):
    assert processor_s("-m", "aecli", *arguments) < torch_s, "on whatever processor: with torch it would take longer"


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
