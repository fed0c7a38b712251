"""Fixtures of all tests: one cache of the unpacked data for the session, few threads, fresh consoles,
small configs, fake runs."""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")  # the test processes share the cores
os.environ.pop("COLUMNS", None)  # pytest-xdist sets it in its workers, and aecli is as wide as it says

import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from fake_answers import judged  # noqa: F401  fixtures of the tests of comparisons
from fake_comparisons import losses, many, runs  # noqa: F401
from fake_formats import three_losses  # noqa: F401
from fake_reports import hostile, hostile_report, report, reported  # noqa: F401
from fake_runs import write_run, write_seeds  # noqa: F401  fixtures of every test of what reads run folders
from fake_searches import write_search  # noqa: F401  and of those of searches and sweeps
from fake_suites import suite_run  # noqa: F401
from fake_sweeps import empty_sweep, plan_around, planned_sweep  # noqa: F401
from fake_tables import ranked  # noqa: F401
from fake_tunings import tuned_once, tuned_sweep  # noqa: F401
from small_config import small_config

from aecli import console
from aecli.errors import DataError

collect_ignore = ["opening/own_parts.py", "opening/take_through.py"]
"""Modules that register names when they are imported, as the search for doctests would."""


ONE_OF = 12
"""Of a grid of simulations so many parts make one that is run with the slow tests."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark a part of each grid as slow: the first of twelve, so that every test of that kind runs at least once."""
    grids: dict[str, list[pytest.Item]] = {}
    for item in items:
        if item.get_closest_marker("grid"):
            grids.setdefault(item.nodeid.partition("[")[0], []).append(item)
    for found in grids.values():
        for item in found[::ONE_OF]:
            item.add_marker("slow")


@pytest.fixture(scope="session", autouse=True)
def shared_cache() -> Path:
    """A cache folder of the tests' own, shared by their processes, so that MNIST is unpacked once."""
    if "AECLI_CACHE" not in os.environ:
        os.environ["AECLI_CACHE"] = str(Path(tempfile.gettempdir()) / f"aecli-tests-{os.getuid()}")
    return Path(os.environ["AECLI_CACHE"])


@pytest.fixture(autouse=True)
def fresh_consoles():
    """Consoles that write to whatever stdout and stderr are now."""
    console.stdout.cache_clear()
    console.stderr.cache_clear()
    yield
    console.stdout.cache_clear()
    console.stderr.cache_clear()


@pytest.fixture
def small() -> dict:
    """A config that trains in a moment: 300 images of MNIST, a tiny net."""
    return small_config()


@pytest.fixture
def refusal() -> Callable[..., str]:
    """Load a data set that must be refused, and return the message."""
    from aecli.components.data import load_dataset

    def load(name: str, **params: object) -> str:
        with pytest.raises(DataError) as caught:
            load_dataset(name, {key: str(value) if hasattr(value, "parts") else value for key, value in params.items()})
        assert caught.value.exit_code == 4
        return str(caught.value)

    return load
