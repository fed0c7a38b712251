"""From real numbers to bytes and back: uniform quantization, a static histogram per unit, a range coder.

Everything the decoder has to know is fitted on training codes and sent once; it is the side information. The stream
itself holds the symbols of unit 0 of all images, then those of unit 1, and so on.

Shapes: N images, L units. Codes are (L, N), one unit after the other, as they are coded.
"""

import math
from dataclasses import dataclass
from types import ModuleType

import numpy as np

from aecli.components.evaluation.suites import Skipped

DEAD_RANGE = 1e-6
"""A unit that moves less than this over all training images is sent as one constant."""
SMOOTHING = 0.5
"""Added to every count, so that symbols which no training code has can be coded: Krichevsky and Trofimov 1981."""


@dataclass(frozen=True)
class StaticCoder:
    """Grid and histogram of every unit.

    Symbol s of unit l stands for the value offset + step (lowest + s); values beyond the ends of the histogram, which
    are those of the training codes, are clamped to them.
    """

    offset_L: np.ndarray
    step_L: np.ndarray
    lowest_L: np.ndarray
    """Grid point of symbol 0, int32."""
    counts_L: tuple[np.ndarray, ...]
    """How often the training codes have each symbol."""

    @property
    def symbols_L(self) -> np.ndarray:
        """Size of each unit's alphabet; units with one symbol cost nothing."""
        return np.array([len(counts) for counts in self.counts_L])

    @property
    def side_information_bytes(self) -> dict[str, int]:
        """What the decoder is told once: histograms as 32-bit counts with ends, steps and offsets as 32-bit floats."""
        units = len(self.counts_L)
        return {"histograms": 4 * int(self.symbols_L.sum()) + 8 * units, "steps": 8 * units}

    def quantize(self, code_LN: np.ndarray) -> np.ndarray:
        """Symbols of codes, (L, N) int32."""
        return np.stack([self.quantize_unit(unit, code_N) for unit, code_N in enumerate(code_LN)])

    def quantize_unit(self, unit: int, code_N: np.ndarray) -> np.ndarray:
        """Symbols of one unit's codes, (N,) int32."""
        grid_N = grid_points(code_N, self.offset_L[unit], self.step_L[unit]) - self.lowest_L[unit]
        return grid_N.clip(0, len(self.counts_L[unit]) - 1).astype(np.int32)

    def dequantize(self, symbols_LN: np.ndarray) -> np.ndarray:
        """The values that symbols stand for, (L, N) float32."""
        grid_LN = (symbols_LN + self.lowest_L[:, None]).astype(np.float32)
        return self.offset_L[:, None] + self.step_L[:, None] * grid_LN

    def probabilities(self, unit: int) -> np.ndarray:
        """Probability of each symbol of a unit, all above 0."""
        smoothed = self.counts_L[unit] + SMOOTHING
        return smoothed / smoothed.sum()

    def ideal_bits(self, symbols_LN: np.ndarray) -> float:
        """Cross-entropy: what a perfect coder would need with these histograms, in bits."""
        total = 0.0
        for unit, symbols_N in enumerate(symbols_LN):
            seen = np.bincount(symbols_N, minlength=len(self.counts_L[unit]))
            total -= float(seen @ np.log2(self.probabilities(unit)))
        return total + 0.0  # not -0.0

    def encode(self, symbols_LN: np.ndarray) -> bytes:
        """Symbols as bytes."""
        stream = load_constriction()
        encoder = stream.queue.RangeEncoder()
        for unit in np.flatnonzero(self.symbols_L > 1).tolist():
            encoder.encode(np.ascontiguousarray(symbols_LN[unit], np.int32), self.distribution(unit))
        return encoder.get_compressed().astype("<u4").tobytes()

    def decode(self, coded: bytes, count: int) -> np.ndarray:
        """The symbols of so many images, (L, N) int32."""
        stream = load_constriction()
        decoder = stream.queue.RangeDecoder(np.frombuffer(coded, "<u4").astype(np.uint32))
        symbols_LN = np.zeros((len(self.counts_L), count), np.int32)
        for unit in np.flatnonzero(self.symbols_L > 1).tolist():
            symbols_LN[unit] = decoder.decode(self.distribution(unit), count)
        return symbols_LN

    def distribution(self, unit: int) -> object:
        """A unit's histogram as the coder wants it."""
        return load_constriction().model.Categorical(self.probabilities(unit).astype(np.float32), perfect=False)


@dataclass(frozen=True)
class Coded:
    """The outcome of coding once: sizes, and the values that the decoder has."""

    coded_bits: int
    ideal_bits: float
    decoded_LN: np.ndarray


def load_constriction() -> ModuleType:
    """The stream coders of the package `constriction`.

    Raises:
        Skipped: it is not installed.
    """
    try:
        from constriction import stream
    except ImportError:
        raise Skipped("needs the package constriction: pip install 'aecli[compress]'") from None
    return stream


def fit_coder(code_LN: np.ndarray, step_L: np.ndarray) -> StaticCoder:
    """Grids and histograms of training codes.

    Every grid passes through 0, or through the training value that is nearest to 0: the zeros of a sparse code stay
    zeros, and a constant unit keeps its value.

    Args:
        code_LN: training codes.
        step_L: distance of neighbouring grid points; that of dead units is ignored.
    """
    low_L, high_L = code_LN.min(1), code_LN.max(1)
    offset_L = np.clip(0.0, low_L, high_L).astype(np.float32)
    step_L = np.where(high_L - low_L > DEAD_RANGE, step_L, 1.0).astype(np.float32)
    lowest_L = grid_points(low_L, offset_L, step_L).astype(np.int32)
    counts_L = [
        np.bincount((grid_points(code_N, offset, step) - lowest).astype(np.int32))
        for code_N, offset, step, lowest in zip(code_LN, offset_L, step_L, lowest_L, strict=True)
    ]
    return StaticCoder(offset_L, step_L, lowest_L, tuple(counts_L))


def grid_points(code: np.ndarray, offset: np.ndarray, step: np.ndarray) -> np.ndarray:
    """Number of the nearest grid point, not yet an integer type: far outliers would not fit into one."""
    return np.rint((code - offset) / step)


def code_and_decode(coder: StaticCoder, code_LN: np.ndarray) -> Coded:
    """Quantize, encode, decode, and check that the decoder has exactly the encoder's symbols.

    Raises:
        RuntimeError: it has not; a bug of the coder.
    """
    symbols_LN = coder.quantize(code_LN)
    coded = coder.encode(symbols_LN)
    decoded_LN = coder.decode(coded, symbols_LN.shape[1])
    if not np.array_equal(decoded_LN, symbols_LN):
        raise RuntimeError("the entropy decoder did not give back the symbols that were encoded")
    return Coded(8 * len(coded), coder.ideal_bits(symbols_LN), coder.dequantize(decoded_LN))


def bits_at(bits: np.ndarray, mse: np.ndarray, target: float) -> float | None:
    """Bits that a coder needs for at most this MSE, from points of its rate-distortion curve.

    Points that are no better than a cheaper one are left out; between the others a monotone cubic (PCHIP) in log MSE.

    Args:
        bits: of each point, in any unit.
        mse: of each point.
        target: MSE asked for.

    Returns: the bits; those of the cheapest point where even that is good enough, None where no point is.

    Example:
        >>> round(bits_at(np.array([0.0, 1.0, 2.0]), np.array([0.04, 0.02, 0.01]), 0.02), 6)
        1.0
    """
    from scipy.interpolate import PchipInterpolator

    order = np.lexsort((mse, bits))
    bits, mse = bits[order], mse[order]
    kept = np.concatenate([[True], mse[1:] < np.minimum.accumulate(mse)[:-1]])
    bits, mse = bits[kept], mse[kept]
    if target >= mse[0] or target < mse[-1]:
        return float(bits[0]) if target >= mse[0] else None
    quality = -np.log(np.maximum(mse, np.finfo(float).tiny))
    return float(PchipInterpolator(quality, bits)(-math.log(max(target, np.finfo(float).tiny))))
