"""Interrupt, kill, resume: always bitwise the run that was never interrupted, and every refusal."""

import json
import multiprocessing
import os
import random
import signal
import time

import pytest
import torch

from aecli import api
from aecli.errors import CheckpointError, ConfigError, DataError, DivergedError, InterruptedRun, UsageError
from aecli.experiment.checkpoint import load_checkpoint
from aecli.runs.folder import open_run_folder

EVERYTHING = (
    "data.corruption=masking",
    "data.contamination=salt_and_pepper",
    "regularization=[dropout, contractive, {name: l1_proximal, target: {sparsity.exact_zeros: 0.5}}, "
    "{name: activity_l1, target: {code.l0: 3}}]",
    "loss={name: charbonnier, eps: {start: 0.5, end: 0.05, epochs: 4}}",
    "optimization.schedule={name: plateau, patience: 0, threshold: 0.5, warmup: 0.5}",
    "training.epochs=6",
)
"""Every part that could remember something across epochs."""


def final_state(run) -> dict:
    return load_checkpoint(run.path / "checkpoints" / "last.pt")


def equal(a, b) -> bool:
    """Whether two nested states are bitwise equal."""
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(equal(a[key], b[key]) for key in a)
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(equal(x, y) for x, y in zip(a, b, strict=True))
    return torch.equal(a, b) if isinstance(a, torch.Tensor) else a == b


def untimed(records: list[dict]) -> list[dict]:
    return [
        {key: value for key, value in record.items() if key not in ("train_s", "elapsed_s", "time")}
        for record in records
    ]


class InterruptAt:
    """A watcher that sends its own process a signal in the middle of an epoch."""

    def __init__(self, epoch: int, number: int = signal.SIGINT) -> None:
        self.epoch_number, self.number, self.notes = epoch, number, []

    def note(self, text, *, severity="note"):
        self.notes.append(text)

    def begin(self, config, prepared, folder, first_epoch):
        self.folder = folder

    def step(self, event):
        if event.epoch == self.epoch_number:
            os.kill(os.getpid(), self.number)

    def epoch(self, record):
        pass

    def stage(self, text):
        pass


@pytest.fixture
def uninterrupted(small, tmp_path):
    return api.train(small, out=tmp_path / "whole", set=EVERYTHING)


def interrupted(small, tmp_path, epoch, sets=EVERYTHING, number=signal.SIGINT):
    """A run that a signal stopped in an epoch."""
    watcher = InterruptAt(epoch, number)
    with pytest.raises(InterruptedRun) as error:
        api.train(small, out=tmp_path / "cut", set=sets, watcher=watcher)
    return api.load(watcher.folder.path), error.value


@pytest.mark.parametrize("epoch", [1, 4, 6], ids=["first epoch", "in the middle", "last epoch"])
def test_interrupt_and_resume_is_bitwise_uninterrupted(small, tmp_path, uninterrupted, epoch):
    run, _ = interrupted(small, tmp_path, epoch)
    assert run.status["epoch"] == epoch - 1
    resumed = api.resume(run.path)
    assert equal(final_state(resumed), final_state(uninterrupted))
    assert untimed(resumed.metrics) == untimed(uninterrupted.metrics)
    assert resumed.status["status"] == "completed"


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)], ids=["SIGINT", "SIGTERM"])
def test_a_signal_marks_the_run_and_says_how_to_go_on(small, tmp_path, number, code):
    run, error = interrupted(small, tmp_path, 2, number=number)
    assert error.exit_code == code
    expected = f"stopped by {number.name}; go on with: aecli resume {run.path}"
    assert str(error) == expected
    assert (run.status["status"], run.status["reason"]) == ("interrupted", expected)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler, "the caller's handlers are given back"


@pytest.mark.slow
def test_a_kill_at_any_moment_is_mended_by_resume(small, tmp_path, uninterrupted):
    context, seen = multiprocessing.get_context("fork"), set()
    for attempt in range(8):
        out = tmp_path / f"kill{attempt}"
        child = context.Process(target=api.train, args=(small,), kwargs={"out": out, "set": EVERYTHING})
        child.start()
        while not list(out.glob("*/metrics.jsonl")):
            time.sleep(0.002)
        time.sleep(random.Random(attempt).uniform(0, 0.5))
        os.kill(child.pid, signal.SIGKILL)
        child.join()
        (path,) = out.iterdir()
        run = api.load(path)
        seen.add(run.status["epoch"])
        if child.exitcode == -signal.SIGKILL and run.status["status"] != "completed":
            assert run.status["status"] == "interrupted"
            assert run.status["reason"] == f"its process {child.pid} is gone"
        resumed = api.resume(path)
        assert equal(final_state(resumed), final_state(uninterrupted))
        assert untimed(resumed.metrics) == untimed(uninterrupted.metrics)
        assert load_checkpoint(path / "checkpoints" / "best.pt")["epoch"] == resumed.summary["best_epoch"]
    assert len(seen) > 1, "the kills came at different moments"


def test_a_kill_before_the_first_checkpoint_begins_again(small, tmp_path, uninterrupted):
    run, _ = interrupted(small, tmp_path, 1)
    for path in run.folder.checkpoints.iterdir():
        path.unlink()
    assert equal(final_state(api.resume(run.path)), final_state(uninterrupted))


def test_a_checkpoint_cut_in_half_falls_back_and_says_so(small, tmp_path, uninterrupted):
    run, _ = interrupted(small, tmp_path, 4)
    last = run.folder.checkpoints / "last.pt"
    os.truncate(last, last.stat().st_size // 2)
    watcher = InterruptAt(-1)
    resumed = api.resume(run.path, watcher=watcher)
    assert f"{last}: is cut off or no checkpoint; going back to the checkpoint before it" in watcher.notes
    assert equal(final_state(resumed), final_state(uninterrupted))
    assert untimed(resumed.metrics) == untimed(uninterrupted.metrics)


def test_extending_a_finished_run_equals_a_longer_one(small, tmp_path):
    longer = api.train(small, out=tmp_path / "a", set=["training.epochs=5"])
    short = api.train(small, out=tmp_path / "b", set=["training.epochs=2"])
    extended = api.resume(short.path, set=["training.epochs=5"])
    assert equal(final_state(extended), final_state(longer))
    assert api.load(short.path).config.training.epochs == 5
    assert extended.config.digest() == extended.status["config_sha256"] == longer.config.digest()


def test_extending_under_a_cosine_warns(small, tmp_path):
    run = api.train(small, out=tmp_path, set=["training.epochs=2", "optimization.schedule=cosine"])
    watcher = InterruptAt(-1)
    api.resume(run.path, set=["training.epochs=3"], watcher=watcher)
    assert (
        "the cosine schedule was planned for 2 epochs and now ends at 3: the learning rate jumps, and the result is "
        "not that of a run planned so from the start"
    ) in watcher.notes


def test_a_complete_run_is_left_as_it_is(small, tmp_path):
    run = api.train(small, out=tmp_path)
    before = {path: path.read_bytes() for path in run.path.rglob("*") if path.is_file()}
    watcher = InterruptAt(-1)
    assert api.resume(run.path, watcher=watcher).path == run.path
    assert watcher.notes == [f"{run.path} is complete; to extend it: aecli resume {run.path} --set training.epochs=6"]
    assert before == {path: path.read_bytes() for path in run.path.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    "content", [None, "", '{"schema": 1, "te', "[]"], ids=["lost", "empty", "cut off", "no object"]
)
def test_a_complete_run_without_a_summary_is_judged_again(small, tmp_path, content):
    run = api.train(small, out=tmp_path)
    folder = open_run_folder(run.path)
    before, state, records = folder.read_summary(), final_state(run), folder.read_metrics()
    folder.summary.unlink()
    if content is not None:
        folder.summary.write_text(content)
    api.resume(run.path)
    assert folder.read_status()["status"] == "completed"
    timed = dict.fromkeys(("train_s", "elapsed_s", "images_per_s", "suites"))
    assert folder.read_summary() | timed == before | timed
    assert equal(final_state(run), state) and folder.read_metrics() == records


def test_an_edited_config_is_refused(small, tmp_path):
    run, _ = interrupted(small, tmp_path, 2)
    file = run.folder.config
    file.write_text(file.read_text().replace("batch_size: 64", "batch_size: 32"))
    with pytest.raises(UsageError) as error:
        api.resume(run.path)
    assert error.value.exit_code == 2
    assert str(error.value) == (
        f"{file}: was edited since the run began, and going on would mix two runs; undo the edit, change the epochs "
        f"with --set training.epochs=N, or begin anew: aecli train --config {file}"
    )


def test_a_folder_that_is_no_run_is_refused(tmp_path):
    with pytest.raises(UsageError) as error:
        api.resume(tmp_path)
    assert str(error.value) == f"{tmp_path}: is no run folder: it has no config.yaml and status.json"
    with pytest.raises(UsageError, match="no such path"):
        api.resume(tmp_path / "nowhere")


def test_a_change_that_makes_another_run_is_refused(small, tmp_path):
    run, _ = interrupted(small, tmp_path, 2)
    with pytest.raises(UsageError) as error:
        api.resume(run.path, set=["loss.name=mae"])
    assert str(error.value) == (
        "--set loss.name=mae: a resumed run may change only training.epochs, training.early_stopping, evaluation.suites"
    )


def test_fewer_epochs_than_are_trained_are_refused(small, tmp_path):
    run = api.train(small, out=tmp_path)
    with pytest.raises(ConfigError) as error:
        api.resume(run.path, set=["training.epochs=2"])
    assert str(error.value) == (
        "--set training.epochs=2: training.epochs: must be at least 3, the epochs that are trained, got 2"
    )


def test_a_run_that_is_being_trained_is_refused(small, tmp_path):
    run, _ = interrupted(small, tmp_path, 2)
    run.folder.write_status("running")
    with pytest.raises(UsageError, match=rf"is being trained by process {os.getpid()} on "):
        api.resume(run.path)


def test_a_diverged_run_keeps_its_last_good_checkpoint_and_is_not_resumed(small, tmp_path):
    sets = ["optimization.optimizer={name: sgd, lr: 1e30}", "architecture.output_activation=linear"]
    with pytest.raises(DivergedError) as error:
        api.train(small, out=tmp_path, set=sets)
    (path,) = tmp_path.iterdir()
    run = api.load(path)
    assert error.value.exit_code == 5
    assert str(error.value).splitlines()[0].startswith("the loss became ")
    assert str(error.value).splitlines()[1] == (
        f"the last good checkpoint is in {path}/checkpoints; try --set optimization.optimizer.lr=1e+29 or "
        "--set optimization.gradient_clip=1"
    )
    assert run.status["status"] == "diverged"
    assert all(value.isfinite().all() for value in final_state(run)["model"].values())
    with pytest.raises(UsageError, match=r"diverged \(the loss became .*\), and would again"):
        api.resume(path)


def test_changed_data_is_refused(small, tmp_path):
    run, _ = interrupted(small, tmp_path, 2)
    environment = run.folder.read_environment()
    environment["data"]["sha256"] = "0" * 64
    run.folder.environment.write_text(json.dumps(environment))
    with pytest.raises(
        DataError, match=r"the data has changed since the run began: its SHA-256 was 0{64}, and is [0-9a-f]{64}$"
    ):
        api.resume(run.path)


def test_metrics_with_missing_epochs_are_refused(small, tmp_path):
    run, _ = interrupted(small, tmp_path, 4)
    lines = run.folder.metrics.read_text().splitlines()
    run.folder.metrics.write_text("\n".join(lines[:1] + lines[2:]) + "\n")
    with pytest.raises(DataError, match="has not one line for each of the epochs 0 to 3; train again$"):
        api.resume(run.path)


def test_early_stopping_is_resumed_too(small, tmp_path):
    sets = ["training.epochs=30", "training.early_stopping={patience: 2, min_delta: 0.05}"]
    whole = api.train(small, out=tmp_path / "whole", set=sets)
    assert whole.status["epoch"] < 30
    assert whole.summary["stopped_early"]
    run, _ = interrupted(small, tmp_path, whole.status["epoch"] - 1, sets)
    resumed = api.resume(run.path)
    assert equal(final_state(resumed), final_state(whole))
    assert resumed.status["epoch"] == whole.status["epoch"]


def test_a_kill_while_the_changed_config_is_written_leaves_a_run_that_resumes(small, tmp_path):
    longer = api.train(small, out=tmp_path / "a", set=["training.epochs=4"])
    for config_written in (False, True):
        run = api.train(small, out=tmp_path / "b")
        run.folder.write_status("running", pid=2**22 + 1, next_config_sha256=longer.config.digest())
        if config_written:
            run.folder.config.write_text(longer.folder.config.read_text())
        resumed = api.resume(run.path, set=["training.epochs=4"])
        assert equal(final_state(resumed), final_state(longer))
        assert resumed.status["config_sha256"] == longer.config.digest()


def test_a_run_without_checkpoints_keeps_its_history(small, tmp_path):
    run = api.train(small, out=tmp_path)
    for path in run.folder.checkpoints.iterdir():
        path.unlink()
    before = run.folder.metrics.read_bytes()
    with pytest.raises(
        CheckpointError, match="has no checkpoint, and metrics.jsonl has 3 epochs; bring it back, or train anew"
    ):
        api.resume(run.path, set=["training.epochs=4"])
    assert run.folder.metrics.read_bytes() == before


def test_an_interrupted_extension_has_no_stale_summary(small, tmp_path):
    run = api.train(small, out=tmp_path, set=["evaluation.suites=[reconstruction]"])
    with pytest.raises(InterruptedRun):
        api.resume(run.path, set=["training.epochs=9"], watcher=InterruptAt(5))
    assert api.load(run.path).summary == {}
    assert not run.folder.per_image.exists()
    assert not run.folder.examples.exists()


def test_extending_an_early_stopped_run_says_why_nothing_happens(small, tmp_path):
    stopping = "training.early_stopping={patience: 1, min_delta: 0.5}"
    run = api.train(small, out=tmp_path, set=["training.epochs=9", stopping])
    assert run.status["epoch"] == 1
    watcher = InterruptAt(-1)
    api.resume(run.path, set=["training.epochs=12"], watcher=watcher)
    assert watcher.notes == ["stopped early at epoch 1; to go on: --set training.early_stopping=null"]
    assert api.resume(run.path, set=["training.early_stopping=null"]).status["epoch"] == 12


def test_a_run_that_fell_silent_long_ago_can_be_resumed(small, tmp_path):
    run, _ = interrupted(small, tmp_path, 2)
    status = json.loads(run.folder.status_file.read_text())
    silent = {"status": "running", "pid": 1, "host": "elsewhere", "heartbeat": "2020-01-01T00:00:00.000Z"}
    run.folder.status_file.write_text(json.dumps(status | silent))
    assert api.resume(run.path).status["status"] == "completed"


def test_a_broken_status_is_named(small, tmp_path):
    run, _ = interrupted(small, tmp_path, 2)
    run.folder.status_file.write_text("[]")
    with pytest.raises(UsageError, match=r"status.json: is broken; train anew: aecli train --config "):
        api.resume(run.path)


def test_a_name_that_looks_like_a_number_is_resumed(small, tmp_path):
    run, _ = interrupted(small, tmp_path, 2, sets=("name='1e5'",))
    assert api.resume(run.path).config.name == "1e5"


def test_the_callers_threads_and_precision_are_given_back(small, tmp_path):
    before = torch.get_num_threads(), torch.get_float32_matmul_precision()
    api.train(small, out=tmp_path, set=["training.precision=medium", "training.threads=2", "training.epochs=1"])
    assert (torch.get_num_threads(), torch.get_float32_matmul_precision()) == before
