"""A linear autoencoder can at best be PCA: the one net whose optimum is known."""

import numpy as np
import pytest

import aecli
from aecli.evaluation.baselines import fit_pca, predictions
from aecli.evaluation.subject import Subject
from aecli.training.splits import load_splits


def test_a_linear_autoencoder_approaches_pca_and_never_passes_it_on_its_training_images(tmp_path):
    import torch

    rng = np.random.default_rng(0)
    images = 0.5 + 0.05 * rng.normal(size=(500, 6)) @ rng.normal(size=(6, 64)) + 0.01 * rng.normal(size=(500, 64))
    np.save(tmp_path / "x.npy", images.clip(0, 1).astype(np.float32))
    linear = {"activation": "linear", "code_activation": "linear", "output_activation": "linear"}
    config = {
        "data": {"dataset": {"name": "npy", "file": str(tmp_path / "x.npy")}, "validation": 50},
        "architecture": {"widths": ["auto", 4], "output_bias": "mean_image", **linear},
        "optimization": {"optimizer": {"name": "adam", "lr": 5e-3}, "schedule": "cosine"},
        "training": {"epochs": 300, "batch_size": 50, "threads": 1},
        "evaluation": {"checkpoint": "last"},
    }
    run = aecli.train(config, out=tmp_path / "runs")
    splits = load_splits(run.config, torch.device("cpu"))
    pca = Subject(run.model, splits, run.config).metrics(
        predictions(splits.train, fit_pca(splits.train, 4), clip=False), ["mse"]
    )["mse"]
    assert run.summary["train"]["mse"] >= pca * (1 - 1e-6)
    assert run.summary["train"]["mse"] == pytest.approx(pca, rel=0.01)
    assert run.summary["suites"]["test"]["reconstruction"]["skill"] == pytest.approx(1.0, abs=0.01)
