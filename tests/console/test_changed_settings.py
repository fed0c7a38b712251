"""A diff of two configs on the screen."""

from aecli.comparison.evidence.config_diff import ConfigDiff
from aecli.console.changed_settings import show_config_diff


def test_a_setting_takes_a_line_or_three_where_it_is_long(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    show_config_diff(
        ConfigDiff(("a", "b"), ({"loss.name": "mse", "x": None}, {"loss.name": "huber", "loss.delta": 0.1}))
    )
    assert capsys.readouterr().out.splitlines() == [
        "- a",
        "+ b",
        "loss.name   mse   -> huber",
        "x           null  -> -",
        "loss.delta  -     -> 0.1",
    ]
    show_config_diff(ConfigDiff(("a", "b"), ({"k": "x" * 30}, {"k": "y" * 30})))
    assert capsys.readouterr().out.splitlines()[2:] == ["k", f"  - {'x' * 30}", f"  + {'y' * 30}"]
    show_config_diff(ConfigDiff(("a", "b"), ({}, {})))
    assert capsys.readouterr().out.splitlines()[2:] == ["no setting differs"]
