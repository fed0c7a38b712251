"""The bootstrap: intervals against scipy, and how often they hold the truth."""

import numpy as np
import pytest
from scipy import stats

from aecli.evaluation.instruments.bootstrap import estimate, relative, resampled_means


@pytest.fixture
def skewed():
    """Two samples of positive, skewed errors with a second quantity beside them."""
    rng = np.random.default_rng(1)
    return rng.gamma(1.5, size=(40, 2)), rng.gamma(1.8, size=(25, 2))


def test_the_interval_of_a_mean_is_that_of_scipy(skewed):
    found = estimate(0.0, resampled_means(skewed[0], np.random.default_rng(5), 999)[:, 0])
    expected = stats.bootstrap(
        (skewed[0][:, 0],), np.mean, n_resamples=999, method="percentile", random_state=np.random.default_rng(5)
    )
    assert found["interval"] == pytest.approx(list(expected.confidence_interval), rel=1e-12)


@pytest.mark.parametrize("difference", [np.subtract, relative], ids=["absolute", "relative"])
def test_the_interval_of_a_difference_is_that_of_scipy(difference, skewed):
    rng = np.random.default_rng(5)
    train_R, test_R = (resampled_means(sample, rng, 999)[:, 0] for sample in skewed)

    def statistic(train, test, axis):
        return difference(np.mean(test, axis), np.mean(train, axis))

    samples = tuple(sample[:, 0] for sample in skewed)
    expected = stats.bootstrap(
        samples, statistic, n_resamples=999, method="percentile", random_state=np.random.default_rng(5)
    )
    found = estimate(0.0, difference(test_R, train_R))
    assert found["interval"] == pytest.approx(list(expected.confidence_interval), rel=1e-12)


def test_quantities_are_resampled_together_so_that_ratios_have_scipys_interval(skewed):
    means_RQ = resampled_means(skewed[0], np.random.default_rng(5), 999)

    def ratio(a, b, axis=-1):
        return np.mean(a, axis) / np.mean(b, axis)

    options = {"paired": True, "n_resamples": 999, "method": "percentile", "random_state": np.random.default_rng(5)}
    expected = stats.bootstrap(tuple(skewed[0].T), ratio, **options)
    found = estimate(0.0, means_RQ[:, 0] / means_RQ[:, 1])
    assert found["interval"] == pytest.approx(list(expected.confidence_interval), rel=1e-12)


def test_the_interval_of_a_difference_holds_the_truth_about_95_times_in_100():
    rng, held = np.random.default_rng(3), 0
    for _ in range(300):
        train_R, test_R = (resampled_means(rng.gamma(shape, size=(80, 1)), rng, 400)[:, 0] for shape in (1.5, 1.8))
        low, high = estimate(0.3, test_R - train_R)["interval"]
        held += low < 0.3 < high
    assert 0.91 <= held / 300 <= 0.985


@pytest.mark.filterwarnings("error")
def test_a_single_image_tells_nothing_of_its_kind():
    means_RQ = resampled_means(np.ones((1, 2)), np.random.default_rng(0), 10)
    assert means_RQ.shape == (10, 2) and np.isnan(means_RQ).all()
    assert estimate(1.0, means_RQ[:, 0]) == {"value": 1.0, "interval": None}


def test_a_value_that_is_not_finite_is_none():
    assert estimate(np.inf, np.array([1.0, 2.0]))["value"] is None
