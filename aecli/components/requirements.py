"""What the data may be, and what components need of it, in the words of a refusal.

A component that needs something registers a function that takes `Rows` and says what is missing, or nothing; whoever
checks a config calls it and puts the component's name before the words.
"""

from collections.abc import Callable
from typing import NamedTuple

WINDOW_PIXELS = 11
"""The least side of an image that structural similarity can be measured on: its window's."""


class Rows(NamedTuple):
    """What a data set says of its rows."""

    name: str
    """Of the data set."""
    size: int
    """Pixels per image, or columns."""
    image_shape: tuple[int, int, int] | None
    """Channels, height, width; nothing for tables."""
    train_in_unit_range: bool
    """Whether the training rows lie in [0, 1]."""
    unit_range: bool
    """Whether all rows do."""

    @property
    def is_image(self) -> bool:
        """Whether rows are images that are large enough for structural similarity."""
        return self.image_shape is not None and min(self.image_shape[1:]) >= WINDOW_PIXELS


Requirement = Callable[[Rows], str | None]
"""Says what is missing, such as `needs images`; None where nothing is."""


def inputs_in_unit_range(rows: Rows) -> str | None:
    """For what computes with pixels in [0, 1].

    Example:
        >>> inputs_in_unit_range(Rows("csv", 3, None, False, False))
        'needs values in [0, 1]; csv has others: use scaling: minmax'
    """
    if rows.train_in_unit_range:
        return None
    return f"needs values in [0, 1]; {rows.name} has others: use scaling: minmax"


def targets_in_unit_range(rows: Rows) -> str | None:
    """For losses that read targets as probabilities."""
    if rows.train_in_unit_range:
        return None
    return f"needs targets in [0, 1]; {rows.name} has others: use scaling: minmax"


def images(rows: Rows) -> str | None:
    """For what looks at neighbouring pixels."""
    return None if rows.image_shape else f"compares images; {rows.name} has rows without an image shape"


def windows(rows: Rows) -> str | None:
    """For what looks through the window of structural similarity."""
    if rows.image_shape is None or rows.is_image:
        return images(rows)
    side = min(rows.image_shape[1:])
    return f"needs images of at least {WINDOW_PIXELS} x {WINDOW_PIXELS} pixels, got {side}"
