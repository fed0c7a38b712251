"""The numbers of baselines stand beside those of the net."""

import pytest

from aecli.comparison.evidence.baseline_numbers import baseline_rows
from aecli.comparison.evidence.measures import measure


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("mse", {"mean_image": 0.0675, "pca_32": 0.0168}),
        ("validation.mse", {}),
        ("features.linear_probe", {"raw_pixels": 0.92, "pca_32": 0.9}),
        ("features.skill", {}),
        ("code.alive", {"pca_32": 32.0}),
        ("compression.bits_per_pixel", {"klt": 0.19}),
        ("compression.saving", {}),
        ("train_s", {}),
        ("objective", {}),
    ],
)
def test_baselines_stand_beside_the_number_and_nothing_else_does(suite_run, name, rows):
    made = measure(name)
    assert baseline_rows(suite_run, [made]) == {label: {made.name: value} for label, value in rows.items()}
