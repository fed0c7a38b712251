"""Errors and examples of single images that an evaluation leaves in the run folder."""

import shutil

import numpy as np
import pytest
import torch

import aecli
from aecli.errors import RunFolderError
from aecli.runs.folder import RunFolder


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    """A config of 80 + 60 labelled images of 12 x 12 pixels that no suite judges in training."""
    rng, path = np.random.default_rng(0), tmp_path_factory.mktemp("data") / "images.npz"
    parts = {
        f"x_{part}": rng.integers(0, 256, (count, 12, 12), dtype=np.uint8)
        for part, count in (("train", 80), ("test", 60))
    }
    np.savez(path, **parts, y_train=np.arange(80) % 4, y_test=np.arange(60) % 4)
    return {
        "data": {"dataset": {"name": "npz", "file": str(path)}, "validation": 20},
        "architecture": {"widths": ["auto", 8]},
        "optimization": {"optimizer": {"name": "adam", "lr": 0.5}},  # at this rate the last epoch is not the best
        "training": {"epochs": 2, "batch_size": 30, "device": "cpu", "threads": 1},
        "evaluation": {"suites": []},
    }


@pytest.fixture(scope="module")
def whole(tiny, tmp_path_factory):
    """A run that was judged at the end of its training."""
    return aecli.train(tiny, out=tmp_path_factory.mktemp("runs"), set=["evaluation.suites=[reconstruction]"])


def read_arrays(path):
    """The arrays of an npz file."""
    with np.load(path, allow_pickle=False) as stored:
        return dict(stored)


def test_the_examples_are_what_the_stored_model_reproduces(whole):
    examples = read_arrays(whole.folder.examples)
    x = torch.from_numpy(examples["images"].reshape(60, 144) / np.float32(255))
    with torch.no_grad():
        expected = np.round(255 * np.clip(whole.model(x).x_hat_BP.numpy(), 0, 1))
    assert np.array_equal(examples["reconstructions"].reshape(60, 144), expected)
    errors = read_arrays(whole.folder.per_image)["squared"][examples["rows"]]
    seen = ((examples["images"] / 255 - examples["reconstructions"] / 255) ** 2).mean((1, 2, 3))
    assert np.allclose(seen, errors, rtol=0.01), "the rows are those of per_image.npz"


def test_a_run_that_no_suite_judged_gets_its_errors_and_examples_when_it_is_evaluated(tiny, whole, tmp_path):
    later = aecli.train(tiny, out=tmp_path).folder
    aecli.evaluate(later.path, suites=["code"])
    assert not later.per_image.exists() and not later.examples.exists(), "neither has measured single images"
    aecli.evaluate(later.path, suites=["reconstruction"])
    errors, examples = read_arrays(later.per_image), read_arrays(later.examples)
    assert errors.keys() == {"squared", "absolute", "ssim", "bce", "entropy", "deviation", "labels"}
    assert examples.keys() == {"rows", "images", "reconstructions"}
    for now, file in ((errors, whole.folder.per_image), (examples, whole.folder.examples)):
        then = read_arrays(file)
        assert now.keys() == then.keys() and all(np.array_equal(now[key], then[key]) for key in now), file.name


def test_judging_another_split_checkpoint_or_data_touches_neither_errors_nor_examples(tiny, tmp_path):
    run = aecli.train(tiny, out=tmp_path)
    assert run.summary["best_epoch"] < 2, (
        "the test needs a run whose last checkpoint is another one; choose another rate"
    )
    np.save(tmp_path / "other.npy", np.zeros((50, 12, 12), np.uint8))
    files = (run.folder.per_image, run.folder.examples)
    for file in files:
        file.write_bytes(b"as it was")
    for options in (
        {"split": "validation"},
        {"checkpoint": "last"},
        {"data": f"{{name: npy, file: {tmp_path}/other.npy}}"},
    ):
        aecli.evaluate(run.path, suites=["reconstruction"], **options)
        assert [file.read_bytes() for file in files] == [b"as it was"] * 2, options


def test_a_folder_of_an_older_version_gets_examples_when_it_is_measured_again(whole, tmp_path):
    old = RunFolder(shutil.copytree(whole.path, tmp_path / "old"))
    old.examples.unlink()
    aecli.evaluate(old.path, suites=["reconstruction"], again=True)
    assert old.examples.read_bytes() == whole.folder.examples.read_bytes()


def test_a_table_has_errors_of_single_rows_and_no_examples(tiny, tmp_path):
    np.save(tmp_path / "table.npy", np.random.default_rng(0).normal(size=(100, 4)).astype("float32"))
    data = {"dataset": {"name": "npy", "file": str(tmp_path / "table.npy"), "scaling": "standard"}, "validation": 10}
    architecture = {"widths": ["auto", 2], "output_activation": "linear"}
    changes = {"data": data, "architecture": architecture, "optimization": {}}
    run = aecli.train(tiny | changes, out=tmp_path, set=["evaluation.suites=[reconstruction]"])
    assert read_arrays(run.folder.per_image).keys() == {"squared", "absolute", "deviation"}
    assert not run.folder.examples.exists()


def test_what_could_not_be_written_is_written_by_the_next_evaluation(tiny, tmp_path):
    run = aecli.train(tiny, out=tmp_path)
    run.folder.examples.mkdir()  # stands for a kill or a full disk between the two files
    with pytest.raises(RunFolderError, match="cannot write .*examples.npz"):
        aecli.evaluate(run.path, suites=["reconstruction"])
    assert "suites" not in aecli.load(run.path).summary, "the summary does not say that it was measured"
    assert not list(run.path.glob(".*.tmp"))
    run.folder.examples.rmdir()
    assert aecli.evaluate(run.path, suites=["reconstruction"]).findings["reconstruction"] is not None
    assert len(read_arrays(run.folder.examples)["rows"]) == len(read_arrays(run.folder.per_image)["squared"]) == 60
