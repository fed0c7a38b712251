"""What a training waits for before its first step, and what is said of a busy machine."""

import os
import subprocess
import sys

import pytest
import torch

from aecli.config.load import load_config
from aecli.training.build import note_on_load


@pytest.fixture
def two_busy_cores(monkeypatch):
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    monkeypatch.setattr(os, "getloadavg", lambda: (7.8, 5.0, 2.0))


def test_a_busy_machine_is_told_of_before_several_threads_train(two_busy_cores):
    note = note_on_load(load_config("mse.yaml"), torch.device("cpu"))
    assert note == "8 other programs are at work on 2 cores: --set training.threads=1 may train faster"


@pytest.mark.parametrize(
    ("load", "device", "threads"),
    [(2.9, "cpu", None), (7.8, "meta", None), (7.8, "cpu", 1)],
    ids=["idle enough", "not on the CPU", "threads are set"],
)
def test_nothing_is_said_where_it_would_not_help(two_busy_cores, monkeypatch, load, device, threads):
    monkeypatch.setattr(os, "getloadavg", lambda: (load, load, load))
    config = load_config("mse.yaml", set=[] if threads is None else [f"training.threads={threads}"])
    assert note_on_load(config, torch.device(device)) is None


FIRST_STEP = """
import sys
from aecli.config.load import load_config
from aecli.training.build import prepare
prepare(load_config(sys.argv[1], set=["training.device=cpu"]))  # one whole step
heavy = {"torch._dynamo", "torchvision", "scipy", "sklearn", "matplotlib"} & set(sys.modules)
print(*sorted(heavy))
"""


def test_the_first_step_imports_neither_the_compiler_nor_what_judges_and_draws():
    done = subprocess.run([sys.executable, "-c", FIRST_STEP, "muon.yaml"], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
