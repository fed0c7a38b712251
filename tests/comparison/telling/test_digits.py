"""Numbers as text: no more digits than are known, no p-value smaller than it is."""

import pytest

from aecli.comparison.statistics.intervals import Estimate
from aecli.comparison.telling.digits import amount, p_words, show_estimate, show_mean


@pytest.mark.parametrize(
    ("p", "text"), [(0.25, "p = 0.25"), (1.0, "p = 1"), (0.0001, "p = 0.0001"), (0.00009, "p < 0.0001")]
)
def test_small_p_values_are_not_overstated(p, text):
    assert p_words(p) == text


@pytest.mark.parametrize(
    ("estimate", "of", "text"),
    [
        (None, 3, "-"),
        (Estimate(0.0123456, 1), 1, "0.01235"),
        (Estimate(0.0078812, 5, 0.0075212, 0.0082412), 5, "0.00788 ±0.00036"),
        (Estimate(20.957, 3, 20.855, 21.059), 3, "20.96 ±0.10"),
        (Estimate(1234.5, 3, 1000.0, 1469.0), 3, "1234 ±234"),
        (Estimate(0.25, 3, 0.25, 0.25), 3, "0.25 ±0"),
        (Estimate(0.25, 2, 0.24, 0.26), 3, "0.250 ±0.010 (n=2)"),
        (Estimate(0.25, 2, 0.25 - 1e-12, 0.25 + 1e-12), 2, "0.25 ±1.0e-12"),
    ],
    ids=str,
)
def test_an_estimate_is_rounded_to_what_is_known_of_it(estimate, of, text):
    assert show_estimate(estimate, of) == text


@pytest.mark.parametrize("value", [1e300, -1e300, 1e12])
def test_no_number_is_written_out_in_hundreds_of_digits(value):
    wide = Estimate(value, 5, value - abs(value) / 10, value + abs(value) / 10)
    texts = [amount(value), amount(value, "%"), show_mean(wide), show_estimate(wide, 5)]
    assert max(map(len, texts)) < 24, texts
    assert float(show_mean(wide)) == value
