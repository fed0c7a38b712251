"""Writes IDX files for the tests."""

import struct

import numpy as np

IMAGES = np.random.default_rng(7).integers(0, 256, (6, 4, 3), dtype=np.uint8)
LABELS = np.array([3, 1, 4, 1, 5, 9], np.uint8)
CODES = {"uint8": 8, "int8": 9, "int16": 11, "int32": 12, "float32": 13, "float64": 14}


def idx_bytes(array: np.ndarray) -> bytes:
    """An array as the content of an IDX file."""
    header = bytes([0, 0, CODES[array.dtype.name], array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape)
    return header + array.astype(array.dtype.newbyteorder(">")).tobytes()


def write(folder, **files):
    """The files of a folder: train, labels, test and test_labels, under the names that MNIST's have."""
    names = {"train": "train-images-idx3-ubyte", "labels": "train-labels-idx1-ubyte"}
    names |= {"test": "t10k-images-idx3-ubyte", "test_labels": "t10k-labels-idx1-ubyte"}
    for key, array in files.items():
        (folder / names[key]).write_bytes(idx_bytes(array))
