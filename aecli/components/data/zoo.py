"""Data sets that torchvision downloads.

torchvision only fetches and unpacks IDX files; those that are there already are read without it, where it would put
them, since it would take any half of a file for a whole one.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from aecli.cache import cache_folder
from aecli.components.data.annotations import Array
from aecli.components.data.dataset import Dataset, dataset
from aecli.components.data.files import expand
from aecli.components.data.idx import read_idx
from aecli.components.data.parts import assemble, make_part
from aecli.errors import DataError
from aecli.lazy import LazyModule, np

if TYPE_CHECKING:
    from torchvision.datasets import CIFAR10

download = LazyModule("aecli.components.data.download")
torchvision_datasets = LazyModule("torchvision.datasets")

MNIST_FILES = (
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
)
QMNIST_FILES = (
    "qmnist-train-images-idx3-ubyte",
    "qmnist-train-labels-idx2-int",
    "qmnist-test-images-idx3-ubyte",
    "qmnist-test-labels-idx2-int",
)


@dataset()
def fashion_mnist(*, folder: str | None = None) -> Dataset:
    """Articles of clothing, 28 x 28 grey: 60,000 training and 10,000 test images.

    torchvision's folder FashionMNIST/raw; downloaded if it is missing, 30 MB

    Args:
        folder: torchvision's root folder; null: torchvision in the cache folder.

    Source: Xiao, Rasul & Vollgraf 2017, arXiv:1708.07747
    """
    return from_idx("fashion_mnist", "FashionMNIST", MNIST_FILES, folder)


@dataset()
def kmnist(*, folder: str | None = None) -> Dataset:
    """Cursive Japanese characters, 28 x 28 grey: 60,000 training and 10,000 test images.

    torchvision's folder KMNIST/raw; downloaded if it is missing, 20 MB

    Args:
        folder: torchvision's root folder; null: torchvision in the cache folder.

    Source: Clanuwat et al. 2018, arXiv:1812.01718
    """
    return from_idx("kmnist", "KMNIST", MNIST_FILES, folder)


@dataset()
def qmnist(*, folder: str | None = None) -> Dataset:
    """MNIST rebuilt from its sources, 28 x 28 grey: 60,000 training and 60,000 test images.

    torchvision's folder QMNIST/raw; downloaded if it is missing, 20 MB

    Args:
        folder: torchvision's root folder; null: torchvision in the cache folder.

    Source: Yadav & Bottou 2019, arXiv:1905.10498
    """
    return from_idx("qmnist", "QMNIST", QMNIST_FILES, folder)


@dataset()
def emnist(
    *,
    split: Literal["balanced", "byclass", "bymerge", "letters", "digits", "mnist"] = "balanced",
    folder: str | None = None,
) -> Dataset:
    """Handwritten letters and digits, 28 x 28 grey: 112,800 training and 18,800 test images if balanced.

    torchvision's folder EMNIST/raw; downloaded if it is missing, 540 MB for all splits; stored transposed, read upright

    Args:
        split: which of the six selections.
        folder: torchvision's root folder; null: torchvision in the cache folder.

    Source: Cohen, Afshar, Tapson & van Schaik 2017, arXiv:1702.05373
    """
    files = tuple(
        f"emnist-{split}-{part}-{what}-ubyte" for part in ("train", "test") for what in ("images-idx3", "labels-idx1")
    )
    return from_idx("emnist", "EMNIST", files, folder, split=split)


@dataset()
def cifar10(*, grey: bool = False, folder: str | None = None) -> Dataset:
    """Small photographs of ten kinds of objects, 32 x 32 colour: 50,000 training and 10,000 test images.

    torchvision's folder cifar-10-batches-py; downloaded if it is missing, 170 MB; grey: .299 R + .587 G + .114 B

    Args:
        grey: one channel of luminance (ITU-R 601), rounded to bytes, instead of red, green, blue.
        folder: torchvision's root folder; null: torchvision in the cache folder.

    Source: Krizhevsky 2009, "Learning Multiple Layers of Features from Tiny Images"
    """
    root = root_folder("cifar10", folder)
    train, test = (
        make_part(to_grey(half.data) if grey else half.data, np.array(half.targets), str(root / half.base_folder))
        for half in load_cifar10(root)
    )
    return assemble("cifar10", train, test)


def load_cifar10(root: Path) -> "list[CIFAR10]":
    """The training and the test half; torchvision checks every file by its MD5 before it reads it.

    Raises:
        DataError: a file is missing or damaged, and the archive cannot be downloaded.
    """
    make = torchvision_datasets.CIFAR10
    try:
        return [make(root=str(root), train=train) for train in (True, False)]
    except (RuntimeError, OSError):  # missing or damaged: unpack the archive that is there, or download it
        pass
    archive = root / make.filename
    try:
        if not download.is_whole(archive, make.tgz_md5):
            with download.downloading(make.url):
                make(root=str(root), download=True)
        return [make(root=str(root), train=train, download=True) for train in (True, False)]
    except Exception as error:  # whatever the network, the server, the archive and the disk can do
        is_damaged = archive.is_file() and not download.is_whole(archive, make.tgz_md5)
        damage = f"{archive}: is damaged or incomplete: its MD5 differs" if is_damaged else ""
        raise download.advice("cifar10", error, root, [make.filename], damage) from error


def to_grey(images_NHWC: Array) -> Array:
    """Luminance by ITU-R 601 in integers, half rounded up; one channel."""
    grey_NHW = np.full(images_NHWC.shape[:3], 500, np.uint32)
    for channel, weight in enumerate((299, 587, 114)):
        grey_NHW += images_NHWC[..., channel] * np.uint32(weight)
    return (grey_NHW // 1000).astype(np.uint8)


def from_idx(name: str, class_name: str, files: tuple[str, ...], folder: str | None, **options: str) -> Dataset:
    """A data set of four IDX files in torchvision's folder, which are downloaded if they are missing or damaged."""
    root = root_folder(name, folder)
    raw = root / class_name / "raw"
    try:
        arrays = [read_either(raw, file) for file in files]
    except (DataError, FileNotFoundError) as trouble:
        try:
            download.download_idx(class_name, root, options)
        except Exception as error:  # whatever the network, the server, the archive and the disk can do
            damage = str(trouble) if isinstance(trouble, DataError) else ""
            raise download.advice(name, error, raw, [f"{file}.gz" for file in files], damage) from error
        arrays = [read_either(raw, file) for file in files]
    train, test = (
        make_part(upright(images, class_name), labels[:, :1] if labels.ndim == 2 else labels, str(raw / file))
        for images, labels, file in zip(arrays[::2], arrays[1::2], files[::2], strict=True)
    )
    return assemble(name, train, test)


def upright(images_NHW: Array, class_name: str) -> Array:
    """EMNIST was written column by column; the others need nothing."""
    return images_NHW.transpose(0, 2, 1) if class_name == "EMNIST" and images_NHW.ndim == 3 else images_NHW


def read_either(raw: Path, file: str) -> Array:
    """An IDX file, or its compressed original where the unpacked one is missing or damaged.

    Raises:
        FileNotFoundError: there is neither.
        DataError: what is there is damaged; the message is about the first.
    """
    damage: list[DataError] = []
    for path in (raw / file, raw / f"{file}.gz"):
        if path.is_file():
            try:
                return read_idx(path)
            except DataError as error:
                damage.append(error)
    raise damage[0] if damage else FileNotFoundError(raw / file)


def root_folder(name: str, folder: str | None) -> Path:
    """torchvision's root folder: as the config says, or in the cache."""
    if folder is not None:
        return expand(folder)
    try:
        return cache_folder() / "torchvision"
    except OSError as error:
        raise DataError(f"{name}: {error}, or set data.dataset.folder") from error
