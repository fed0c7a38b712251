"""What is looked at rather than computed with: a config or a run that is shown, and the names of a kind."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aecli.api.html import table_html, text_html
from aecli.config.explain import explain_config
from aecli.config.schema import Config
from aecli.console.captured import text_of


@dataclass(frozen=True)
class Shown:
    """A text that was asked for, which is all that it shows of itself, and the same as data."""

    text: str
    data: dict[str, Any] = field(repr=False)

    def plain(self) -> dict[str, Any]:
        """As data for JSON: `aecli show --json`."""
        return self.data

    def __repr__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        return text_html(self.text)


def show_config(config: Config) -> Shown:
    """A config with the meaning of every field."""
    return Shown(explain_config(config).rstrip(), config.plain())


def show_folder(path: Path) -> Shown:
    """The story of a run, without torch.

    Raises:
        UsageError: it is none.
        ConfigError: its config.yaml cannot be read.
    """
    from aecli.config.merge import read_file
    from aecli.console.runs import show_run
    from aecli.runs.folder import open_run_folder
    from aecli.runs.notes import read_notes

    folder = open_run_folder(path)
    config = read_file(folder.config, str(folder.config)).data
    data = {"run": str(folder.path), "status": folder.read_status(), "summary": folder.read_summary()}
    data |= read_notes(folder.path).plain()
    return Shown(text_of(lambda: show_run(folder, config)), data)


class Names(list[dict[str, Any]]):
    """The registered names of a kind, a mapping for each."""

    def __init__(self, kind: str, entries: list[dict[str, Any]]) -> None:
        super().__init__(entries)
        self.kind = kind

    def __repr__(self) -> str:
        return f"{self.kind}: {', '.join(entry['name'] for entry in self)}"

    def __str__(self) -> str:
        from aecli.console.entries import show_entries

        return text_of(lambda: show_entries(self))

    def _repr_html_(self) -> str:
        rows = [(entry["name"], entry["summary"], entry["formula"], keys_of(entry)) for entry in self]
        return table_html([self.kind, "", "formula", "parameters"], rows)


def keys_of(entry: dict[str, Any]) -> str:
    """The parameters of an entry with their ranges."""
    return ", ".join(f"{parameter['name']} ({parameter['range']})" for parameter in entry["parameters"])
