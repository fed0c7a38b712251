"""Folders of IDX files as data sets."""

from pathlib import Path

from aecli.components.data.annotations import Scaling, Share
from aecli.components.data.dataset import Dataset, dataset
from aecli.components.data.files import existing_folder, readable
from aecli.components.data.idx import read_idx
from aecli.components.data.parts import Part, assemble, make_part
from aecli.components.data.remarks import unused
from aecli.components.data.roles import role_of
from aecli.errors import DataError

COMPRESSIONS = (".gz", ".xz")


@dataset()
def idx(*, folder: str, scaling: Scaling = "auto", test_share: Share = 0.2) -> Dataset:
    """A folder of IDX files: images or rows of any element type, plain, .gz or .xz.

    *train*images*, *train*labels*, *t10k*images* or *test*images*, *t10k*labels* or *test*labels*; labels and the test
    files may be missing; sizes (N, H, W), (N, H, W, C) or (N, P)

    Args:
        folder: where the files are; relative to where the command runs.
        scaling: auto divides bytes by 255, keeps values in [0, 1], and else is minmax.
        test_share: share of the rows that becomes the test split if there are no test files; the draw is fixed, the
            same for every seed.

    Source: LeCun, Cortes & Burges, the MNIST home page, "The IDX file format"
    """
    root = existing_folder(folder)
    train = read_part(root, ["train"])
    if train is None:
        raise DataError(f"{root}: holds no training images; their file name must match *train*images*")
    test = read_part(root, ["t10k", "test"])
    beside = unused(root, files_beside(root, [train, test]), "take them away, or name them as training or test files")
    return assemble("idx", train, test, scaling=scaling, test_share=test_share, remarks=beside)


def read_part(root: Path, words: list[str]) -> Part | None:
    """The images and labels whose file names hold one of the words; nothing if there are no images."""
    images, labels = find(root, words, "images"), find(root, words, "labels")
    if images is None and labels is not None:
        raise DataError(f"{labels}: labels without images; add the file *{words[0]}*images*, or remove the labels")
    if images is None:
        return None
    numbers = None if labels is None else read_idx(labels)
    return make_part(read_idx(images), numbers, str(images), labels_origin=str(labels or ""))


def files_beside(root: Path, parts: list[Part | None]) -> list[str]:
    """Names of the other files of images and labels, those left out that hold the same, compressed."""
    used = {origin for part in parts if part is not None for origin in (part.origin, part.labels_origin)}
    plain = {str(Path(origin).with_suffix("")) if is_compressed(Path(origin)) else origin for origin in used}
    others = [path for path in visible(root) if "images" in path.name.lower() or "labels" in path.name.lower()]
    return [
        path.name
        for path in others
        if str(path) not in used and str(path.with_suffix("") if is_compressed(path) else path) not in plain
    ]


def visible(root: Path) -> list[Path]:
    """The files in a folder, hidden ones left out, plain ones first.

    Raises:
        DataError: the folder may not be read.
    """
    with readable(root):
        paths = [path for path in root.iterdir() if not path.name.startswith(".") and path.is_file()]
    return sorted(paths, key=lambda path: (is_compressed(path), path.name))


def is_compressed(path: Path) -> bool:
    """Whether a file is called like one that is compressed."""
    return path.suffix.lower() in COMPRESSIONS


def find(root: Path, words: list[str], what: str) -> Path | None:
    """The one file whose name holds one of the words, followed by `what`; a plain one before a compressed one.

    Raises:
        DataError: several files match.
    """
    matches: dict[str, Path] = {}
    for path in visible(root):
        name = path.name.lower()
        position = min((name.find(word) for word in words if word in name), default=-1)
        if (role := role_of(path.name)) and role_of(words[0]) != role:  # latest-train-images hold no test rows
            continue
        if position >= 0 and what in name[position:]:
            matches.setdefault(path.stem if is_compressed(path) else path.name, path)
    if len(matches) > 1:
        names = ", ".join(path.name for path in matches.values())
        raise DataError(f"{root}: several files match *{words[0]}*{what}*: {names}; keep one of them in the folder")
    return next(iter(matches.values()), None)
