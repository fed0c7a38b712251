"""Seeds of one config stacked in one process, beside the same seeds apart, as a sweep trains them: is it worth it?

python tests/benchmarks/stacked.py [--rounds 5] [--only article "tiny net"] [--seeds 1 2 4 8 16] [--skip-threads]

Stacked, S runs are one: weights (S, out, in), batches (S, B, P), products by `torch.baddbmm`, one fused Adam over all.
Every run keeps its own split, order and initial weights, drawn from the streams of its seed. Apart, two processes with
one thread each call `fit`, one run at a time. The ways take turns, round by round; the first round is not counted.
Prints images per second over all runs, the ratio to apart (median of the rounds), and how far the weights of stacked
runs are from those of separate ones after the epochs of one measurement (0: bitwise equal).

Only the mean squared error, Adam and layers without normalization: what the question needs, not what aecli could use.
"""

import argparse
import multiprocessing
import os
import statistics
import time
from dataclasses import dataclass
from functools import cache
from multiprocessing.connection import Connection
from typing import Any, NamedTuple


class Work(NamedTuple):
    """What is trained, and for how long it takes to be measured."""

    widths: tuple[int, ...]
    images: int
    batch: int
    epochs: int


WORKS = {
    "article": Work((784, 128, 64, 32), 6_400, 256, 1),
    "article, batch 64": Work((784, 128, 64, 32), 3_200, 64, 1),
    "article, 1,000 images": Work((784, 128, 64, 32), 1_000, 256, 6),
    "tiny net": Work((784, 16, 8), 6_400, 256, 1),
    "tiny net, batch 64": Work((784, 16, 8), 3_200, 64, 1),
}
"""24 to 50 steps each."""


@dataclass
class Stack:
    """Runs of equal shape, trained as one."""

    work: Work
    seeds: list[int]
    weights: dict[str, Any]
    """By parameter name, with a leading axis of runs."""
    optimizer: Any
    values_NP: Any
    """The training bytes of all runs, one after the other."""


@cache
def make_trainee(work: Work, seed: int) -> Any:
    """One separate run, as `aecli train` prepares it."""
    from aecli.config.load import load_config
    from aecli.training.build import prepare

    settings = {
        "seed": seed,
        "data.train_size": work.images,
        "architecture.widths": list(work.widths),
        "training.batch_size": work.batch,
        "training.epochs": work.epochs,
        "training.device": "cpu",
    }
    return prepare(load_config("mse.yaml", set=[f"{key}={value}" for key, value in settings.items()])).trainee


@cache
def make_stack(work: Work, seeds: tuple[int, ...]) -> Stack:
    """The runs of these seeds, as they are now, as one."""
    import torch

    from aecli.components.optimization.optimizers import fused_adam

    trainees = [make_trainee(work, seed) for seed in seeds]
    weights, _ = torch.func.stack_module_state([trainee.model for trainee in trainees])
    values_NP = torch.cat([trainee.train.values_NP for trainee in trainees])
    return Stack(work, list(seeds), weights, fused_adam(torch.optim.Adam, weights.values(), lr=1e-3), values_NP)


def fit_stack(stack: Stack) -> None:
    """What `fit` does for one run, for all of them: draw, gather, step, check, add up."""
    import torch

    from aecli.randomness import stream

    work, runs = stack.work, len(stack.seeds)
    for epoch in range(1, work.epochs + 1):
        orders = (torch.randperm(work.images, generator=stream(seed, "order", epoch)) for seed in stack.seeds)
        order_SN = torch.stack([order_N + run * work.images for run, order_N in enumerate(orders)])
        sum_S = torch.zeros(runs, dtype=torch.float64)
        for rows_SB in order_SN.split(work.batch, 1):
            bytes_MP = stack.values_NP.index_select(0, rows_SB.flatten())
            loss_S = step(stack, bytes_MP.to(torch.float32).div_(255.0).view(runs, -1, work.widths[0]))
            assert loss_S.isfinite().all()
            stack.optimizer.step()
            sum_S += loss_S.double() * rows_SB.shape[1]


def step(stack: Stack, x_SBP: Any) -> Any:
    """The squared error of every run, (S,), and the gradients of all weights, by hand as in aecli."""
    import numpy as np
    import torch

    depth = len(stack.work.widths) - 1
    layers = [f"{part}.{index}" for part in ("encoder", "decoder") for index in range(depth)]
    seen = [x_SBP]
    with torch.no_grad():
        for layer in layers:
            bias_S1P, weight_SOI = stack.weights[f"{layer}.bias"].unsqueeze(1), stack.weights[f"{layer}.weight"]
            h = torch.baddbmm(bias_S1P, seen[-1], weight_SOI.mT)
            seen.append(torch.sigmoid(h) if layer is layers[-1] else torch.relu(h))
        gradient = seen[-1] - x_SBP
        loss_S = gradient.square().mean((1, 2))
        gradient.mul_(float(np.float32(2) / np.float32(x_SBP.shape[1]) / np.float32(x_SBP.shape[2])))
        gradient = torch.ops.aten.sigmoid_backward(gradient, seen.pop())
        for layer, taken in zip(reversed(layers), reversed(seen), strict=True):
            stack.weights[f"{layer}.weight"].grad = gradient.mT @ taken
            stack.weights[f"{layer}.bias"].grad = gradient.sum(1)
            if layer is not layers[0]:
                gradient = torch.ops.aten.threshold_backward(gradient @ stack.weights[f"{layer}.weight"], taken, 0)
    return loss_S


def train(way: str, work: Work, seeds: tuple[int, ...]) -> tuple[float, float]:
    """Train the seeds once, in one of the ways; seconds, and processor seconds of this process."""
    from aecli.training.loop import fit

    trainees = [make_trainee(work, seed) for seed in seeds]
    stack = None if way == "apart" else make_stack(work, seeds)
    begin, processor = time.perf_counter(), time.process_time()
    if stack is not None:
        fit_stack(stack)
    else:
        for trainee in trainees:
            fit(trainee, 1, lambda event: False)
    return time.perf_counter() - begin, time.process_time() - processor


def largest_difference(work: Work, seeds: tuple[int, ...]) -> float:
    """Of a weight of a stacked run from that of the separate run, relative to the largest weight of its tensor."""
    stack = make_stack(work, seeds)
    train("stacked", work, seeds)
    train("apart", work, seeds)
    largest = 0.0
    for run, seed in enumerate(seeds):
        for name, apart in make_trainee(work, seed).model.state_dict().items():
            difference = (stack.weights[name][run].detach() - apart).abs().max() / apart.abs().max()
            largest = max(largest, float(difference))
    make_trainee.cache_clear()
    make_stack.cache_clear()
    return largest


def serve(connection: Connection, threads: int) -> None:
    """A process with so many threads, which trains when it is told to."""
    import torch

    torch.set_num_threads(threads)
    functions = {"train": train, "difference": largest_difference}
    while (request := connection.recv()) is not None:
        name, *arguments = request
        connection.send(functions[name](*arguments))


class Way(NamedTuple):
    """A way to train S seeds: who takes part, and what each of them does."""

    kind: str
    processes: int
    threads: int
    seeds: int


def measure(
    work: Work, ways: list[Way], rounds: int, peers: dict[int, list[Connection]]
) -> dict[Way, list[tuple[float, float]]]:
    """Images per second, and per second of processor time, of each way in each round."""
    found: dict[Way, list[tuple[float, float]]] = {way: [] for way in ways}
    for _ in range(rounds + 1):
        for way in ways:
            share = way.seeds // way.processes
            busy = peers[way.threads][: way.processes]
            for number, peer in enumerate(busy):
                peer.send(("train", way.kind, work, tuple(range(number * share, (number + 1) * share))))
            seconds, processor = zip(*[peer.recv() for peer in busy], strict=True)
            images = way.seeds * work.images * work.epochs
            found[way].append((images / max(seconds), images / sum(processor)))
    return {way: values[1:] for way, values in found.items()}


def report(name: str, found: dict[Way, list[tuple[float, float]]]) -> None:
    """Rows of the table."""
    base, *others = found
    print(f"| {name} | apart, 2 x 1 | - | {statistics.median(value for value, _ in found[base]):,.0f} | 1.00 | 1.00 |")
    for way in others:
        ratios = [[a[i] / b[i] for a, b in zip(found[way], found[base], strict=True)] for i in (0, 1)]
        speed, (wall, processor) = statistics.median(value for value, _ in found[way]), map(statistics.median, ratios)
        print(
            f"| {name} | stacked, {way.processes} x {way.threads} | {way.seeds} | {speed:,.0f} | {wall:.2f} | "
            f"{processor:.2f} |",
            flush=True,
        )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", nargs="+", choices=WORKS, default=list(WORKS))
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 4, 8, 16], help="how many are stacked")
    parser.add_argument("--skip-threads", action="store_true", help="leave out one process with two threads")
    arguments = parser.parse_args()
    os.environ["OMP_NUM_THREADS"] = "2"
    context, peers, processes = multiprocessing.get_context("spawn"), {1: [], 2: []}, []
    for threads in (1, 1, 2):
        ours, theirs = context.Pipe()
        processes.append(context.Process(target=serve, args=(theirs, threads), daemon=True))
        processes[-1].start()
        peers[threads].append(ours)
    ways = [Way("apart", 2, 1, 2)] + [Way("stacked", 1, 1, seeds) for seeds in arguments.seeds]
    ways += [Way("stacked", 2, 1, seeds) for seeds in arguments.seeds if seeds > 1]
    ways += [] if arguments.skip_threads else [Way("stacked", 1, 2, seeds) for seeds in arguments.seeds]
    for threads in (1,) if arguments.skip_threads else (1, 2):
        for name in arguments.only:
            peers[threads][0].send(("difference", WORKS[name], (0, 1, 2, 3)))
            print(
                f"largest difference of a weight, {name}, {threads} thread(s): {peers[threads][0].recv():.1e}",
                flush=True,
            )
    print(
        "| work | processes x threads | seeds | images/s | ratio | ratio by processor time |\n|---|---|--:|--:|--:|--:|"
    )
    for name in arguments.only:
        report(name, measure(WORKS[name], ways, arguments.rounds, peers))
    for peer in (*peers[1], *peers[2]):
        peer.send(None)


if __name__ == "__main__":
    main()
