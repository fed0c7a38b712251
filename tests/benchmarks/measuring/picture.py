"""The result as horizontal bars, the machine's limit as a line."""

from pathlib import Path
from typing import Any

OURS, PEER, INK = "#c44e52", "#8da0b6", "#333333"


def draw(result: dict[str, Any], path: Path) -> None:
    """Seconds per epoch by peer, quickest on top, with the range over the rounds."""
    from matplotlib.figure import Figure

    rows = [row for row in result["rows"] if "epoch_s" in row]
    figure = Figure(figsize=(8.5, 1.6 + 0.36 * len(rows)), layout="constrained")
    axes = figure.subplots()
    seconds = [row["epoch_s"] for row in rows]
    ranges = [
        [row["epoch_s"] - min(row["epochs_s"]) for row in rows],
        [max(row["epochs_s"]) - row["epoch_s"] for row in rows],
    ]
    colours = [OURS if row["ours"] else PEER for row in rows]
    axes.barh(range(len(rows)), seconds, xerr=ranges, color=colours, ecolor=INK, error_kw={"linewidth": 1}, height=0.7)
    for place, row in enumerate(rows):
        axes.annotate(
            f"{row['epoch_s']:.2f}", (max(row["epochs_s"]), place), (5, 0), textcoords="offset points", va="center"
        )
    axes.set_yticks(range(len(rows)), [row["name"] for row in rows])
    axes.invert_yaxis()
    axes.set_xlim(0, 1.12 * max(max(row["epochs_s"]) for row in rows))
    axes.set_xlabel(f"seconds per epoch of {result['images']:,} images (median; line: range over the rounds)")
    if limit := result["limit"]:
        axes.axvline(limit["epoch_s"], color=INK, linestyle="--", linewidth=1)
        label = f"limit {limit['epoch_s']:.2f} s: {limit['gflops']:.0f} GFLOP/s"
        axes.annotate(
            label, (limit["epoch_s"], 1), (4, 3), xycoords=("data", "axes fraction"), textcoords="offset points"
        )
    axes.spines[["top", "right"]].set_visible(False)
    machine = result["machine"]
    figure.suptitle(f"{machine['cpu']}, {machine['cores']} cores, {result['date']}", fontsize=9, color=INK)
    figure.savefig(path, dpi=150)
