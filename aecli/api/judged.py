"""What suites found about one run, as Python sees it."""

from dataclasses import dataclass
from typing import Any

from aecli.api.answer import Answer
from aecli.api.html import table_html
from aecli.api.run import Run
from aecli.components.evaluation.suites import Findings
from aecli.console.printing import number


@dataclass(frozen=True, repr=False)
class Judged(Answer):
    """What `evaluate` found."""

    run: Run
    place: str
    """The key under `suites` in summary.json."""
    numbers: dict[str, dict[str, Any]]
    """Suite -> its numbers as they are stored."""
    findings: dict[str, Findings | None]
    """Suite -> what was measured now; None where it had been measured before."""

    def brief(self) -> str:
        """`'runs/...', test: code, sparsity`."""
        return f"{str(self.run.path)!r}, {self.place}: {', '.join(self.numbers)}"

    def show(self) -> None:
        """Print what `aecli evaluate` prints."""
        from aecli.console.printing import say
        from aecli.console.runs import show_findings

        for name, numbers in self.numbers.items():
            show_findings(name, numbers, self.findings.get(name))
        say(str(self.run.path))

    def plain(self) -> dict[str, Any]:
        """As data for JSON: `aecli evaluate --json`."""
        return {"run": str(self.run.path), "place": self.place, "suites": self.numbers}

    def _repr_html_(self) -> str:
        rows = [
            (name, numbers.get("skipped") or number(numbers.get("skill")), numbers["protocol"])
            for name, numbers in self.numbers.items()
        ]
        return table_html(["suite", "skill", "protocol"], rows, title=self.brief())
