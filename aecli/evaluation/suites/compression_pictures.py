"""The picture of the compression suite: rate against distortion of every coder."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LOSSY = {"klt": "KLT", "jpeg": "JPEG", "jpeg_2000": "JPEG 2000", "webp": "WebP"}
"""Name of a curve -> how it is written."""
COLORS = {"klt": "#1f4e79", "jpeg": "#8c8c8c", "jpeg_2000": "#5a8f5a", "webp": "#8a5fa8"}
MODEL_COLOR = "#b5541c"
HEADROOM_DB = 10.0
"""The picture ends so far above the model without quantization."""

Point = dict[str, Any]
"""`bits_per_pixel`, `mse`, `psnr_db`, and what else is known of one setting of a coder."""


def plot(numbers: dict[str, Any]) -> "Figure":
    """Bits per pixel, logarithmic, against PSNR, or against MSE where the data has no range."""
    from matplotlib.figure import Figure

    key = "mse" if numbers["unquantized"]["psnr_db"] is None else "psnr_db"
    figure = Figure(figsize=(7.4, 4.8), layout="constrained")
    axes = figure.subplots()
    before, equal = numbers["unquantized"][key], numbers["at_equal_mse"]["near_unquantized"]
    for name, curve in numbers["curves"].items():
        plot_curve(axes, name, [point for point in curve if is_shown(point, key, before)], key)
    axes.axhline(before, color=MODEL_COLOR, linestyle=":", linewidth=1, zorder=1, label="this model, not quantized")
    ends = [equal["bits_per_pixel"][name] for name in ("model", "klt")]
    if all(ends):
        axes.plot(ends, [equal[key]] * 2, "k|-", linewidth=1, markersize=9, zorder=4, label="compared here")
    if any(is_shown(point, key, before) for curve in numbers["curves"].values() for point in curve):
        scale_bits(axes)
    axes.set(title=title(numbers), xlabel="bits per pixel", ylabel={"mse": "MSE", "psnr_db": "PSNR in dB"}[key])
    axes.grid(color="#e6e6e6", linewidth=0.7)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, fontsize="small")
    return figure


def scale_bits(axes: "Axes") -> None:
    """A logarithmic axis with plain numbers."""
    from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

    axes.set_xscale("log")
    axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.xaxis.set_minor_formatter(NullFormatter())


def is_shown(point: Point, key: str, before: float) -> bool:
    """Whether a point can be drawn on a logarithmic axis, and is not far above what the model can reach."""
    if point["bits_per_pixel"] == 0 or point[key] is None:
        return False
    return key == "mse" or point[key] < before + HEADROOM_DB


def plot_curve(axes: "Axes", name: str, points: list[Point], key: str) -> None:
    """One coder; the points of the model carry their bits per unit."""
    x, y = [point["bits_per_pixel"] for point in points], [point[key] for point in points]
    if name != "model":
        axes.plot(x, y, marker=".", linewidth=1.3, color=COLORS[name], label=LOSSY[name])
        return
    style: dict[str, Any] = {"color": MODEL_COLOR, "linewidth": 2.2, "markersize": 5, "zorder": 3}
    axes.plot(x, y, marker="o", label="this model, bits per unit at the dots", **style)
    style = {"textcoords": "offset points", "ha": "right", "fontsize": 8, "color": MODEL_COLOR}
    for point in points:
        axes.annotate(str(point["bits_per_unit"]), (point["bits_per_pixel"], point[key]), (-4, 6), **style)


def title(numbers: dict[str, Any]) -> str:
    """The finding in words, where there is one."""
    equal = numbers["at_equal_mse"]["near_unquantized"]
    share = equal["saving"]["klt"]
    if share is None:
        return "bits per pixel and error"
    return f"{100 * abs(share):.0f} % {'fewer' if share >= 0 else 'more'} bits than KLT at MSE {equal['mse']:.4g}"
