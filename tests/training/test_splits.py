"""Splits: who is held out, who is trained on, and the values of batches."""

import tracemalloc

import numpy as np
import pytest
import torch
from training_splits import COUNT, CPU, numbers

from aecli.components.data import Dataset, load_dataset
from aecli.config.load import load_config
from aecli.training.splits import Split, load_splits
from aecli.training.splits import cut as cut_dataset


def test_training_and_validation_images_share_none_and_are_all_there_are(cut):
    splits = cut()
    train, validation = numbers(splits.train), numbers(splits.validation)
    assert (len(train), len(validation), len(splits.test)) == (200, 40, 60)
    assert sorted(train + validation) == list(range(COUNT))


def test_labels_stay_with_their_images(cut):
    splits = cut(train_size=50)
    for split in (splits.train, splits.validation, splits.test):
        assert split.labels_N.tolist() == numbers(split)


def test_a_smaller_training_set_is_part_of_the_larger_and_keeps_the_validation_images(cut):
    sizes = (10, 50, 199, 200, None)
    cuts = [cut(train_size=size) for size in sizes]
    trained = [set(numbers(splits.train)) for splits in cuts]
    assert [len(rows) for rows in trained] == [10, 50, 199, 200, 200]
    assert trained[0] < trained[1] < trained[2] < trained[3] == trained[4]
    assert len({tuple(numbers(splits.validation)) for splits in cuts}) == 1
    assert all(not rows & set(numbers(cuts[0].validation)) for rows in trained)


def test_another_seed_holds_out_other_images(cut):
    first, second = cut(seed=0), cut(seed=1)
    assert set(numbers(first.validation)) != set(numbers(second.validation))
    assert set(numbers(cut(train_size=50).train)) != set(numbers(cut(seed=1, train_size=50).train))
    assert numbers(first.test) == numbers(second.test)


def test_the_same_seed_holds_out_the_same_images_for_every_loss(cut):
    first, second = cut(train_size=50), cut(train_size=50, loss="mae")
    torch.manual_seed(5)
    for part in ("train", "validation", "test"):
        assert torch.equal(getattr(first, part).values_NP, getattr(second, part).values_NP)
    assert numbers(cut(train_size=50).train) == numbers(first.train)


def test_images_stay_in_the_order_of_the_file(cut):
    splits = cut(train_size=50)
    assert numbers(splits.train) == sorted(numbers(splits.train))
    assert numbers(splits.validation) == sorted(numbers(splits.validation))
    assert numbers(splits.test) == list(range(1000, 1060))


def test_where_the_test_split_validates_all_images_are_trained_on_in_the_order_of_the_file(cut):
    splits = cut(validation="test")
    assert numbers(splits.train) == list(range(COUNT))
    assert numbers(splits.validation) == numbers(splits.test) == list(range(1000, 1060))
    assert splits.description["images"] == {"train": COUNT, "validation": 60, "test": 60}


def test_a_part_of_the_images_can_be_trained_on_where_the_test_split_validates(cut):
    splits = cut(validation="test", train_size=30)
    assert len(set(numbers(splits.train))) == 30 and set(numbers(splits.train)) < set(range(COUNT))
    assert numbers(splits.validation) == list(range(1000, 1060))


def test_cutting_leaves_the_global_random_state_alone(cut):
    torch.manual_seed(1)
    expected = torch.rand(1)
    torch.manual_seed(1)
    cut(train_size=50, contamination={"name": "gaussian"})
    assert torch.rand(1) == expected


def test_the_splits_describe_themselves(cut):
    splits = cut(train_size=50)
    described = splits.description
    assert described["images"] == {"train": 50, "validation": 40, "test": 60} and described["pixels"] == 144
    assert described["dataset"] == "npz" and len(described["sha256"]) == 64
    assert (splits.image_shape, splits.rows.is_image, splits.unit_range) == ((1, 12, 12), True, True)


def test_mnist_is_cut_as_the_default_config_says(shared_cache):
    splits = load_splits(load_config({}), CPU)
    assert splits.description["images"] == {"train": 55_000, "validation": 5000, "test": 10_000}
    counts = np.bincount(splits.train.labels_N) + np.bincount(splits.validation.labels_N)
    assert counts.tolist() == np.bincount(load_dataset("mnist", {}).train_labels_N).tolist()
    joined = torch.cat([splits.train.values_NP, splits.validation.values_NP]).double().mean() / 255
    assert float(joined) == pytest.approx(0.1306604762738429, rel=1e-12)


def test_a_batch_has_bytes_as_exact_shares_of_255():
    split = Split(torch.arange(256, dtype=torch.uint8).view(4, 64), None)
    batch = split.batch(slice(0, 4))
    assert batch.dtype == torch.float32 and batch.min() == 0 and batch.max() == 1
    assert (batch.flatten().numpy() == np.arange(256, dtype=np.float32) / np.float32(255)).all()
    assert (batch.flatten().numpy() == (np.arange(256) / 255).astype(np.float32)).all()


def test_a_batch_takes_rows_by_number_and_leaves_the_images_alone(cut):
    train = cut().train
    before = train.values_NP.clone()
    rows = torch.tensor([5, 3, 3])
    batch = train.batch(rows)
    assert torch.equal(batch, train.values_NP[rows] / 255.0)
    batch.zero_()
    assert torch.equal(train.values_NP, before)


@pytest.mark.parametrize("size", [1, 7, 128, 1000])
def test_the_batches_are_all_images_in_order(size, cut):
    validation = cut().validation
    batches = list(validation.batches(size))
    assert [len(batch) for batch in batches[:-1]] == [size] * (len(batches) - 1)
    assert torch.equal(torch.cat(batches), validation.batch(slice(None)))


def test_the_mean_image_is_that_of_numpy(cut):
    splits = cut()
    expected = (splits.train.values_NP.numpy() / 255).mean(0)
    assert splits.mean_image_P.dtype == torch.float32
    assert splits.mean_image_P.numpy() == pytest.approx(expected, rel=1e-6)
    assert splits.mean_image_P.numpy() != pytest.approx((splits.test.values_NP.numpy() / 255).mean(0), rel=1e-2)


def test_the_mean_image_weighs_every_image_alike_in_whatever_chunk_it_is():
    values = torch.full((50_000, 3), 0.1)
    values[-500:] = 0.9  # in the last chunk, which is short
    expected = values.numpy().mean(0, dtype=np.float64)
    assert Split(values, None).mean_image().numpy() == pytest.approx(expected, rel=5e-7)


@pytest.fixture
def table(tmp_path):
    """A config on a table of three columns of different size, one of them constant."""
    rng = np.random.default_rng(0)
    values = np.column_stack([rng.normal(size=80), 1000 + 50 * rng.normal(size=80), np.full(80, 7.0)])
    lines = ["a,b,c", *(",".join(f"{value:.5f}" for value in row) for row in values)]
    (tmp_path / "table.csv").write_text("\n".join(lines))

    def load(scaling, given=None, data_more=None, **sections):
        dataset = {"name": "csv", "file": str(tmp_path / "table.csv"), "scaling": scaling}
        config = load_config({"data": {"dataset": dataset, "validation": 10, **(data_more or {})}} | sections)
        return load_splits(config, CPU, scaling=given), load_dataset(
            "csv", {key: dataset[key] for key in ("file", "scaling")}
        )

    return load


@pytest.mark.parametrize("scaling", ["minmax", "standard"])
def test_a_table_is_scaled_by_its_training_rows(scaling, table):
    splits, dataset = table(scaling)
    x, fitted = splits.train.batch(slice(None)), splits.description["scaling"]
    assert x.dtype == torch.float32 and len(x) == fitted["fitted_rows"] == 54 and len(splits.validation) == 10
    if scaling == "minmax":
        assert x[:, :2].amin(0).tolist() == [0, 0] and x[:, :2].amax(0).tolist() == [1, 1]
    else:
        assert x.mean(0).tolist() == pytest.approx([0] * 3, abs=1e-5)
        assert x[:, :2].std(0, correction=0).tolist() == pytest.approx([1] * 2, rel=1e-4)
    assert (x[:, 2] == 0).all()  # the constant column
    offset, scale = (np.array(fitted[key]) for key in ("offset", "scale"))
    assert splits.test.batch(slice(None)).numpy() == pytest.approx((dataset.test_NP - offset) / scale, abs=1e-4)


@pytest.mark.parametrize("scaling", ["minmax", "standard"])
def test_the_scaling_knows_neither_validation_rows_nor_how_many_are_trained_on(scaling, table):
    whole, some = table(scaling)[0], table(scaling, data_more={"train_size": 20})[0]
    other = table(scaling, seed=1)[0]
    assert len(some.train) == 20 and some.description["scaling"] == whole.description["scaling"]
    assert other.description["scaling"] != whole.description["scaling"]
    for splits in (whole, some):
        x = splits.validation.batch(slice(None))
        assert torch.equal(x, whole.validation.batch(slice(None)))


def test_rows_beyond_the_training_rows_are_counted(table):
    splits, _ = table("minmax")
    x = torch.cat([splits.validation.batch(slice(None)), splits.test.batch(slice(None))])
    outside = ((x < 0) | (x > 1)).any(1)
    said = [f"{int(outside[:10].sum())} of 10 validation rows"] * bool(outside[:10].any())
    said += [f"{int(outside[10:].sum())} of 16 test rows"] * bool(outside[10:].any())
    assert said and splits.about.outside == " and ".join(said) and not splits.unit_range


def test_a_run_that_is_there_keeps_the_scaling_that_it_began_with(table):
    given = {"kind": "minmax", "offset": [0.0, 0.0, 0.0], "scale": [2.0, 1000.0, 7.0]}
    splits, dataset = table("minmax", given=given)
    assert splits.description["scaling"] == given
    assert splits.test.batch(slice(None)).numpy() == pytest.approx(dataset.test_NP / given["scale"], rel=1e-6)


def test_float_values_stay_as_they_are_without_scaling(table):
    splits, dataset = table("none")
    assert splits.test.values_NP.dtype == splits.train.values_NP.dtype == torch.float32
    assert torch.equal(splits.test.batch(slice(None)), torch.from_numpy(dataset.test_NP))
    assert not splits.unit_range and not splits.rows.is_image and splits.image_shape is None


def test_whether_scaled_values_lie_between_0_and_1_is_told_of_the_model_values(tmp_path):
    values = np.random.default_rng(0).uniform(10, 20, (50, 4))
    values[0], values[1] = 10, 20
    np.save(tmp_path / "train.npy", values)
    np.save(tmp_path / "test.npy", values[:10])
    np.save(tmp_path / "beyond.npy", values[:10] + 1)
    told = []
    for test_file in ("test.npy", "beyond.npy"):
        dataset = {"name": "npy", "file": str(tmp_path / "train.npy"), "test_file": str(tmp_path / test_file)}
        splits = load_splits(load_config({"data": {"dataset": dataset, "validation": 10}}), CPU)
        parts = [part.batch(slice(None)) for part in (splits.train, splits.validation, splits.test)]
        told.append((splits.unit_range, all(part.min() >= 0 and part.max() <= 1 for part in parts)))
    assert told == [(True, True), (False, False)]


@pytest.mark.parametrize("dtype", [np.uint8, np.float32])
def test_loading_takes_little_more_memory_than_the_file_has_bytes(dtype, tmp_path):
    values = np.random.default_rng(0).integers(0, 256, (20_000, 400)).astype(dtype)
    np.save(tmp_path / "rows.npy", values)
    config = load_config({"data": {"dataset": {"name": "npy", "file": str(tmp_path / "rows.npy")}, "validation": 1000}})
    load_splits(config, CPU)  # what is imported or made once
    tracemalloc.start()
    try:
        splits = load_splits(config, CPU)
        held, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (len(splits.train), len(splits.validation), len(splits.test)) == (15_000, 1000, 4000)
    assert held < 1.06 * values.nbytes
    assert peak < 1.45 * values.nbytes


@pytest.mark.parametrize("validation", [10, "test"])
def test_rows_of_a_data_set_that_others_may_read_are_left_alone(validation):
    train, test = np.random.default_rng(0).normal(size=(2, 60, 4)).astype(np.float32)
    scaling = {"kind": "standard", "offset": [1.0], "scale": [2.0]}
    dataset = Dataset("mine", train.copy(), np.arange(60), test, None, image_shape=None, sha256="0", scaling=scaling)
    made, _ = cut_dataset(load_config({"data": {"validation": validation}}), dataset)
    assert np.array_equal(dataset.train_NP, train)
    assert torch.equal(made.values_NP, torch.from_numpy((train[made.labels_N] - 1) / 2))
