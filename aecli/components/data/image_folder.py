"""Folders of image files as data sets.

Shapes: N images, P = C H W pixels, C channels, H height, W width.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from aecli.components.data.annotations import Array, Share, Side
from aecli.components.data.dataset import Dataset, dataset
from aecli.components.data.files import existing_folder
from aecli.components.data.parts import Part, assemble
from aecli.errors import DataError, known
from aecli.lazy import LazyModule, np

if TYPE_CHECKING:
    from PIL import Image
else:
    Image = LazyModule("PIL.Image")

SUFFIXES = {".png", ".jpg", ".jpeg", ".bmp", ".gif", ".tif", ".tiff", ".webp"}
DEEP_MODES = ("I", "F", "I;16", "I;16L", "I;16B", "I;16N")
"""Pillow's modes with more than 8 bits per channel, which its conversion would cut off at 255."""


@dataclass(frozen=True)
class Found:
    """The image files of one part, with the class folder of each if there are class folders."""

    paths: list[Path]
    classes: list[str] | None


@dataset()
def images(
    *, folder: str, height: Side = None, width: Side = None, grey: bool = True, test_share: Share = 0.2
) -> Dataset:
    """A folder of image files: png, jpg, bmp, gif, tif, webp.

    folder/*.png, or folder/CLASS/*.png; either may lie in folder/train and folder/test

    Args:
        folder: where the images are; relative to where the command runs. Hidden and other files are skipped; the names
            of class folders, sorted, become the labels 0, 1, ...
        height: resize to this height, bilinear; needed with width if the sizes differ.
        width: resize to this width.
        grey: one channel of luminance (ITU-R 601) instead of red, green, blue.
        test_share: share of the images that becomes the test split if there are no folders train and test; the draw is
            fixed, the same for every seed.

    Note: transparency is dropped, and of several frames the first is taken.
    Source: Pillow, https://pillow.readthedocs.io
    """
    root = existing_folder(folder)
    if (height is None) != (width is None):
        raise DataError(f"{root}: height and width belong together; give both or none")
    if (root / "test").is_dir() and not (root / "train").is_dir():
        raise DataError(f"{root}: has a folder test but no folder train; add it, or rename test")
    folders = [root / part for part in ("train", "test") if (root / part).is_dir()] or [root]
    found = [find_images(part) for part in folders]
    names = sorted({name for part in found for name in part.classes or ()})
    shape = (1 if grey else 3, height, width) if height and width else None
    parts = []
    for part, origin in zip(found, folders, strict=True):
        values_NP, shape = read_images(part.paths, shape, grey=grey, resize=height is not None)
        labels_N = None if part.classes is None else np.array([names.index(name) for name in part.classes], np.int64)
        parts.append(Part(values_NP, labels_N, shape, str(origin)))
    return assemble("images", parts[0], parts[1] if len(parts) == 2 else None, test_share=test_share)


def find_images(folder: Path) -> Found:
    """The image files of one part in the order of their paths.

    Raises:
        DataError: there are none, or some lie in class folders and some do not.
    """
    inside = sorted(path.relative_to(folder).parts for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES)
    visible = [parts for parts in inside if not any(part.startswith(".") for part in parts)]
    visible = [parts for parts in visible if folder.joinpath(*parts).is_file()]
    if not visible:
        raise DataError(f"{folder}: holds no images; looked for {', '.join(sorted(SUFFIXES))}")
    depths = {len(parts) > 1 for parts in visible}
    if depths == {True, False}:
        loose = next(parts for parts in visible if len(parts) == 1)
        raise DataError(f"{folder}: some images are in class folders and some are not, such as {loose[0]}; move them")
    paths = [folder.joinpath(*parts) for parts in visible]
    return Found(paths, [parts[0] for parts in visible] if depths == {True} else None)


def read_images(
    paths: list[Path], shape: tuple[int, int, int] | None, *, grey: bool, resize: bool
) -> tuple[Array, tuple[int, int, int]]:
    """All images as rows of bytes, and their common shape.

    Args:
        paths: the files.
        shape: channels, height and width, if they are known; else those of the first image.
        grey: one channel instead of three.
        resize: whether other sizes are resized or refused.

    Raises:
        DataError: an image cannot be read, or has another size than the first.
    """
    rows_NP: Array | None = None
    for number, path in enumerate(paths):
        pixels_CHW = read_image(path, grey=grey, size=(shape[2], shape[1]) if shape and resize else None)
        channels, height, width = pixels_CHW.shape
        shape = shape or (channels, height, width)
        if pixels_CHW.shape != shape:
            size, wanted = pixels_CHW.shape[1:], shape[1:]
            raise DataError(
                f"{path}: is {size[0]} x {size[1]}, but the images before it are {wanted[0]} x {wanted[1]} "
                "(height x width); give height and width to resize all"
            )
        if rows_NP is None:
            rows_NP = np.empty((len(paths), pixels_CHW.size), np.uint8)
        rows_NP[number] = pixels_CHW.ravel()
    return known(rows_NP), known(shape)


def read_image(path: Path, *, grey: bool, size: tuple[int, int] | None) -> Array:
    """The bytes of one image, (C, H, W), resized to (width, height) if a size is given.

    Raises:
        DataError: it cannot be read, or has more than 8 bits per channel.
    """
    try:
        with Image.open(path) as image:
            mode = image.mode
            converted = None if mode in DEEP_MODES else image.convert("L" if grey else "RGB")
    except Exception as error:  # the decoders of ten formats raise anything about a damaged file
        raise DataError(f"{path}: cannot be read as an image: {error}; replace or remove it") from error
    if converted is None:
        raise DataError(f'{path}: has more than 8 bits per channel (mode "{mode}"); convert it to 8 bits')
    if size is not None:
        converted = converted.resize(size, Image.Resampling.BILINEAR)
    pixels = np.asarray(converted, np.uint8)
    return pixels[None] if grey else pixels.transpose(2, 0, 1)
