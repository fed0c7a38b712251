"""Splits of a small archive of images."""

import numpy as np
import pytest
from training_splits import COUNT, CPU

from aecli.config.load import load_config
from aecli.training.splits import load_splits


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    """240 images of 12 x 12 bytes; the first two pixels and the label say which one it is."""
    rng = np.random.default_rng(0)

    def images(count, first):
        pixels = rng.integers(0, 256, (count, 12, 12), dtype=np.uint8)
        pixels[:, 0, 0], pixels[:, 0, 1] = np.divmod(first + np.arange(count), 256)
        return {"x": pixels, "y": first + np.arange(count)}

    parts = {"train": images(COUNT, 0), "test": images(60, 1000)}
    path = tmp_path_factory.mktemp("data") / "images.npz"
    np.savez(path, **{f"{kind}_{part}": array for part, arrays in parts.items() for kind, array in arrays.items()})
    return path


@pytest.fixture
def cut(archive):
    """The splits of a config on the archive."""

    def load(seed=0, loss="mse", **data):
        data = {"dataset": {"name": "npz", "file": str(archive)}, "validation": 40, **data}
        return load_splits(load_config({"seed": seed, "data": data, "loss": loss}), CPU)

    return load
