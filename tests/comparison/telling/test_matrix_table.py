"""The referee matrix as texts: regrets on the scale of their metric."""

import pytest

from aecli.comparison.evidence.measures import measure
from aecli.comparison.telling.matrix_table import show_regret
from aecli.comparison.verdicts.matrix import regret


@pytest.mark.parametrize(
    ("name", "amount", "text"),
    [("mse", 0.11, "+11 %"), ("mse", 0.0467, "+4.7 %"), ("mse", 2.43, "+243 %"), ("mse", 0.0, ""), ("mse", None, "")]
    + [("psnr_db", 1.5, "-1.5 dB"), ("ssim", 0.0123, "-0.012")],
)
def test_a_regret_in_few_characters(name, amount, text):
    assert show_regret(measure(name), amount) == text


@pytest.mark.parametrize(
    ("name", "value", "best", "expected", "text"),
    [
        ("generalization.gap", 0.03, -0.01, 0.04, "+0.04"),
        ("images_per_s", 80.0, 100.0, 0.2, "-20 %"),
        ("code.effective_dimension", 9.0, 10.0, 0.1, "-10 %"),
    ],
)
def test_a_regret_is_on_the_scale_of_its_metric(name, value, best, expected, text):
    found = regret(measure(name), value, best)
    assert found == pytest.approx(expected) and show_regret(measure(name), found) == text
