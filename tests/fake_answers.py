"""Comparisons of made-up runs that are to be told."""

import pytest

from aecli.comparison.telling.answer_words import answer_words
from aecli.comparison.verdicts.compare import compare

BASE = [0.0080, 0.0082, 0.0079, 0.0081, 0.0083, 0.0078]


def shifted(*shifts):
    """The base, each value changed by a share."""
    return [value * (1 + shift) for value, shift in zip(BASE, shifts * 3, strict=False)]


def answer(group):
    return " ".join(answer_words(group, group.metrics[0]))


@pytest.fixture
def judged(write_seeds, tmp_path):
    """A function that writes mse and other losses with the values given, and compares them."""

    def judge(*, base=BASE, baseline=None, metrics=("mse",), **others):
        write_seeds(base)
        for loss, values in others.items():
            write_seeds(values, set=[f"loss.name={loss}"])
        (group,) = compare([tmp_path / "runs"], baseline=baseline, metrics=metrics).groups
        return group

    return judge
