"""What is written down while a run trains: the best epoch, the end of patience, heartbeats, signals."""

import signal

import pytest

from aecli.config.load import load_config
from aecli.errors import DivergedError, InterruptedRun
from aecli.experiment.checkpoint import load_checkpoint
from aecli.experiment.record import HEARTBEAT_S, Nobody, Recorder, best_epoch, should_stop
from aecli.runs.folder import create_run_folder
from aecli.runs.interrupts import Interrupts
from aecli.training.build import prepare
from aecli.training.loop import EpochEvent, StepEvent


def records(*values, metric="mse"):
    """One record for each value of a validation metric."""
    return [{"epoch": epoch, "validation": {metric: value}} for epoch, value in enumerate(values)]


def stopping(**options):
    return load_config({"training": {"early_stopping": options}})


@pytest.mark.parametrize(
    ("values", "is_over"),
    [
        ((3.0,), False),
        ((3.0, 3.0), False),
        ((3.0, 3.0, 3.0), True),
        ((3.0, 4.0, 2.0, 2.5), False),
        ((3.0, 4.0, 2.0, 2.5, 2.0), True),
    ],
    ids=str,
)
def test_training_stops_after_as_many_epochs_without_improvement_as_it_has_patience(values, is_over):
    assert should_stop(stopping(metric="mse", patience=2), records(*values)) == is_over


def bought(*rows):
    """One record for each pair of a validation error and whether it reaches a target."""
    return [
        {"epoch": epoch, "validation": {"mse": value}, "targets": {"a": {"is_reached": reached}}}
        for epoch, (value, reached) in enumerate(rows)
    ]


def test_only_epochs_that_reach_their_targets_are_the_best_or_use_up_patience():
    config = stopping(metric="mse", patience=2)
    on_the_way = bought((1.0, False), (2.0, False), (3.0, False), (4.0, False))
    assert not should_stop(config, on_the_way)
    assert best_epoch(config, on_the_way) == 3, "the last one is nearest to what the weight has come to"
    there = [*on_the_way, *bought((5.0, True), (4.5, True), (4.6, True), (4.7, True))]
    there = [record | {"epoch": epoch} for epoch, record in enumerate(there)]
    assert best_epoch(config, there) == 5
    assert should_stop(config, there)


def test_epochs_that_buy_all_that_was_asked_for_come_before_better_ones_that_are_only_near_it():
    config = stopping(metric="mse", patience=2)
    rows = [
        {"epoch": epoch, "validation": {"mse": value}, "targets": {"a": {"is_reached": reached, "excess": excess}}}
        for epoch, (value, reached, excess) in enumerate(
            [(1.0, True, 0.04), (3.0, True, -0.01), (2.0, True, 0.0), (0.5, False, -0.3), (0.1, False, 0.3)]
        )
    ]
    assert best_epoch(config, rows) == 2
    assert best_epoch(config, [rows[0], *rows[3:]]) == 0, "near is better than missed"


def test_an_improvement_that_is_too_small_is_none():
    slow = records(1.0, 0.95, 0.9)
    assert should_stop(stopping(metric="mse", patience=2, min_delta=0.2), slow)
    assert not should_stop(stopping(metric="mse", patience=2, min_delta=0.01), slow)


def test_a_metric_that_rises_improves_as_it_rises():
    config = stopping(metric="psnr_db", patience=2)
    assert not should_stop(config, records(10.0, 11.0, 12.0, metric="psnr_db"))
    assert should_stop(config, records(12.0, 11.0, 10.0, metric="psnr_db"))


def test_without_early_stopping_nothing_stops():
    assert not should_stop(load_config({}), records(*[1.0] * 100))


@pytest.mark.parametrize(
    ("metric", "values", "best"),
    [("mse", (3.0, 1.0, 2.0), 1), ("mse", (2.0, 1.0, 1.0), 1), ("ssim", (0.1, 0.2, 0.9, 0.8), 2)],
    ids=["smallest", "first of equals", "largest ssim"],
)
def test_the_best_epoch_is_the_first_with_the_best_value_of_the_selecting_metric(metric, values, best):
    config = load_config({"evaluation": {"select": metric}})
    assert best_epoch(config, records(*values, metric=metric)) == best


@pytest.fixture
def recorder(small, tmp_path):
    """A recorder of a run that has not begun."""
    prepared = prepare(load_config(small))
    folder = create_run_folder(tmp_path / "runs", "small", 0)
    return Recorder(folder, prepared, Nobody(), Interrupts())


def test_epoch_0_is_measured_and_kept_before_the_first_step(recorder):
    recorder.begin()
    (line,) = recorder.folder.read_metrics()
    assert (line["epoch"], line["objective"], line["lr"], line["terms"]) == (0, None, None, {})
    assert line["validation"].keys() == {"mse", "mae", "rmse", "psnr_db"}
    moments = [load_checkpoint(recorder.folder.checkpoints / f"{name}.pt") for name in ("last", "best")]
    assert [moment["epoch"] for moment in moments] == [0, 0]
    assert recorder.folder.read_status()["status"] == "running"


def test_an_epoch_that_is_worse_leaves_the_best_checkpoint(recorder):
    recorder.begin()
    for parameter in recorder.prepared.trainee.model.parameters():
        parameter.data.mul_(30.0)
    assert recorder(EpochEvent(1, 0.5, [0.25], 1e-3, 2.0)) is False
    first, second = recorder.folder.read_metrics()
    assert second["validation"]["mse"] > first["validation"]["mse"]
    assert (second["objective"], second["lr"], second["train_s"]) == (0.5, 1e-3, 2.0)
    (term,) = second["terms"].values()
    assert term["raw"] == 0.25
    moments = [load_checkpoint(recorder.folder.checkpoints / f"{name}.pt") for name in ("last", "best")]
    assert [moment["epoch"] for moment in moments] == [1, 0]


def test_in_a_long_epoch_the_process_shows_now_and_then_that_it_lives(recorder):
    recorder.folder.write_status("running", epoch=3, heartbeat="long ago")
    recorder(StepEvent(4, 64, 0.1))
    assert recorder.folder.read_status()["heartbeat"] == "long ago", "it has beaten a moment ago"
    recorder.last_heartbeat -= 2 * HEARTBEAT_S
    recorder(StepEvent(4, 128, 0.1))
    status = recorder.folder.read_status()
    assert status["heartbeat"] != "long ago" and status["epoch"] == 3


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["SIGINT", "SIGTERM"])
def test_a_signal_ends_the_training_at_the_next_event_and_says_how_to_go_on(recorder, number):
    recorder.interrupts.handle(number, None)
    with pytest.raises(InterruptedRun) as stopped:
        recorder(StepEvent(1, 64, 0.1))
    assert str(stopped.value) == f"stopped by {number.name}; go on with: aecli resume {recorder.folder.path}"


def test_a_validation_error_that_is_not_finite_writes_nothing(recorder):
    for parameter in recorder.prepared.trainee.model.parameters():
        parameter.data.fill_(float("nan"))
    with pytest.raises(DivergedError, match="the validation mse became nan after epoch 0"):
        recorder.begin()
    assert not recorder.folder.metrics.exists() and list(recorder.folder.checkpoints.iterdir()) == []
