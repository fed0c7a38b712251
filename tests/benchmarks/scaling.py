"""How the time of an epoch and the memory grow: with the data, the batch, the width of the net, the threads.

python tests/benchmarks/scaling.py --out DIR [--rounds 3] [--seconds 1.0] [--threads 1 2]

The data are digits of MNIST, drawn and shifted by a fixed generator, in .npy files that aecli loads by itself. Two
processes, with one thread and with two, take turns, point by point and round by round; the first round is not counted.
A point trains with `fit` for about --seconds; where that is less than an epoch, the rest is scaled up from the steps
after the first one. Memory is measured in a process of its own per size, above what is resident after a training on
6,000 images (Linux only). Writes scaling.json, scaling.md and scaling.png into DIR.
"""

import argparse
import json
import multiprocessing
import statistics
import sys
import tempfile
import time
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from measuring.machine import describe_occasion, footer

SIZES = (6_000, 20_000, 60_000, 200_000, 600_000)
BATCHES = (32, 64, 128, 256, 512, 1024, 2048, 4096, 8192)
FACTORS = (1, 2, 4, 8, 16)
COLOURS = {1: "#c44e52", 2: "#4c72b0"}
"""By number of threads."""
TEST = 1_000
WORSE = 1.05
"""An exponent, or bytes resident per byte of data, above which growth is called worse than linear."""
PIXELS = 784


class Point(NamedTuple):
    """What is trained."""

    images: int = 60_000
    batch: int = 256
    factor: int = 1
    """On the widths 128, 64, 32."""
    held_out: int = 0


POINTS = sorted(
    {Point(images=n) for n in SIZES} | {Point(batch=b) for b in BATCHES} | {Point(factor=f) for f in FACTORS}
)


def write_digits(folder: Path) -> None:
    """One .npy file of bytes per size: digits of MNIST, shifted by up to two pixels."""
    from aecli.components.data import load_dataset

    digits_NHW = load_dataset("mnist", {}).train_NP.reshape(-1, 28, 28)
    for size in (TEST, *SIZES):
        rng = np.random.default_rng(0)
        file = np.lib.format.open_memmap(folder / f"{size}.npy", "w+", np.uint8, (size, 28, 28))
        for start in range(0, size, 6_000):
            rows = rng.integers(len(digits_NHW), size=min(6_000, size - start))
            file[start : start + 6_000] = np.roll(digits_NHW[rows], rng.integers(-2, 3, size=2), (1, 2))


def make_run(point: Point, folder: Path) -> Any:
    """The run of a point, prepared as `aecli train` does it."""
    from aecli.config.load import load_config
    from aecli.training.build import prepare

    files = {"name": "npy", "file": str(folder / f"{point.images}.npy"), "test_file": str(folder / f"{TEST}.npy")}
    settings = {
        "data.dataset": json.dumps(files),
        "data.validation": point.held_out or "test",
        "architecture.widths": [PIXELS, *(point.factor * width for width in (128, 64, 32))],
        "training.batch_size": point.batch,
        "training.epochs": 1,
        "training.device": "cpu",
    }
    return prepare(load_config("mse.yaml", set=[f"{key}={value}" for key, value in settings.items()]))


class TimeIsUp(Exception):
    """Enough steps were measured."""


def clocks() -> np.ndarray:
    """Wall and processor seconds."""
    return np.array([time.perf_counter(), time.process_time()])


def time_epoch(trainee: Any, seconds: float) -> np.ndarray:
    """Wall and processor seconds of an epoch, of which about so many seconds are trained."""
    from aecli.training.loop import StepEvent, fit

    steps: list[tuple[np.ndarray, int]] = []

    def record(event: Any) -> bool:
        if isinstance(event, StepEvent):
            steps.append((clocks(), event.images))
            if len(steps) > 1 and steps[-1][0][0] - begin[0] > seconds:
                raise TimeIsUp
        return False

    begin = clocks()
    try:
        fit(trainee, 1, record)
    except TimeIsUp:
        (first, done), (last, images) = steps[0], steps[-1]  # what an epoch begins with is in the first step's time
        return first - begin + (last - first) * (len(trainee.train) - done) / (images - done)
    return clocks() - begin


def time_gather(trainee: Any, batch: int) -> float:
    """Processor seconds per image to pick random rows and make them float32."""
    import torch

    order_N = torch.randperm(len(trainee.train))[: 50 * batch]
    begin = time.process_time()
    for rows_B in order_N.split(batch):
        trainee.train.batch(rows_B)
    return (time.process_time() - begin) / len(order_N)


def serve(connection: Connection, threads: int, folder: Path, seconds: float) -> None:
    """A process that trains the point it is asked for."""
    import torch

    torch.set_num_threads(threads)
    trainees: dict[Point, Any] = {}
    parts: dict[int, Any] = {}
    while (point := connection.recv()) is not None:
        if point not in trainees:
            trainees[point] = make_run(point, folder).trainee
            trainees[point].train = parts.setdefault(point.images, trainees[point].train)  # one copy for all points
        wall, processor = time_epoch(trainees[point], seconds)
        gather = time_gather(trainees[point], point.batch) * point.images
        connection.send({"epoch_s": wall, "processor_s": processor, "gather_s": gather})


def weigh(connection: Connection, point: Point, folder: Path) -> None:
    """Bytes resident above the start: at the end of the preparation, at most during it, and after some steps."""

    def resident(field: str) -> int:
        lines = Path("/proc/self/status").read_text().splitlines()
        return 1024 * int(next(line.split()[1] for line in lines if line.startswith(f"{field}:")))

    time_epoch(make_run(Point(images=SIZES[0]), folder).trainee, 1.0)
    start = resident("VmRSS")
    run = make_run(point, folder)  # all splits of it are kept, as they are in a training
    prepared, peak = resident("VmRSS"), resident("VmHWM")
    time_epoch(run.trainee, 1.0)
    found = {"prepared": prepared - start, "peak": peak - start, "training": resident("VmRSS") - start}
    connection.send({"data": point.images * PIXELS, "held_out": point.held_out > 0, **found})


def measure(folder: Path, numbers: list[int], rounds: int, seconds: float) -> list[dict[str, Any]]:
    """Medians of every point with every number of threads."""
    context, peers = multiprocessing.get_context("spawn"), {}
    for threads in numbers:
        peers[threads], theirs = context.Pipe()
        context.Process(target=serve, args=(theirs, threads, folder, seconds), daemon=True).start()
    found: dict[tuple[Point, int], list[dict[str, float]]] = {}
    for turn in range(rounds + 1):
        print(f"round {turn} of {rounds}", file=sys.stderr)
        for point in POINTS:
            for threads, peer in peers.items():
                peer.send(point)
                found.setdefault((point, threads), []).append(peer.recv())
    for peer in peers.values():
        peer.send(None)
    return [
        {**point._asdict(), "threads": threads}
        | {key: statistics.median(turn[key] for turn in turns[1:]) for key in turns[0]}
        for (point, threads), turns in found.items()
    ]


def measure_memory(folder: Path) -> list[dict[str, Any]]:
    """Of every size, without and with validation images held out."""
    context, found = multiprocessing.get_context("forkserver"), []
    context.set_forkserver_preload(["aecli.config.schema", "aecli.training.build"])  # torch is loaded once
    for size in SIZES:
        for held_out in (0, size // 12):
            ours, theirs = context.Pipe()
            process = context.Process(target=weigh, args=(theirs, Point(images=size, held_out=held_out), folder))
            process.start()
            found.append(ours.recv())
            process.join()
    return found


def judge(points: list[dict[str, Any]], memory: list[dict[str, Any]]) -> list[str]:
    """Sentences: how time and memory grow with the data, and the cost per image of many images beside few."""
    told = []
    for threads in sorted({row["threads"] for row in points}):
        rows = [row for row in points if row["threads"] == threads and row["batch"] == 256 and row["factor"] == 1]
        for key, noun in (("epoch_s", "time"), ("processor_s", "processor time")):
            exponent = np.polyfit(np.log([row["images"] for row in rows]), np.log([row[key] for row in rows]), 1)[0]
            verdict = "linear" if exponent <= WORSE else "WORSE THAN LINEAR"
            told.append(f"{threads} thread(s): {noun} of an epoch grows as images^{exponent:.3f}: {verdict}.")
        few, many = (next(row for row in rows if row["images"] == size) for size in (60_000, 600_000))
        costs = [1e6 * row["processor_s"] / row["images"] for row in (few, many)]
        shares = [100 * row["gather_s"] / row["processor_s"] for row in (few, many)]
        told.append(
            f"{threads} thread(s): an image costs {costs[0]:.1f} us of processor time among 60,000 and {costs[1]:.1f} "
            f"us among 600,000 ({costs[1] / costs[0]:.2f} x), of which picking rows takes {shares[0]:.0f} % and "
            f"{shares[1]:.0f} %."
        )
    for held_out in (False, True):
        rows = [row for row in memory if row["held_out"] == held_out]
        setting = "validation images held out" if held_out else "nothing held out"
        for key in ("training", "peak"):
            slope, constant = np.polyfit([row["data"] for row in rows], [row[key] for row in rows], 1)
            verdict = "the data as bytes" if slope <= WORSE else "MORE THAN THE DATA"
            told.append(
                f"Memory, {setting}, {key}: {slope:.2f} bytes per byte of data + {constant / 1e6:.0f} MB: {verdict}."
            )
    return told


def markdown(result: dict[str, Any]) -> str:
    """Sentences and tables."""
    lines = [f"- {sentence}" for sentence in result["sentences"]]
    lines += [
        "",
        "| images | batch | width x | threads | s per epoch | processor s | us per image | rows picked, % |",
        "|--:" * 8 + "|",
    ]
    for row in result["points"]:
        numbers = f"{row['epoch_s']:.3f} | {row['processor_s']:.3f} | {1e6 * row['epoch_s'] / row['images']:.1f}"
        share = 100 * row["gather_s"] / row["processor_s"]
        lines.append(
            f"| {row['images']:,} | {row['batch']} | {row['factor']} | {row['threads']} | {numbers} | {share:.0f} |"
        )
    lines += ["", "| data, MB | held out | prepared, MB | training, MB | peak, MB |", "|--:|---|--:|--:|--:|"]
    for row in result["memory"]:
        numbers = " | ".join(f"{row[key] / 1e6:.0f}" for key in ("prepared", "training", "peak"))
        lines.append(f"| {row['data'] / 1e6:.0f} | {'yes' if row['held_out'] else 'no'} | {numbers} |")
    return "\n".join([*lines, "", footer(result, result["versions"]), ""])


def draw(result: dict[str, Any], path: Path) -> None:
    """Four panels."""
    from matplotlib.figure import Figure
    from matplotlib.ticker import LogLocator, NullFormatter, StrMethodFormatter

    figure = Figure(figsize=(10, 7.5), layout="constrained")
    (data, batch), (width, memory) = figure.subplots(2, 2)
    panels = (
        (data, "images", SIZES, "images"),
        (batch, "batch", BATCHES, "batch size"),
        (width, "factor", FACTORS, "width of the hidden layers and the code, x"),
    )
    for axes, key, values, label in panels:
        for threads in result["threads"]:
            points = {Point()._replace(**{key: value}) for value in values}
            rows = [
                row
                for row in result["points"]
                if row["threads"] == threads and Point(*(row[name] for name in Point._fields)) in points
            ]
            rows.sort(key=lambda row: row[key])
            axes.plot(
                [row[key] for row in rows],
                [row["epoch_s"] for row in rows],
                "o-",
                color=COLOURS[threads],
                label=f"{threads} thread{'s' * (threads > 1)}",
            )
            if threads == result["threads"][0] and key == "images":
                axes.plot(
                    values,
                    [rows[2]["epoch_s"] * value / values[2] for value in values],
                    "--",
                    color="#999999",
                    zorder=0,
                    label="in proportion",
                )
        axes.set(xscale="log", yscale="log", xlabel=label, ylabel="seconds per epoch")
        axes.set_xticks(values, [f"{value:,}" for value in values], rotation=45 if key == "batch" else 0)
        axes.tick_params(axis="x", which="minor", bottom=False)
        axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axes.yaxis.set_major_formatter(StrMethodFormatter("{x:g}"))
        axes.yaxis.set_minor_formatter(NullFormatter())
        axes.legend(frameon=False)
    sizes = [size * PIXELS / 1e6 for size in SIZES]
    memory.plot(sizes, sizes, "--", color="#999999", zorder=0, label="the data as bytes")
    for held_out, colour in ((False, "#55a868"), (True, "#8172b2")):
        rows = [row for row in result["memory"] if row["held_out"] == held_out]
        setting = "held out" if held_out else "nothing held out"
        for key, mark in (("training", "o-"), ("peak", "^:")):
            memory.plot(sizes, [row[key] / 1e6 for row in rows], mark, color=colour, label=f"{key}, {setting}")
    memory.set(xlabel="data, MB", ylabel="MB resident above the start")
    memory.legend(frameon=False)
    for axes in (data, batch, width, memory):
        axes.spines[["top", "right"]].set_visible(False)
    figure.suptitle(f"{result['machine']['cpu']}, {result['machine']['cores']} cores, {result['date']}", fontsize=9)
    figure.savefig(path, dpi=130)


def main() -> None:
    """Measure, write and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=1.0)
    parser.add_argument("--threads", type=int, nargs="+", choices=COLOURS, default=list(COLOURS))
    arguments = parser.parse_args()
    result = describe_occasion() | {key: value for key, value in vars(arguments).items() if key != "out"}
    with tempfile.TemporaryDirectory() as name:
        write_digits(Path(name))
        result["memory"] = measure_memory(Path(name))
        result["points"] = measure(Path(name), arguments.threads, arguments.rounds, arguments.seconds)
    from aecli.experiment.environment import version

    result["versions"] = {package: version(package) for package in ("aecli", "torch", "numpy")}
    result["sentences"] = judge(result["points"], result["memory"])
    arguments.out.mkdir(parents=True, exist_ok=True)
    (arguments.out / "scaling.json").write_text(json.dumps(result, indent=1))
    (arguments.out / "scaling.md").write_text(markdown(result))
    draw(result, arguments.out / "scaling.png")
    print(markdown(result))


if __name__ == "__main__":
    main()
