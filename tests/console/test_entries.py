"""Registered names on the screen: a block each, with defaults as they stand in YAML."""

import pytest

from aecli.console.entries import show_entries, shown


@pytest.mark.parametrize(
    ("value", "text"), [((0.9, 0.999), "[0.9, 0.999]"), (None, "null"), (True, "true"), (1e-8, "1e-08"), ("sum", "sum")]
)
def test_a_default_is_shown_as_in_yaml(value, text):
    assert shown(value) == text


def test_a_block_has_everything_that_is_there_and_nothing_else(capsys):
    parameter = {"name": "delta", "range": "> 0", "required": True, "default": None, "meaning": "the threshold"}
    entry = {"name": "huber", "summary": "Rounded.", "formula": "0.5 e^2", "parameters": [parameter], "weight": 1.0}
    show_entries([entry | {"better": "lower", "source": "Huber 1964"}])
    assert capsys.readouterr().out.splitlines() == [
        "huber  Rounded.  (lower is better)",
        "    0.5 e^2",
        "    weight: >= 0, default 1",
        "    delta: > 0, required: the threshold",
        "    source: Huber 1964",
    ]
