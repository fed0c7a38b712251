"""aecli's MNIST as files that the peers read, so that nobody downloads anything."""

from pathlib import Path
from typing import Any


def export(folder: Path, images: int) -> None:
    """mnist.npz for those who read arrays, and IDX files where torchvision looks for them.

    Args:
        folder: exists and is empty.
        images: of the training set, the first ones.
    """
    import numpy as np

    from aecli.components.data import load_dataset

    mnist = load_dataset("mnist", {})
    x_train, y_train = mnist.train_NP[:images], mnist.train_labels_N[:images]
    np.savez(folder / "mnist.npz", x_train=x_train, x_test=mnist.test_NP)
    raw = folder / "MNIST" / "raw"
    raw.mkdir(parents=True)
    for part, rows, labels in (("train", x_train, y_train), ("t10k", mnist.test_NP, mnist.test_labels_N)):
        write_idx(raw / f"{part}-images-idx3-ubyte", rows.reshape(-1, 28, 28))
        write_idx(raw / f"{part}-labels-idx1-ubyte", labels.astype("uint8"))


def write_idx(path: Path, values: Any) -> None:
    """Bytes as an IDX file: two zeros, 8 for bytes, the number of dimensions, big-endian sizes, the bytes."""
    sizes = b"".join(size.to_bytes(4, "big") for size in values.shape)
    path.write_bytes(bytes([0, 0, 8, values.ndim]) + sizes + values.tobytes())
