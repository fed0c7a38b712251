"""Makes the run folders that the goldens are recorded from: real trainings on a small piece of MNIST.

    python tests/golden/make_fixtures.py

Writes fixtures.tar.xz anew, with the aecli that is installed. It was last run with the commit before the rooms were
moved, so that the goldens show whether runs and sweeps of that aecli are still read, resumed and judged. What is
different on every machine (host, paths, times of the day) is taken out.
"""

import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

import numpy as np

FIXTURES = Path(tempfile.gettempdir()) / "aecli-fixtures"
SHARED = """
base: base.yaml
seeds: 0-5
"""
BASE = """
name: base
data: {dataset: {name: npz, file: digits.npz}, validation: 100}
architecture: {widths: [auto, 12, 6]}
training: {epochs: 3, batch_size: 50, device: cpu, threads: 1}
"""
LOSSES = (
    SHARED.replace("0-5", "0-7")
    + """
grid:
  loss: [mse, {name: huber, delta: 0.1}, mae, ssim]
  evaluation.suites: [[reconstruction, features, sparsity]]
"""
)
DOSES = (
    SHARED
    + """
grid:
  regularization:
    - []
    - [{name: l1_proximal, weight: 1e-3}]
    - [{name: l1_proximal, weight: 1e-2}]
    - [{name: l1_proximal, weight: 1e-1}]
  evaluation.suites: [[reconstruction, generalization, sparsity]]
"""
)
UNTOLD = {
    "host": "here",
    "pid": 1,
    "cpu": "a processor",
    "working_directory": ".",
    "git": None,
    "platform": "a platform",
}


def main() -> None:
    """Make everything."""
    shutil.rmtree(FIXTURES, ignore_errors=True)
    FIXTURES.mkdir()
    make_digits(FIXTURES / "digits.npz")
    for name, text in {"base": BASE, "losses": LOSSES, "doses": DOSES}.items():
        (FIXTURES / f"{name}.yaml").write_text(text.lstrip())
    for name in ("losses", "doses"):
        aecli(*f"sweep --config {name}.yaml --out sweeps/{name} --jobs 2x1 --quiet".split())
    every_suite = "evaluation.suites=[reconstruction, generalization, robustness, denoising, features, code, sparsity]"
    aecli(*"train --config base.yaml --out whole --quiet --set".split(), every_suite)
    aecli(*"train --config base.yaml --out halfway --quiet --set optimization.optimizer.name=muon".split())
    interrupt(next((FIXTURES / "halfway").iterdir()))
    for lost in sorted((FIXTURES / "sweeps/doses/runs").iterdir())[-2:]:
        shutil.rmtree(lost)
    for run in [*FIXTURES.glob("sweeps/*/runs/*"), *FIXTURES.glob("whole/*"), *FIXTURES.glob("halfway/*")]:
        clean(run, keep_checkpoints="sweeps" not in run.parts)
    with tarfile.open(Path(__file__).parent / "fixtures.tar.xz", "w:xz") as archive:
        archive.add(FIXTURES, arcname=".", filter=anonymous)


def anonymous(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """A member of the archive without the names of whoever made it."""
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    return member


def make_digits(path: Path) -> None:
    """The first 600 and 200 digits of MNIST at 12 x 12 pixels, bytes, with labels."""
    from aecli.experiment.data import load_dataset

    mnist = load_dataset("mnist", {})
    arrays = {}
    for part, count in (("train", 600), ("test", 200)):
        images = getattr(mnist, f"{part}_NP")[:count].reshape(count, 28, 28)[:, 2:26, 2:26]
        arrays[f"x_{part}"] = images.reshape(count, 12, 2, 12, 2).mean((2, 4)).round().astype(np.uint8)
        arrays[f"y_{part}"] = getattr(mnist, f"{part}_labels_N")[:count]
    np.savez_compressed(path, **arrays)


def aecli(*arguments: str) -> None:
    """Run a command among the fixtures."""
    subprocess.run([sys.executable, "-m", "aecli", *arguments], cwd=FIXTURES, check=True)


def interrupt(run: Path) -> None:
    """Make a complete run look as if it had been killed after its second of three epochs."""
    (run / "checkpoints/previous.pt").replace(run / "checkpoints/last.pt")
    shutil.copyfile(run / "checkpoints/last.pt", run / "checkpoints/best.pt")
    lines = (run / "metrics.jsonl").read_text().splitlines(keepends=True)
    (run / "metrics.jsonl").write_text("".join(lines[:-1]))
    for name in ("summary.json", "per_image.npz", "examples.npz"):
        (run / name).unlink()
    status = json.loads((run / "status.json").read_text()) | {"status": "interrupted", "epoch": 2, "reason": "stopped"}
    (run / "status.json").write_text(json.dumps(status))


def clean(run: Path, *, keep_checkpoints: bool) -> None:
    """Take out what differs from machine to machine, and what is large and not needed."""
    for name in ("plots",) if keep_checkpoints else ("plots", "checkpoints"):
        shutil.rmtree(run / name)
    (run / "plots").mkdir()  # as a finished run has it
    (run / "checkpoints/previous.pt").unlink(missing_ok=True)
    (run / "log.txt").unlink()
    for name in ("status.json", "environment.json"):
        told = json.loads((run / name).read_text())
        told |= {key: value for key, value in UNTOLD.items() if key in told}
        if "command" in told:
            told["command"] = ["aecli", "train"]
        (run / name).write_text(json.dumps(told, indent=2) + "\n")


if __name__ == "__main__":
    main()
