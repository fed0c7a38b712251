"""What suites found, as it stands in a summary."""

import pytest

from aecli.comparison.evidence.read_run import read_run

FEATURES = {
    "protocol": 1,
    "judged_epoch": 50,
    "elapsed_s": 8.0,
    "classes": 10,
    "skill": 0.9,
    "code": {"linear_probe": {"accuracy": 0.88}},
    "raw_pixels": {"linear_probe": {"accuracy": 0.92}},
    "pca_32": {"linear_probe": {"accuracy": 0.9}},
}
CODE = {"protocol": 1, "code": {"alive": 25}, "pca_32": {"alive": 32}, "histogram": {"counts": [1]}}
COMPRESSION = {
    "at_equal_mse": {"near_unquantized": {"bits_per_pixel": {"model": 0.14, "klt": 0.19}, "saving": {"klt": 0.25}}}
}


@pytest.fixture
def suite_run(write_run):
    """A run with three suites on the test split and one on the validation split."""
    suites = {
        "test": {"features": FEATURES, "code": CODE, "compression": COMPRESSION},
        "validation": {"features": {"code": {"linear_probe": {"accuracy": 0.8}}}},
    }
    return read_run(write_run(suites=suites, test={"mse": 0.01}, validation={"mse": 0.02}, train={"mse": 0.03}))
