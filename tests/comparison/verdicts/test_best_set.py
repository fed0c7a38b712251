"""The set of the best: who is not shown to be worse than the best one."""

import numpy as np
from fake_candidates import MSE, ONE_PER_CENT, candidate

from aecli.comparison.verdicts.best_set import BestSet, find_best_set


def test_everybody_has_one_of_three_places():
    random = np.random.default_rng(1)
    close = [candidate(name, 1 + 0.03 * random.normal(size=8)) for name in ("a", "b")]
    far, single = candidate("far", 2 + 0.03 * random.normal(size=8)), candidate("single", [0.5], first=50)
    found = find_best_set([*close, far, single], MSE, ONE_PER_CENT, level=0.05)
    assert (set(found.members), found.worse, found.not_judged) == ({"a", "b"}, ("far",), ("single",))


def test_one_that_leads_clearly_is_the_best_alone_and_two_seeds_show_nobody_to_be_worse():
    pair = [candidate("a", [1.0, 1.01, 1.02]), candidate("b", [2.0, 2.02, 2.01])]
    assert find_best_set(pair, MSE, ONE_PER_CENT, level=0.05) == BestSet(("a",), ("b",), ())
    short = [candidate("a", [1.0, 1.01]), candidate("b", [2.0, 2.02])]
    assert find_best_set(short, MSE, ONE_PER_CENT, level=0.05) == BestSet(("a",), (), ("b",))
