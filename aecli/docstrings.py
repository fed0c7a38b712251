"""Docstrings with Google-style sections, taken apart; knows nothing of what they document."""

import re

SECTION = re.compile(r"^(Args|Returns|Raises|Use when|Source|Note|Example):\s*(.*)$")


def read_docstring(text: str) -> tuple[str, str, dict[str, str]]:
    """Split a docstring into its first line, the paragraph with the formula, and its sections."""
    sections: dict[str, list[str]] = {"": []}
    current = ""
    for line in text.splitlines():
        if match := SECTION.match(line):
            current = match[1]
            sections[current] = [match[2]]
        else:
            sections[current].append(line)
    summary, _, formula = "\n".join(sections.pop("")).partition("\n")
    return summary.strip(), " ".join(formula.split()), {key: "\n".join(lines) for key, lines in sections.items()}


def read_arguments(text: str) -> dict[str, str]:
    """`name: what it means` for each line of an Args section; indented lines go on with the one before."""
    documented: dict[str, str] = {}
    current = ""
    for line in text.splitlines():
        if match := re.match(r"^ {4}(\w+): (.*)$", line):
            current = match[1]
            documented[current] = match[2].strip()
        elif current:
            documented[current] += " " + line.strip()
    return documented
