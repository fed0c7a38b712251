"""MNIST, which ships inside the package, so that it works where nothing can be downloaded.

The files are unpacked once into the user's cache folder and mapped from there; where there is no cache, into memory.
"""

from pathlib import Path

from aecli.cache import cache_folder, store
from aecli.components.data.annotations import Array
from aecli.components.data.dataset import Dataset, dataset
from aecli.components.data.idx import parse_idx
from aecli.components.data.scaling import BYTES
from aecli.errors import DataError
from aecli.files.reading import NO_LIMIT, read_bytes
from aecli.lazy import LazyModule, np

hashlib, lzma = map(LazyModule, ("hashlib", "lzma"))

SHIPPED = Path(__file__).parents[2] / "mnist"

SHA256 = {
    "train-images-idx3-ubyte": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    "train-labels-idx1-ubyte": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    "t10k-images-idx3-ubyte": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    "t10k-labels-idx1-ubyte": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
}
"""Of the original files, unpacked."""

CONTENT_SHA256 = "fe4f6dc3e5bcf5ef58789d643ad6e041c0f31035898e970bc8d7cde33715a8dc"
"""content_digest of the arrays; a constant, since every file has just been checked."""


@dataset()
def mnist() -> Dataset:
    """Handwritten digits, 28 x 28 grey: 60,000 training and 10,000 test images; ships with aecli.

    the four original IDX files, checked by SHA-256

    Source: LeCun, Bottou, Bengio & Haffner 1998, doi:10.1109/5.726791; CC BY-SA 3.0
    """
    train_NHW, train_labels_N, test_NHW, test_labels_N = (parse_idx(load_file(name), name) for name in SHA256)
    return Dataset(
        name="mnist",
        train_NP=train_NHW.reshape(-1, 784),
        train_labels_N=train_labels_N.astype(np.int64),
        test_NP=test_NHW.reshape(-1, 784),
        test_labels_N=test_labels_N.astype(np.int64),
        image_shape=(1, 28, 28),
        sha256=CONTENT_SHA256,
        scaling=dict(BYTES),
    )


def load_file(name: str) -> Array:
    """The content of one IDX file as uint8: mapped from the cache, or from memory where there is no cache."""
    try:
        path = cache_folder() / "mnist" / name
        content = map_checked(path, SHA256[name])
        if content is None:
            store(path, unpack(name))
            content = map_checked(path, SHA256[name])
    except OSError:  # no home folder, no permission, read-only, full: the cache only saves half a second
        content = None
    return np.frombuffer(unpack(name), np.uint8) if content is None else content


def map_checked(path: Path, digest: str) -> Array | None:
    """A cached file, mapped read-only; nothing if it is missing or not what it should be. Costs about 50 ms."""
    try:
        content = np.memmap(path, dtype=np.uint8, mode="r")
    except (FileNotFoundError, ValueError):  # ValueError: empty
        return None
    return content if hashlib.sha256(content).hexdigest() == digest else None


def unpack(name: str) -> bytes:
    """One of the shipped files, decompressed. Costs about 500 ms for the training images.

    Raises:
        DataError: the file is missing or damaged.
    """
    path = SHIPPED / f"{name}.xz"
    try:
        content: bytes = lzma.decompress(read_bytes(path, NO_LIMIT))
    except (OSError, lzma.LZMAError) as error:
        raise DataError(f"{path}: MNIST as shipped with aecli cannot be read: {error}; reinstall aecli") from error
    if hashlib.sha256(content).hexdigest() != SHA256[name]:
        raise DataError(f"{path}: is not the MNIST file shipped with aecli: its SHA-256 differs; reinstall aecli")
    return content
