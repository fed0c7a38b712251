"""Runs of several doses."""

import numpy as np
import pytest

SEEDS = 10


@pytest.fixture
def write_doses(write_run):
    """A function that writes seeds of doses: dose -> factor on the test MSE, with a spread between and within seeds."""

    def write(factors, *, seeds=SEEDS, noise=0.001, spread=0.03, key="l1", **options):
        random = np.random.default_rng(0)
        bases = 0.008 * (1 + spread * random.normal(size=seeds))
        for dose, factor in factors.items():
            chosen = [f"regularization=[{{name: {key}, weight: {dose}}}]"] if dose else []
            for seed, base in enumerate(bases):
                value = base * factor * (1 + noise * random.normal())
                write_run(seed=seed, set=chosen, test={"mse": value}, train={"mse": value / 1.1}, **options)

    return write
