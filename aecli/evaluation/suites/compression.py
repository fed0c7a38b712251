"""The suite `compression`: the quantized, entropy-coded code beside KLT, image codecs and lossless coders.

Bits per pixel are the bits of all images over their own pixels. A colour pixel has three values; a value of a row that
is no image counts as a pixel. What is sent once, however many images there are (histograms, steps, the decoder itself),
stands beside the bits and is not in them.

Shapes: N images, L code units.
"""

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from aecli.components.evaluation.suites import Findings, Skipped
from aecli.evaluation.instruments import codecs
from aecli.evaluation.instruments.entropy_coding import (
    StaticCoder,
    bits_at,
    code_and_decode,
    fit_coder,
    load_constriction,
)
from aecli.evaluation.network import decoder_values
from aecli.evaluation.suites.compression_pictures import LOSSY, Point, plot

if TYPE_CHECKING:
    from aecli.evaluation.subject import Subject

PROTOCOL = 1
"""Of what is kept on disk: KLT, image codecs, lossless coders."""
BITS_PER_UNIT = (2, 3, 4, 5, 6, 7, 8)
SPAN = 8.0
"""With b bits per unit, 2^b steps span so many standard deviations of the unit's training codes."""
NEAR = 1.05
"""The operating point: this multiple of the MSE that the code has before it is quantized."""
COLUMNS = ["coder", "bits/pixel", "ideal", "MSE", "PSNR dB", "KLT bits/pixel", "saving"]
LOSSLESS = {"lzma": "LZMA, lossless", "png": "PNG per image, lossless"}


def measure(subject: "Subject") -> Findings:
    """Code the judged images with the model and with everything else.

    Raises:
        Skipped: the package constriction is not installed, or the code is not finite.
    """
    load_constriction()
    if not all(torch.isfinite(subject.codes(split)).all() for split in (subject.train, subject.target)):
        raise Skipped("the code has values that are not finite; train with a smaller learning rate")
    code_LN = subject.codes(subject.target).cpu().numpy().T
    plain_mse, curves = decoded_mse(subject, code_LN), measure_curves(subject, code_LN)
    equal = {
        "near_unquantized": compare_at(subject, curves, NEAR * plain_mse),
        "eight_bits": compare_at(subject, curves, curves["model"][-1]["mse"]),
    }
    numbers = {
        "images": len(subject.target),
        "pixels_per_image": pixels_per_image(subject),
        "unquantized": {"mse": plain_mse, "psnr_db": psnr_db(subject, plain_mse)},
        "curves": curves,
        "lossless": lossless(subject),
        "at_equal_mse": equal,
        "decoder": decoder_size(subject),
        "notes": notes(subject, curves),
    }
    reached = skill(equal["near_unquantized"]["bits_per_pixel"])
    return Findings(numbers, reached, COLUMNS, table(numbers), {"rate_distortion": plot(numbers)})


def measure_curves(subject: "Subject", code_LN: np.ndarray) -> dict[str, list[Point]]:
    """Rate and distortion of every coder; each point of the model with what the KLT needs for its error."""
    curves = {"model": model_curve(subject, code_LN), "klt": klt_curve(subject), **codec_curves(subject)}
    for point in curves["model"]:
        point["klt_bits_per_pixel"] = needed_bits(curves["klt"], point["mse"])
        point["saving"] = saving(point["bits_per_pixel"], point["klt_bits_per_pixel"])
    return curves


def model_curve(subject: "Subject", code_LN: np.ndarray) -> list[Point]:
    """Size and error of the model's code at every number of bits per unit."""
    train_LN = np.ascontiguousarray(subject.codes(subject.train).cpu().numpy().T)
    deviation_L = train_LN.std(1, dtype=np.float64)
    return [
        model_point(subject, bits, fit_coder(train_LN, SPAN * deviation_L / 2**bits), code_LN) for bits in BITS_PER_UNIT
    ]


def model_point(subject: "Subject", bits_per_unit: int, coder: StaticCoder, code_LN: np.ndarray) -> Point:
    """One point of the curve; the error is that of decoding what the entropy decoder gave back."""
    coded = code_and_decode(coder, code_LN)
    point = describe(subject, coded.coded_bits, decoded_mse(subject, coded.decoded_LN), code_LN.shape[1])
    return {
        "bits_per_unit": bits_per_unit,
        **point,
        "coded_bits": coded.coded_bits,
        "ideal_bits": coded.ideal_bits,
        "ideal_bits_per_pixel": coded.ideal_bits / code_LN.shape[1] / pixels_per_image(subject),
        "coded_units": int((coder.symbols_L > 1).sum()),
        "largest_alphabet": int(coder.symbols_L.max()),
        "side_information_bytes": coder.side_information_bytes,
    }


def klt_curve(subject: "Subject") -> list[Point]:
    """Size and error of the KLT at every step, the mean training image last."""
    arrays = kept(subject, "klt", lambda: codecs.klt_curve(subject))
    rows = [dict(zip(arrays, map(float, row), strict=True)) for row in zip(*arrays.values(), strict=True)]
    return [
        {
            "step": row["step"] if math.isfinite(row["step"]) else None,
            **describe(subject, row["bits"], row["mse"], len(subject.target)),
            "coded_bits": int(row["bits"]),
            "ideal_bits": row["ideal_bits"],
            "side_information_bytes": int(row["side_bytes"]),
            "decoder_bytes": 4 * subject.target.values_NP.shape[1] * (1 + int(row["components"])),
        }
        for row in rows
    ]


def codec_curves(subject: "Subject") -> dict[str, list[Point]]:
    """Size and error of the image codecs that there are here, best quality last."""
    images = codecs.images_of(subject)
    if images is None:
        return {}
    curves = {name: codec_curve(subject, name, images) for name in codecs.SWEEPS}
    return {name: curve for name, curve in curves.items() if curve}


def codec_curve(subject: "Subject", name: str, images: np.ndarray) -> list[Point]:
    """Size and error of one image codec; no points where there is no such codec here."""
    arrays = kept(subject, name, lambda: codecs.codec_curve(name, images))
    pairs = zip(arrays["bits"], arrays["mse"], strict=True)
    return [describe(subject, float(bits), float(mse), len(images)) for bits, mse in pairs]


def lossless(subject: "Subject") -> dict[str, float]:
    """Bits per pixel of lossless coders, where the data is bytes."""
    if subject.target.values_NP.dtype != torch.uint8:
        return {}
    images = codecs.images_of(subject)
    values_NP = subject.target.values_NP[: codecs.codec_count(subject)].cpu().numpy()

    def compute() -> dict[str, np.ndarray]:
        return {name: np.array(bits) for name, bits in codecs.lossless_bits(values_NP, images).items()}

    arrays = kept(subject, "lossless", compute)
    return {name: float(bits) / len(values_NP) / pixels_per_image(subject) for name, bits in arrays.items()}


def kept(subject: "Subject", name: str, compute: Callable[[], dict[str, np.ndarray]]) -> dict[str, np.ndarray]:
    """What depends on the data and on the libraries alone."""
    import constriction
    import PIL

    versions = f"{PROTOCOL} constriction {getattr(constriction, '__version__', '')} pillow {PIL.__version__}"
    return subject.cached(f"compression {name} {versions} {subject.splits.image_shape}", compute)


def describe(subject: "Subject", bits: float, mse: float, count: int) -> Point:
    """Bits of so many images and their MSE as a point of a curve."""
    return {"bits_per_pixel": bits / count / pixels_per_image(subject), "mse": mse, "psnr_db": psnr_db(subject, mse)}


def pixels_per_image(subject: "Subject") -> int:
    """Height times width; the number of values where rows are no images."""
    shape = subject.splits.image_shape
    return subject.target.values_NP.shape[1] if shape is None else shape[1] * shape[2]


def psnr_db(subject: "Subject", mse: float) -> float | None:
    """Of the mean MSE, for a data range of 1; None where the data has another range or there is no error."""
    return -10.0 * math.log10(mse) if subject.splits.unit_range and mse > 0 else None


@torch.no_grad()
def decoded_mse(subject: "Subject", code_LN: np.ndarray) -> float:
    """MSE of decoding these codes of the judged images."""
    total, start = 0.0, 0
    for x_BP in subject.target.batches(codecs.CHUNK):
        code_BL = torch.from_numpy(np.ascontiguousarray(code_LN[:, start : start + len(x_BP)].T)).to(x_BP)
        total += float((subject.model.decode(code_BL) - x_BP).cpu().double().square().mean(1).sum())
        start += len(x_BP)
    return total / len(subject.target)


def decoder_size(subject: "Subject") -> dict[str, float]:
    """What the receiver has to have: every number of the decoder, tied weights included, as 32-bit floats."""
    size = 4 * decoder_values(subject.model)
    return {"bytes": size, "bits_per_pixel_if_sent": 8 * size / len(subject.target) / pixels_per_image(subject)}


def needed_bits(curve: list[Point], mse: float) -> float | None:
    """Bits per pixel at which a coder reaches this MSE or better; see `bits_at`."""
    bits, errors = (np.array([point[key] for point in curve]) for key in ("bits_per_pixel", "mse"))
    return bits_at(bits, errors, mse)


def compare_at(subject: "Subject", curves: dict[str, list[Point]], mse: float) -> dict[str, Any]:
    """Bits per pixel of every coder at one MSE, and what the model saves against each, negative where it costs more."""
    bits = {name: needed_bits(curve, mse) for name, curve in curves.items()}
    others = {name: saving(bits["model"], value) for name, value in bits.items() if name != "model"}
    return {"mse": mse, "psnr_db": psnr_db(subject, mse), "bits_per_pixel": bits, "saving": others}


def saving(bits: float | None, reference: float | None) -> float | None:
    """Share of the reference's bits that is saved; None where one of them does not get there, or for nothing."""
    return 1.0 - bits / reference if bits is not None and reference else None


def skill(bits: dict[str, float | None]) -> float | None:
    """Bits of the KLT over bits of the model: 0 where the mean training image would do, 1 where both need the same."""
    if bits["klt"] is None or bits["model"] is None:
        return None
    return bits["klt"] / bits["model"] if bits["model"] else 0.0  # no bits: a constant code


def notes(subject: "Subject", curves: dict[str, list[Point]]) -> list[str]:
    """What a reader has to know about these numbers."""
    size = decoder_size(subject)["bytes"]
    lines = [f"histograms, steps and the decoder ({size} bytes as float32) are sent once and not counted"]
    if codecs.images_of(subject) is None:
        return [*lines, "no image codecs: the rows are no grey or RGB images in [0, 1]"]
    count = codecs.codec_count(subject)
    lines.append(f"image codecs code one mosaic of {count} images; its padding is not counted in the pixels")
    missing = [label for name, label in LOSSY.items() if name not in curves]
    return lines + [f"{label} is left out: Pillow cannot write it here" for label in missing]


def table(numbers: dict[str, Any]) -> list[list[str | float | None]]:
    """A row for each number of bits per unit, one for each other coder at the operating point, the lossless coders."""
    rows = [
        [f"model, {point['bits_per_unit']} bits per unit"]
        + [
            point[key]
            for key in ("bits_per_pixel", "ideal_bits_per_pixel", "mse", "psnr_db", "klt_bits_per_pixel", "saving")
        ]
        for point in numbers["curves"]["model"]
    ]
    equal = numbers["at_equal_mse"]["near_unquantized"]
    for name, bits in equal["bits_per_pixel"].items():
        label = f"{LOSSY[name]} at this MSE or better" if name in LOSSY else f"model at {NEAR:g} x unquantized MSE"
        last = [equal["bits_per_pixel"]["klt"], equal["saving"]["klt"]] if name == "model" else [None, None]
        rows.append([label, bits, None, equal["mse"], equal["psnr_db"], *last])
    found = [name for name in LOSSLESS if name in numbers["lossless"]]
    rows += [[LOSSLESS[name], numbers["lossless"][name], None, 0.0, None, None, None] for name in found]
    return rows
