"""A run from config to summary through the Python interface."""

import json
import os

import numpy as np
import pytest
import torch

import aecli
from aecli.errors import DivergedError, RunFolderError
from aecli.experiment.checkpoint import load_checkpoint
from aecli.training.splits import load_splits


def test_the_best_checkpoint_is_one_moment_whole(overshot):
    """Weights, optimizer and epoch belong together: not the best weights with the current optimizer."""
    best = load_checkpoint(overshot.path / "checkpoints" / "best.pt")
    assert best["epoch"] == overshot.summary["best_epoch"]
    rates = [group["lr"] for state in best["optimizers"] for group in state["param_groups"]]
    assert rates == [60.0]


def test_the_model_of_a_run_gives_the_errors_that_were_stored(overshot):
    splits = load_splits(overshot.config, torch.device("cpu"))
    x = splits.test.batch(slice(None))
    with torch.no_grad():
        squared = (overshot.model(x).x_hat_BP - x).square().mean(1).double().numpy()
    with np.load(overshot.path / "per_image.npz") as stored:
        assert np.allclose(stored["squared"], squared, rtol=1e-4, atol=1e-7)
    assert squared.mean() == pytest.approx(overshot.summary["test"]["mse"], rel=1e-5)
    assert not overshot.model.training


@pytest.mark.parametrize(
    "sets",
    [
        ("architecture.tied=true",),
        ("architecture.normalization=batch",),
        ("architecture.normalization=layer", "architecture.output_bias=mean_image"),
        ("optimization.optimizer=muon", "optimization.schedule={name: one_cycle, warmup: 1}"),
        ("loss=[{name: bce}, {name: ssim, weight: 0.1}]",),
        ("regularization=[{name: k_sparse, k: 3}, dropout]", "evaluation.select=ssim"),
        ("data.validation=test", "data.train_size=null", "training.batch_size=4096", "training.epochs=1"),
        ("architecture.widths=[784, 8]",),
    ],
    ids=["tied", "batch norm", "layer norm", "muon", "sum", "k_sparse", "validated on test", "one layer"],
)
def test_any_net_is_trained_judged_and_read_back(small, tmp_path, sets):
    run = aecli.train(small, out=tmp_path, set=[*sets, "evaluation.suites=[reconstruction]"])
    assert run.status["status"] == "completed"
    assert run.summary["test"]["mse"] > 0
    x = torch.rand(3, 784)
    assert torch.equal(aecli.load(run.path).model(x).x_hat_BP, run.model(x).x_hat_BP)


@pytest.mark.parametrize("kind", ["npy table", "csv", "colour images"])
def test_other_data_is_trained_on_with_auto_widths(small, tmp_path, kind):
    rng = np.random.default_rng(0)
    if kind == "npy table":
        np.save(tmp_path / "x.npy", rng.normal(5, 2, (200, 7)).astype("float32"))
        dataset, widths = {"name": "npy", "file": str(tmp_path / "x.npy")}, ["auto", 4, 2]
    elif kind == "csv":
        rows = "\n".join(f"{a:.4f},{b:.4f},{'xy'[i % 2]}" for i, (a, b) in enumerate(rng.normal(0, 3, (200, 2))))
        (tmp_path / "x.csv").write_text(f"a,b,kind\n{rows}\n")
        dataset, widths = (
            {"name": "csv", "file": str(tmp_path / "x.csv"), "label": "kind", "scaling": "standard"},
            ["auto", 1],
        )
    else:
        np.save(tmp_path / "x.npy", rng.integers(0, 256, (200, 12, 12, 3), dtype=np.uint8))
        dataset, widths = {"name": "npy", "file": str(tmp_path / "x.npy")}, ["auto", 16]
    config = small | {
        "data": {"dataset": dataset, "validation": 30},
        "architecture": {"widths": widths, "output_activation": "linear"},
        "evaluation": {"suites": ["reconstruction"]},
    }
    run = aecli.train(config, out=tmp_path / "runs")
    assert run.status["status"] == "completed"
    expected = {"mse", "mae", "rmse", "fvu"} | ({"ssim", "psnr_db"} if kind == "colour images" else set())
    assert expected <= run.summary["test"].keys()
    assert ("ssim" in run.summary["test"]) == (kind == "colour images")
    assert (run.path / "plots" / "reconstructions.png").exists() == (kind == "colour images")
    assert ("per_class_mse" in run.summary["test"]) == (kind == "csv")
    scaling = run.folder.read_environment()["data"]["scaling"]
    assert scaling["kind"] == {"npy table": "minmax", "csv": "standard", "colour images": "bytes"}[kind]
    if kind == "csv":
        assert len(scaling["offset"]) == len(scaling["scale"]) == 2


def test_a_failed_run_says_so_and_keeps_the_traceback_of_a_bug(small, tmp_path):
    class Bug:
        def __getattr__(self, name):
            return lambda *_, **__: 1 / 0 if name == "stage" else None

    with pytest.raises(ZeroDivisionError):
        aecli.train(small, out=tmp_path, watcher=Bug())
    (path,) = tmp_path.iterdir()
    assert aecli.load(path).status["status"] == "failed"
    assert "ZeroDivisionError" in (path / "log.txt").read_text()


def test_a_folder_whose_run_could_not_begin_is_taken_back(small, tmp_path, monkeypatch):
    """The disk fills up right after the folder was made."""
    original = os.open

    def full(path, flags, *arguments, **options):
        if flags & os.O_EXCL:
            raise OSError(28, "No space left on device")
        return original(path, flags, *arguments, **options)

    monkeypatch.setattr(os, "open", full)
    with pytest.raises(
        RunFolderError, match="No space left on device; free some space or choose another folder with --out$"
    ):
        aecli.train(small, out=tmp_path / "runs")
    assert list(tmp_path.iterdir()) == []


def test_json_has_no_nan(overshot):
    for path in overshot.path.rglob("*.json"):
        json.loads(path.read_text(), parse_constant=pytest.fail)


def test_a_divergence_that_shows_only_after_the_epoch_keeps_the_checkpoint_before(small, tmp_path):
    """One step of one batch blows the weights up; the loss that was checked came before it."""
    sets = [
        "optimization.optimizer={name: sgd, lr: 1e38}",
        "architecture.output_activation=linear",
        "training.batch_size=300",
    ]
    with pytest.raises(DivergedError, match="after epoch 1"):
        aecli.train(small, out=tmp_path, set=sets)
    (path,) = tmp_path.iterdir()
    run = aecli.load(path)
    assert run.status["status"] == "diverged"
    assert load_checkpoint(path / "checkpoints" / "last.pt")["epoch"] == 0
