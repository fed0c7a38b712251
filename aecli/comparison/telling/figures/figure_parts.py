"""What the figures of a comparison share: colours, labels that fit, and a figure with its caption."""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aecli.comparison.evidence.candidates import Candidate
from aecli.comparison.verdicts.group import Group
from aecli.comparison.verdicts.ranking import rank

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLOURS = ("#1f4e79", "#b5541c", "#2e7d4f", "#8e5aa8", "#c49a1a", "#2b97ad", "#c2407a", "#6b6b2f", "#7f7f7f", "#111111")
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "<", ">", "*")
LINES = (":", "--", "-.", (0, (9, 3)), (0, (6, 2, 1, 2, 1, 2)), (0, (1, 4)))
"""Of the baselines, which are grey."""
LABEL = 30
"""Letters of a label in one line; there are at most two lines."""


@dataclass(frozen=True)
class Drawing:
    """A figure with what it shows."""

    figure: "Figure | None"
    caption: str
    """What it shows; or why it could not be drawn."""
    is_photo: bool = False
    """It consists of pictures, so that PNG suits it better than SVG."""


def not_drawn(reason: str) -> Drawing:
    """In place of a figure that cannot be drawn."""
    return Drawing(None, reason)


def choose_drawn(group: Group, most: int) -> tuple[list[Candidate], str]:
    """The best candidates by the first metric, the one that the others are compared with always among them.

    Returns: at most `most` of them, and the sentence that says that some are not drawn.
    """
    ranked = rank(group.candidates, group.metrics[0])
    drawn = ranked[:most]
    if len(ranked) > most and group.baseline in ranked[most:]:
        drawn[-1] = group.baseline
    left = len(group.candidates) - len(drawn)
    why = f" Drawn: the {len(drawn)} best by {group.metrics[0].name}; {left} more are in the table." if left else ""
    return drawn, why


def figure_labels(candidates: Sequence[Candidate]) -> dict[str, str]:
    """Label -> what stands in a figure: in at most two lines, and unique."""
    shown: dict[str, str] = {}
    for number, candidate in enumerate(candidates, 1):
        text = fold_label(candidate.label)
        shown[candidate.label] = text if text not in shown.values() else fold_label(f"({number}) {candidate.label}")
    return shown


def fold_label(text: str) -> str:
    r"""Text in at most two lines, and no formula whatever dollars are in it.

    Example:
        >>> fold_label("mse, l2"), fold_label("a$b$")
        ('mse, l2', 'a\\$b\\$')
    """
    lines = textwrap.wrap(text, LABEL, max_lines=2, placeholder="…") or [""]
    return "\n".join(lines).replace("$", r"\$")


def clear_frame(axes: "Axes") -> None:
    """No frame above and at the right."""
    axes.spines[["top", "right"]].set_visible(False)


def better_words(name: str, better: str | None) -> str:
    """A name as the label of an axis, with an arrow towards what is better."""
    name = name.replace("$", r"\$")
    return f"←  better     {name}" if better == "lower" else f"{name}     better  →"
