"""How every figure looks and how it is written: without pyplot, so without any display, and always the same bytes.

It knows matplotlib and nothing of torch, so that figures of one run and of many share it.
"""

import io
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from aecli.files.writing import write_atomic

if TYPE_CHECKING:
    import numpy as np
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.text import Text

DPI = 120
TILE = 102
"""About how many pixels the longer side of an image takes in a figure."""
GAP = 9
"""Pixels between images, and around everything."""


@dataclass(frozen=True)
class ImageRow:
    """Images of one size side by side, with a caption at the left and words above and below each of them."""

    caption: str
    images: "Sequence[np.ndarray]"
    """(H, W, C) each, in [0, 1]; errors in [-1, 1]."""
    is_error: bool = False
    """Red for too bright and blue for too dark; in colour, around grey."""
    above: Sequence[str] = ()
    below: Sequence[str] = ()
    is_bold: Sequence[bool] = ()
    """Which of the words below are in bold type."""


def save_figure(figure: "Figure", path: Path, *, below: Path | None = None) -> None:
    """Write a figure as PNG; see `write_atomic` for the folder that it belongs to."""
    content = draw_png(figure)
    write_atomic(path, lambda file: file.write(content), below=below)


def draw_png(figure: "Figure") -> bytes:
    """A figure as PNG."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    FigureCanvasAgg(figure)
    return draw(figure, format="png", dpi=DPI)


def draw_svg(figure: "Figure") -> bytes:
    """A figure as SVG, its letters as outlines; the same figure gives the same bytes."""
    from matplotlib import rc_context
    from matplotlib.backends.backend_svg import FigureCanvasSVG

    FigureCanvasSVG(figure)
    with rc_context({"svg.hashsalt": "aecli", "svg.fonttype": "path"}):
        return draw(figure, format="svg", metadata={"Date": None})


def draw(figure: "Figure", **options: Any) -> bytes:
    """Draw a figure; a letter that the font lacks becomes a box without a word about it."""
    buffer = io.BytesIO()
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing")
        figure.savefig(buffer, **options)
    return buffer.getvalue()


def scale_values(axes: "Axes", values: Sequence[float], *, along: str = "y") -> None:
    """A logarithmic axis, y or x, with plain numbers, where the values span enough for it."""
    from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

    if not values or min(values) <= 0 or max(values) < 10 * min(values):
        return
    axes.set(**{f"{along}scale": "log"})
    axis = axes.xaxis if along == "x" else axes.yaxis
    axis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axis.set_minor_formatter(NullFormatter())


def marker_for(epochs: Sequence[int]) -> str:
    """Dots where a line alone could not be seen."""
    return "." if len(epochs) < 20 else ""


def draw_image_rows(rows: Sequence[ImageRow], title: str = "") -> "Figure":
    """Rows of images under a title.

    All of them are one picture and every word is put at its pixel, counted from below: axes for each image, and a
    layout found by trying, would take twenty times as long.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    tiles = [[make_tile(image, is_error=row.is_error) for image in row.images] for row in rows]
    figure = Figure(dpi=DPI)
    canvas = FigureCanvasAgg(figure)
    head = write_words(canvas, [title] if title else [], 9, va="top")
    captions = write_words(canvas, [row.caption for row in rows], 8, ha="right", va="center")
    above = [write_words(canvas, row.above, 7, va="bottom") for row in rows]
    below = [write_words(canvas, row.below, 7, va="top", is_bold=row.is_bold) for row in rows]
    step = max(tiles[0][0].shape[1] + GAP, *(words.width + GAP for words in (*above, *below)))
    left = captions.width + 2 * GAP
    width = max(left + step * max(len(line) for line in tiles), head.width + GAP) + GAP
    sheet = Sheet(left, step, top=GAP + bool(head.texts) * (head.height + GAP))
    sheet.places += [(text, width / 2, GAP) for text in head.texts]
    for line, caption, upper, lower in zip(tiles, captions.texts, above, below, strict=True):
        sheet.add_row(line, caption, upper, lower)
    figure.set_size_inches((width + 0.01) / DPI, (sheet.top + 0.01) / DPI)
    figure.add_artist(make_artist(sheet.paint(width)))
    for text, x, from_top in sheet.places:
        text.set_position((x, sheet.top - from_top))
    return figure


@dataclass(frozen=True)
class Words:
    """Words of a figure that have no place yet."""

    texts: "Sequence[Text]"
    width: int
    """Pixels that the widest of them takes."""
    height: int
    """Pixels that the highest of them takes."""


def write_words(
    canvas: "FigureCanvasAgg",
    words: Sequence[str],
    fontsize: float,
    *,
    ha: Literal["center", "right"] = "center",
    va: Literal["top", "center", "bottom"],
    is_bold: Sequence[bool] = (),
) -> Words:
    """Put words into the figure of a canvas, somewhere, and measure them."""
    from matplotlib.transforms import IdentityTransform

    texts = [
        canvas.figure.text(0, 0, word, fontsize=fontsize, transform=IdentityTransform(), ha=ha, va=va) for word in words
    ]
    for text, bold in zip(texts, is_bold, strict=False):
        text.set_fontweight("bold" if bold else "normal")
    renderer = canvas.get_renderer()
    boxes = [text.get_window_extent(renderer) for text in texts]
    width, height = (max((getattr(box, side) for box in boxes), default=0.0) for side in ("width", "height"))
    return Words(texts, int(width) + 1, int(height) + 1)


@dataclass
class Sheet:
    """Where each tile and each word of a picture goes, row under row, in pixels from its upper left corner."""

    left: int
    """Where the first tile of a row begins."""
    step: int
    """From one tile to the next."""
    top: int
    """Where the next row begins."""
    tiles: "list[tuple[np.ndarray, int, int]]" = field(default_factory=list)
    places: "list[tuple[Text, float, float]]" = field(default_factory=list)

    def add_row(self, tiles: "Sequence[np.ndarray]", caption: "Text", above: Words, below: Words) -> None:
        """Place one row and its words."""
        high, wide = tiles[0].shape[:2]
        self.top += bool(above.texts) * (above.height + 3)
        self.places.append((caption, self.left - GAP, self.top + high / 2))
        starts = [self.left + self.step * column for column in range(len(tiles))]
        self.tiles += [(tile, self.top, x + (self.step - wide) // 2) for tile, x in zip(tiles, starts, strict=True)]
        for words, y in ((above, self.top - 3), (below, self.top + high + 3)):
            self.places += [(text, x + self.step // 2, y) for text, x in zip(words.texts, starts, strict=False)]
        self.top += high + bool(below.texts) * (below.height + 3) + GAP

    def paint(self, width: int) -> "np.ndarray":
        """All tiles on white, as bytes."""
        import numpy as np

        pixels_HWC = np.full((self.top, width, 3), 255, np.uint8)
        for tile, y, x in self.tiles:
            pixels_HWC[y : y + tile.shape[0], x : x + tile.shape[1]] = tile
        return pixels_HWC


def make_artist(pixels_HWC: "np.ndarray") -> "Artist":
    """Bytes that are drawn as they are: matplotlib's own images are resampled, which takes longer than all the rest."""
    import numpy as np
    from matplotlib.artist import Artist

    rgba_HW4 = np.dstack([pixels_HWC, np.full(pixels_HWC.shape[:2], 255, np.uint8)])[::-1].copy()
    artist = Artist()
    artist.draw = (  # type: ignore[method-assign]  # a subclass would have its docstrings assembled at each call
        lambda renderer: renderer.draw_image(renderer.new_gc(), 0, 0, rgba_HW4)
    )
    return artist


def make_tile(image: "np.ndarray", *, is_error: bool) -> "np.ndarray":
    """An image, or an error, as it is drawn: enlarged by a whole number or reduced, in bytes, in a thin grey frame."""
    import numpy as np
    from matplotlib import colormaps
    from PIL import Image

    if image.shape[-1] == 3 or not is_error:
        values = 0.5 + image / 2 if is_error else image
        bytes_HWC = np.rint(255 * np.nan_to_num(values).clip(0, 1)).astype(np.uint8)
        bytes_HWC = bytes_HWC if image.shape[-1] == 3 else bytes_HWC[..., :1].repeat(3, -1)
    else:
        bytes_HWC = colormaps["RdBu_r"](0.5 + image[..., 0] / 2, bytes=True)[..., :3]
    height, width = image.shape[:2]
    factor = TILE / max(height, width)
    factor = int(factor + 0.4) if factor > 1 else factor
    size = [max(1, round(side * factor)) for side in (width, height)]
    way = Image.Resampling.NEAREST if factor >= 1 else Image.Resampling.HAMMING
    tile = Image.fromarray(np.ascontiguousarray(bytes_HWC)).resize(size, way)
    return np.pad(np.asarray(tile), ((1, 1), (1, 1), (0, 0)), constant_values=190)
