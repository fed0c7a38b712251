"""The archive that splits are cut from, and which of its images a split holds."""

import torch

CPU = torch.device("cpu")
COUNT = 240
"""Training images of the archive."""


def numbers(split):
    """Which images these are, read from their pixels."""
    return (split.values_NP[:, 0].int() * 256 + split.values_NP[:, 1].int()).tolist()
