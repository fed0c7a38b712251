"""Which metric is tested: of several that order nets alike one, so that they get one verdict."""

from collections.abc import Sequence
from dataclasses import replace

from aecli.comparison.evidence.candidates import Candidate
from aecli.comparison.evidence.measures import SPLITS, Measure, measure
from aecli.comparison.evidence.referees import order_of
from aecli.comparison.statistics.differences import Difference


def judge_of(metric: Measure, candidates: Sequence[Candidate]) -> Measure:
    """The metric by which nets are ordered as by this one, where it was measured for as many runs."""
    place, name = metric.path[:-1], metric.path[-1]
    if len(place) != 1 or place[0] not in SPLITS or order_of(name) == name:
        return metric
    judge = measure(f"{place[0]}.{order_of(name)}")
    same = all(one.values(judge).keys() == one.values(metric).keys() for one in candidates)
    return judge if same else metric


def for_metrics(difference: Difference | None, tests: int) -> Difference | None:
    """The same, with a p-value that is corrected for so many tests by other metrics besides."""
    if difference is None or difference.p_corrected is None:
        return difference
    return replace(difference, p_corrected=min(1.0, difference.p_corrected * tests))
