"""Registered names on the screen, as `aecli list` prints them."""

import textwrap
from typing import Any

from aecli.console.printing import say, show, stdout

INDENT = " " * 4
WITHOUT_A_KIND = "others"


def show_entries(entries: list[dict[str, Any]]) -> None:
    """Registered names below the heading of their kind, a block each: what it is, when to take it, its formula."""
    if symbols := next((entry["symbols"] for entry in entries if "symbols" in entry), ""):
        say_hanging(f"in formulas: {symbols}", style="dim")
    has_kinds, heading = any("kind" in entry for entry in entries), ""
    for entry in entries:
        if has_kinds and entry.get("kind", WITHOUT_A_KIND) != heading:
            heading = entry.get("kind", WITHOUT_A_KIND)
            say("")
            say_hanging(heading, bold=len(heading))
        show_entry(entry)


def show_entry(entry: dict[str, Any]) -> None:
    """One registered name."""
    better = f"  ({entry['better']} is better)" if "better" in entry else ""
    say_hanging(f"{entry['name']}  {entry['summary']}{better}", bold=len(entry["name"]))
    lines = {"use when": entry.get("use_when"), "": entry["formula"]}
    if "weight" in entry:
        lines["weight"] = f">= 0, default {entry['weight']:g}"
    for measure, words in entry.get("target", {}).items():
        lines["target"] = f"in place of a weight, {measure}: {words}"
    for parameter in entry["parameters"]:
        default = "required" if parameter["required"] else f"default {shown(parameter['default'])}"
        lines[parameter["name"]] = f"{parameter['range']}, {default}: {parameter['meaning']}"
    for label, text in lines.items():
        if text:
            say_hanging(f"{INDENT}{label}{': ' * bool(label)}{text}")
    for key in ("note", "source"):
        if key in entry:
            say_hanging(f"{INDENT}{key}: {entry[key]}", style="dim")


def say_hanging(text: str, *, bold: int = 0, style: str = "") -> None:
    """A paragraph that fits the screen, its second and later lines further in than the first."""
    from rich.text import Text

    deeper = " " * (len(text) - len(text.lstrip(" "))) + INDENT
    width = stdout().width
    wrapped = textwrap.wrap(text, width, subsequent_indent=deeper, break_on_hyphens=False, break_long_words=False)
    paragraph = Text("\n".join(wrapped), style=style)
    paragraph.stylize("bold", 0, bold)
    show(paragraph, soft_wrap=True)


def shown(value: object) -> str:
    """A default as it stands in YAML."""
    if isinstance(value, (tuple, list)):
        return f"[{', '.join(shown(item) for item in value)}]"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return f"{value:g}" if isinstance(value, float) else str(value)
