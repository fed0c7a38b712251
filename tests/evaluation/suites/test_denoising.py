"""The denoising suite: the known numbers of MNIST, gains by hand, and data that lacks something."""

import json

import numpy as np
import pytest
import torch
from skimage.metrics import peak_signal_noise_ratio

from aecli.components.evaluation.suites import Skipped
from aecli.config.load import load_config
from aecli.drawing import save_figure
from aecli.evaluation.subject import Subject
from aecli.evaluation.suites.clean_images import BLOCK
from aecli.evaluation.suites.denoising import corrupted, gain_db, label, measure, psnr_db
from aecli.training.build import prepare

COMMON = ["gaussian 0.3", "salt_and_pepper 0.1", "salt_and_pepper 0.3", "masking 0.25"]
KNOWN = {
    "gaussian 0.3": (0.0466, 0.0175, 0.0276, 0.0227),
    "salt_and_pepper 0.1": (0.0480, 0.0085, 0.0177, 0.0185),
    "salt_and_pepper 0.3": (0.1444, 0.0235, 0.0463, 0.0287),
    "masking 0.25": (0.0285, 0.0314, 0.0214, 0.0242),
}
"""MSE on the MNIST test set of the noisy input, the median, the blur and PCA 32, up to the draw of the noise."""


def make_subject(config, target="validation"):
    checked = load_config(config)
    prepared = prepare(checked)
    return Subject(prepared.trainee.model.eval(), prepared.splits, checked, target_name=target)


@pytest.fixture(autouse=True, scope="module")
def own_cache(tmp_path_factory, shared_cache):
    """Baselines are computed here and now, not read from what an older version of the code left."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("cache")
        for entry in shared_cache.iterdir() if shared_cache.exists() else ():
            if entry.name != "baselines":
                (folder / entry.name).symlink_to(entry)
        patch.setenv("AECLI_CACHE", str(folder))
        yield folder


@pytest.fixture(scope="module")
def mnist(own_cache):
    """An untrained net with a code of 32 on all of MNIST, and what the suite says of it on the test set."""
    architecture = {"widths": ["auto", 32]}
    subject = make_subject(
        {"data": {"validation": "test"}, "architecture": architecture, "training": {"device": "cpu"}}, "test"
    )
    return subject, measure(subject)


@pytest.fixture
def images(tmp_path):
    """Writes images and returns the subject of a tiny net on them."""

    def make(shape, corruption=None, count=60, values=None):
        x = np.random.default_rng(0).integers(0, 256, (count, *shape), dtype=np.uint8) if values is None else values
        np.savez(tmp_path / "images.npz", x_train=x, x_test=x[:10])
        data = {
            "dataset": {"name": "npz", "file": str(tmp_path / "images.npz")},
            "validation": 15,
            "corruption": corruption,
        }
        return make_subject({"data": data, "architecture": {"widths": ["auto", 6, 3]}, "training": {"device": "cpu"}})

    return make


@pytest.fixture
def table(tmp_path):
    """Writes a table of five columns, uniform in [0, 1] or larger, and returns the subject of a tiny net on it."""

    def make(scaling, factor=1.0):
        values = np.random.default_rng(0).random((60, 5)) * factor
        (tmp_path / "table.csv").write_text("\n".join(["a,b,c,d,e", *(",".join(map(str, row)) for row in values)]))
        dataset = {"name": "csv", "file": str(tmp_path / "table.csv"), "scaling": scaling}
        architecture = {"widths": ["auto", 4, 2], "output_activation": "linear"}
        return make_subject(
            {
                "data": {"dataset": dataset, "validation": 10},
                "architecture": architecture,
                "training": {"device": "cpu"},
            }
        )

    return make


# ---------------------------------------------------------------- known numbers


@pytest.mark.parametrize("kind", KNOWN)
def test_the_baselines_have_the_known_errors_on_mnist(kind, mnist):
    errors = mnist[1].numbers["kinds"][kind]["mse"]
    assert list(errors) == ["noisy_input", "median_3x3", "gaussian_blur", "pca_32_clipped", "model"]
    assert list(errors.values())[:4] == pytest.approx(KNOWN[kind], abs=0.0003)


def test_the_best_classical_method_of_mnist_is_the_median_and_under_masking_the_blur(mnist):
    best = [row["best_classical"] for row in mnist[1].numbers["kinds"].values()]
    assert best == ["median_3x3"] * 3 + ["gaussian_blur"]
    assert mnist[1].numbers["images"] == 10_000


def test_an_untrained_model_is_worse_than_doing_nothing(mnist):
    _, found = mnist
    assert found.skill < 0 and found.numbers["mean"]["kinds_won"] == 0
    assert not any(row["model_beats_it"] for row in found.numbers["kinds"].values())
    assert all(
        row["gain_db"]["model"] < 0 < row["gain_db"]["pca_32_clipped"] for row in found.numbers["kinds"].values()
    )


# -------------------------------------------------------------------- formulas


def test_the_model_is_judged_by_the_clean_image_on_the_same_noise_as_the_baselines(mnist):
    subject, found = mnist
    x = subject.splits.test.values_NP.numpy().astype(np.float32) / np.float32(255)
    y = np.concatenate(corrupted(subject, x, ("masking", {"share": 0.25})))
    assert set(np.unique((y == x) | (y == 0))) == {True}
    with torch.no_grad():
        x_hat = subject.model(torch.from_numpy(y)).x_hat_BP.numpy()
    errors = found.numbers["kinds"]["masking 0.25"]["mse"]
    assert errors["model"] == pytest.approx(np.mean((x_hat.astype(np.float64) - x) ** 2), rel=1e-6)
    assert errors["noisy_input"] == pytest.approx(np.mean((y.astype(np.float64) - x) ** 2), rel=1e-6)
    psnr = peak_signal_noise_ratio(x, y, data_range=1.0)
    assert found.numbers["kinds"]["masking 0.25"]["psnr_db"]["noisy_input"] == pytest.approx(psnr, abs=1e-4)


def test_the_gain_is_the_psnr_above_that_of_the_noisy_input(mnist):
    for row in mnist[1].numbers["kinds"].values():
        for who, gain in row["gain_db"].items():
            assert gain == pytest.approx(row["psnr_db"][who] - row["psnr_db"]["noisy_input"], abs=1e-9)
        assert row["gain_db"]["noisy_input"] == 0
    assert (psnr_db(0.001), gain_db(0.001, 0.1)) == pytest.approx((30, 20))
    assert psnr_db(0.0) is None and gain_db(0.0, 0.1) is None and gain_db(0.1, 0.0) is None


def test_the_skill_is_over_the_means_of_the_four_kinds_every_run_meets(mnist):
    _, found = mnist
    errors = [row["mse"] for row in found.numbers["kinds"].values()]
    noisy, pca, model = (sum(row[who] for row in errors) / 4 for who in ("noisy_input", "pca_32_clipped", "model"))
    assert found.skill == pytest.approx((noisy - model) / (noisy - pca))


def test_the_noise_is_the_same_at_every_call_and_different_in_every_block_and_kind(mnist):
    subject, _ = mnist
    grey = np.full((2 * BLOCK, 784), 0.5, np.float32)
    first, again = (corrupted(subject, grey, ("gaussian", {"std": 0.3})) for _ in range(2))
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
    assert not np.array_equal(*first)
    light, strong = (corrupted(subject, grey, ("salt_and_pepper", {"share": share}))[0] != 0.5 for share in (0.1, 0.3))
    assert light.mean() == pytest.approx(0.1, abs=0.002) and strong.mean() == pytest.approx(0.3, abs=0.002)


# ------------------------------------------------------------- findings and pictures


def test_the_numbers_are_ready_for_json_the_same_again_and_small_on_the_screen(mnist):
    subject, found = mnist
    assert json.loads(json.dumps(found.numbers, allow_nan=False)) == found.numbers
    assert measure(Subject(subject.model, subject.splits, subject.config)).numbers == found.numbers
    whos = ["noisy input", "median 3x3", "gaussian blur", "pca 32", "model"]
    assert found.columns == ["MSE against the clean image", *whos, "best classical"]
    assert [row[0] for row in found.rows] == [*COMMON, "mean of the common kinds"]
    assert found.rows[0][-1] == "median 3x3, not beaten" and found.rows[-1][-1] == "beaten 0 of 4 times"


def test_the_picture_has_a_row_for_everyone_and_a_column_for_every_image(mnist, tmp_path):
    figure = mnist[1].pictures["denoising"]
    assert sum(text.get_text().startswith("0.") for text in figure.texts) == 6 * 12
    save_figure(figure, tmp_path / "denoising.png")
    assert (tmp_path / "denoising.png").stat().st_size > 50_000


def test_the_noise_of_the_training_is_judged_too_and_marked(images):
    found = measure(images((12, 12), {"name": "salt_and_pepper", "share": 0.5}))
    assert list(found.numbers["kinds"]) == [*COMMON, "salt_and_pepper 0.5"]
    assert [row["is_own"] for row in found.numbers["kinds"].values()] == [False] * 4 + [True]
    assert found.rows[4][0] == "salt_and_pepper 0.5 (trained on)"
    assert found.numbers["mean"]["kinds"] == 4


def test_the_noise_of_the_training_is_not_judged_twice(images):
    found = measure(images((12, 12), {"name": "gaussian", "std": 0.3}))
    assert list(found.numbers["kinds"]) == COMMON
    assert [row["is_own"] for row in found.numbers["kinds"].values()] == [True, False, False, False]


def test_outlier_images_have_a_name_too(images):
    found = measure(images((12, 12), {"name": "outlier_images", "kind": "inverted"}))
    assert list(found.numbers["kinds"])[-1] == label(("outlier_images", {"share": 0.1, "kind": "inverted"}))


# ------------------------------------------------------------------- awkward data


def test_a_table_has_no_median_no_blur_and_no_picture(table):
    found = measure(table("none"))
    assert list(found.numbers["mean"]["mse"]) == ["noisy_input", "pca_2_clipped", "model"]
    assert found.pictures == {}


def test_values_outside_of_the_unit_interval_are_skipped_with_what_would_help(table):
    with pytest.raises(Skipped, match=r"^the data is not in \[0, 1\]; use scaling: minmax$"):
        measure(table("none", factor=3.0))


@pytest.mark.parametrize("shape", [(12, 12), (8, 9, 3), (2, 2), (1, 5), (3, 40)], ids=str)
def test_images_of_any_layout_are_judged_and_drawn(shape, images, tmp_path):
    found = measure(images(shape))
    json.dumps(found.numbers, allow_nan=False)
    save_figure(found.pictures["denoising"], tmp_path / "denoising.png")
    assert (tmp_path / "denoising.png").stat().st_size > 8_000


def test_there_is_no_skill_where_pca_does_no_better_than_the_noisy_input(images):
    found = measure(
        images((12, 12), values=np.random.default_rng(0).integers(0, 2, (60, 12, 12), dtype=np.uint8) * 255)
    )
    assert found.numbers["mean"]["mse"]["pca_3_clipped"] > found.numbers["mean"]["mse"]["noisy_input"]
    assert found.skill is None and {row["best_classical"] for row in found.numbers["kinds"].values()} >= {"noisy_input"}


def test_black_images_have_no_psnr_under_masking_and_are_no_crash(images):
    row = measure(images((12, 12), values=np.zeros((60, 12, 12), np.uint8))).numbers["kinds"]["masking 0.25"]
    assert row["mse"]["noisy_input"] == 0 and row["psnr_db"]["noisy_input"] is None and row["gain_db"]["model"] is None


def test_a_subject_without_a_config_is_judged_by_the_common_kinds(images):
    subject = images((12, 12))
    found = measure(Subject(subject.model, subject.splits, None, target_name="validation"))
    assert list(found.numbers["kinds"]) == COMMON
