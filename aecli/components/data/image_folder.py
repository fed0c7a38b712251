"""Folders of image files as data sets.

Shapes: N images, P = C H W pixels, C channels, H height, W width.
"""

import os
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

from aecli.components.data.annotations import Array, Share, Side
from aecli.components.data.dataset import Dataset, dataset
from aecli.components.data.files import existing_folder, files_in
from aecli.components.data.parts import Part, assemble
from aecli.components.data.picture_parts import Inside, find_parts, within
from aecli.components.data.remarks import Remark, unused
from aecli.errors import DataError, known
from aecli.files.reading import open_file, read_bytes
from aecli.lazy import LazyModule, np
from aecli.text import counted, several

if TYPE_CHECKING:
    from PIL import Image, ImageOps
else:
    Image, ImageOps = LazyModule("PIL.Image"), LazyModule("PIL.ImageOps")

SUFFIXES = {
    *(".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".bmp", ".dib", ".gif", ".tif", ".tiff", ".webp"),
    *(".pgm", ".ppm", ".pbm", ".pnm", ".tga", ".jp2", ".avif"),
}
STARTS = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF8")
"""How pictures begin whose names have no ending."""
NO_PICTURES = {".txt", ".md", ".csv", ".tsv", ".json", ".xml", ".yaml", ".yml", ".html", ".db", ".ini", ".py", ".log"}
"""Endings of what often lies beside pictures, and is no loss."""
DEEP_MODES = ("I", "F", "I;16", "I;16L", "I;16B", "I;16N")
"""Pillow's modes with more than 8 bits per channel, which its conversion would cut off at 255."""
ORIENTATION = 0x0112
"""The EXIF tag that says how a camera was held."""
SHOWN = 5
MOST_PIXELS = 2**26
"""Of one image; a photograph has 2**24 to 2**26."""
"""Bad pictures that a message lists."""


@dataclass(frozen=True)
class Found:
    """The image files of one part, with the class folder of each if there are class folders."""

    folder: Path
    paths: list[Path]
    classes: list[str] | None


@dataset()
def images(
    *, folder: str, height: Side = None, width: Side = None, grey: bool = True, test_share: Share = 0.2
) -> Dataset:
    """A folder of pictures: png, jpg, bmp, gif, tif, webp, pgm, ppm and other kinds.

    folder/*.png, or folder/CLASS/*.png; either may lie in folder/train and folder/test

    Args:
        folder: where the images are; relative to where the command runs. Hidden files are skipped, and other files are
            named; the names of class folders become the labels: whole numbers as given, else 0, 1, ... as sorted.
        height: resize to this height, bilinear; needed with width if the sizes differ.
        width: resize to this width.
        grey: one channel of luminance (ITU-R 601) instead of red, green, blue.
        test_share: share of the images that becomes the test split if there are no folders train and test; the draw is
            fixed, the same for every seed.

    Note: transparency is dropped, of several frames the first is taken, and photographs are turned upright.
    Source: Pillow, https://pillow.readthedocs.io
    """
    root = existing_folder(folder)
    if (height is None) != (width is None):
        raise DataError(f"{root}: height and width belong together; give both or none")
    found, told = find_images(root)
    shape = (1 if grey else 3, height, width) if height and width else None
    parts = []
    for part in found:
        labels_N = None if part.classes is None else np.array(part.classes, object)
        values_NP, shape = read_images(part, shape, grey=grey, resize=height is not None)
        parts.append(Part(values_NP, labels_N, shape, str(part.folder)))
    return assemble("images", parts[0], parts[1] if len(parts) == 2 else None, test_share=test_share, remarks=told)


def find_images(root: Path) -> tuple[list[Found], tuple[Remark, ...]]:
    """The image files of the training part, and of the test part if there is one, in the order of their paths.

    Raises:
        DataError: there are none, some lie in class folders and some do not, or parts look like classes.
    """
    files = files_in(root)
    pictures = [inside for inside in files if is_picture(root, inside)]
    skipped = sorted(set(files) - set(pictures))
    if not pictures:
        there = f"; {several('/'.join(inside) for inside in skipped)} have other endings" if skipped else ""
        raise DataError(f"{root}: holds no images{there}; looked for {', '.join(sorted(SUFFIXES))}")
    parts = find_parts(root, pictures)
    places = [parts.train] if parts.test is None else [parts.train, parts.test]
    told = unused(root, parts.unused, "they lie beside the parts train and test; move them there, or away")
    return [find_classes(root, place, pictures) for place in places], (*told, *skipped_files(root, skipped))


def is_picture(root: Path, inside: Inside) -> bool:
    """Whether a file is called like a picture, or has no ending and begins like one."""
    suffix = os.path.splitext(inside[-1])[1].lower()  # noqa: PTH122, a Path for each of many files takes longer
    if suffix:
        return suffix in SUFFIXES
    try:
        return read_bytes(root.joinpath(*inside), 8, head=8).startswith(STARTS)
    except OSError:
        return False


def skipped_files(root: Path, skipped: Sequence[Inside]) -> tuple[Remark, ...]:
    """Which files were left out because they are not called like pictures."""
    names = ["/".join(inside) for inside in skipped if Path(inside[-1]).suffix.lower() not in NO_PICTURES]
    if not names:
        return ()
    message = f"{root}: {counted(len(names), 'file')} left out, which no ending says to be pictures: {several(names)}"
    return (Remark("data-skipped", message, "convert them to png or jpg, or take them away"),)


def find_classes(root: Path, place: Inside, pictures: Sequence[Inside]) -> Found:
    """The pictures of a part with their class folders.

    Raises:
        DataError: some lie in class folders and some do not.
    """
    folder, inside = root.joinpath(*place), within(place, pictures)
    depths = {len(parts) > 1 for parts in inside}
    if depths == {True, False}:
        loose = next(parts for parts in inside if len(parts) == 1)
        raise DataError(f"{folder}: some images are in class folders and some are not, such as {loose[0]}; move them")
    paths = [folder.joinpath(*parts) for parts in inside]
    return Found(folder, paths, [parts[0] for parts in inside] if depths == {True} else None)


def read_images(
    part: Found, shape: tuple[int, int, int] | None, *, grey: bool, resize: bool
) -> tuple[Array, tuple[int, int, int]]:
    """All images as rows of bytes, and their common shape.

    Args:
        part: the files.
        shape: channels, height and width, if they are known; else those of the first image.
        grey: one channel instead of three.
        resize: whether other sizes are resized or refused.

    Raises:
        DataError: images cannot be read, or have other sizes than the first; all of them are counted.
    """
    rows_NP: Array | None = None
    problems: list[DataError] = []
    sizes: dict[tuple[int, int], list[Path]] = {}
    for number, path in enumerate(part.paths):
        try:
            pixels_CHW = read_image(path, grey=grey, size=(shape[2], shape[1]) if shape and resize else None)
        except DataError as error:
            problems.append(error)
            continue
        channels, height, width = pixels_CHW.shape
        shape = shape or (channels, height, width)
        sizes.setdefault((height, width), []).append(path)
        if pixels_CHW.shape == shape:
            rows_NP = np.empty((len(part.paths), pixels_CHW.size), np.uint8) if rows_NP is None else rows_NP
            rows_NP[number] = pixels_CHW.ravel()
    if sizes and set(sizes) != {known(shape)[1:]}:
        problems.append(DataError(other_sizes(part.folder, sizes, known(shape))))
    if len(problems) == 1:
        raise problems[0]
    if problems:
        shown = [str(problem) for problem in (*problems[: SHOWN - 1], problems[-1])]
        raise DataError("\n".join([*dict.fromkeys(shown), f"{part.folder}: {len(problems):,} problems in all"]))
    return known(rows_NP), known(shape)


def other_sizes(folder: Path, sizes: Mapping[tuple[int, int], Sequence[Path]], shape: tuple[int, int, int]) -> str:
    """What to say of images of several sizes, or of another size than those of the training part."""
    order = sorted(sizes.items(), key=lambda item: -len(item[1]))
    told = several(
        f"{height} x {width} ({counted(len(paths), 'image')}, such as {paths[0].relative_to(folder)})"
        for (height, width), paths in order
    )
    height, width = order[0][0] if len(sizes) > 1 else shape[1:]
    what = f"images of {len(sizes)} sizes" if len(sizes) > 1 else f"images of another size than {height} x {width}"
    return (
        f"{folder}: holds {what} (height x width): {told}; to resize all: "
        f"--set data.dataset.height={height} --set data.dataset.width={width}"
    )


def open_picture(file: IO[bytes]) -> "Image.Image":
    """A picture whose size is known and whose pixels are not read yet; that it is large, we say ourselves."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        return Image.open(file)


def read_image(path: Path, *, grey: bool, size: tuple[int, int] | None) -> Array:
    """The bytes of one image as it is to be seen, (C, H, W), resized to (width, height) if a size is given.

    Raises:
        DataError: it cannot be read, or has more than 8 bits per channel.
    """
    try:
        with open_file(path) as file, open_picture(file) as image:
            if image.width * image.height > MOST_PIXELS:
                raise DataError(
                    f"{path}: has {image.width:,} x {image.height:,} pixels, and {MOST_PIXELS:,} are the most; make it "
                    "smaller"
                )
            mode = image.mode
            if mode not in DEEP_MODES and image.getexif().get(ORIENTATION, 1) != 1:
                ImageOps.exif_transpose(image, in_place=True)
            converted = None if mode in DEEP_MODES else image.convert("L" if grey else "RGB")
    except DataError:
        raise
    except (PermissionError, FileNotFoundError) as error:
        raise DataError(f"{path}: cannot be read: {error.strerror}") from error
    except Exception as error:  # the decoders of ten formats raise anything about a damaged file
        raise DataError(f"{path}: cannot be read as an image: {error}; replace or remove it") from error
    if converted is None:
        raise DataError(f'{path}: has more than 8 bits per channel (mode "{mode}"); convert it to 8 bits')
    if size is not None:
        converted = converted.resize(size, Image.Resampling.BILINEAR)
    pixels = np.asarray(converted, np.uint8)
    return pixels[None] if grey else pixels.transpose(2, 0, 1)
