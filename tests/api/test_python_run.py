"""A run as Python sees it: its model on rows in the data's units, and a Run that can be carried elsewhere."""

import copy
import html
import multiprocessing
import pickle
import shutil

import numpy as np
import pytest
import torch
from small_config import small_config

import aecli
from aecli.api.run import Run
from aecli.components.data import load_dataset
from aecli.experiment import data_units, given_rows, trained_model


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A small run on MNIST."""
    return aecli.train(small_config(), out=tmp_path_factory.mktemp("runs"))


@pytest.fixture(scope="module")
def digits():
    """Test images as the data has them: bytes, (N, 784)."""
    return np.array(load_dataset("mnist", {}).test_NP[:1100])


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    """A run on a table whose columns are far from [0, 1], and its rows."""
    folder = tmp_path_factory.mktemp("table")
    rows_NP = np.random.default_rng(0).normal(size=(60, 4)) * [1, 10, 100, 0.1] + [0, 5, 1000, 7]
    lines = ["a,b,c,d,kind", *(",".join(map(repr, map(float, row))) + ",1" for row in rows_NP)]
    (folder / "table.csv").write_text("\n".join(lines))
    config = small_config() | {
        "data": {"dataset": {"name": "csv", "file": str(folder / "table.csv"), "label": "kind"}, "validation": 10},
        "architecture": {"widths": ["auto", 8, 2], "output_activation": "linear"},
        "evaluation": {"suites": ["reconstruction"]},
    }
    return aecli.train(config, out=folder / "runs"), rows_NP


# ------------------------------------------------------------------ units


def test_the_mean_score_of_the_test_rows_is_what_the_summary_says(table):
    run, _ = table
    test_NP = load_dataset("csv", {"file": run.config.data.dataset.file, "label": "kind"}).test_NP
    for metric in ("mse", "mae"):
        assert run.score(test_NP, metric=metric).mean() == pytest.approx(run.summary["test"][metric], rel=1e-12)


def test_rows_of_a_table_are_scaled_as_the_run_was_and_come_back_in_their_units(table):
    run, rows_NP = table
    scaling = run.folder.read_environment()["data"]["scaling"]
    offset_P, scale_P = np.array(scaling["offset"]), np.array(scaling["scale"])
    model_NP = torch.tensor((rows_NP - offset_P) / scale_P, dtype=torch.float32)
    with torch.no_grad():
        found = run.model(model_NP)
    np.testing.assert_allclose(run.scale(rows_NP), model_NP, atol=1e-6)
    np.testing.assert_allclose(run.encode(rows_NP), found.code_BL, atol=1e-5)
    np.testing.assert_allclose(run.encode(model_NP, scaled=True), found.code_BL, atol=1e-6)
    np.testing.assert_allclose(run.reconstruct(rows_NP), found.x_hat_BP.numpy() * scale_P + offset_P, rtol=1e-5)
    np.testing.assert_allclose(run.reconstruct(model_NP, scaled=True), found.x_hat_BP, atol=1e-6)
    np.testing.assert_allclose(run.decode(run.encode(rows_NP)), run.reconstruct(rows_NP), rtol=1e-6)
    np.testing.assert_allclose(run.score(rows_NP), (found.x_hat_BP - model_NP).square().mean(1), rtol=1e-4)


def test_bytes_are_bytes_in_every_form_in_which_pictures_are_held(run, digits):
    code_NL = run.encode(digits)
    assert (code_NL.shape, code_NL.dtype) == ((1100, 8), np.float32)
    pictures = digits.reshape(-1, 28, 28)
    forms = [pictures, pictures[..., None], pictures[:, None], digits.astype(np.int64), digits.astype(np.float32)]
    for form in forms:
        np.testing.assert_array_equal(run.encode(form), code_NL)
        assert run.reconstruct(form).shape == form.shape
    np.testing.assert_allclose(run.encode(digits / 255, scaled=True), code_NL, atol=1e-6)
    with torch.no_grad():
        x_BP = torch.tensor(digits / 255, dtype=torch.float32)
        errors_B = (run.model(x_BP).x_hat_BP - x_BP).square().mean(1)
    np.testing.assert_allclose(run.score(digits), errors_B, rtol=1e-4)
    assert run.score(digits[:9], metric="psnr_db")[3] == pytest.approx(-10 * np.log10(float(errors_B[3])), rel=1e-4)
    assert 1 < run.reconstruct(digits).max() <= 255
    assert run.reconstruct(digits / 255, scaled=True).max() <= 1


def test_colour_pictures_keep_their_channels(tmp_path):
    images_NHWC = np.random.default_rng(0).integers(0, 256, (40, 4, 5, 3), dtype=np.uint8)
    np.save(tmp_path / "x.npy", images_NHWC)
    config = small_config() | {"data": {"dataset": {"name": "npy", "file": str(tmp_path / "x.npy")}, "validation": 5}}
    run = aecli.train(config | {"training": {"epochs": 1}}, out=tmp_path / "runs")
    flat_NP = images_NHWC.transpose(0, 3, 1, 2).reshape(40, 60)
    np.testing.assert_array_equal(run.encode(images_NHWC), run.encode(flat_NP))
    np.testing.assert_array_equal(run.encode(images_NHWC.transpose(0, 3, 1, 2)), run.encode(flat_NP))
    found = run.reconstruct(images_NHWC)
    np.testing.assert_array_equal(found.transpose(0, 3, 1, 2).reshape(40, 60), run.reconstruct(flat_NP))


def test_a_tensor_gives_a_tensor_and_lists_give_an_array(table):
    run, rows_NP = table
    for function in (run.encode, run.reconstruct, run.score):
        assert isinstance(function(torch.tensor(rows_NP, requires_grad=True)), torch.Tensor)
        np.testing.assert_array_equal(function(rows_NP.tolist()), function(rows_NP))


def test_no_row_depends_on_the_others_and_none_is_fine(run, digits):
    whole, parts = run.score(digits), [run.score(digits[i : i + 300]) for i in range(0, 1100, 300)]
    np.testing.assert_allclose(np.concatenate(parts), whole, rtol=1e-5)
    assert run.encode(digits[:0]).shape == (0, 8)
    assert run.reconstruct(digits[:0]).shape == (0, 784)
    assert run.score(digits[:0]).shape == (0,)


class Frame:
    """As much of a data frame as is asked of one."""

    def __init__(self, columns, values):
        self.columns, self.values = columns, values

    def __getitem__(self, names):
        return Frame(names, self.values[:, [self.columns.index(name) for name in names]])

    def to_numpy(self):
        return self.values


def test_the_columns_of_a_data_frame_are_taken_by_name(table):
    run, rows_NP = table
    labels_N1 = np.ones((60, 1))
    shuffled = Frame(["d", "kind", "a", "c", "b"], np.hstack([rows_NP[:, 3:], labels_N1, rows_NP[:, [0, 2, 1]]]))
    np.testing.assert_array_equal(run.encode(shuffled), run.encode(rows_NP))
    with pytest.raises(aecli.DataError, match="^x: has no column d; the run was trained on a, b, c, d$"):
        run.encode(Frame(["a", "b", "c"], rows_NP[:, :3]))
    with pytest.raises(aecli.DataError, match="^x: the run was not trained on z; leave out what it does not know$"):
        run.encode(Frame(["a", "b", "c", "d", "z"], np.hstack([rows_NP, labels_N1])))


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda x: x[:, :3], "x: has shape (60, 3), and the run takes rows of 4 values, (n, 4)"),
        (lambda x: x[0], "has shape (4,), and the run takes rows of 4 values, (n, 4); a single one is x[None]"),
        (lambda x: np.hstack([x, x[:, :1]]), 'takes rows of 4 values, (n, 4); leave the labels, column "kind", out'),
        (lambda x: np.where(x == x[7, 2], np.nan, x), "x: has 1 value that is NaN or infinite, the first in row 7"),
        (lambda x: x.astype(str), "x: is not numbers but of type <U32; give an array of numbers"),
        (lambda x: [[1.0, 2.0], [3.0]], "x: is no array of numbers: setting an array element with a sequence."),
        (lambda x: None, "x: is not numbers but of type object"),
        (lambda x: x + 1j, "x: is not numbers but of type complex128"),
        (lambda x: np.ma.masked_less(x, 0), "x: has masked values; fill them or leave these rows out"),
        (lambda x: torch.tensor(x).to_sparse(), "x: is no array of numbers: can't convert Sparse layout tensor"),
        (lambda x: x * 1e40, "and 32-bit numbers reach to 3.4e38"),
    ],
    ids="width row labels nan text ragged nothing complex masked sparse huge".split(),
)
def test_rows_that_cannot_be_meant_are_refused(table, spoil, message):
    run, rows_NP = table
    with pytest.raises(aecli.DataError) as caught:
        run.reconstruct(spoil(rows_NP))
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("spoil", "scaled", "message"),
    [
        (lambda x: x / 255, False, "for values between 0 and 1 say scaled=True"),
        (lambda x: x > 0, False, "of bool"),
        (lambda x: x.astype(int) * 2, False, "x: has values from 0 to 510, and the run's data are bytes, 0 to 255"),
        (lambda x: x, True, "trained on values in [0, 1]; without scaled=True they are scaled as that was"),
        (lambda x: x.reshape(-1, 14, 56), False, "rows of 784 values, (n, 784), or pictures, (n, 28, 28)"),
        (lambda x: x[0].reshape(28, 28), False, "a single one is x[None]"),
    ],
    ids="shares bool beyond scaled shape one".split(),
)
def test_pictures_in_other_units_are_refused(run, digits, spoil, scaled, message):
    with pytest.raises(aecli.DataError) as caught:
        run.score(spoil(digits[:9]), scaled=scaled)
    assert message in str(caught.value) or "the type bool" in str(caught.value)


def test_numbers_between_0_and_1_stay_there(tmp_path):
    np.save(tmp_path / "x.npy", np.random.default_rng(0).random((40, 6)))
    config = small_config() | {"data": {"dataset": {"name": "npy", "file": str(tmp_path / "x.npy")}, "validation": 5}}
    run = aecli.train(config | {"training": {"epochs": 1}}, out=tmp_path / "runs")
    assert run.encode(np.zeros((2, 6), np.uint8)).shape == (2, 8)
    with pytest.raises(aecli.DataError, match="has values from 255 to 255, and the model was trained on values in"):
        run.encode(np.full((2, 6), 255, np.uint8))


def test_metrics_that_mean_nothing_are_refused(table):
    run, rows_NP = table
    with pytest.raises(aecli.UsageError, match='^unknown metric "mea"; did you mean '):
        run.score(rows_NP, metric="mea")
    with pytest.raises(aecli.UsageError, match=r"^bce_nats needs values in \[0, 1\]$"):
        run.score(rows_NP * 9, metric="bce_nats")
    with pytest.raises(aecli.UsageError, match="^fvu needs the mean training image, which no run folder holds"):
        run.score(rows_NP, metric="fvu")
    with pytest.raises(aecli.DataError, match=r"^codes have shape \(n, 2\), got \(60, 4\)$"):
        run.decode(rows_NP)


def test_a_model_that_was_put_back_into_training_still_judges_and_stays_so(run, digits):
    code_NL = run.encode(digits[:5])
    other = copy.deepcopy(run)
    other.model.train()
    np.testing.assert_array_equal(other.encode(digits[:5]), code_NL)
    assert other.model.training and torch.is_grad_enabled()


def test_a_run_that_forgot_how_it_scaled_says_so(run, tmp_path, digits):
    shutil.copytree(run.path, tmp_path / "copy")
    (tmp_path / "copy/environment.json").unlink()
    with pytest.raises(aecli.DataError, match="environment.json: does not say how the data was scaled"):
        aecli.load(tmp_path / "copy").encode(digits)


def test_rows_go_through_the_network_a_few_at_a_time(run):
    shapes = [
        part.shape for part in given_rows.take_rows(np.zeros((1100, 784), np.uint8), run._trained.units).batches()
    ]
    assert shapes == [(512, 784), (512, 784), (76, 784)]
    assert isinstance(run._trained, trained_model.TrainedModel)
    assert run._trained.units == data_units.read_units(run.folder, None, 784)


# --------------------------------------------------------------- elsewhere


def test_a_run_is_small_when_pickled_and_loads_its_model_anew(run, digits, tmp_path, monkeypatch):
    expected = run.encode(digits)
    content = pickle.dumps(run)
    assert len(content) < 1000, "its model stays in its folder"
    monkeypatch.chdir(tmp_path)
    for other in (pickle.loads(content), copy.copy(run), copy.deepcopy(run)):
        assert other == run and hash(other) == hash(run) and "model" not in vars(other)
        np.testing.assert_array_equal(other.encode(digits), expected)


def test_a_relative_run_is_found_from_another_folder_once_it_was_pickled(run, tmp_path, monkeypatch):
    monkeypatch.chdir(run.path.parent)
    content = pickle.dumps(Run(type(run.folder)(type(run.path)(run.path.name))))
    monkeypatch.chdir(tmp_path)
    assert pickle.loads(content).summary == run.summary


def test_a_run_works_in_another_process(run, digits):
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        np.testing.assert_allclose(pool.apply(run.score, (digits[:5],)), run.score(digits[:5]), rtol=1e-5)


def test_a_run_whose_folder_has_gone_says_so(run, tmp_path):
    shutil.copytree(run.path, tmp_path / "copy")
    content = pickle.dumps(aecli.load(tmp_path / "copy"))
    shutil.rmtree(tmp_path / "copy")
    other = pickle.loads(content)
    assert repr(other) == f"Run('{tmp_path}/copy', status='gone')"
    assert other._repr_html_()
    for ask in (lambda: other.model, lambda: other.summary, lambda: other.metrics, lambda: other.config):
        with pytest.raises(aecli.UsageError, match="copy: the folder of this run has gone; aecli.load"):
            ask()


def test_a_run_stands_for_its_folder(table):
    run, _ = table
    assert aecli.load(run) == run
    assert aecli.compare(run).groups[0].runs[0].path == run.path
    assert aecli.check(run, "test.mse<1").holds
    assert run.plain() == {"run": str(run.path), **run.summary}


def test_a_run_is_short_and_has_a_table(table):
    run, _ = table
    assert repr(run) == f"Run('{run.path}', status='completed')"
    shown = run._repr_html_()
    assert html.escape(repr(run)) in shown and shown.count("<table>") == 1 and "<td>pca 2</td>" in shown
