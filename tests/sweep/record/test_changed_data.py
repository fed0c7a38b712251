"""Results of data that is no longer there: a sweep and its status say so, whatever made the trials."""

import json

import numpy as np
import pytest

from aecli.components.data import load_dataset
from aecli.components.data.sources import describe_sources
from aecli.errors import DataError
from aecli.runs.folder import RunFolder
from aecli.sweep.planning.document import load_sweep
from aecli.sweep.planning.plan import make_plan
from aecli.sweep.record.changed_data import changed_data_of, refuse_changed_data
from aecli.sweep.record.sweep_folder import prepare_sweep_folder
from aecli.sweep.record.sweep_status import read_sweep


@pytest.fixture
def done(tmp_path, monkeypatch):
    """A sweep of two trials on a file, both complete: (its folder, its trials)."""
    monkeypatch.chdir(tmp_path)
    np.save("x.npy", np.eye(12))
    (tmp_path / "b.yaml").write_text("data: {dataset: {name: npy, file: x.npy}, validation: 2}\n")
    (tmp_path / "s.yaml").write_text("base: b.yaml\nseeds: 0-1\n")
    plan = make_plan(*load_sweep("s.yaml"))
    folder = prepare_sweep_folder(tmp_path / "out", plan, "")
    folder.write_status("completed")
    parameters = {"file": "x.npy"}
    data = {"dataset": "npy", "sha256": load_dataset("npy", parameters).sha256}
    for number, trial in enumerate(plan.trials):
        run = RunFolder(folder.runs / str(number))
        run.path.mkdir()
        run.write_status("completed", config_sha256=trial.digest, epoch=1, epochs=1)
        run.config.write_text(json.dumps({"data": {"dataset": {"name": "npy", "file": "x.npy"}}}))
        environment = {"data": data | {"sources": describe_sources(parameters)}, "working_directory": str(tmp_path)}
        run.environment.write_text(json.dumps(environment))
    return folder, plan.trials


def test_data_that_is_what_it_was_is_no_matter(done):
    refuse_changed_data(*done, tell=pytest.fail)
    assert read_sweep(done[0].path).status == "completed" and changed_data_of(RunFolder(done[0].runs / "0")) == ""


def test_runs_on_data_that_has_changed_are_refused_and_told_from_anywhere(done, monkeypatch):
    np.save("x.npy", 2 * np.eye(12))
    with pytest.raises(DataError) as caught:
        refuse_changed_data(*done, tell=pytest.fail)
    path = done[0].path
    assert str(caught.value) == (
        f"x.npy: has changed since 2 of the runs in {path} were trained on it, and one sweep cannot mix the two; "
        f"bring the data back, remove {path} to train all again, or fork: aecli sweep ... --out {path}-2"
    )
    monkeypatch.chdir("/")
    state = read_sweep(path)
    assert (state.status, state.counts) == ("outdated", {"outdated": 2})
    assert state.trials[0].reason == "x.npy has changed since"


def test_data_that_is_gone_is_told_of(done, tmp_path):
    (tmp_path / "x.npy").unlink()
    told = []
    refuse_changed_data(*done, tell=told.append)
    assert len(told) == 1 and told[0].startswith(
        "warning: the data of the runs that are there cannot be checked: x.npy"
    )
    assert read_sweep(done[0].path).trials[0].reason.endswith("its data cannot be checked")
