"""Take what own_parts.py registers through the commands, in one process; writes what they printed as JSON.

python take_through.py FOLDER
"""

import json
import sys
from pathlib import Path
from typing import Any

import own_parts  # noqa: F401  registers one of each kind
from in_process import call_main

import aecli
from aecli import testing
from aecli.training.build import prepare

CONFIG = """
name: own
data: {dataset: {name: stripes, count: 300}, validation: 100, corruption: fading}
architecture: {name: patches, code: 4}
loss: {name: quartic, scale: 0.5}
regularization: [{name: activity_l2, weight: 0.01}]
optimization: {optimizer: {name: adam, lr: 0.01}}
training: {epochs: 12, batch_size: 16, device: cpu, threads: 1}
evaluation: {suites: [reconstruction, roughness], select: closeness}
"""
SWEEP = """
name: own
base: own.yaml
seeds: 3
list:
  - regularization: []
  - regularization: [{name: activity_l2, weight: 0.01}]
  - regularization: [{name: activity_l2, weight: 2}]
"""
KINDS = ("losses", "regularizers", "datasets", "corruptions", "architectures", "metrics", "suites")


def take_through(folder: Path) -> dict[str, Any]:
    """The commands by a short name, each with its exit code and what it printed."""
    (folder / "own.yaml").write_text(CONFIG)
    (folder / "sweep.yaml").write_text(SWEEP)
    told: dict[str, Any] = {}

    def run(label: str, *arguments: str) -> str:
        done = call_main(*arguments, cwd=folder)
        told[label] = {"code": done.returncode, "out": done.stdout, "err": done.stderr}
        return done.stdout

    for kind in KINDS:
        run(f"list {kind}", "list", kind, "--json")
    run("validate", "validate", "own.yaml")
    run("misspelt", "validate", "own.yaml", "--set", "loss.name=quartik")
    path = run("train", "train", "--config", "own.yaml", "--quiet").splitlines()[-1]
    told["path"] = path
    run("resume", "resume", path, *"--set training.epochs=13 --quiet".split())
    suites = [entry["name"] for entry in json.loads(told["list suites"]["out"])]
    run("evaluate", "evaluate", path, *(part for name in suites for part in ("--suite", name)))
    run("show", "show", path)
    run("sweep", *"sweep --config sweep.yaml --jobs 2x1 --quiet".split())
    run("compare", *"compare runs/own --metric closeness --metric roughness.excess --json".split())
    for loss in ("quartic", "mse"):
        sets = (
            f"loss={{name: {loss}}}",
            "training.epochs=1",
            "regularization=[]",
            "evaluation.suites=[reconstruction]",
        )
        options = [part for text in sets for part in ("--set", text)]
        run(f"train {loss}", *"train --config own.yaml --quiet --out losses".split(), *options)
    names = sorted(str(one.relative_to(folder)) for one in (folder / "losses").iterdir())
    run("compare losses", "compare", *names, *"--metric closeness --json".split())
    run("table", "compare", "runs/own", "--metric", "closeness")
    run("recommend", *"recommend runs/own --for reconstruction --json".split())
    run("dose", *"dose runs/own --key regularization.activity_l2.weight --metric closeness --json".split())
    told["loaded"] = load(folder / path)
    told["conformance"] = conformance()
    return told


def load(path: Path) -> dict[str, float]:
    """The network as Python has it, and whether it is the one that was judged."""
    run = aecli.load(path)
    splits = prepare(run.config).splits
    x_BP = splits.test.batch(slice(None))
    closeness = 1.0 - float((run.model(x_BP).x_hat_BP - x_BP).abs().double().mean())
    return {"code_size": run.model.code_size, "closeness": closeness, "judged": run.summary["test"]["closeness"]}


def conformance() -> dict[str, str]:
    """What the checks for authors find."""
    checks = {
        "quartic": testing.check_loss,
        "activity_l2": testing.check_regularizer,
        "closeness": testing.check_metric,
        "fading": testing.check_corruption,
        "patches": testing.check_architecture,
    }
    found = {}
    for name, check in checks.items():
        try:
            check(name)
        except testing.NonConformance as error:
            found[name] = str(error)
    return found


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    (folder / "told.json").write_text(json.dumps(take_through(folder)))
