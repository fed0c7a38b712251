"""Registered names on the screen, as `aecli list` prints them."""

from typing import Any

from aecli.console.printing import show


def show_entries(entries: list[dict[str, Any]]) -> None:
    """Registered names, a block each: summary, formula, parameters with ranges and defaults, source."""
    from rich.text import Text

    for entry in entries:
        better = f"  ({entry['better']} is better)" if "better" in entry else ""
        show(Text.assemble((entry["name"], "bold"), f"  {entry['summary']}{better}"))
        if entry["formula"]:
            show(Text(f"    {entry['formula']}"))
        if "weight" in entry:
            show(Text(f"    weight: >= 0, default {entry['weight']:g}"))
        for parameter in entry["parameters"]:
            default = "required" if parameter["required"] else f"default {shown(parameter['default'])}"
            show(Text(f"    {parameter['name']}: {parameter['range']}, {default}: {parameter['meaning']}"))
        for key in ("note", "source"):
            if key in entry:
                show(Text(f"    {key}: {entry[key]}", style="dim"))


def shown(value: object) -> str:
    """A default as it stands in YAML."""
    if isinstance(value, (tuple, list)):
        return f"[{', '.join(shown(item) for item in value)}]"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return f"{value:g}" if isinstance(value, float) else str(value)
