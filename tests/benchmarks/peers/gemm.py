"""Rates of float32 matrix products, in GFLOP/s, the best of several: gemm.py FOLDER torch|numpy|jax

The shapes are those of the net's training step at batch 256, forward, gradient of the weights and gradient of the
inputs, and a large square.
"""

import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from contract import BATCH, WIDTHS, Turns

SQUARE = 2048
SECONDS_PER_SHAPE = 0.05
Product = Callable[[Any, Any], Any]


def shapes() -> Iterator[tuple[int, int, int]]:
    """(rows, inner, columns) of every product once."""
    pairs = list(zip(WIDTHS, WIDTHS[1:], strict=False))
    found = [shape for i, o in pairs for shape in ((BATCH, i, o), (i, BATCH, o), (BATCH, o, i))]
    yield from dict.fromkeys([*found, (SQUARE, SQUARE, SQUARE)])


def library(name: str) -> tuple[Callable[[np.ndarray], Any], Product]:
    """How a library takes an array over, and its product, finished when it returns."""
    if name == "torch":
        import torch

        return torch.from_numpy, torch.mm
    if name == "jax":
        import jax

        product = jax.jit(jax.numpy.matmul)
        return jax.numpy.asarray, lambda a, b: jax.block_until_ready(product(a, b))
    return np.asarray, np.matmul


def best_rate(product: Product, a: Any, b: Any, flop: float) -> float:
    """GFLOP/s of the quickest repetition within the time for a shape; once before is for compilation."""
    product(a, b)
    best, end = float("inf"), time.perf_counter() + SECONDS_PER_SHAPE
    while (begin := time.perf_counter()) < end:
        product(a, b)
        best = min(best, time.perf_counter() - begin)
    return flop / best / 1e9


def main(folder: str, name: str) -> None:
    """Measure all shapes whenever the driver asks."""
    adopt, product = library(name)
    draw = np.random.default_rng(0).standard_normal
    factors = {
        (m, k, n): (adopt(draw((m, k), dtype="float32")), adopt(draw((k, n), dtype="float32"))) for m, k, n in shapes()
    }
    turns = Turns(name)
    while True:
        turns.wait()
        rates = {
            "x".join(map(str, shape)): best_rate(product, a, b, 2.0 * shape[0] * shape[1] * shape[2])
            for shape, (a, b) in factors.items()
        }
        turns.done(gflops=rates)


if __name__ == "__main__":
    main(*sys.argv[1:])
