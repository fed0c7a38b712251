"""Who is told of a sweep: what stands on the screen keeps the contract."""

import inspect

import pytest

from aecli.console.sweep_watchers import Silence, SweepBars, SweepLines
from aecli.sweep.watching import SweepWatcher


@pytest.mark.parametrize("kind", [SweepLines, SweepBars, Silence])
def test_every_watcher_keeps_the_contract(kind):
    names = [name for name in dir(SweepWatcher) if not name.startswith("_")]
    assert {"plan", "note", "begin", "started", "epoch", "finished", "elsewhere"} <= set(names)
    for name in names:
        asked, there = (list(inspect.signature(getattr(one, name)).parameters) for one in (SweepWatcher, kind))
        assert asked == there, name
