"""Time to quality: 50 epochs of Keras on JAX beside one config of aecli, whole processes in turn, a seed per round."""

import json
import statistics
import subprocess
import sys
import time
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path
from textwrap import shorten
from typing import Any

from measuring.machine import describe_occasion, footer
from measuring.process import LONGEST, environment
from measuring.roster import PEERS
from measuring.rounds import Tell

ROUNDS = 5
Trial = dict[str, float]
"""train_s, whole_s, test_mse; Keras' also compile_s, a part of its train_s."""


class TrialFailed(Exception):
    """A process ended with an error; the message is what the table says."""


def run(options: Namespace, folder: Path, tell: Tell) -> tuple[str, bool]:
    """Measure and write; the table, and whether there is a ratio in it."""
    rounds = options.rounds or ROUNDS
    result = describe_occasion() | {"rounds": rounds, "config": options.quality, "epochs": options.epochs}
    sides = {
        "aecli": lambda seed: train_aecli(options.quality, folder, seed),
        "keras": lambda seed: train_keras(options.peers_python, folder, options.epochs, seed),
    }
    result["trials"], result["failures"] = take_turns(sides, rounds, tell)
    result["ratios"] = ratios(result["trials"])
    result["versions"] = versions(options.peers_python)
    text = markdown(result)
    (options.out / "quality.md").write_text(text)
    (options.out / "quality.json").write_text(json.dumps(result, indent=2) + "\n")
    return text, bool(result["ratios"])


def take_turns(
    sides: dict[str, Callable[[int], Trial]], rounds: int, tell: Tell
) -> tuple[dict[str, list[Trial]], dict[str, str]]:
    """All trials of each side, and why one of them did not go on; who begins a round alternates."""
    trials: dict[str, list[Trial]] = {name: [] for name in sides}
    failures: dict[str, str] = {}
    for seed in range(rounds):
        for name in sorted(sides, reverse=seed % 2 == 1):
            if name in failures:
                continue
            try:
                trial = sides[name](seed)
                trials[name].append(trial)
                tell(f"round {seed + 1} of {rounds}: {name}: " + ", ".join(f"{k} {v:.4g}" for k, v in trial.items()))
            except TrialFailed as why:
                failures[name] = f"failed in round {seed + 1}: {why}"
                tell(f"{name}: {failures[name]}")
    return trials, failures


def train_keras(python: str, folder: Path, epochs: int, seed: int) -> Trial:
    """One whole training of Keras on JAX."""
    command = [python, str(PEERS / "keras_quality.py"), str(folder), str(epochs), str(seed)]
    whole_s, output = timed(command, environment({"KERAS_BACKEND": "jax"}))
    return {"whole_s": whole_s, **json.loads(output.splitlines()[-1])}


def train_aecli(config: str, folder: Path, seed: int) -> Trial:
    """One whole `aecli train`, evaluation and pictures included; its own count of the seconds it trained."""
    command = [sys.executable, "-m", "aecli", "train", "--config", config, "--seed", str(seed), "--quiet"]
    whole_s, output = timed([*command, "--out", str(folder / "runs")], environment({}))
    summary = json.loads((Path(output.splitlines()[-1]) / "summary.json").read_text())
    return {"train_s": summary["train_s"], "whole_s": whole_s, "test_mse": summary["test"]["mse"]}


def timed(command: list[str], variables: dict[str, str]) -> tuple[float, str]:
    """Seconds from start to end of a process, and its stdout.

    Raises:
        TrialFailed: it could not be started, or did not exit with 0.
    """
    begin = time.perf_counter()
    try:
        done = subprocess.run(command, env=variables, capture_output=True, text=True)
    except OSError as error:
        raise TrialFailed(f"not installed: {command[0]}: {error.strerror}") from error
    seconds = time.perf_counter() - begin
    if done.returncode:
        words = [line.strip() for line in done.stderr.splitlines() if line.strip()]
        raise TrialFailed(shorten(f"exit {done.returncode}: {' '.join(words[-2:])}", LONGEST, placeholder=" ..."))
    return seconds, done.stdout


def ratios(trials: dict[str, list[Trial]]) -> dict[str, float]:
    """aecli's time as a share of Keras', median over the rounds; empty if there is no common round."""
    pairs = list(zip(trials["aecli"], trials["keras"], strict=False))
    if not pairs:
        return {}
    found = {
        key: statistics.median(ours[key] / theirs[key] for ours, theirs in pairs) for key in ("train_s", "whole_s")
    }
    steady = statistics.median(ours["train_s"] / (theirs["train_s"] - theirs["compile_s"]) for ours, theirs in pairs)
    return found | {"train_s_without_compilation": steady}


def versions(python: str) -> dict[str, str]:
    """Libraries of both sides."""
    from importlib import metadata

    found = {name: metadata.version(name) for name in ("aecli", "torch")}
    code = "from importlib.metadata import version\nfor name in ('keras', 'jax', 'jaxlib'): print(name, version(name))"
    try:
        _, output = timed([python, "-c", code], environment({}))
    except TrialFailed:
        return found
    return found | dict(line.split() for line in output.splitlines())


def markdown(result: dict[str, Any]) -> str:
    """Two rows, the ratios, and what they were measured on."""
    names = {"aecli": f"`aecli train --config {result['config']}`", "keras": f"Keras on JAX, {result['epochs']} epochs"}
    lines = ["| | training s | whole process s | test MSE, mean (range) |", "|---|---:|---:|---:|"]
    for key, name in names.items():
        lines.append(f"| {name} | {' | '.join(cells(result['trials'][key], result['failures'].get(key)))} |")
    if result["ratios"]:
        train, whole = result["ratios"]["train_s"], result["ratios"]["whole_s"]
        lines.append(f"| the first as a share of the second | {train:.3f} | {whole:.3f} | |")
    words = (
        f"Times: medians of {result['rounds']} interleaved rounds, each with a seed of its own. Keras' training is "
        "`fit` with its compilation, without validation; aecli's is `train_s` of summary.json. Whole processes "
        "include imports, loading, compilation and judging; aecli's also its run folder and pictures."
    )
    if result["ratios"]:
        share = result["ratios"]["train_s_without_compilation"]
        words += f" Without Keras' compilation the share of the training is {share:.3f}."
    return "\n\n".join(["\n".join(lines), words, footer(result, result["versions"])]) + "\n"


def cells(trials: list[Trial], failure: str | None) -> list[str]:
    """Medians of the times and the spread of the quality, or why there are none."""
    if failure:
        return [failure.replace("|", "/"), "", ""]
    times = [f"{statistics.median(trial[key] for trial in trials):.2f}" for key in ("train_s", "whole_s")]
    errors = [trial["test_mse"] for trial in trials]
    return [*times, f"{statistics.mean(errors):.5f} ({min(errors):.5f}-{max(errors):.5f})"]
