"""Pages of the documentation on the screen: drawn on a terminal, elsewhere the Markdown as it is."""

import re

from aecli.console.printing import say, show, stdout

PICTURE = re.compile(r"!\[([^]]*)\]\([^)]*\)")
LINK = re.compile(r"(?<!!)\[([^]]+)\]\(([^)\s]+)\)")
CODE = re.compile(r"(^```.*?^```$|`[^`\n]+`)", re.S | re.M)
UP = "../../"
"""From the pages to the root of a checkout."""
CODE_COLOURS = "ansi_light"
"""The terminal's own colours, whatever its background is."""


def show_pages(listed: str) -> None:
    """The list of all pages, and how to read one."""
    say(listed.rstrip("\n"))
    say("\nread one: aecli docs PAGE, such as configs; look up a word: aecli docs fvu")


def show_page(text: str) -> None:
    """One page."""
    if not stdout().is_terminal:
        say(text.rstrip("\n"))
        return
    from rich.markdown import Markdown

    show(Markdown(for_the_screen(text), code_theme=CODE_COLOURS, hyperlinks=False))


def for_the_screen(text: str) -> str:
    """Markdown whose links to other pages say how these are read here, and whose pictures are named.

    Example:
        >>> for_the_screen("See [the sweeps](sweeps.md#plan), [below](#more), ![a curve](curve.png)")
        'See the sweeps (`aecli docs sweeps`), below, (picture: a curve)'
    """
    parts = CODE.split(text)  # code stands at the odd places and stays as it is
    parts[::2] = [LINK.sub(spell_link, PICTURE.sub(r"(picture: \1)", part)) for part in parts[::2]]
    return "".join(parts)


def spell_link(link: re.Match[str]) -> str:
    """A link as words."""
    label, target = link.groups()
    if target.startswith("#"):
        return label
    if page := re.fullmatch(r"(\w+)\.md(#[\w-]*)?", target):
        return f"{label} (`aecli docs {page[1]}`)"
    if target.startswith(UP):
        return f"{label} ({target.removeprefix(UP)} in the repository)"
    return link[0]
