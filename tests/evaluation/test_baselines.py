"""Baselines: the numbers known for the whole of MNIST, scikit-learn's PCA, and data that is awkward for PCA."""

import numpy as np
import pytest
import torch
from sklearn.decomposition import PCA

import aecli
from aecli.components.data import load_dataset
from aecli.components.evaluation.metrics import compute
from aecli.components.evaluation.per_image import QUANTITIES, measure
from aecli.evaluation import baselines
from aecli.evaluation.baselines import Pca, constant_predictions, fit_pca, moments_of_bytes, predictions
from aecli.evaluation.subject import Subject
from aecli.training.splits import Split, as_tensor, load_splits

PCA_16, PCA_30, PCA_32, PCA_64 = 16, 30, 32, 64


@pytest.fixture(scope="session")
def mnist(shared_cache):
    """All of MNIST: training and test images."""
    data = load_dataset("mnist", {})
    return tuple(Split(as_tensor(values_NP, data.scaling), None) for values_NP in (data.train_NP, data.test_NP))


@pytest.fixture(scope="session")
def components(mnist):
    return fit_pca(mnist[0], PCA_64)


@pytest.fixture(scope="session")
def judged(mnist):
    """Metrics of a predictor on the test images."""
    mean_image = mnist[0].mean_image()

    def judge(pairs, *names):
        quantities = [name for name in QUANTITIES if name != "ssim"]
        return compute(measure(pairs, quantities, mean_image_P=mean_image, image_shape=None), names)

    return judge


@pytest.mark.parametrize(
    ("count", "mse", "mse_clipped", "mae_clipped"),
    [
        (PCA_16, 0.02686, 0.02538, 0.07703),
        (PCA_30, 0.01769, 0.01606, 0.05870),
        (PCA_32, 0.01683, 0.01521, 0.05689),
        (PCA_64, 0.00905, 0.00775, 0.03884),
    ],
)
def test_pca_of_all_training_images_has_the_known_errors(
    count, mse, mse_clipped, mae_clipped, components, mnist, judged
):
    pca = Pca(components.mean_P, components.components_KP[:count])
    assert round(judged(predictions(mnist[1], pca, clip=False), "mse")["mse"], 5) == mse
    clipped = judged(predictions(mnist[1], pca, clip=True), "mse", "mae")
    assert {name: round(value, 5) for name, value in clipped.items()} == {"mse": mse_clipped, "mae": mae_clipped}


def test_pca_32_clipped_has_the_known_peak_signal_to_noise_ratio(components, mnist, judged):
    pca = Pca(components.mean_P, components.components_KP[:PCA_32])
    assert round(judged(predictions(mnist[1], pca, clip=True), "psnr_db")["psnr_db"], 2) == 18.18


def test_pca_30_has_the_error_that_hinton_and_salakhutdinov_print(components, mnist, judged):
    pca = Pca(components.mean_P, components.components_KP[:PCA_30])
    assert round(784 * judged(predictions(mnist[1], pca, clip=False), "mse")["mse"], 3) == 13.866


def test_the_mean_training_image_has_the_known_errors(mnist, judged):
    values = judged(constant_predictions(mnist[1], mnist[0].mean_image()), "mse", "mae", "psnr_db", "fvu")
    assert (round(values["mse"], 5), round(values["mae"], 5), round(values["psnr_db"], 2)) == (0.06747, 0.15029, 11.71)
    assert values["fvu"] == pytest.approx(1.0, rel=1e-9)


def test_all_black_has_the_known_errors(mnist, judged):
    values = judged(constant_predictions(mnist[1], torch.zeros(784)), "mse", "mae", "psnr_db")
    rounded = (round(values["mse"], 5), round(values["mae"], 5), round(values["psnr_db"], 2))
    assert rounded == (0.11396, 0.13251, 9.43)


def test_the_floor_of_the_cross_entropy_is_the_entropy_of_the_test_images(mnist, judged):
    perfect = judged(((x, x) for x in mnist[1].batches(2000)), "bce_nats", "bce_excess_nats")
    assert round(perfect["bce_nats"], 5) == 0.05808 and round(784 * perfect["bce_nats"], 2) == 45.53
    assert perfect["bce_excess_nats"] == pytest.approx(0, abs=2e-7)


def test_pca_is_that_of_scikit_learn_up_to_the_signs(mnist):
    sample = Split(mnist[0].values_NP[:700], None)
    x = sample.batch(slice(None))
    reference = PCA(20, svd_solver="full").fit(x.double().numpy())
    pca = fit_pca(sample, 20)
    assert pca.mean_P.numpy() == pytest.approx(reference.mean_, abs=1e-6)
    cosines = np.abs((pca.components_KP.numpy() * reference.components_).sum(1))
    assert cosines == pytest.approx(np.ones(20), abs=1e-4)
    expected = reference.inverse_transform(reference.transform(x.double().numpy()))
    assert pca.reconstruct(x).numpy() == pytest.approx(expected, abs=2e-4)


def test_components_are_orthonormal_and_fall_in_variance(components, mnist):
    kept = components.components_KP
    assert torch.allclose(kept @ kept.T, torch.eye(PCA_64), atol=1e-5)
    variance = ((mnist[0].batch(slice(0, 20_000)) - components.mean_P) @ kept.T).var(0)
    assert (variance[::4].diff() < 0).all()


@pytest.mark.parametrize("precision", ["highest", "medium"])
def test_the_covariance_of_bytes_is_that_of_whole_numbers_to_the_last_digit(precision, mnist):
    values = torch.cat([mnist[0].values_NP[:2000, 300:400], torch.full((1100, 100), 255, dtype=torch.uint8)])
    torch.set_float32_matmul_precision(precision)
    mean_P, covariance_PP = moments_of_bytes(Split(values, None))
    assert torch.get_float32_matmul_precision() == precision
    torch.set_float32_matmul_precision("highest")
    x = values.numpy().astype(np.float64)  # whole numbers below 2^53 are exact in it
    expected = (x.T @ x - np.outer(x.sum(0), x.sum(0)) / len(x)) / 255**2
    assert mean_P.numpy() == pytest.approx(x.mean(0) / 255, rel=1e-14)
    assert covariance_PP.numpy() == pytest.approx(expected, rel=1e-12, abs=1e-9)


def test_bytes_and_the_same_values_as_numbers_have_the_same_components(mnist):
    bytes_split = Split(mnist[0].values_NP[:2500, 300:400].contiguous(), None)
    one, other = fit_pca(bytes_split, 12), fit_pca(table(bytes_split.batch(slice(None))), 12)
    assert torch.allclose(one.mean_P, other.mean_P, atol=1e-7)
    cosines = (one.components_KP * other.components_KP).sum(1).abs()
    assert torch.allclose(cosines, torch.ones(12), atol=1e-5)


def table(values):
    return Split(torch.as_tensor(values, dtype=torch.float32), None)


def test_fewer_rows_than_components_give_fewer_components_and_no_error_on_them():
    few = table(np.random.default_rng(0).uniform(size=(5, 40)))
    pca = fit_pca(few, 32)
    assert pca.components_KP.shape == (5, 40)
    assert torch.allclose(pca.reconstruct(few.values_NP), few.values_NP, atol=1e-5)


def test_no_more_components_than_pixels_are_returned():
    assert fit_pca(table(np.random.default_rng(0).uniform(size=(50, 6))), 32).components_KP.shape == (6, 6)


def test_constant_pixels_are_reconstructed_as_they_are():
    values = np.random.default_rng(0).uniform(size=(100, 12))
    values[:, 3], values[:, 7] = 0.0, 0.625
    x = table(values)
    x_hat = fit_pca(x, 4).reconstruct(x.values_NP)
    assert torch.isfinite(x_hat).all()
    assert x_hat[:, 3].abs().max() < 1e-6 and (x_hat[:, 7] - 0.625).abs().max() < 1e-6


def test_data_that_is_all_the_same_is_reconstructed_as_it_is():
    x = table(np.full((20, 9), 0.3))
    assert torch.allclose(fit_pca(x, 3).reconstruct(x.values_NP), x.values_NP, atol=1e-6)


def test_large_images_take_the_sampled_path_and_find_the_same_subspace():
    rng = np.random.default_rng(0)
    size = baselines.COVARIANCE_LIMIT + 1
    basis = np.linalg.qr(rng.normal(size=(size, 3)))[0].T
    x = table(0.5 + rng.normal(size=(60, 3)) * [9, 6, 3] @ basis)
    pca = fit_pca(x, 3)
    assert pca.components_KP.shape == (3, size) and pca.components_KP.dtype == torch.float32
    assert np.abs(pca.components_KP.numpy() @ basis.T) == pytest.approx(np.eye(3), abs=0.2)
    assert torch.allclose(pca.reconstruct(x.values_NP), x.values_NP, atol=1e-4)


def test_large_images_in_smaller_numbers_than_components_give_fewer():
    x = table(np.random.default_rng(0).uniform(size=(4, baselines.COVARIANCE_LIMIT + 1)))
    assert len(fit_pca(x, 32).components_KP) == 4


def test_clipping_is_asked_for():
    x = table([[0.0, 0.2], [0.5, 0.5], [1.0, 0.9], [1.0, 0.8], [0.0, 0.1]])
    pca = fit_pca(x, 1)
    raw, clipped = (torch.cat([x_hat for x_hat, _ in predictions(x, pca, clip=clip)]) for clip in (False, True))
    assert (raw.min() < 0 or raw.max() > 1) and torch.equal(raw.clamp(0, 1), clipped)


def test_a_constant_prediction_is_the_same_for_every_image(mnist):
    image = torch.linspace(0, 1, 784)
    pairs = list(constant_predictions(mnist[1], image))
    assert sum(len(x) for _, x in pairs) == 10_000
    assert all((x_hat == image).all() and x_hat.shape == x.shape for x_hat, x in pairs)


def test_a_linear_autoencoder_approaches_pca_and_never_passes_it_on_its_training_images(tmp_path):
    rng = np.random.default_rng(0)
    images = 0.5 + 0.05 * rng.normal(size=(500, 6)) @ rng.normal(size=(6, 64)) + 0.01 * rng.normal(size=(500, 64))
    np.save(tmp_path / "x.npy", images.clip(0, 1).astype(np.float32))
    linear = {"activation": "linear", "code_activation": "linear", "output_activation": "linear"}
    config = {
        "data": {"dataset": {"name": "npy", "file": str(tmp_path / "x.npy")}, "validation": 50},
        "architecture": {"widths": ["auto", 4], "output_bias": "mean_image", **linear},
        "optimization": {"optimizer": {"name": "adam", "lr": 5e-3}, "schedule": "cosine"},
        "training": {"epochs": 300, "batch_size": 50, "threads": 1},
        "evaluation": {"checkpoint": "last"},
    }
    run = aecli.train(config, out=tmp_path / "runs")
    splits = load_splits(run.config, torch.device("cpu"))
    pca = Subject(run.model, splits, run.config).metrics(
        predictions(splits.train, fit_pca(splits.train, 4), clip=False), ["mse"]
    )["mse"]
    assert run.summary["train"]["mse"] >= pca * (1 - 1e-6)
    assert run.summary["train"]["mse"] == pytest.approx(pca, rel=0.01)
    assert run.summary["suites"]["test"]["reconstruction"]["skill"] == pytest.approx(1.0, abs=0.01)
