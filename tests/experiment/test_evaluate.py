"""Evaluating a stored run: places, what was measured before, other data, refusals."""

import json
import shutil

import numpy as np
import pytest
from small_config import small_config

import aecli
from aecli.errors import DataError, UsageError
from aecli.experiment.evaluate import require_complete


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """A complete run that has not been judged."""
    return aecli.train(small_config(), out=tmp_path_factory.mktemp("runs"), set=["training.epochs=1"])


@pytest.fixture
def run(trained, tmp_path):
    """A copy of it."""
    return aecli.load(shutil.copytree(trained.path, tmp_path / "runs" / trained.path.name))


@pytest.fixture(scope="module")
def judged_once(trained, tmp_path_factory):
    """The same run after `reconstruction` has judged it."""
    copy = shutil.copytree(trained.path, tmp_path_factory.mktemp("judged") / trained.path.name)
    aecli.evaluate(copy, suites=["reconstruction"])
    return copy


@pytest.fixture
def measured(judged_once, tmp_path):
    """A copy of it."""
    return aecli.load(shutil.copytree(judged_once, tmp_path / "measured" / judged_once.name))


def test_a_suite_is_stored_with_its_protocol_and_what_it_was_measured_on(run):
    judged = aecli.evaluate(run.path, suites=["reconstruction"])
    stored = aecli.load(run.path).summary["suites"]["test"]["reconstruction"]
    assert stored == judged.numbers["reconstruction"]
    assert (stored["protocol"], stored["judged_epoch"]) == (1, 1)
    assert stored["data_sha256"] == run.folder.read_environment()["data"]["sha256"]
    assert stored["metrics"]["images"] == 10000
    assert aecli.load(run.path).summary["test"]["mse"] == stored["metrics"]["mse"], "the top level is filled too"


def test_evaluating_a_run_equals_judging_it_at_the_end_of_training(small, tmp_path, measured):
    whole = aecli.train(small, out=tmp_path, set=["training.epochs=1", "evaluation.suites=[reconstruction]"])
    later = measured.summary
    for part in ("train", "validation", "test", "code", "baselines"):
        assert whole.summary[part] == later[part]


def test_what_was_measured_is_not_measured_again_unless_asked(measured):
    told = []
    aecli.evaluate(measured.path, suites=["reconstruction"], tell=told.append)
    assert told == ["reconstruction: measured before; --again measures anew"]
    judged = aecli.evaluate(measured.path, suites=["reconstruction"], again=True)
    assert judged.findings["reconstruction"] is not None


@pytest.mark.parametrize("key", ["protocol", "judged_epoch", "data_sha256"])
def test_numbers_of_another_protocol_epoch_or_data_are_measured_anew(measured, key):
    summary = measured.summary
    summary["suites"]["test"]["reconstruction"][key] = "another"
    measured.folder.summary.write_text(json.dumps(summary))
    assert aecli.evaluate(measured.path, suites=["reconstruction"]).findings["reconstruction"] is not None


def test_splits_checkpoints_and_other_data_have_places_of_their_own(run, tmp_path):
    before = run.summary
    np.save(tmp_path / "other.npy", np.zeros((50, 28, 28), np.uint8))
    other = f"{{name: npy, file: {tmp_path}/other.npy}}"
    assert aecli.evaluate(run.path, suites=["reconstruction"], split="validation").place == "validation"
    assert aecli.evaluate(run.path, suites=["reconstruction"], checkpoint="last").place == "test#last"
    judged = aecli.evaluate(run.path, suites=["reconstruction"], data=other)
    assert judged.place.startswith("test@npy-")
    assert judged.numbers["reconstruction"]["metrics"]["images"] == 10
    after = aecli.load(run.path).summary
    assert set(after["suites"]) == {"validation", "test#last", judged.place}
    assert {key: after[key] for key in before} == before, "the summary of the run itself is left alone"


def test_an_interrupted_evaluation_keeps_what_was_done_and_completes_later(run):
    class Stop(BaseException):
        pass

    def stop_at_the_second(text):
        if text.startswith("reconstruction"):
            raise Stop

    with pytest.raises(Stop):
        aecli.evaluate(run.path, suites=["code", "reconstruction"], tell=stop_at_the_second)
    assert list(aecli.load(run.path).summary["suites"]["test"]) == ["code"]
    judged = aecli.evaluate(run.path, suites=["code", "reconstruction"])
    assert judged.findings["code"] is None
    assert judged.findings["reconstruction"] is not None


def test_data_without_labels_skips_what_needs_them_and_says_so(small, tmp_path):
    np.save(tmp_path / "x.npy", np.random.default_rng(0).integers(0, 256, (80, 12, 12), dtype=np.uint8))
    data = {"dataset": {"name": "npy", "file": str(tmp_path / "x.npy")}, "validation": 10}
    run = aecli.train(small | {"data": data}, out=tmp_path / "runs", set=["training.epochs=1"])
    told = []
    judged = aecli.evaluate(run.path, suites=["features"], tell=told.append)
    assert judged.numbers["features"]["skipped"] == "the data has no labels"
    assert "features: skipped: the data has no labels" in told


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"suites": ["denoise"]}, 'unknown suite "denoise"; did you mean "denoising"?'),
        ({"split": "train"}, 'unknown split "train"; choices: test, validation'),
        ({"checkpoint": "bset"}, 'unknown checkpoint "bset"; did you mean "best"? choices: best, last'),
        ({"data": "{name: csv}"}, "is required"),
    ],
    ids=["suite", "split", "checkpoint", "data"],
)
def test_what_cannot_be_evaluated_is_refused(run, options, message):
    with pytest.raises(aecli.errors.AecliError) as error:
        aecli.evaluate(run.path, **options)
    assert message in str(error.value)
    assert error.value.exit_code == 2


def test_other_data_of_another_size_is_refused(run, tmp_path):
    np.save(tmp_path / "other.npy", np.zeros((50, 5, 5), np.uint8))
    text = f"{{name: npy, file: {tmp_path}/other.npy}}"
    with pytest.raises(UsageError) as error:
        aecli.evaluate(run.path, data=text)
    assert str(error.value) == f"--data {text}: has rows of 25 values, and the model takes 784"


def test_a_run_that_never_finished_is_refused_with_what_to_do(run):
    run.folder.write_status("interrupted", epoch=0)
    with pytest.raises(UsageError) as error:
        require_complete(run.folder)
    assert str(error.value) == (
        f"{run.path}: is not complete (interrupted, epoch 0 of 1); first: aecli resume {run.path}"
    )


def test_changed_data_is_refused(run):
    environment = run.folder.read_environment()
    environment["data"]["sha256"] = "0" * 64
    run.folder.environment.write_text(json.dumps(environment))
    with pytest.raises(DataError, match="the data has changed since the run"):
        aecli.evaluate(run.path)


def test_other_rows_are_scaled_as_the_runs_training_rows_were(small, tmp_path):
    rows = np.random.default_rng(0).normal(5, 2, (100, 4)).astype("float32")
    for name, values in (("own", rows), ("moved", rows + 100)):
        np.save(tmp_path / f"{name}.npy", values)
    data = {"dataset": {"name": "npy", "file": str(tmp_path / "own.npy"), "scaling": "standard"}, "validation": 10}
    architecture = {"widths": ["auto", 2], "output_activation": "linear"}
    run = aecli.train(small | {"data": data, "architecture": architecture}, out=tmp_path / "runs")
    mse = {
        name: aecli.evaluate(
            run.path, suites=["reconstruction"], data=f"{{name: npy, file: {tmp_path}/{name}.npy, scaling: standard}}"
        ).numbers["reconstruction"]["metrics"]["mse"]
        for name in ("own", "moved")
    }
    assert mse["own"] == aecli.evaluate(run.path, suites=["reconstruction"]).numbers["reconstruction"]["metrics"]["mse"]
    assert mse["moved"] > 100 * mse["own"], "rows that moved far away are far away"
