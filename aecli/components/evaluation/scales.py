"""The directions of measures, and what a difference between two values of one is told in."""

from typing import Final, Literal

Direction = Literal["lower", "higher"]
"""Which of two values is better."""
Scale = Literal["ratio", "dB", "points"]

RATIO: Final = "ratio"
"""A share of the baseline: for errors, sizes and times."""
DECIBEL: Final = "dB"
"""Decibels: for measures that are logarithms already."""
POINTS: Final = "points"
"""Units of the measure, where 0.01 is one point: for shares, scores and skills, of which a share would mean nothing."""
SCALES: tuple[Scale, ...] = (RATIO, DECIBEL, POINTS)
