"""Functions that stand in for components of one's own."""

DOC = """Own.

    e^2

    Use when: in tests.
    """


def own(function):
    """The function under the name `own`, with documentation where it has none."""
    function.__doc__ = function.__doc__ or DOC
    function.__name__ = "own"
    return function
