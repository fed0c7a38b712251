"""Arrays in files, and the data set of one."""

import numpy as np

from aecli.components.data import load_dataset

RNG = np.random.default_rng(3)


def save(path, array):
    np.save(path, array)
    return str(path)


def load(tmp_path, array, **params):
    return load_dataset("npy", {"file": save(tmp_path / "x.npy", array), "test_share": 0.25, **params})
