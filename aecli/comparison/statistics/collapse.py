"""How often a config may collapse, when so many seeds did: numbers alone."""

from aecli.comparison.statistics.intervals import ALPHA


def most_that_collapse(collapsed: int, seeds: int) -> float:
    """The share of all seeds that may collapse, at most, at a confidence of 95 %.

    Args:
        collapsed: of the seeds that were tried.
        seeds: that were tried.

    Source: Clopper and Pearson 1934, Biometrika 26, 404
    Example:
        >>> round(most_that_collapse(0, 10), 2), round(most_that_collapse(1, 10), 2), most_that_collapse(3, 3)
        (0.26, 0.39, 1.0)
    """
    from scipy.special import betaincinv

    return 1.0 if collapsed >= seeds else float(betaincinv(collapsed + 1, seeds - collapsed, 1 - ALPHA))
