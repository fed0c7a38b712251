"""Components that are registered for one test."""

from collections.abc import Iterator

import pytest

from aecli.testing.report import NonConformance


@pytest.fixture
def problems() -> Iterator:
    """Register something for one test, and return what its check finds."""
    enrolled = []

    def find(check, registry, enrol, function, **options):
        enrol(function)
        enrolled.append((registry, function.__name__))
        try:
            check(function.__name__, **options)
        except NonConformance as error:
            assert str(error).startswith(
                f"{registry.noun} {function.__name__!r} breaks {len(error.problems)} of the rules:"
            )
            return error.problems
        return []

    yield find
    for registry, name in enrolled:
        registry.forget(name)
