"""A figure as a file that will be looked at alone: its caption stands on a strip of its own above it."""

import io
from collections.abc import Callable
from typing import TYPE_CHECKING

from aecli.drawing import DPI, GAP, draw_png

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FONT = 8
"""Points of the letters of a caption."""


def draw_with_caption(figure: "Figure", caption: str) -> bytes:
    """A figure under its caption, as PNG; the strip is another picture, so that no word can lie on the figure."""
    from PIL import Image

    picture = Image.open(io.BytesIO(draw_png(figure)))
    strip = Image.open(io.BytesIO(draw_strip(caption, picture.width)))
    whole = Image.new("RGB", (picture.width, strip.height + picture.height), "white")
    whole.paste(strip, (0, 0))
    whole.paste(picture, (0, strip.height))
    buffer = io.BytesIO()
    whole.save(buffer, "png")
    return buffer.getvalue()


def draw_strip(caption: str, width: int) -> bytes:
    """The words of a caption on white, as PNG; as wide as the figure in pixels, and as high as they take."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties

    figure, font = Figure(dpi=DPI), FontProperties(size=FONT)
    renderer = FigureCanvasAgg(figure).get_renderer()
    lines = break_lines(
        caption, width - 2 * GAP, lambda text: renderer.get_text_width_height_descent(text, font, ismath=False)[0]
    )
    text = "\n".join(lines).replace("$", r"\$")
    words = figure.text(0, 1, text, fontproperties=font, ha="left", va="top", linespacing=1.3)
    height = words.get_window_extent(renderer).height + 2 * GAP
    figure.set_size_inches((width + 0.01) / DPI, (height + 0.01) / DPI)
    words.set_position((GAP / width, 1 - GAP / height))
    return draw_png(figure)


def break_lines(text: str, width: float, measure: Callable[[str], float]) -> list[str]:
    """Lines that are no wider than they may be, broken at blanks; a word that is wider is broken where it must be.

    Example:
        >>> break_lines("one two threeandfour", 8, len)
        ['one two', 'threeand', 'four']
    """
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".lstrip()
        if measure(longer) <= width:
            lines[-1] = longer
            continue
        lines.append("")
        for letter in word:
            if lines[-1] and measure(lines[-1] + letter) > width:
                lines.append("")
            lines[-1] += letter
    return [line for line in lines if line]
