"""Scores drawn from what the seeds leave open."""

import numpy as np
from scipy.stats import kstest, t

from aecli.comparison.recommendation.scores import draw_shares


def test_drawn_means_follow_t_with_one_degree_less_than_seeds():
    values = np.array([0.3, 1.0, 0.2, 0.7, 0.9])
    shares_BN = draw_shares(5, np.random.default_rng(0))
    assert np.allclose(shares_BN.sum(axis=1), 1)
    standard = (shares_BN @ values - values.mean()) / (values.std(ddof=1) / np.sqrt(5))
    assert kstest(standard, t(4).cdf).pvalue > 0.01
    assert kstest(standard, t(400).cdf).pvalue < 0.01, "and not the normal distribution, which would be too sure"
