"""Data that is not here: where the run began is said by resume and by evaluate."""

import numpy as np
import pytest

import aecli
from aecli.errors import DataError
from aecli.experiment.began import told_where_it_began
from aecli.runs.folder import RunFolder


def test_where_a_run_began_is_told_from_elsewhere_only(tmp_path, monkeypatch):
    folder = RunFolder(tmp_path)
    folder.environment.write_text('{"working_directory": "/where/it/began"}')
    with pytest.raises(DataError) as refused, told_where_it_began(folder, "evaluate"):
        raise DataError("x.npy: no such file")
    message = "x.npy: no such file\nthe run was started in /where/it/began; evaluate it there"
    assert str(refused.value) == message
    folder.environment.unlink()
    with pytest.raises(DataError) as refused, told_where_it_began(folder, "evaluate"):
        raise DataError("x.npy: no such file")
    assert str(refused.value) == "x.npy: no such file"


def test_evaluate_from_another_folder_gives_the_hint_that_resume_gives(small, tmp_path, monkeypatch):
    here, elsewhere = tmp_path / "here", tmp_path / "elsewhere"
    here.mkdir()
    elsewhere.mkdir()
    monkeypatch.chdir(here)
    np.save("images.npy", np.random.default_rng(0).integers(0, 256, (500, 8, 8), dtype=np.uint8))
    small["data"] = {"dataset": {"name": "npy", "file": "images.npy"}, "validation": 50}
    run = aecli.train(small, out=here / "runs")
    monkeypatch.chdir(elsewhere)
    with pytest.raises(DataError) as refused:
        aecli.evaluate(run.path, suites=["sparsity"])
    assert str(refused.value).splitlines()[-1] == f"the run was started in {here}; evaluate it there"
    with pytest.raises(DataError) as refused:
        aecli.resume(run.path, set=["training.epochs=9"])
    assert str(refused.value).splitlines()[-1] == f"the run was started in {here}; resume it there"
