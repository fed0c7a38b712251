"""Training sets that are spoilt: which images, by how much, and the same for every loss."""

import numpy as np
import pytest
import torch
from training_splits import COUNT, CPU, numbers

from aecli.config.load import load_config
from aecli.training.splits import load_splits

CORRUPTIONS = ["gaussian", "salt_and_pepper", "masking", "outlier_images"]


@pytest.mark.parametrize("name", CORRUPTIONS)
def test_contamination_spoils_training_images_and_no_others(name, cut):
    clean, spoilt = cut(), cut(contamination={"name": name})
    assert not torch.equal(clean.train.values_NP, spoilt.train.values_NP)
    assert spoilt.train.values_NP.dtype == torch.uint8
    assert torch.equal(clean.validation.values_NP, spoilt.validation.values_NP)
    assert torch.equal(clean.test.values_NP, spoilt.test.values_NP)
    assert (clean.train.labels_N == spoilt.train.labels_N).all()


@pytest.mark.parametrize("name", CORRUPTIONS)
def test_contamination_is_the_same_for_every_loss_and_every_time_and_another_for_another_seed(name, cut):
    first = cut(contamination={"name": name}, validation="test").train.values_NP
    assert torch.equal(first, cut(contamination={"name": name}, validation="test").train.values_NP)
    assert torch.equal(first, cut(contamination={"name": name}, validation="test", loss="huber").train.values_NP)
    assert not torch.equal(first, cut(contamination={"name": name}, validation="test", seed=1).train.values_NP)


def test_contamination_spoils_the_share_it_is_told(cut):
    clean = cut().train.values_NP
    spoilt = cut(contamination={"name": "salt_and_pepper", "share": 0.3}).train.values_NP
    changed = (clean != spoilt).double().mean()
    assert float(changed) == pytest.approx(0.3, abs=0.015)
    assert set(spoilt[clean != spoilt].tolist()) == {0, 255}


def test_contamination_rounds_to_the_nearest_byte(cut):
    clean = cut().train.batch(slice(None))
    spoilt = cut(contamination={"name": "gaussian", "std": 1e-6}).train.batch(slice(None))
    assert torch.equal(clean, spoilt)
    inverted = cut(contamination={"name": "outlier_images", "share": 1.0, "kind": "inverted"}).train.values_NP
    assert torch.equal(inverted, 255 - cut().train.values_NP)


def test_contamination_of_the_cached_file_leaves_the_data_set_as_it_is(cut, archive):
    before = archive.read_bytes()
    cut(contamination={"name": "masking"}, validation="test")
    assert archive.read_bytes() == before
    assert numbers(cut(validation="test").train) == list(range(COUNT))


def test_contaminated_float_values_stay_float_and_are_not_rounded(tmp_path):
    np.save(tmp_path / "rows.npy", np.random.default_rng(0).uniform(size=(50, 4)))
    data = {"dataset": {"name": "npy", "file": str(tmp_path / "rows.npy")}, "validation": 10}
    clean = load_splits(load_config({"data": data}), CPU).train.values_NP
    spoilt = load_splits(load_config({"data": data | {"contamination": "masking"}}), CPU).train.values_NP
    assert spoilt.dtype == torch.float32
    assert 0 < int((spoilt == 0).sum()) < spoilt.numel() and torch.equal(spoilt[spoilt != 0], clean[spoilt != 0])
