"""The same 8 runs as one sweep and as 8 `aecli train` one after the other: python tests/benchmarks/sweep.py [--epochs 3]

Prints both times and their ratio, which should be at most 0.60 on two cores that have nothing else to do. Both start
from processes that know nothing; the data is in the cache.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

LOSSES, SEEDS = ("mse", "mae"), 4


def timed(folder: Path, *arguments: str) -> float:
    """Seconds of one command."""
    begin = time.perf_counter()
    subprocess.run([sys.executable, "-m", "aecli", *arguments, "--quiet"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - begin


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--epochs", type=int, default=3)
    epochs = f"training.epochs={parser.parse_args().epochs}"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        text = f"base: mse.yaml\nseeds: {SEEDS}\ngrid:\n  training.epochs: [{epochs.partition('=')[2]}]\n  loss: [{', '.join(LOSSES)}]\n"
        (folder / "bench.yaml").write_text(text)
        timed(folder, "train", "--config", "mse.yaml", "--set", "training.epochs=1", "--out", "warm")
        apart = 0.0
        for loss in LOSSES:
            for seed in range(SEEDS):
                options = ("--set", f"loss={loss}", "--set", epochs, "--seed", str(seed), "--out", "apart")
                apart += timed(folder, "train", "--config", "mse.yaml", *options)
        together = timed(folder, "sweep", "--config", "bench.yaml", "--out", "together")
    print(f"{len(LOSSES) * SEEDS} runs, {os.cpu_count()} cores: apart {apart:.1f} s, as a sweep {together:.1f} s, ratio {together / apart:.2f}")


if __name__ == "__main__":
    main()
