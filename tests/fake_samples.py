"""Samples of two candidates, by seed."""

FIRST = [0.00912, 0.00934, 0.00921, 0.00957, 0.00915, 0.00940, 0.00929, 0.00951, 0.00918, 0.00936]
SECOND = [0.00905, 0.00930, 0.00923, 0.00941, 0.00902, 0.00938, 0.00915, 0.00949, 0.00913, 0.00925]


def by_seed(values, first=0):
    return dict(enumerate(values, first))
