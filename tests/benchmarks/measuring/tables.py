"""The result as Markdown."""

from typing import Any

from measuring.machine import footer
from measuring.results import spinners, versions_of


def markdown(result: dict[str, Any]) -> str:
    """The table, the limit, and what both were measured on."""
    rows, reference, limit = result["rows"], result["reference"], result["limit"]
    head = ["", "s per epoch", "images/s", f"`{reference}` takes", "x limit", "set-up s", "first epoch + s", "peak MB"]
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *map(cells, rows)]
    parts = ["\n".join(f"| {' | '.join(line)} |" for line in lines)]
    parts.append(
        f"Epochs of {result['images']:,} images; median of {result['rounds']} interleaved rounds, in parentheses the "
        f"quickest and the slowest. `{reference}` takes: its time as a share of this row's, median over the rounds. "
        "Set-up: from the start of the process to its first step, imports included. First epoch +: what the first "
        "epoch takes longer, compilation above all. Peak MB: of the process itself, without workers. aecli's rows "
        "train as their config says, with no images held out."
    )
    if limit:
        parts.append(
            f"Limit: {limit['epoch_s']:.3f} s for the products of an epoch (67.6 GFLOP per 60,000 images) at "
            f"{limit['gflops']:.0f} GFLOP/s, the best rate of a float32 matrix product found here "
            f"({limit['library']}, {limit['shape']})."
        )
    if spinning := spinners(rows):
        parts.append(f"Doubtful, since not everyone slept out of turn: {', '.join(spinning)}.")
    parts.append(footer(result, versions_of(rows)))
    return "\n\n".join(parts) + "\n"


def cells(row: dict[str, Any]) -> list[str]:
    """One row; a peer that failed says so."""
    name = row["name"].replace("|", "/")
    if "failure" in row:
        return [name, row["failure"].replace("|", "/").replace("\n", " "), *[""] * 6]
    low, high = min(row["epochs_s"]), max(row["epochs_s"])
    return [
        name,
        f"{row['epoch_s']:.2f} ({low:.2f}-{high:.2f})",
        f"{row['images_per_s']:,}",
        optional(row["reference_ratio"], ".2f"),
        optional(row["limit_ratio"], ".1f"),
        f"{row['setup_s']:.1f}",
        f"{row['compile_s']:.1f}",
        optional(row["peak_mb"], ".0f"),
    ]


def optional(value: float | None, pattern: str) -> str:
    """A number, or nothing where it could not be measured."""
    return "" if value is None else format(value, pattern)
