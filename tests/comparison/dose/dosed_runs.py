"""Runs of several doses, and what is found in them."""

import numpy as np

from aecli.comparison.dose.dose import dose_response

KEY = "regularization.l1.weight"
SEEDS = 10
FLAT_THEN_CLIFF = {0: 1.0, 1e-8: 1.0, 1e-7: 1.001, 1e-6: 1.04, 1e-5: 1.5, 1e-4: 3.0}


def write_doses(write_run, factors, *, seeds=SEEDS, noise=0.001, spread=0.03, **options):
    """Write seeds of doses: dose -> factor on the test MSE, with a spread between and within seeds."""
    random = np.random.default_rng(0)
    bases = 0.008 * (1 + spread * random.normal(size=seeds))
    for dose, factor in factors.items():
        chosen = [f"regularization=[{{name: l1, weight: {dose}}}]"] if dose else []
        for seed, base in enumerate(bases):
            value = base * factor * (1 + noise * random.normal())
            write_run(seed=seed, set=chosen, test={"mse": value}, train={"mse": value / 1.1}, **options)


def respond(tmp_path, **options):
    """The dose-response of all runs."""
    return dose_response([tmp_path / "runs"], key=KEY, **options)


def by_mse(tmp_path, **options):
    """The response of the test MSE in the only group, and all that was found."""
    found = respond(tmp_path, metrics=["mse"], **options)
    return found.groups[0].responses[0], found
