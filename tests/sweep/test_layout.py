"""How many workers a sweep gets: what it began with is kept, and what cannot be is refused."""

import json
import threading

import pytest

from aecli.config.yaml_source import dump
from aecli.cores import usable_cores
from aecli.errors import UsageError
from aecli.sweep.engines.calibration import Layout
from aecli.sweep.layout import MOST_PER_CORE, find_layout, is_count, layout_before
from aecli.sweep.order import read_order


@pytest.fixture
def order_of(tmp_path, monkeypatch, small):
    """A function from --jobs and what a status says to the order of a sweep."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "b.yaml").write_text(dump(small))
    (tmp_path / "s.yaml").write_text(dump({"base": "b.yaml"}))

    def make(jobs, status=None):
        (tmp_path / "out").mkdir(exist_ok=True)
        (tmp_path / "out/status.json").write_text(json.dumps(status or {}))
        return read_order("s.yaml", out="out", jobs=jobs, engine="local", address=None, fail_fast=False)

    return make


@pytest.mark.parametrize("jobs", ["auto", "2x1"])
def test_a_sweep_keeps_the_layout_that_it_began_with(jobs, order_of):
    begun = {"engine": "local", "workers": 2, "threads": 1, "images_per_s": 1e4, "parameters": 7}
    assert find_layout(order_of(jobs, begun), pytest.fail, threading.Event()) == Layout(2, 1, 1e4, 7)


def test_another_layout_than_before_is_measured(order_of):
    cancelled = threading.Event()
    cancelled.set()  # so that nothing is
    begun = {"engine": "local", "workers": 2, "threads": 1, "images_per_s": 1e4}
    assert find_layout(order_of("1x2", begun), pytest.fail, cancelled) == Layout(1, 2, None)


def test_more_workers_than_help_are_refused(order_of):
    most, cores = MOST_PER_CORE * usable_cores(), usable_cores()
    with pytest.raises(UsageError) as caught:
        find_layout(order_of(f"{most + 1}x1"), pytest.fail, threading.Event())
    assert str(caught.value) == f"--jobs {most + 1}x1: at most {most} workers on the {cores} cores of this machine"


@pytest.mark.parametrize("status", [{}, {"workers": 0, "threads": 1, "images_per_s": 1}, {"workers": 2, "threads": 1}])
def test_a_status_that_does_not_say_it_all_says_nothing(status):
    assert layout_before(status) is None


def test_what_anybody_may_have_written_is_a_count_only_if_it_is_one():
    assert [value for value in ("2", 0, -1, 1.0, None, 10**6, 1) if is_count(value)] == [1]
