"""Candidates with values by seed, without any run folder, and the verdicts on two of them."""

import numpy as np

from aecli.comparison.evidence.candidates import Candidate
from aecli.comparison.evidence.measures import measure
from aecli.comparison.evidence.rope import Rope
from aecli.comparison.verdicts.decide import reach_verdicts

MSE = measure("mse")
ONE_PER_CENT = Rope(0.01, True)


def candidate(label, values, *, first=0, metric=MSE):
    """A candidate with a value for each seed, without a run folder."""
    return Candidate(label, {}, (), (), {metric.name: dict(enumerate(map(float, values), first))})


def judge_two(ours, theirs, *, first=0, rope=ONE_PER_CENT, metric=MSE):
    """The only verdict between two candidates."""
    pair = [candidate("ours", ours, first=first, metric=metric), candidate("theirs", theirs, metric=metric)]
    return reach_verdicts(pair, pair[1], [metric], rope, was_chosen=False)[0]


def around(mean, spread, n=10):
    """Values with exactly this mean and spread."""
    values = np.random.default_rng(n).normal(size=n)
    return mean + spread * (values - values.mean()) / values.std(ddof=1)


BASE = np.linspace(0.99, 1.01, 10)
