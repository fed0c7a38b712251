"""A line of progress that is never wider than the screen: parts are left out whole, and no number is cut."""

from collections.abc import Iterable, Sequence

from aecli.console.tables import letters, shortened

BAR, LONGEST_BAR = 8, 40
"""Letters of a bar, at least and at most; between them it takes a fifth of the screen."""
CLOCK = 7
"""Letters of the time that is left beside a bar, such as 0:12:34."""
LEAST_LABEL = 12
"""Letters that a label is shortened to before the number behind it is left out."""


def first_that_fits(forms: Iterable[Sequence[str]], width: int) -> str:
    """The parts of the first form that are narrow enough together, else those of the last one.

    Example:
        >>> forms = [("epoch 3/50", "loss 0.0123", "0:36 left"), ("epoch 3/50", "0:36 left")]
        >>> first_that_fits(forms, 40), first_that_fits(forms, 30)
        ('epoch 3/50  loss 0.0123  0:36 left', 'epoch 3/50  0:36 left')
    """
    line = ""
    for parts in forms:
        line = "  ".join(part for part in parts if part)
        if letters(line) <= width:
            break
    return line


def bar_width(width: int) -> int:
    """The letters of a bar on a screen of so many letters."""
    return max(BAR, min(LONGEST_BAR, width // 5))


def labelled(label: str, number: str, width: int) -> str:
    """A label and a number behind it; where they are too wide, the label loses its middle, then the number goes.

    Example:
        >>> labelled("optimizer.lr=0.001, seed=0", "mse 0.0123", 60)
        'optimizer.lr=0.001, seed=0  mse 0.0123'
        >>> labelled("optimizer.lr=0.001, seed=0", "mse 0.0123", 30)
        'optimizer…, seed=0  mse 0.0123'
        >>> labelled("optimizer.lr=0.001, seed=0", "mse 0.0123", 20)
        'optimizer.…1, seed=0'
    """
    room = width - letters(number) - 2
    if number and room >= min(LEAST_LABEL, letters(label)):
        return f"{shortened(label, room)}  {number}"
    return shortened(label, width)
