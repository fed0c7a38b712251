"""The rooms of the comparison: statistics know no run, verdicts hold no sentence, words decide nothing."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import aecli

ROOT = Path(aecli.__file__).parent
COMPARISON = ROOT / "comparison"
GROUND = ("registry", "errors", "lazy", "cache", "text", "randomness", "precision", "drawing")
UNKNOWN_TO = {
    "statistics": ("comparison.evidence", "comparison.verdicts", "comparison.telling"),
    "evidence": ("comparison.statistics", "comparison.verdicts", "comparison.telling"),
    "verdicts": ("comparison.telling",),
    "telling": (),
}
"""Room -> what it must not import; the three other questions, and what stands above, are unknown to all."""
ABOVE = ("comparison.recommendation", "comparison.dose", "comparison.check", "comparison.power")
ELSEWHERE = ("evaluation", "experiment", "training", "sweep", "console", "cli", "api")
STATISTICS_TOLD = {"Estimate", "Difference", "ALPHA"}
"""What telling may take from the statistics: what numbers look like, and the level, to print it."""
DECISIVE = re.compile(r"^(p|p_\w+|smallest_\w+|superiority|band|ALPHA)$")
"""Names of what a verdict depends on."""
DIGITS = {"p_words"}
"""Functions of telling that may ask how large a p-value is, since they write its digits."""
COMPUTING = {"mean", "std", "var", "median", "quantile", "percentile"}
LONGEST_NAME = 3
"""Words of a code, or of the name of a thing; more are a sentence."""
MOST_POSITIONAL = 5


def files_of(room: str) -> list[Path]:
    """The modules of a room."""
    files = sorted((COMPARISON / room).rglob("*.py"))
    assert len(files) > 5
    return files


def imports(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """(module of aecli, name) of every import, also of those within functions and for type checking."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [(alias.name, "") for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [(node.module or "", alias.name) for alias in node.names]
        else:
            names = []
        for module, name in names:
            if module == "aecli":
                yield name, ""
            elif module.startswith("aecli."):
                yield module.removeprefix("aecli."), name


def forbidden_imports(source: str, room: str) -> list[str]:
    """What a module of a room imports and must not."""
    found = []
    for module, _ in imports(ast.parse(source)):
        is_strange = room == "statistics" and not f"{module}.".startswith(
            ("comparison.statistics.", *(f"{one}." for one in GROUND))
        )
        if is_strange or any(f"{module}.".startswith(f"{one}.") for one in (*UNKNOWN_TO[room], *ABOVE, *ELSEWHERE)):
            found.append(module)
    return found


def sentences(source: str) -> list[str]:
    """The texts of more than three words outside of docstrings."""
    tree = ast.parse(source)
    docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    within = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    texts = []
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            texts.append("".join(part.value if isinstance(part, ast.Constant) else " x " for part in node.values))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and not {id(node)} & (docs | within):
            texts.append(node.value)
    return [text for text in texts if len(text.split()) > LONGEST_NAME]


def names_in(node: ast.expr) -> set[str]:
    """The last parts of the names that stand in an expression: of `verdict.p_corrected` it is `p_corrected`."""
    names = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
    return names | {part.attr for part in ast.walk(node) if isinstance(part, ast.Attribute)}


def decisions(source: str) -> list[str]:
    """What a module of words decides or computes by itself."""
    tree = ast.parse(source)
    exempt = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.name in DIGITS
        for inner in ast.walk(node)
    }
    found = [
        f"imports {name}"
        for module, name in imports(tree)
        if module.startswith("comparison.statistics") and name not in STATISTICS_TOLD
    ]
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare) and id(node) not in exempt:
            is_about_none = all(isinstance(one, (ast.Is, ast.IsNot)) for one in node.ops)
            names = set().union(*map(names_in, (node.left, *node.comparators)))
            if not is_about_none and any(map(DECISIVE.match, names)):
                found.append(f"compares {ast.unparse(node)}")
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in {"Verdict", "ImageVerdict", "Finding"} or (
                name in COMPUTING and isinstance(node.func, ast.Attribute)
            ):
                found.append(f"calls {name}")
    return found


def crowded_calls(source: str) -> list[str]:
    """Calls that name more than five things by position."""
    return [
        f"{node.lineno}: {ast.unparse(node.func)}"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and len(node.args) > MOST_POSITIONAL
    ]


@pytest.mark.parametrize("room", UNKNOWN_TO)
def test_a_room_knows_only_what_lies_below(room):
    found = {str(path): forbidden_imports(path.read_text(), room) for path in files_of(room)}
    assert {path: modules for path, modules in found.items() if modules} == {}


def test_verdicts_hold_no_sentence():
    found = {str(path): sentences(path.read_text()) for path in files_of("verdicts")}
    assert {path: texts for path, texts in found.items() if texts} == {}


def test_words_decide_nothing():
    found = {str(path): decisions(path.read_text()) for path in files_of("telling")}
    assert {path: some for path, some in found.items() if some} == {}


def test_nobody_has_to_count_the_arguments_of_a_call():
    paths = [*COMPARISON.rglob("*.py"), *Path(__file__).parent.rglob("*.py")]
    found = {str(path): crowded_calls(path.read_text()) for path in paths}
    assert len(paths) > 100
    assert {path: calls for path, calls in found.items() if calls} == {}


def test_no_module_imports_itself_round_a_corner():
    paths = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
        for path in COMPARISON.rglob("*.py")
    }
    below = {
        name: {module for module, _ in imports(ast.parse(path.read_text())) if module in paths}
        for name, path in paths.items()
    }
    while free := [name for name, modules in below.items() if not modules & set(below)]:
        for name in free:
            del below[name]
    assert below == {}, "these import each other in a circle"


@pytest.mark.parametrize(
    ("source", "room"),
    [
        ("from aecli.comparison.evidence.run_record import RunRecord", "statistics"),
        ("def one():\n    from aecli.runs.folder import RunFolder", "statistics"),
        ("if TYPE_CHECKING:\n    from aecli.comparison.verdicts.lint import Finding", "evidence"),
        ("import aecli.comparison.telling.lists", "verdicts"),
        ("from aecli import training", "telling"),
    ],
    ids=["a run", "a folder", "for type checking", "words", "training"],
)
def test_a_wrong_import_is_found(source, room):
    assert forbidden_imports(source, room)
    assert not forbidden_imports("from aecli.lazy import np", room)


def test_a_sentence_is_found():
    assert sentences('"""A docstring may be long as it likes."""\nreason = "the interval includes 0"') == [
        "the interval includes 0"
    ]
    assert sentences('raise UsageError(f"{name} was never measured")') == [" x  was never measured"]
    assert sentences('"not measured"\nkind = "versions of PyTorch"') == []


@pytest.mark.parametrize(
    "source",
    [
        "word = 'better' if verdict.p_corrected < 0.05 else 'undecided'",
        "is_close = abs(mean) <= band",
        "from aecli.comparison.statistics.intervals import mean_interval",
        "mean = values_N.mean(0)",
        "verdict = Verdict(kind='better')",
    ],
    ids=["a p-value", "the band", "a statistic", "a mean", "a verdict"],
)
def test_words_that_decide_are_found(source):
    assert decisions(source)


def test_words_may_ask_whether_there_is_a_p_value():
    assert decisions("text = '-' if verdict.p_corrected is None else show(verdict.p_corrected)") == []


def test_a_crowded_call_is_found():
    assert crowded_calls("Verdict(metric, ours, theirs, kind, None, None)") == ["1: Verdict"]
    assert crowded_calls("Verdict(metric, ours, theirs, kind, None, needed=None)") == []
