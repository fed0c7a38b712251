"""The clean images: how many of them, the error against them, and data that is refused."""

import numpy as np
import pytest
import torch

from aecli.components.architecture.dense_network import Autoencoder
from aecli.components.evaluation.suites import Skipped
from aecli.evaluation.subject import Subject
from aecli.evaluation.suites import clean_images
from aecli.evaluation.suites.clean_images import check_unit_range, first_images, squared_error
from aecli.training.splits import Split, Splits


def make_subject(scaling="none", unit_range=True):
    split = Split(torch.arange(200 * 4, dtype=torch.float32).view(200, 4), None)
    net = {"activation": "linear", "code_activation": "linear", "output_activation": "linear"}
    model = Autoencoder([4, 2], **net, tied=False, normalization=None)
    return Subject(
        model, Splits(split, split, split, None, unit_range, description={"scaling": {"kind": scaling}}), None
    )


def test_large_images_are_judged_in_smaller_numbers(monkeypatch):
    subject = make_subject()
    assert len(first_images(subject)) == 200
    monkeypatch.setattr(clean_images, "VALUES", 4 * 110)
    assert len(first_images(subject)) == 110
    monkeypatch.setattr(clean_images, "VALUES", 4)
    assert len(first_images(subject)) == 100
    monkeypatch.setattr(clean_images, "IMAGES", 30)
    assert np.array_equal(first_images(subject), np.arange(120).reshape(30, 4))


def test_the_squared_error_is_a_sum_in_double_precision():
    x_hat = np.full((3, 100_000), 1e-4, np.float32)
    assert squared_error(x_hat, np.zeros_like(x_hat)) == pytest.approx(3e-3, rel=1e-6)


@pytest.mark.parametrize(
    ("scaling", "cure"),
    [("standard", "use scaling: minmax"), ("minmax", "the training rows are, but some test rows are beyond them")],
)
def test_values_outside_of_the_unit_interval_are_refused_with_what_would_help(scaling, cure):
    check_unit_range(make_subject(scaling))
    with pytest.raises(Skipped) as refused:
        check_unit_range(make_subject(scaling, unit_range=False))
    assert str(refused.value) == f"the data is not in [0, 1]; {cure}"
