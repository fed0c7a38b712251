"""How long aecli takes around the training: up to the first step and where that goes, and commands that only read.

python tests/benchmarks/startup.py [--rounds 7] [--runs 1000]

Every measurement is a process of its own, in turn, after one round that only warms the disk cache; medians of wall and
of processor time. `compare` reads copies of one small run that all suites have judged, 10 seeds to a config, with
numbers of their own; `first time` is without its index.
"""

import argparse
import json
import os
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from measuring.machine import describe_occasion, footer

STAGES = """
import json, os, sys, time
begin, marks = float(os.environ["BEGIN"]), []
def mark(stage):
    marks.append((stage, time.time() - begin, time.process_time()))
def marked(function, stage):
    def call(*arguments):
        value = function(*arguments)
        mark(stage)
        return value
    return call
class Watcher:
    note = stage = lambda *arguments, **options: None
    def begin(self, *arguments):
        mark("environment and run folder")
    def epoch(self, record):
        mark("validation and checkpoint of epoch 0")
    def step(self, event):
        mark("first step")
        raise KeyboardInterrupt
mark("Python")
import aecli.cli
mark("command line")
from aecli.config.load import load_config
mark("schema of the config")
config = load_config("mse.yaml")
mark("config")
import torch
mark("torch")
from aecli.experiment import run
from aecli.training import build
mark("modules of aecli")
build.load_splits = marked(build.load_splits, "data")
build.make_optimizers = marked(build.make_optimizers, "model and optimizer")
try:
    run.train(config, out="runs", watcher=Watcher())
except KeyboardInterrupt:
    pass
heavy = ("torchvision", "scipy", "sklearn", "matplotlib", "torch._dynamo", "sympy", "triton")
print(json.dumps({"marks": marks, "imported": [name for name in heavy if name in sys.modules]}))
"""
Times = tuple[float, float]
"""Wall and processor seconds."""


def stages(folder: Path) -> tuple[dict[str, Times], list[str]]:
    """What happens up to the first step, in order, with the seconds of each stage; and heavy packages it imported."""
    environment = os.environ | {"BEGIN": str(time.time())}
    done = subprocess.run(
        [sys.executable, "-c", STAGES], cwd=folder, env=environment, capture_output=True, text=True, check=True
    )
    result = json.loads(done.stdout.splitlines()[-1])
    spent, before = {}, (0.0, 0.0)
    for stage, *now in result["marks"]:
        old = spent.get(stage, (0.0, 0.0))
        spent[stage] = tuple(sum(parts) for parts in zip(old, (now[0] - before[0], now[1] - before[1]), strict=True))
        before = now
    return spent, result["imported"]


def timed(folder: Path, *arguments: str) -> Times:
    """Seconds of one process."""
    used, begin = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([sys.executable, *arguments], cwd=folder, check=True, capture_output=True)
    wall, now = time.perf_counter() - begin, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime


def vary(value: Any, draw: random.Random) -> Any:
    """The same data with numbers a little different."""
    if isinstance(value, dict):
        return {key: vary(item, draw) for key, item in value.items()}
    if isinstance(value, list):
        return [vary(item, draw) for item in value]
    return value * draw.gauss(1, 0.03) if isinstance(value, float) else value


def make_runs(folder: Path, count: int) -> int:
    """Write run folders as judged by all suites; the bytes of one summary."""
    original = folder / "original"
    if not original.exists():
        command = "-m aecli train --config smoke.yaml --out original --set".split()
        timed(folder, *command, "loss={name: huber, delta: 0.1}")
        timed(folder, "-m", "aecli", "evaluate", str(next(original.iterdir())))
    (run,) = original.iterdir()
    summary, config, draw = (
        json.loads((run / "summary.json").read_text()),
        (run / "config.yaml").read_text(),
        random.Random(0),
    )
    for number in range(count):
        path = folder / f"of{count}" / f"{number:04}"
        path.mkdir(parents=True)
        for name in ("status.json", "environment.json", "metrics.jsonl"):
            shutil.copy(run / name, path)
        edited = config.replace("seed: 0", f"seed: {number % 10}").replace(
            "delta: 0.1", f"delta: {0.01 + number // 10 / 1000:.3f}"
        )
        (path / "config.yaml").write_text(edited)
        (path / "summary.json").write_text(json.dumps(vary(summary, draw), indent=2))
    return (path / "summary.json").stat().st_size


def compare_anew(folder: Path, runs: str) -> Times:
    """Seconds of a comparison without an index."""
    shutil.rmtree(Path(os.environ["AECLI_CACHE"]) / "index", ignore_errors=True)
    return timed(folder, "-m", "aecli", "compare", runs)


def table(rows: dict[str, list[Times]]) -> str:
    """Medians as Markdown."""
    lines = ["| | wall s | processor s |", "|---|---|---|"]
    for name, times in rows.items():
        wall, processor = (statistics.median(values) for values in zip(*times, strict=True))
        lines.append(f"| {name} | {wall:.2f} | {processor:.2f} |")
    return "\n".join(lines)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--runs", type=int, default=1000)
    options = parser.parse_args()
    occasion = describe_occasion()
    until: dict[str, list[Times]] = {}
    commands: dict[str, list[Times]] = {}
    with tempfile.TemporaryDirectory() as name:
        folder, many = Path(name), f"of{options.runs}"
        os.environ["AECLI_CACHE"] = str(folder / "cache")
        size = make_runs(folder, options.runs)
        make_runs(folder, 10)
        for count in range(options.rounds + 1):
            spent, imported = stages(folder)
            whole = tuple(sum(values) for values in zip(*spent.values(), strict=True))
            found = {
                "`import aecli`": timed(folder, "-c", "import aecli"),
                "`aecli --help`": timed(folder, "-m", "aecli", "--help"),
                "`aecli compare` of 10 runs": timed(folder, "-m", "aecli", "compare", "of10"),
                f"`aecli compare` of {options.runs:,} runs, first time": compare_anew(folder, many),
                f"`aecli compare` of {options.runs:,} runs": timed(folder, "-m", "aecli", "compare", many),
            }
            for rows, new in ((until, {**spent, "**to the first step**": whole}), (commands, found)):
                for key, times in new.items():
                    rows.setdefault(key, []).extend([times] if count else [])
    print(
        table(until),
        f"\nheavy packages before the first step besides torch: {', '.join(imported) or 'none'}\n",
        table(commands),
        sep="\n",
    )
    print(f"\n{options.rounds} rounds; summaries of {size // 1000} kB. {footer(occasion, {})}")


if __name__ == "__main__":
    main()
