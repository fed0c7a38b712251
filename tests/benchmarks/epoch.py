"""Seconds per epoch of aecli beside a bare loop, measured in turn in one process; and the peak memory of a whole run.

python tests/benchmarks/epoch.py [ROUNDS]

The bare loop is what one would write by hand: float32 images resident in memory, `torch.nn.Sequential`, fused Adam,
`mse_loss`; it checks nothing, records nothing and returns no per-image losses.
"""

import json
import statistics
import subprocess
import sys
import time

import torch
from torch import nn

from aecli.config.load import load_config
from aecli.training.build import prepare
from aecli.training.loop import EpochEvent, fit

WARM_UP = 1
"""Rounds that are not counted."""


def bare_epoch(images: torch.Tensor, model: nn.Module, optimizer: torch.optim.Optimizer) -> float:
    """One epoch of the bare loop; its seconds."""
    begin = time.perf_counter()
    for rows in torch.randperm(len(images)).split(256):
        x = images[rows]
        loss = nn.functional.mse_loss(model(x), x)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return time.perf_counter() - begin


def make_bare() -> tuple[nn.Module, torch.optim.Optimizer]:
    """The net of the article with fused Adam."""
    widths = [784, 128, 64, 32, 64, 128, 784]
    layers = [part for pair in zip(widths, widths[1:], strict=False) for part in (nn.Linear(*pair), nn.ReLU())]
    model = nn.Sequential(*layers[:-1], nn.Sigmoid())
    return model, torch.optim.Adam(model.parameters(), fused=True)


def compare(rounds: int) -> dict[str, float]:
    """Medians of both and of the ratio round by round."""
    prepared = prepare(load_config("keras.yaml", set=["training.epochs=1"]))
    images = prepared.splits.train.batch(slice(None))
    model, optimizer = make_bare()
    seconds: dict[str, list[float]] = {"aecli": [], "bare": []}

    def record(event: object) -> bool:
        if isinstance(event, EpochEvent):
            seconds["aecli"].append(event.seconds)
        return False

    for _ in range(rounds + WARM_UP):
        fit(prepared.trainee, 1, record)
        seconds["bare"].append(bare_epoch(images, model, optimizer))
    counted = {name: values[WARM_UP:] for name, values in seconds.items()}
    ratios = [a / b for a, b in zip(counted["aecli"], counted["bare"], strict=True)]
    return {
        "threads": torch.get_num_threads(),
        "rounds": rounds,
        "aecli_s": round(statistics.median(counted["aecli"]), 4),
        "bare_s": round(statistics.median(counted["bare"]), 4),
        "ratio": round(statistics.median(ratios), 3),
    }


def peak_memory_mb() -> int:
    """Peak resident memory of `aecli train --config mse.yaml`, two epochs of it, in a process of its own."""
    code = (
        "import resource, tempfile, aecli\n"
        "with tempfile.TemporaryDirectory() as out:\n"
        "    aecli.train('mse.yaml', out=out, set=['training.epochs=2'])\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return int(done.stdout.split()[-1])


if __name__ == "__main__":
    result = compare(int(sys.argv[1]) if len(sys.argv) > 1 else 9)
    print(json.dumps({**result, "peak_memory_mb": peak_memory_mb()}, indent=2))
