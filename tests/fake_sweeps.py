"""A small sweep as it is asked for, and run folders of it that are made up."""

import pytest

from aecli.runs.folder import RunFolder
from aecli.sweep.planning.document import load_sweep
from aecli.sweep.planning.plan import make_plan
from aecli.sweep.record.sweep_folder import SweepFolder, prepare_sweep_folder

SWEEP = "base: b.yaml\nseeds: 0-1\ngrid: {loss: [mse, mae]}\n"


def write_run(folder, name, status, digest):
    path = folder.runs / name
    path.mkdir()
    RunFolder(path).write_status(status, config_sha256=digest, epoch=1, epochs=3)
    return path


@pytest.fixture
def plan_around(tmp_path, monkeypatch):
    """A function from the epochs of the base to the plan of a sweep around it."""
    monkeypatch.chdir(tmp_path)

    def make(epochs=3):
        (tmp_path / "b.yaml").write_text(f"training: {{epochs: {epochs}}}\n")
        (tmp_path / "s.yaml").write_text(SWEEP)
        return make_plan(*load_sweep("s.yaml"))

    return make


@pytest.fixture
def planned_sweep(plan_around, tmp_path):
    return prepare_sweep_folder(tmp_path / "out", plan_around(), SWEEP)


@pytest.fixture
def empty_sweep(tmp_path):
    folder = SweepFolder(tmp_path / "sweep")
    for part in (folder.claims, folder.runs):
        part.mkdir(parents=True)
    return folder
