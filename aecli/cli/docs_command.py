"""`aecli docs`."""

from typing import Annotated

import typer


def add_commands(app: typer.Typer) -> None:
    """Enrol the command."""
    app.command()(docs)


def complete_page(incomplete: str) -> list[str]:
    """Pages that begin with what was typed."""
    from aecli.pages import page_titles

    return [name for name in page_titles() if name.startswith(incomplete)]


def complete_word(incomplete: str) -> list[str]:
    """Words that begin with what was typed."""
    from aecli.pages import explained_words

    return [word for word in explained_words() if word.startswith(incomplete)]


def docs(
    page: Annotated[str | None, typer.Argument(metavar="PAGE", help="Its name.", autocompletion=complete_page)] = None,
    word: Annotated[
        str | None, typer.Argument(metavar="WORD", help="Of the page `words`.", autocompletion=complete_word)
    ] = None,
) -> None:
    """Read the documentation: one page, or the list of all pages.

    On a terminal a page is drawn; elsewhere, as in a pipe, it is the Markdown itself.

    Example: [bold]aecli docs comparing[/] or [bold]aecli docs words fvu[/]
    """
    from aecli import pages
    from aecli.console.markdown import show_page, show_pages

    if page is None:
        show_pages(pages.docs())
    else:
        show_page(pages.docs(page, word))
