"""From turns to rows: medians, ratios round by round, and the machine's limit."""

import statistics
from collections.abc import Sequence
from typing import Any

from measuring.rounds import Lane

IMAGES = 60_000
GFLOP_PER_EPOCH = 67.6
"""Forward, and backward without the gradient of the images: 2 * 60,000 * (3 * 221,184 - 784 * 128) = 67.6e9."""
SPINNING = 0.05
"""Cores: a peer that uses more than this while it should sleep slows the others."""


def machine_limit(lanes: Sequence[Lane], images: int) -> dict[str, Any] | None:
    """The best rate of a float32 matrix product that any library reached in any turn, and what an epoch then takes."""
    found: dict[tuple[str, str], float] = {}
    for lane in lanes:
        for turn in lane.turns:
            for shape, rate in turn["gflops"].items():
                key = (lane.peer.name, shape)
                found[key] = max(found.get(key, 0.0), rate)
    if not found:
        return None
    (library, shape), best = max(found.items(), key=lambda item: item[1])
    rates: dict[str, dict[str, float]] = {}
    for (name, each), rate in found.items():
        rates.setdefault(name, {})[each] = round(rate, 1)
    epoch_s = GFLOP_PER_EPOCH * images / IMAGES / best
    return {"gflops": round(best, 1), "library": library, "shape": shape, "epoch_s": epoch_s, "rates": rates}


def rows_of(lanes: Sequence[Lane], limit: dict[str, Any] | None, images: int) -> list[dict[str, Any]]:
    """One row per peer, quickest first and those that failed last; ratios are to the first lane, aecli's."""
    reference = epochs(lanes[0])
    rows = [
        {"name": lane.peer.name, "ours": lane.peer.ours, **row_of(lane, reference, limit, images)} for lane in lanes
    ]
    return sorted(rows, key=lambda row: row.get("epoch_s", float("inf")))


def row_of(lane: Lane, reference: Sequence[float], limit: dict[str, Any] | None, images: int) -> dict[str, Any]:
    """What was measured of one peer; one that failed has no median."""
    seconds = epochs(lane)
    known = {
        "versions": lane.ready.get("versions", {}),
        "epochs_s": seconds,
        "epochs_cpu_s": [turn["cpu_s"] for turn in lane.turns[1:]],
    }
    if lane.failure or not seconds:
        return {"failure": lane.failure or "no round was measured", **known}
    median = statistics.median(seconds)
    ratios = [a / b for a, b in zip(reference, seconds, strict=False)]
    return {
        "epoch_s": median,
        "epoch_cpu_s": statistics.median(known["epochs_cpu_s"]),
        "images_per_s": round(images / median),
        "reference_ratio": statistics.median(ratios) if ratios else None,
        "limit_ratio": median / limit["epoch_s"] if limit else None,
        "setup_s": lane.ready["setup_s"],
        "compile_s": max(0.0, lane.turns[0]["seconds"] - median),
        "peak_mb": lane.turns[-1]["peak_mb"],
        "last_loss": lane.turns[-1].get("loss"),
        "idle_cores": max(turn["idle_cores"] for turn in lane.turns[1:]),
        **known,
    }


def epochs(lane: Lane) -> list[float]:
    """Seconds of its epochs, the warm-up left out."""
    return [turn["seconds"] for turn in lane.turns[1:]]


def versions_of(rows: Sequence[dict[str, Any]]) -> dict[str, str]:
    """All libraries that took part."""
    merged: dict[str, str] = {}
    for row in rows:
        for name, version in row["versions"].items():
            key = name if merged.get(name, version) == version else f"{name} (aecli's environment)"
            merged[key] = version
    return {name: version for name, version in merged.items() if version}


def spinners(rows: Sequence[dict[str, Any]]) -> list[str]:
    """Peers that kept a core busy out of turn."""
    return [f"{row['name']} ({row['idle_cores']:.2f} cores)" for row in rows if row.get("idle_cores", 0) > SPINNING]
