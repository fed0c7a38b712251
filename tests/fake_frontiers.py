"""Two families of regularized nets that are made up: what a comparison at one operating point finds in a folder."""

import numpy as np

SEEDS = 6
WEIGHTS, KS = (0.01, 0.1, 1.0), (4, 12, 30)


def write_frontiers(write_run, *, lead=1.0, noise=0.002, seeds=SEEDS):
    """Two families on power laws of units and error; the second one needs `lead` times as much error."""
    random = np.random.default_rng(5)
    bases = np.exp(0.04 * random.normal(size=seeds))

    def write(chosen, units, error, seed):
        units, error = (x * np.exp(noise * random.normal()) for x in (units, error * bases[seed]))
        suites = {"test": {"code": {"protocol": 1, "code": {"active_per_image": float(units)}}}}
        write_run(seed=seed, set=[chosen], test={"mse": float(error)}, suites=suites)

    for seed in range(seeds):
        for weight in WEIGHTS:
            units = 10 * weight**-0.4
            write(f"regularization.activity_l1.weight={weight}", units, 0.2 / units, seed)
        for k in KS:
            write(f"regularization.k_sparse.k={k}", k, lead * 0.2 / k, seed)


def diverge(folder, setting, seeds):
    """Let the runs with a setting and some seeds come to no end."""
    from aecli.files.json_files import read_json, write_json

    for path in sorted((folder / "runs").iterdir()):
        config = (path / "config.yaml").read_text()
        if setting in config and any(f"seed: {seed}\n" in f"{config}\n" for seed in seeds):
            write_json(path / "status.json", {**read_json(path / "status.json"), "status": "diverged"})
            (path / "summary.json").unlink()
