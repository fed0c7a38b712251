"""A sweep that tunes whose runs are made up: what a comparison finds in its folder."""

import hashlib
import shutil
from pathlib import Path

import pytest
from fake_runs import make_writer

from aecli.files.json_files import read_json, write_json

LR = "optimization.optimizer.lr"
POINTS = (0.003, 0.0003, 0.03)
BASE = 0.001
SEEDS = 10
CURVES = {"mse": (0.010, 0.020, 0.030), "huber": (0.030, 0.040, 0.011)}
"""Loss -> the validation mse of each point."""
UNTUNED = {"mse": 0.015, "huber": 0.025}
"""Loss -> the mean test mse with the base's own rate; with the tuned one it is that of its best point."""


def digest_of(*what) -> str:
    return hashlib.sha256(repr(what).encode()).hexdigest()


def write_at(write, varied: str, lr: float, seed: int, mean: float) -> Path:
    """A run at a learning rate, of seeds that spread by 1 % around a mean."""
    mse = mean * (1 + 0.01 * ((seed * 7) % 10 - 4.5) / 4.5)
    return write(seed=seed, set=[varied, f"{LR}={lr}"], test={"mse": mse})


def write_tuned_sweep(
    folder: Path, *, curves=CURVES, chosen=(0, 2), judged=True, untuned=True, varied="loss={}"
) -> Path:
    """Run folders and tune.json of a sweep over some losses, or values of what else is varied."""
    write = make_writer(folder)
    cells = []

    def run(loss, lr, seed, mean):
        path = write_at(write, varied.format(loss), lr, seed, mean)
        digest = digest_of(loss, lr, seed)
        write_json(path / "status.json", {**read_json(path / "status.json"), "config_sha256": digest})
        return digest

    for (loss, curve), point in zip(curves.items(), chosen, strict=True):
        tried = [
            [run(loss, lr, 1_000_000 + seed, value) for seed in range(2)] if value is not None else []
            for lr, value in zip(POINTS, curve, strict=True)
        ]
        own = [run(loss, BASE, seed, UNTUNED.get(loss, 0.02)) for seed in range(SEEDS)] if untuned else []
        tuned = (
            []
            if point is None or not judged
            else [run(loss, POINTS[point], seed, curve[point]) for seed in range(SEEDS)]
        )
        values = [[value, value] for value in curve]
        cells.append(
            {
                "changes": {"loss": loss},
                "values": values,
                "chosen": point,
                "tried": tried,
                "untuned": own,
                "judged": tuned,
            }
        )
    record = {"schema": 1, "objective": "validation.mse", "better": "lower", "seeds": [1_000_000, 1_000_001]}
    write_json(folder / "tune.json", {**record, "points": [{LR: lr} for lr in POINTS], "cells": cells})
    return folder


@pytest.fixture(scope="session")
def tuned_once(tmp_path_factory) -> Path:
    """The sweep of `tuned_sweep`, written once."""
    return write_tuned_sweep(tmp_path_factory.mktemp("tuned"))


@pytest.fixture
def tuned_sweep(tuned_once, tmp_path) -> Path:
    """A sweep over mse, best at the middle of the range, and huber, best at its end."""
    shutil.copytree(tuned_once, tmp_path, dirs_exist_ok=True)
    return tmp_path
