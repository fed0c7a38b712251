"""Text for one line of a terminal or a file: what may be printed, how many there are, and the first few of them.

Knows nothing of this project.
"""

import re
import shlex
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, overload

SHOWN = 4
"""Things of a list that are named; the others are counted."""


def printable(text: object) -> str:
    r"""Text for one line of a terminal or a file: control characters are shown as escapes, not obeyed.

    Example:
        >>> printable("runs/a\n\x1b[31mred")
        'runs/a\\n\\x1b[31mred'
    """
    return re.sub(
        r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]",
        lambda match: ascii(match[0])[1:-1],
        str(text),
    )


def counted(number: int, noun: str) -> str:
    """A number of things.

    Example:
        >>> counted(1, "seed"), counted(2, "seed")
        ('1 seed', '2 seeds')
    """
    return f"{number} {noun}{'' if number == 1 else 's'}"


@overload
def each(one_or_many: str | Sequence[str]) -> list[str]: ...
@overload
def each(one_or_many: str | Path | Sequence[str | Path]) -> list[str | Path]: ...
def each(one_or_many: str | Path | Sequence[str | Path]) -> list[Any]:
    """A text or a path by itself as a list of one, never taken apart; of anything else its items.

    Raises:
        TypeError: they are no texts or paths.
    Example:
        >>> each("seed=3"), each(["a", "b"])
        (['seed=3'], ['a', 'b'])
    """
    if isinstance(one_or_many, (str, Path)):
        return [one_or_many]
    items = None if isinstance(one_or_many, (Mapping, bytes)) else list(one_or_many)
    if items is None or not all(isinstance(item, (str, Path)) for item in items):
        raise TypeError(f'expected a text such as "seed=3", or several in a list, got {one_or_many!r}')
    return items


def shell_word(text: object) -> str:
    """A path or another text as one word of a command that somebody may copy: quoted where it has blanks.

    Example:
        >>> shell_word("my runs/a"), shell_word("runs/a")
        ("'my runs/a'", 'runs/a')
    """
    return shlex.quote(printable(text))


def several(items: Iterable[object]) -> str:
    """The first few of some things, fit to be printed.

    Example:
        >>> several("abcdef")
        'a, b, c, d and 2 more'
    """
    texts = [printable(item) for item in items]
    return ", ".join(texts[:SHOWN]) + (f" and {len(texts) - SHOWN} more" if len(texts) > SHOWN else "")
