"""What all answers have in common: short in a line, whole when printed, HTML in a notebook, plain data for JSON."""

from typing import Any

from aecli.api.html import text_html
from aecli.console.captured import text_of


class Answer:
    """What a question came to. `repr` is one line, `str` what the command prints, `plain` what its --json prints."""

    def brief(self) -> str:
        """What it says in a few words."""
        raise NotImplementedError

    def show(self) -> None:
        """Print what the command prints."""
        raise NotImplementedError

    def plain(self) -> dict[str, Any] | list[dict[str, Any]]:
        """As data for JSON, the same as the command's."""
        raise NotImplementedError

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.brief()})"

    def __str__(self) -> str:
        return text_of(self.show)

    def _repr_html_(self) -> str:
        return text_html(str(self))
