"""Run folders with numbers that a test chooses, written as aecli writes them, without any training."""

import itertools
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from aecli.config.load import load_config
from aecli.config.yaml_source import dump
from aecli.files.json_files import write_json

ENVIRONMENT = {
    "schema": 1,
    "versions": {"python": "3.11.7", "aecli": "0.1.0", "torch": "2.14.1"},
    "host": "here",
    "cpu": "Some Processor",
    "threads": 2,
    "device": "cpu",
    "data": {
        "dataset": "mnist",
        "sha256": "fe4f6dc3",
        "images": {"train": 55000, "validation": 5000, "test": 10000},
        "scaling": {"kind": "bytes", "divide_by": 255},
        "image_shape": [1, 28, 28],
    },
    "command": ["aecli", "train", "--config", "mse.yaml"],
}
BASELINES = {"mean_image": {"test": {"mse": 0.0675}}, "pca_32": {"test": {"mse": 0.0168}}}


@pytest.fixture
def write_run(tmp_path: Path) -> Callable[..., Path]:
    """A function that writes one complete run folder under tmp_path/runs and returns its path."""
    return make_writer(tmp_path)


def make_writer(tmp_path: Path) -> Callable[..., Path]:
    """The same for any folder, for fixtures that live longer than a test."""
    counter = itertools.count()

    def write(
        *,
        seed: int = 0,
        set: Sequence[str] = (),
        test: Mapping[str, float] | None = None,
        validation: Mapping[str, float] | None = None,
        train: Mapping[str, float] | None = None,
        suites: Mapping[str, Any] | None = None,
        environment: Mapping[str, Any] | None = None,
        per_image: Mapping[str, Any] | None = None,
        status: str = "completed",
        summary: Mapping[str, Any] | None = None,
        name: str | None = None,
        records: Sequence[Mapping[str, Any]] | None = None,
    ) -> Path:
        config = load_config(
            {"name": "fake", "optimization": {"optimizer": {"name": "adam"}}}, set=list(set), seed=seed
        ).plain()
        number = next(counter)
        path = (
            tmp_path
            / "runs"
            / (name or f"20261122T{number // 3600:02}{number // 60 % 60:02}{number % 60:02}Z_fake_s{seed}_{number:04x}")
        )
        path.mkdir(parents=True)
        (path / "config.yaml").write_text(dump(config))
        write_json(path / "environment.json", {**ENVIRONMENT, **(environment or {})})
        epochs = config["training"]["epochs"]
        write_json(
            path / "status.json",
            {"schema": 1, "status": status, "epoch": epochs, "epochs": epochs, "pid": 0, "host": "here"},
        )
        splits = {
            "train": {"mse": 0.008, **(train or {})},
            "validation": {"mse": 0.008, **(validation or test or {})},
            "test": {"mse": 0.008, **(test or {})},
        }
        whole = {
            "schema": 1,
            "name": "fake",
            "seed": seed,
            "epochs": epochs,
            "judged_epoch": epochs,
            "train_s": 1.0,
            **splits,
        }
        whole |= {"baselines": BASELINES, "suites": dict(suites or {}), **(summary or {})}
        write_json(path / "summary.json", whole)
        mse = splits["validation"]["mse"]
        curve = records or [
            {"epoch": epoch, "objective": mse * 2, "validation": {"mse": mse * (1 + 1 / (epoch + 1))}}
            for epoch in range(4)
        ]
        (path / "metrics.jsonl").write_text("".join(json.dumps(record) + "\n" for record in curve))
        if per_image is not None:
            np.savez_compressed(path / "per_image.npz", **per_image)
        return path

    return write


@pytest.fixture
def write_seeds(write_run: Callable[..., Path]) -> Callable[..., list[Path]]:
    """A function that writes one run for each value of the test MSE, with the seeds 0, 1, ..."""

    def write(values: Sequence[float], **options: Any) -> list[Path]:
        return [write_run(seed=seed, test={"mse": value}, **options) for seed, value in enumerate(values)]

    return write
