"""What a sweep gains and what it costs.

python tests/benchmarks/sweep.py [--epochs 3]: the same 8 runs as one sweep and as 8 `aecli train` one after the other;
the ratio should be at most 0.60 on two cores that have nothing else to do. Both start from processes that know nothing;
the data is in the cache.

python tests/benchmarks/sweep.py --overhead [--planned 10 100 1000]: what a sweep adds to each short trial of one warm
worker, beside `aecli.experiment.run.train` of the same config in one warm process. The two take turns, trial by trial.
Of the planned trials all but the measured ones have their results already. It should be well under 0.5 s, however many
there are.
"""

import argparse
import json
import multiprocessing
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

LOSSES, SEEDS = ("mse", "mae"), 4
MEASURED, WARMING = 8, 2
"""Trials that are measured, and trials before them."""
SHORT = """
data: {train_size: 300, validation: 100}
architecture: {widths: [auto, 16, 8]}
training: {epochs: 3, batch_size: 64, device: cpu, threads: 1}
evaluation: {suites: []}
"""


def timed(folder: Path, *arguments: str) -> float:
    """Seconds of one command."""
    begin = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "aecli", *arguments, "--quiet"], cwd=folder, check=True, stdout=subprocess.DEVNULL
    )
    return time.perf_counter() - begin


def measure_gain(folder: Path, count: int) -> None:
    """Eight runs apart and together."""
    epochs = f"training.epochs={count}"
    text = f"base: mse.yaml\nseeds: {SEEDS}\ngrid:\n  training.epochs: [{count}]\n  loss: [{', '.join(LOSSES)}]\n"
    (folder / "bench.yaml").write_text(text)
    timed(folder, *"train --config mse.yaml --set training.epochs=1 --out warm".split())
    apart = 0.0
    for loss in LOSSES:
        for seed in range(SEEDS):
            options = ("--set", f"loss={loss}", "--set", epochs, "--seed", str(seed), "--out", "apart")
            apart += timed(folder, "train", "--config", "mse.yaml", *options)
    together = timed(folder, *"sweep --config bench.yaml --out together".split())
    print(
        f"{len(LOSSES) * SEEDS} runs, {os.cpu_count()} cores: apart {apart:.1f} s, as a sweep {together:.1f} s, ratio "
        f"{together / apart:.2f}"
    )


def train_alone(connection: Any, out: Path) -> None:
    """A warm process that trains what it is sent, and answers with the seconds."""
    from aecli.config.load import load_config
    from aecli.experiment.run import train

    while plain := connection.recv():
        begin = time.perf_counter()
        train(load_config(plain), out=out)
        connection.send(time.perf_counter() - begin)


class Turns:
    """A watcher that lets another process train each trial too, while the sweep waits."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection
        self.sweep: list[float] = []
        self.alone: list[float] = []
        self.begun = time.perf_counter()
        self.processor = time.process_time()

    def begin(self, total: int, done: int) -> None:
        """Nothing: the first trials are not measured."""

    def started(self, trial: Any) -> None:
        """Nothing: handing out belongs to the trial."""

    def epoch(self, trial: Any, epoch: int, epochs: int, metrics: dict[str, float]) -> None:
        """Nothing."""

    def elsewhere(self, count: int) -> None:
        """Nobody is."""

    def finished(self, trial: Any, outcome: Any, done: int) -> None:
        """Note how long it took, and let the other process do the same."""
        assert outcome.kind == "completed", outcome
        self.sweep.append(time.perf_counter() - self.begun)
        self.connection.send(trial.config.plain())
        self.alone.append(self.connection.recv())
        if len(self.sweep) == WARMING:
            self.processor = time.process_time()
        self.begun = time.perf_counter()


def measure_overhead(folder: Path, planned: int) -> None:
    """What the sweep adds to each of the last trials of a plan."""
    from aecli.sweep.engines.local import LocalEngine
    from aecli.sweep.planning.document import load_sweep
    from aecli.sweep.planning.plan import make_plan
    from aecli.sweep.record.sweep_folder import prepare_sweep_folder
    from aecli.sweep.schedule import run_trials

    (folder / "short.yaml").write_text(SHORT)
    (folder / f"bench{planned}.yaml").write_text(f"base: short.yaml\nseeds: {planned}\n")
    plan = make_plan(*load_sweep(str(folder / f"bench{planned}.yaml")))
    swept = prepare_sweep_folder(folder / f"planned{planned}", plan, "")
    for index, trial in enumerate(plan.trials[: -MEASURED - WARMING]):
        (swept.runs / f"20261122T101502Z_done_s{index}_0000").mkdir()
        (swept.runs / f"20261122T101502Z_done_s{index}_0000" / "status.json").write_text(
            json.dumps({"status": "completed", "config_sha256": trial.digest})
        )
    ours, theirs = multiprocessing.get_context("spawn").Pipe()
    process = multiprocessing.get_context("spawn").Process(target=train_alone, args=(theirs, folder / "alone"))
    process.start()
    turns = Turns(ours)
    run_trials(plan.trials, swept, LocalEngine(1, 1, swept.runs), turns)
    processor = (time.process_time() - turns.processor) / MEASURED
    ours.send(None)
    process.join()
    sweep, alone = turns.sweep[WARMING:], turns.alone[WARMING:]
    added = statistics.median(one - other for one, other in zip(sweep, alone, strict=True))
    print(
        f"{planned:>6,} planned: a trial in the sweep {statistics.median(sweep):.3f} s, alone "
        f"{statistics.median(alone):.3f} s, added {added:+.3f} s (medians of {len(sweep)} pairs); processor time of "
        f"the sweep's own process {processor:.3f} s a trial"
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--overhead", action="store_true")
    parser.add_argument("--planned", type=int, nargs="+", default=[10, 100, 1000])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        if options.overhead:
            for planned in options.planned:
                measure_overhead(Path(name), planned)
        else:
            measure_gain(Path(name), options.epochs)


if __name__ == "__main__":
    main()
