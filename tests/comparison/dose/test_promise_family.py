"""Promises without effect: how often any of them is said to be kept, with a truth that is known."""

import math

import numpy as np
import pytest

from aecli.comparison.dose.doses import DoseGroup
from aecli.comparison.dose.promise_answers import answer_promises, answers_of, ways_to_measure
from aecli.comparison.dose.promises import promises_of
from aecli.comparison.evidence.candidates import Candidate
from aecli.comparison.evidence.rope import Rope

KEY = "regularization.l1.weight"
NO_BAND = Rope(1e-12, False)


def any_kept(random, n, doses, effect=0.0):
    """Whether any promise of a regularizer is said to be kept at a dose in the middle or at the largest one."""
    measures = [ways_to_measure(promise, "l1")[0] for promise in promises_of("l1")]
    candidates = []
    for at in range(doses):
        values = {one.name: dict(enumerate(10 - effect * bool(at) + random.normal(size=n))) for one in measures}
        candidates.append(Candidate(str(at), {}, (), (), values))
    group = DoseGroup("", "", tuple(map(float, range(doses))), tuple(candidates))
    found = answer_promises(group, KEY, str(doses // 2), NO_BAND, answers=answers_of(group, KEY))
    assert len(found) == 4
    return any(one.kind == "yes" for one in found)


@pytest.mark.parametrize("n", [3, 10])
def test_four_promises_without_effect_are_seldom_kept(n):
    """150 tables: the standard error of a rate of 5 % is 1.8 %."""
    random = np.random.default_rng([14, n])
    assert sum(any_kept(random, n, 4) for _ in range(150)) / 150 <= 0.05


def test_promises_that_are_kept_are_told():
    random = np.random.default_rng(15)
    assert sum(any_kept(random, 10, 6, effect=3.0) for _ in range(100)) >= 95
    assert sum(any_kept(random, 3, 6, effect=100.0) for _ in range(100)) >= 90
    assert not any(any_kept(random, n, 6, effect=1000.0) for n in (1, 2) for _ in range(20))


@pytest.mark.grid
@pytest.mark.parametrize("doses", [3, 4, 8])
@pytest.mark.parametrize("n", range(3, 11))
def test_so_few_are_kept_whatever_the_number_of_doses(n, doses):
    random = np.random.default_rng([16, n, doses])
    assert sum(any_kept(random, n, doses) for _ in range(2000)) / 2000 <= 0.05 + 3 * math.sqrt(0.05 * 0.95 / 2000)
