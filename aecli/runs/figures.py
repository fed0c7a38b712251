"""How every figure looks and how it is written: without pyplot, so without any display, and always the same bytes.

It knows matplotlib and nothing of torch, so that figures of one run and of many share it.
"""

import io
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aecli.runs.files import write_atomic

if TYPE_CHECKING:
    import numpy as np
    from matplotlib.figure import Figure

DPI = 120


def save_figure(figure: "Figure", path: Path) -> None:
    """Write a figure as PNG."""
    content = draw_png(figure)
    write_atomic(path, lambda file: file.write(content))


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


def scale_values(axes: Any, values: Sequence[float]) -> None:
    """A logarithmic axis with plain numbers, where the values span enough for it."""
    from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

    if not values or min(values) <= 0 or max(values) < 10 * min(values):
        return
    axes.set_yscale("log")
    axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.yaxis.set_minor_formatter(NullFormatter())


def marker_for(epochs: Sequence[int]) -> str:
    """Dots where a line alone could not be seen."""
    return "." if len(epochs) < 20 else ""


def show_image(axes: Any, image: "np.ndarray", *, is_error: bool) -> None:
    """Draw one image, (H, W, C) in [0, 1], or one error: red for too bright, or in colour around grey."""
    if image.shape[-1] == 3:
        axes.imshow((0.5 + image / 2 if is_error else image).clip(0, 1))
    elif is_error:
        axes.imshow(image[..., 0], cmap="RdBu_r", vmin=-1, vmax=1)
    else:
        axes.imshow(image[..., 0], cmap="gray", vmin=0, vmax=1)
    axes.set(xticks=[], yticks=[])
    axes.spines[:].set_visible(False)
