"""Where trials come from: a plan has all of them from the start and stops none."""

import inspect

import pytest

from aecli.sweep.search.search_source import SearchSource
from aecli.sweep.sources import PlanSource, Source
from aecli.sweep.tuning.tuning_source import TuningSource


def test_a_plan_gives_everything_at_once_and_nothing_later(plan_around):
    trials = plan_around().trials
    source = PlanSource(trials)
    assert (source.begin(), source.more(), source.has_more(), source.total) == (list(trials), [], False, len(trials))
    assert source.known(trials[0], None) is None and not source.epoch(trials[0].digest, 1, {"mse": 9.0})


@pytest.mark.parametrize("kind", [PlanSource, SearchSource, TuningSource])
def test_every_source_keeps_the_contract(kind):
    for name, function in inspect.getmembers(Source, inspect.isfunction):
        if not name.startswith("_"):
            assert list(inspect.signature(getattr(kind, name)).parameters) == list(
                inspect.signature(function).parameters
            )
