"""The pages of the documentation, which come with the package as Markdown: which there are, and the text of each.

A page names itself: its first line is its title. This module knows no command and no screen.
"""

from pathlib import Path

from aecli.errors import UsageError
from aecli.registry import unknown_name

FOLDER = Path(__file__).parent / "docs"


def page_titles() -> dict[str, str]:
    """The name of every page and its title, in alphabetical order."""
    return {path.stem: first_line(path).removeprefix("# ") for path in sorted(FOLDER.glob("*.md"))}


def first_line(path: Path) -> str:
    """The first line of a file; the rest is not read."""
    with path.open(encoding="utf-8") as lines:
        return next(lines).strip()


def docs(page: str | None = None) -> str:
    """A page of the documentation as Markdown; without a name, the list of all pages with a line for each.

    Args:
        page: its name, such as `sweeps`; `sweeps.md` is the same.

    Raises:
        UsageError: there is no such page.

    Example:
        >>> print(docs("sweeps").splitlines()[0])
        # Many runs: grids, clusters, searches and dose-response
    """
    titles = page_titles()
    if page is None:
        width = max(map(len, titles))
        return "\n".join(f"{name:{width}}  {title}" for name, title in titles.items()) + "\n"
    name = page.removesuffix(".md")
    if name not in titles:
        raise UsageError(f"unknown page {unknown_name(page, titles, 'pages')}")
    return (FOLDER / f"{name}.md").read_text(encoding="utf-8")
