"""Judging stored runs: what is kept where, what is measured again, and what is refused."""

import json
import shutil

import numpy as np
import pytest
import torch

import aecli
from aecli.components.evaluation.suites import SUITES, Skipped, skill_score
from aecli.errors import DataError, RunFolderError, UsageError
from aecli.runs.folder import RunFolder


@pytest.fixture
def run(small, tmp_path):
    """A complete run that has not been judged."""
    return aecli.train(small, out=tmp_path / "runs", set=["training.epochs=1"])


def test_a_suite_is_stored_with_its_protocol_and_what_it_was_measured_on(run):
    judged = aecli.evaluate(run.path, suites=["reconstruction"])
    stored = aecli.load(run.path).summary["suites"]["test"]["reconstruction"]
    assert stored == judged.numbers["reconstruction"]
    assert (stored["protocol"], stored["judged_epoch"]) == (1, 1)
    assert stored["data_sha256"] == run.folder.read_environment()["data"]["sha256"]
    assert stored["metrics"]["images"] == 10000
    assert aecli.load(run.path).summary["test"]["mse"] == stored["metrics"]["mse"], "the top level is filled too"


def test_evaluating_a_run_equals_judging_it_at_the_end_of_training(small, tmp_path, run):
    whole = aecli.train(small, out=tmp_path, set=["training.epochs=1", "evaluation.suites=[reconstruction]"])
    aecli.evaluate(run.path, suites=["reconstruction"])
    later = aecli.load(run.path).summary
    for part in ("train", "validation", "test", "code", "baselines"):
        assert whole.summary[part] == later[part]


def test_what_was_measured_is_not_measured_again_unless_asked(run):
    told = []
    aecli.evaluate(run.path, suites=["reconstruction"])
    aecli.evaluate(run.path, suites=["reconstruction"], tell=told.append)
    assert told == ["reconstruction: measured before; --again measures anew"]
    judged = aecli.evaluate(run.path, suites=["reconstruction"], again=True)
    assert judged.findings["reconstruction"] is not None


@pytest.mark.parametrize("key", ["protocol", "judged_epoch", "data_sha256"])
def test_numbers_of_another_protocol_epoch_or_data_are_measured_anew(run, key):
    aecli.evaluate(run.path, suites=["reconstruction"])
    summary = run.summary
    summary["suites"]["test"]["reconstruction"][key] = "another"
    run.folder.summary.write_text(json.dumps(summary))
    assert aecli.evaluate(run.path, suites=["reconstruction"]).findings["reconstruction"] is not None


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
        aecli.evaluate(run.path)
    assert str(error.value) == (
        f"{run.path}: is not complete (interrupted, epoch 0 of 1); first: aecli resume {run.path}"
    )


def test_changed_data_is_refused(run):
    environment = run.folder.read_environment()
    environment["data"]["sha256"] = "0" * 64
    run.folder.environment.write_text(json.dumps(environment))
    with pytest.raises(DataError, match="the data has changed since the run"):
        aecli.evaluate(run.path)


def test_every_suite_says_its_version_and_its_skill():
    for name, entry in SUITES.items():
        assert entry.facts.version >= 1, name
        assert entry.formula.startswith("skill: "), name


def test_the_names_for_the_shell_are_all_suites():
    from aecli.cli.evaluate_command import SUITE_NAMES

    assert list(SUITE_NAMES) == list(SUITES)


@pytest.mark.parametrize(("value", "skill"), [(4.0, 0.0), (2.0, 1.0), (3.0, 0.5), (5.0, -0.5), (1.0, 1.5)])
def test_the_skill_is_0_at_the_trivial_baseline_and_1_at_the_reference(value, skill):
    assert skill_score(value, trivial=4.0, reference=2.0) == skill


def test_a_skill_without_a_scale_is_none():
    assert skill_score(1.0, trivial=2.0, reference=2.0) is None


def test_a_suite_may_skip_itself():
    from aecli.evaluation import run_suites as judge

    def skips(subject):
        raise Skipped("too few images; give more")

    entry = SUITES["code"]
    assert judge.run_suite(type(entry)(**{**vars(entry), "function": skips}), empty_subject()).numbers == {
        "skipped": "too few images; give more"
    }


def empty_subject():
    """As little of a subject as the check of requirements looks at."""
    from types import SimpleNamespace

    return SimpleNamespace(target=SimpleNamespace(labels_N=None), splits=SimpleNamespace(unit_range=False))


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
