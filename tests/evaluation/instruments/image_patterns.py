"""Images that the tests of the severities are made on."""

import math

import numpy as np

GREY = (1, 28, 28)
SHAPES = [GREY, (3, 9, 5), (1, 2, 2), (1, 1, 1), (1, 40, 12)]


def pattern(count=6, shape=GREY):
    """Images of bytes without randomness: a third black, the rest of all values."""
    values = np.arange(count * math.prod(shape)) * 7919 % 256
    return np.where(values < 85, 0, values).astype(np.float32).reshape(count, -1) / np.float32(255)


def rng():
    return np.random.default_rng(0)


def flat_grey(value, count=200):
    return np.full((count, 784), value, np.float32)
