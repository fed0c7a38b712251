"""Every refusal of a config that does not fit its data, each with its place in the file."""

import numpy as np
import pytest
import torch
from training_splits import CPU

from aecli.components.requirements import Rows
from aecli.config.load import load_config
from aecli.errors import ConfigError
from aecli.training.compatibility import check_losses, check_sizes
from aecli.training.splits import load_splits


@pytest.fixture
def refused(tmp_path, archive, monkeypatch):
    """The problems of a config as text, each with its place in the file."""
    rng = np.random.default_rng(0)
    np.save(tmp_path / "small.npy", rng.uniform(size=(40, 8, 9)))
    np.save(tmp_path / "flat.npy", rng.uniform(size=(40, 6)))
    np.save(tmp_path / "wild.npy", 100 * rng.normal(size=(40, 12, 12)))
    (tmp_path / "images.npz").write_bytes(archive.read_bytes())
    monkeypatch.chdir(tmp_path)

    def load(text):
        (tmp_path / "x.yaml").write_text(text)
        with pytest.raises(ConfigError) as caught:
            load_splits(load_config("x.yaml"), CPU)
        assert caught.value.exit_code == 2
        return [str(problem) for problem in caught.value.problems]

    return load


IMAGES = "data:\n  dataset: {name: npz, file: images.npz}\n"
SMALL = "data:\n  dataset: {name: npy, file: small.npy}\n  validation: 5\n"
FLAT = "data:\n  dataset: {name: npy, file: flat.npy}\n  validation: 5\n"
WILD = "data:\n  dataset: {name: npy, file: wild.npy, scaling: none}\n  validation: 5\n"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            IMAGES + "  validation: 40\narchitecture:\n  widths: [784, 32]\n",
            "x.yaml:5:12: architecture.widths[0]: must be 144, the size of npz's rows, or auto; got 784",
        ),
        (
            IMAGES + "  validation: 240\n",
            "x.yaml:3:15: data.validation: must be less than the 240 training images of npz, got 240; "
            "for example --set data.validation=24",
        ),
        (
            IMAGES + "  validation: 40\n  train_size: 201\n",
            "x.yaml:4:15: data.train_size: must be at most 200: npz has 240 training images and 40 are held out; got "
            "201",
        ),
        (
            IMAGES + "  validation: test\n  train_size: 241\n",
            "x.yaml:4:15: data.train_size: must be at most 240: npz has 240 training images; got 241",
        ),
        (
            WILD + "  corruption: masking\n",
            "x.yaml:4:15: data.corruption: masking needs values in [0, 1]; npy has others: use scaling: minmax",
        ),
        (
            WILD + "  contamination: {name: gaussian, std: 0.2}\n",
            "x.yaml:4:18: data.contamination: gaussian needs values in [0, 1]; npy has others: use scaling: minmax",
        ),
        (WILD + "loss: bce\n", "x.yaml:4:7: loss: bce needs targets in [0, 1]; npy has others: use scaling: minmax"),
        (SMALL + "loss: ssim\n", "x.yaml:4:7: loss: ssim needs images of at least 11 x 11 pixels, got 8"),
        (FLAT + "loss: ssim\n", "x.yaml:4:7: loss: ssim compares images; npy has rows without an image shape"),
        (
            FLAT + "loss: focal_frequency\n",
            "x.yaml:4:7: loss: focal_frequency compares images; npy has rows without an image shape",
        ),
        (
            SMALL + "evaluation:\n  select: ssim\n",
            "x.yaml:5:11: evaluation.select: ssim does not apply to npy; "
            "choices: mse, mae, rmse, psnr_db, bce_nats, bce_excess_nats, fvu",
        ),
        (
            WILD + "training:\n  early_stopping: {metric: psnr_db}\n",
            "x.yaml:5:28: training.early_stopping.metric: psnr_db does not apply to npy; choices: mse, mae, rmse, fvu",
        ),
    ],
    ids=lambda value: value.split(": ")[1] if value.startswith("x.yaml") else "",
)
def test_what_does_not_fit_the_data_is_refused_with_its_place(text, problem, refused):
    assert refused(text) == [problem]


def test_everything_that_does_not_fit_is_told_at_once(refused):
    text = (
        WILD.replace("5", "32")
        + "  corruption: masking\narchitecture: {widths: [7, 3]}\nloss: bce\nevaluation: {select: ssim}\n"
    )
    assert [problem.split(": ")[1] for problem in refused(text)] == [
        "architecture.widths[0]",
        "data.validation",
        "data.corruption",
        "loss",
        "evaluation.select",
    ]


@pytest.mark.parametrize("size", [1, 200], ids=["one image", "all that are left"])
def test_what_just_fits_is_not_refused(size, cut):
    assert len(cut(train_size=size).train) == size
    assert len(cut(validation=239).train) == 1


@pytest.mark.parametrize(
    ("images", "size", "better"),
    [(513, 256, "; take 257"), (513, 1, "; take 3"), (1, 256, "")],
    ids=["513", "ones", "1"],
)
def test_batch_normalization_refuses_a_batch_of_one_image(images, size, better):
    sets = [f"data.train_size={images}", f"training.batch_size={size}", "architecture.normalization=batch"]
    with pytest.raises(ConfigError) as error:
        load_splits(load_config("smoke.yaml", set=sets), torch.device("cpu"))
    assert str(error.value) == (
        f"--set training.batch_size={size}: training.batch_size: batch normalization needs 2 images in every batch, "
        f"and {images} images in batches of {size} leave 1{better}"
    )


@pytest.mark.parametrize(
    ("settings", "available", "found"),
    [
        (["data.validation=10"], 11, []),
        (
            ["data.validation=10"],
            10,
            [
                (
                    "data.validation",
                    "must be less than the 10 training images of own, got 10; for example --set data.validation=1",
                )
            ],
        ),
        (["data.validation=10", "data.train_size=5"], 15, []),
        (
            ["data.validation=test", "data.train_size=5"],
            4,
            [("data.train_size", "must be at most 4: own has 4 training images; got 5")],
        ),
    ],
    ids=["fits", "all held out", "just fits", "too many"],
)
def test_sizes_are_held_against_the_rows_that_there_are(settings, available, found):
    rows = Rows("own", 144, (1, 12, 12), True, True)
    assert list(check_sizes(load_config({}, set=settings), rows, available)) == found


def test_of_several_losses_the_one_that_does_not_fit_is_named():
    config = load_config({"loss": ["mse", "ssim"]})
    (found,) = check_losses(config, Rows("own", 6, None, True, True))
    assert found == ("loss.1", "ssim compares images; own has rows without an image shape")
