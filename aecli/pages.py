"""The pages of the documentation, which come with the package as Markdown: which there are, and the text of each.

A page names itself: its first line is its title. This module knows no command and no screen.
"""

import difflib
import re
from collections.abc import Iterable
from pathlib import Path

from aecli.errors import UsageError
from aecli.registry import unknown_name

FOLDER = Path(__file__).parent / "docs"
WORDS = "words"
"""The page that explains words."""
WORD = re.compile(r"^- \*\*(.+?)\*\*: .*\n(?:  .*\n)*", re.M)
"""An item of it: a word, or several with commas between them, and what it means."""


def page_titles() -> dict[str, str]:
    """The name of every page and its title, in alphabetical order."""
    return {path.stem: first_line(path).removeprefix("# ") for path in sorted(FOLDER.glob("*.md"))}


def first_line(path: Path) -> str:
    """The first line of a file; the rest is not read."""
    with path.open(encoding="utf-8") as lines:
        return next(lines).strip()


def explained_words() -> dict[str, str]:
    """Every word of the page of words, in lower case, and its item there."""
    items = list(WORD.finditer((FOLDER / f"{WORDS}.md").read_text(encoding="utf-8")))
    return {word.lower(): item[0] for item in items for word in item[1].replace("\\", "").split(", ")}


def explain_word(word: str) -> str | None:
    """The item of a word, None where it has none; `test.mse` and `generalization.gap` are mse and gap."""
    known, asked = explained_words(), word.lower()
    return known.get(asked) or known.get(asked.rpartition(".")[2])


def near(name: str, choices: Iterable[str]) -> str:
    """A question for what was meant, empty where nothing is near."""
    close = difflib.get_close_matches(name.lower(), choices, n=1)
    return f' did you mean "{close[0]}"?' if close else ""


def docs(page: str | None = None, word: str | None = None) -> str:
    """A page of the documentation as Markdown; without a name, the list of all pages with a line for each.

    Args:
        page: its name, such as `sweeps`; `sweeps.md` is the same. A word that the page `words` explains is one, too.
        word: what is wanted of the page `words`.

    Raises:
        UsageError: there is no such page, or no such word.

    Example:
        >>> print(docs("sweeps").splitlines()[0])
        # Many runs: grids, clusters, searches and dose-response
    """
    titles = page_titles()
    if page is None:
        width = max(map(len, titles))
        return "\n".join(f"{name:{width}}  {title}" for name, title in titles.items()) + "\n"
    name = page.removesuffix(".md")
    if word is not None and name != WORDS:
        raise UsageError(f"a word is looked up in the page {WORDS}: aecli docs {WORDS} {word}")
    if word is not None:
        if item := explain_word(word):
            return item
        raise UsageError(f'unknown word "{word}";{near(word, explained_words())} aecli docs {WORDS} has all')
    if name not in titles:
        if item := explain_word(page):
            return item
        close = near(page, explained_words()) if not near(page, titles) else ""
        raise UsageError(f"unknown page {unknown_name(page, titles, 'pages')}{close and f';{close}'}")
    return (FOLDER / f"{name}.md").read_text(encoding="utf-8")
