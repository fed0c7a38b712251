"""Pruned runs: small, judged and loaded as before, and not gone on with."""

import shutil

import pytest

import aecli
from aecli.errors import AecliError, CheckpointError, UsageError
from aecli.experiment.prune import prune
from aecli.experiment.resume import refuse_pruned
from aecli.runs.folder import RunFolder
from aecli.runs.sizes import bytes_in


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """One small run."""
    from small_config import small_config

    return aecli.train(small_config(), out=tmp_path_factory.mktemp("runs")).path


@pytest.fixture
def run(trained, tmp_path):
    """A copy of it."""
    return RunFolder(shutil.copytree(trained, tmp_path / trained.name))


def checkpoints(run):
    return sorted(path.name for path in run.checkpoints.iterdir())


def refusal(call, *arguments, **options):
    with pytest.raises(AecliError) as refused:
        call(*arguments, **options)
    return str(refused.value)


def test_the_best_checkpoint_stays_without_the_optimizer_and_gives_the_same_weights(run):
    weights, before = aecli.load(run.path).model.state_dict(), bytes_in(run.path)
    told = prune(run.path, keep="best", only_tell=True)
    assert bytes_in(run.path) == before and checkpoints(run) == ["best.pt", "last.pt", "previous.pt"]
    done = prune(run.path, keep="best")
    assert (done.kept, done.freed) == ("best", told.freed) and checkpoints(run) == ["best.pt"]
    assert abs(before - bytes_in(run.path) - done.freed) < 200, "status.json has grown by a line"
    assert bytes_in(run.checkpoints) < before / 3
    again = aecli.load(run.path).model.state_dict()
    assert all((weights[name] == again[name]).all() for name in weights)
    assert list(aecli.evaluate(run.path, suites=["sparsity"]).numbers) == ["sparsity"]
    assert prune(run.path, keep="best").freed == 0


def test_a_pruned_run_says_so_when_it_is_to_go_on(run):
    prune(run.path, keep="best")
    hint = f"cannot go on without the optimizer's states; train anew: aecli train --config {run.config}"
    message = f"{run.path}: was pruned, and {hint}"
    assert refusal(aecli.resume, run.path, set=["training.epochs=9"]) == message
    assert refusal(refuse_pruned, run, is_enough=False) == message
    assert aecli.resume(run.path).path == run.path, "there is nothing left to do"
    run.summary.unlink()
    assert refusal(aecli.resume, run.path) == message


def test_a_run_that_kept_none_says_so_when_its_net_is_asked_for(run):
    assert prune(run.path, keep="none").kept is None and checkpoints(run) == []
    dropped = f"{run.checkpoints}/best.pt: was dropped by aecli runs prune, which kept none"
    with pytest.raises(CheckpointError) as refused:
        _ = aecli.load(run.path).model
    assert str(refused.value) == dropped
    assert refusal(aecli.evaluate, run.path, suites=["sparsity"]) == dropped
    assert "no such checkpoint to keep; there: none; not pruned" in refusal(prune, run.path, keep="best")


def test_best_is_the_checkpoint_that_the_summary_judges(run):
    text = run.config.read_text()
    run.config.write_text(text.replace("checkpoint: best", "checkpoint: last"))
    assert prune(run.path, keep="best").kept == "last" and checkpoints(run) == ["last.pt"]


def test_what_could_go_on_or_cannot_be_read_keeps_all_it_has(run):
    run.write_status("interrupted")
    message = f"{run.path}: is interrupted, and could not go on without its checkpoints; not pruned"
    assert refusal(prune, run.path, keep="best") == message
    run.write_status("completed")
    (run.checkpoints / "best.pt").write_bytes(b"cut")
    assert "is cut off" in refusal(prune, run.path, keep="best")
    assert len(checkpoints(run)) == 3 and "pruned" not in run.read_status()
    with pytest.raises(UsageError, match='--keep "bset"; did you mean "best"'):
        prune(run.path, keep="bset")


def test_a_prune_that_was_cut_short_is_ended_by_the_same_command(run):
    run.write_status("completed", pruned={"kept": "best"})
    assert prune(run.path, keep="best").freed > 0 and checkpoints(run) == ["best.pt"]
