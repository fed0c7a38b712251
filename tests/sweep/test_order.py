"""What is asked of a sweep on the command line."""

import pytest

from aecli.sweep.order import read_jobs


@pytest.mark.parametrize(("text", "layout"), [("auto", None), ("2x3", (2, 3)), ("10000", (10000, 1))])
def test_jobs_are_workers_and_threads(text, layout):
    assert read_jobs(text) == layout
