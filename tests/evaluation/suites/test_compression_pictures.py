"""The picture of the compression suite: its axes, what is left out of it, and its title."""

import pytest

from aecli.evaluation.suites.compression_pictures import plot, title


def point(bits, mse, psnr, **more):
    return {"bits_per_pixel": bits, "mse": mse, "psnr_db": psnr, **more}


@pytest.fixture
def numbers():
    model = [point(0.1, 0.02, 17.0, bits_per_unit=2), point(0.2, 0.01, 20.0, bits_per_unit=3)]
    klt = [point(0.1, 0.03, 15.2), point(0.4, 1e-4, 40.0), point(0.0, 0.07, 11.5)]
    equal = {"mse": 0.01, "psnr_db": 20.0, "bits_per_pixel": {"model": 0.2, "klt": 0.25}, "saving": {"klt": 0.2}}
    return {
        "unquantized": {"mse": 0.0099, "psnr_db": 20.04},
        "curves": {"model": model, "klt": klt},
        "at_equal_mse": {"near_unquantized": equal},
    }


def test_points_without_bits_or_far_above_the_model_are_left_out(numbers):
    axes = plot(numbers).axes[0]
    lines = {line.get_label(): list(line.get_xdata()) for line in axes.lines}
    assert lines["KLT"] == [0.1] and lines["this model, bits per unit at the dots"] == [0.1, 0.2]
    assert axes.get_xscale() == "log" and axes.get_ylabel() == "PSNR in dB"
    assert [text.get_text() for text in axes.texts] == ["2", "3"]


def test_data_without_a_range_is_drawn_by_its_mse(numbers):
    numbers["unquantized"]["psnr_db"] = None
    axes = plot(numbers).axes[0]
    assert axes.get_ylabel() == "MSE" and list(axes.lines[1].get_ydata()) == [0.03, 1e-4]


def test_a_code_that_costs_nothing_is_drawn_on_plain_axes(numbers):
    numbers["curves"] = {"model": [point(0.0, 0.07, 11.5, bits_per_unit=2)]}
    numbers["at_equal_mse"]["near_unquantized"]["bits_per_pixel"]["model"] = 0.0
    assert plot(numbers).axes[0].get_xscale() == "linear"


@pytest.mark.parametrize(
    ("saving", "words"),
    [
        (0.2, "20 % fewer bits than KLT at MSE 0.01"),
        (-0.5, "50 % more bits than KLT at MSE 0.01"),
        (None, "bits per pixel and error"),
    ],
    ids=["saves", "costs", "does not get there"],
)
def test_the_title_says_the_finding(saving, words, numbers):
    numbers["at_equal_mse"]["near_unquantized"]["saving"]["klt"] = saving
    assert title(numbers) == words
