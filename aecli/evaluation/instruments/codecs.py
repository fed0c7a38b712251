"""Coders that know nothing of the model: KLT, image codecs on a mosaic, lossless coders.

Shapes: N images, P values of an image, K components, H W C of an image.
"""

import io
import lzma
import math
from typing import TYPE_CHECKING

import numpy as np

from aecli.evaluation.baselines import COVARIANCE_LIMIT, Pca
from aecli.evaluation.instruments.entropy_coding import DEAD_RANGE, code_and_decode, fit_coder

if TYPE_CHECKING:
    from aecli.evaluation.subject import Subject
    from aecli.training.splits import Split

CHUNK = 4096
"""Images that are projected at once."""
KLT_STEPS = tuple(2.0 ** (k / 2) for k in (-2, -1, 0, 1, 2, 3, 4, 5, 6, 8))
"""Steps of the KLT in units of the standard deviation of a pixel; MSE .0082 on MNIST is at 3.1."""
KLT_LARGE = 512
"""Components of images that are too large for all."""
KLT_VALUES = 2**26
"""Coefficients that the histograms are fitted on, at most: 256 MB."""
CODEC_VALUES = 2**24
"""Values of the images that go into the mosaic, at most."""
CELL = 8
"""Sides of a mosaic's cells are multiples of this: the blocks of JPEG then never see two images."""
Option = bool | int | str | list[int]
"""What Pillow's writers are told."""
SWEEPS: dict[str, tuple[str, str, list[dict[str, Option]]]] = {
    "jpeg": ("jpg", "JPEG", [{"quality": quality, "optimize": True} for quality in (1, 5, 6, 8, 12, 20, 35, 60, 85)]),
    "jpeg_2000": (
        "jpg_2000",
        "JPEG2000",
        [{"quality_mode": "dB", "quality_layers": [psnr], "irreversible": True} for psnr in (17, 20, 22, 25, 30)],
    ),
    "webp": ("webp", "WEBP", [{"quality": quality, "method": 4} for quality in (0, 4, 15, 40, 75)]),
}
"""Codec -> Pillow's names of the feature and of the format, and the options of each point of its curve."""


def klt_curve(subject: "Subject") -> dict[str, np.ndarray]:
    """Rate and distortion of the Karhunen-Loeve transform: all principal components, one uniform step, range coder.

    Returns: per step: `step`, `components` that are not always 0, `bits` of all target images, `ideal_bits`,
        `side_bytes` of steps and histograms, `mse`, clipped to [0, 1] where the data is; the last point is the mean
        training image, which needs no bits.
    """
    size = subject.target.values_NP.shape[1]
    pca = subject.pca(size if size <= COVARIANCE_LIMIT else KLT_LARGE)
    rows = max(1, KLT_VALUES // len(pca.components_KP))
    train_KN, target_KN = project(subject.train, pca, rows), project(subject.target, pca)
    points = [klt_point(subject, pca, train_KN, target_KN, factor * spread(subject)) for factor in KLT_STEPS]
    mean_image = {"mse": klt_mse(subject, pca, target_KN[:0]), "step": math.inf}
    points.append({name: mean_image.get(name, 0) for name in points[0]})
    return {name: np.array([point[name] for point in points]) for name in points[0]}


def klt_point(
    subject: "Subject", pca: Pca, train_KN: np.ndarray, target_KN: np.ndarray, step: float
) -> dict[str, float]:
    """One step of the curve."""
    nonzero = np.flatnonzero(np.maximum(train_KN.max(1), -train_KN.min(1)) > step / 2)
    count = int(nonzero[-1]) + 1 if len(nonzero) else 1  # from there on every symbol is 0 and costs nothing
    coder = fit_coder(train_KN[:count], np.full(count, step))
    coded = code_and_decode(coder, target_KN[:count])
    return {
        "step": step,
        "components": count,
        "bits": coded.coded_bits,
        "ideal_bits": coded.ideal_bits,
        "side_bytes": sum(coder.side_information_bytes.values()),
        "mse": klt_mse(subject, pca, coded.decoded_LN),
    }


def spread(subject: "Subject") -> float:
    """Standard deviation of the training images around their mean image, over all values; 1 for constants."""
    total = 0.0
    for x_BP in subject.train.batches(CHUNK):
        total += float((x_BP - subject.splits.mean_image_P).cpu().double().square().mean(1).sum())
    deviation = math.sqrt(total / len(subject.train))
    return deviation if deviation > DEAD_RANGE else 1.0


def project(split: "Split", pca: Pca, limit: int | None = None) -> np.ndarray:
    """Coefficients of the first images, (K, N) float32."""
    count = min(len(split), limit or len(split))
    coefficients_KN = np.empty((len(pca.components_KP), count), np.float32)
    for start in range(0, count, CHUNK):
        rows = slice(start, min(start + CHUNK, count))
        coefficients_KN[:, rows] = (pca.components_KP @ (split.batch(rows) - pca.mean_P).T).cpu().numpy()
    return coefficients_KN


def klt_mse(subject: "Subject", pca: Pca, coefficients_KN: np.ndarray) -> float:
    """MSE of the target images rebuilt from their first coefficients, which may be none."""
    import torch

    total = 0.0
    for start in range(0, len(subject.target), CHUNK):
        x_BP = subject.target.batch(slice(start, start + CHUNK))
        x_hat_BP = pca.mean_P.expand_as(x_BP)
        if len(coefficients_KN):
            part_KB = torch.from_numpy(coefficients_KN[:, start : start + CHUNK]).to(x_BP)
            x_hat_BP = x_hat_BP + part_KB.T @ pca.components_KP[: len(part_KB)]
        if subject.splits.unit_range:
            x_hat_BP = x_hat_BP.clamp(0.0, 1.0)
        total += float((x_hat_BP - x_BP).cpu().double().square().mean(1).sum())
    return total / len(subject.target)


def images_of(subject: "Subject") -> np.ndarray | None:
    """Target images as bytes, (N, H, W) grey or (N, H, W, 3); None where the data cannot be seen as such.

    Floats are rounded to 1/255. As many images are taken as the mosaic may have.
    """
    shape = subject.splits.image_shape
    if shape is None or not subject.splits.unit_range or shape[0] not in (1, 3):
        return None
    x_NP = subject.target.batch(slice(0, codec_count(subject))).cpu().numpy()
    bytes_NCHW = np.rint(x_NP * 255.0).astype(np.uint8).reshape(-1, *shape)
    return bytes_NCHW[:, 0] if shape[0] == 1 else np.ascontiguousarray(bytes_NCHW.transpose(0, 2, 3, 1))


def codec_count(subject: "Subject") -> int:
    """Number of images that image codecs and lossless coders are measured on: the first ones."""
    size = subject.target.values_NP.shape[1]
    return min(len(subject.target), max(1, CODEC_VALUES // size))


def mosaic(images: np.ndarray) -> np.ndarray:
    """All images in one, each in the middle of a black cell whose sides are multiples of 8: 28 x 28 in 32 x 32.

    Args:
        images: (N, H, W) or (N, H, W, 3) bytes.

    Example:
        >>> mosaic(np.ones((5, 28, 28), np.uint8)).shape
        (64, 96)
    """
    count, height, width = images.shape[:3]
    columns = math.ceil(math.sqrt(count))
    lines, (cell_h, cell_w), (top, left) = -(-count // columns), *cell_and_margin(height, width)
    sheet = np.zeros((lines * columns, cell_h, cell_w, *images.shape[3:]), np.uint8)
    sheet[:count, top : top + height, left : left + width] = images
    sheet = sheet.reshape(lines, columns, *sheet.shape[1:]).swapaxes(1, 2)
    return sheet.reshape(lines * cell_h, columns * cell_w, *images.shape[3:])


def cut_mosaic(sheet: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """The images of a mosaic, `shape` being that of all of them."""
    count, height, width = shape[:3]
    columns = math.ceil(math.sqrt(count))
    (cell_h, cell_w), (top, left) = cell_and_margin(height, width)
    cells = sheet.reshape(-1, cell_h, columns, cell_w, *shape[3:]).swapaxes(1, 2)
    cells = cells.reshape(-1, cell_h, cell_w, *shape[3:])
    return cells[:count, top : top + height, left : left + width]


def cell_and_margin(height: int, width: int) -> tuple[tuple[int, int], tuple[int, int]]:
    """Sides of a cell, and where the image starts in it."""
    cell = (-(-height // CELL) * CELL, -(-width // CELL) * CELL)
    return cell, ((cell[0] - height) // 2, (cell[1] - width) // 2)


def codec_curve(name: str, images: np.ndarray) -> dict[str, np.ndarray]:
    """Rate and distortion of an image codec on the mosaic.

    Args:
        name: from SWEEPS.
        images: (N, H, W) or (N, H, W, 3) bytes.

    Returns: per point `bits` of all images, headers included, and `mse` of the images alone; no points where Pillow
        has no such codec here, or the codec no such size.
    """
    from PIL import features

    feature, form, options = SWEEPS[name]
    if not features.check(feature):
        return {"bits": np.zeros(0), "mse": np.zeros(0)}
    sheet = mosaic(images)
    try:
        points = [codec_point(sheet, images, form, option) for option in options]
    except (OSError, ValueError):  # WebP ends at 16383 pixels
        return {"bits": np.zeros(0), "mse": np.zeros(0)}
    bits, mse = np.array(points).T
    return {"bits": bits, "mse": mse}


def codec_point(sheet: np.ndarray, images: np.ndarray, form: str, options: dict[str, Option]) -> tuple[int, float]:
    """Bits of a mosaic with these options, and the MSE of its images."""
    coded = save(sheet, form, **options)
    error = cut_mosaic(load(coded, sheet), images.shape).astype(np.int32) - images
    return 8 * len(coded), float(np.square(error).mean() / 255.0**2)


def save(image: np.ndarray, form: str, **options: Option) -> bytes:
    """An image as a file."""
    from PIL import Image

    buffer = io.BytesIO()
    Image.fromarray(image).save(buffer, format=form, **options)
    return buffer.getvalue()


def load(coded: bytes, like: np.ndarray) -> np.ndarray:
    """A file as an image, grey or in colour as `like` is."""
    from PIL import Image

    with Image.open(io.BytesIO(coded)) as image:
        return np.asarray(image.convert("L" if like.ndim == 2 else "RGB"))


def lossless_bits(values_NP: np.ndarray, images: np.ndarray | None) -> dict[str, int]:
    """Bits of all rows, stored as bytes, by coders that lose nothing.

    Args:
        values_NP: bytes.
        images: the same as images, where they are.

    Returns: `raw`, `lzma` over the rows one after the other, `png` with one file for each image, `png_mosaic`.
    """
    sizes = {"raw": values_NP.size, "lzma": len(lzma.compress(values_NP.tobytes()))}
    if images is not None:
        sizes["png"] = sum(len(save(image, "PNG", optimize=True)) for image in images)
        sizes["png_mosaic"] = len(save(mosaic(images), "PNG"))
    return {name: 8 * size for name, size in sizes.items()}
