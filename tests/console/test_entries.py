"""Registered names on the screen: a block each, with defaults as they stand in YAML."""

import pytest

from aecli import console
from aecli.components.catalogue import CATALOGUE
from aecli.config.explain import describe_registry
from aecli.console.entries import show_entries, shown


@pytest.mark.parametrize(
    ("value", "text"), [((0.9, 0.999), "[0.9, 0.999]"), (None, "null"), (True, "true"), (1e-8, "1e-08"), ("sum", "sum")]
)
def test_a_default_is_shown_as_in_yaml(value, text):
    assert shown(value) == text


def test_a_block_has_everything_that_is_there_and_nothing_else(capsys):
    parameter = {"name": "delta", "range": "> 0", "required": True, "default": None, "meaning": "the threshold"}
    entry = {"name": "huber", "summary": "Rounded.", "formula": "0.5 e^2", "parameters": [parameter], "weight": 1.0}
    show_entries([entry | {"better": "lower", "source": "Huber 1964", "use_when": "in doubt."}])
    assert capsys.readouterr().out.splitlines() == [
        "huber  Rounded.  (lower is better)",
        "    use when: in doubt.",
        "    0.5 e^2",
        "    weight: >= 0, default 1",
        "    delta: > 0, required: the threshold",
        "    source: Huber 1964",
    ]


ENTRY = {"summary": "A summary.", "formula": "x", "parameters": []}


def test_each_kind_has_a_heading_and_letters_are_explained_once(capsys):
    kinds = {"a": {"kind": "first"}, "b": {"kind": "first"}, "c": {"kind": "second"}, "d": {}}
    show_entries([ENTRY | {"name": name, "symbols": "x: an image", **kind} for name, kind in kinds.items()])
    heads = [line for line in capsys.readouterr().out.splitlines() if line[:1] != " "]
    a, b, c, d = (f"{name}  A summary." for name in kinds)
    assert heads == ["in formulas: x: an image", "", "first", a, b, "", "second", c, "", "others", d]


@pytest.mark.parametrize("kind", CATALOGUE)
def test_no_line_is_longer_than_the_screen_and_what_goes_on_stands_further_in(kind, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    console.stdout.cache_clear()
    show_entries(describe_registry(kind))
    console.stdout.cache_clear()
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if len(line) > 80] == []
    names = [name for name in CATALOGUE[kind] if not any(line.startswith(f"{name}  ") for line in lines)]
    assert names == []
