"""Fixtures of the commands' tests."""

import pytest

from aecli import console


@pytest.fixture(autouse=True)
def fresh_consoles():
    """Consoles that write to whatever stdout and stderr are now."""
    console.stdout.cache_clear()
    console.stderr.cache_clear()
    yield
    console.stdout.cache_clear()
    console.stderr.cache_clear()
