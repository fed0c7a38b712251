"""Two candidates that are each the best in something."""

from aecli.comparison.evidence.candidates import fold
from aecli.comparison.evidence.collect import collect


def features(accuracy):
    """What the suite of features writes."""
    return {
        "features": {"code": {"linear_probe": {"accuracy": accuracy}}, "pca_32": {"linear_probe": {"accuracy": 0.9}}}
    }


def write_probed(write_run, folder):
    """Write them: mse has the smaller error, mae the better probe; both splits, three seeds."""
    for seed, (error, probe) in enumerate([(0.0100, 0.80), (0.0102, 0.82), (0.0101, 0.81)]):
        write_run(seed=seed, test={"mse": error}, suites={"test": features(probe), "validation": features(probe)})
    for seed, (error, probe) in enumerate([(0.0110, 0.84), (0.0112, 0.85), (0.0113, 0.84)]):
        write_run(
            seed=seed,
            set=["loss.name=mae"],
            test={"mse": error},
            suites={"test": features(probe), "validation": features(probe)},
        )
    return fold(collect([folder]).runs)[1]
