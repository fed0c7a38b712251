"""The subject: reconstructions, codes and metrics of a real model on real splits, however the batches are cut."""

import numpy as np
import pytest
import torch

from aecli.config.load import load_config
from aecli.evaluation import subject as module
from aecli.evaluation.subject import Subject, validation_metrics
from aecli.training.build import prepare


@pytest.fixture
def subject(small):
    config = load_config(small)
    prepared = prepare(config)
    return Subject(prepared.trainee.model.eval(), prepared.splits, config)


def test_all_images_are_reconstructed_in_their_order(subject):
    validation = subject.splits.validation
    with torch.no_grad():
        pairs = list(subject.reconstruct(validation))
        expected = subject.model(validation.batch(slice(None))).x_hat_BP
    assert torch.equal(torch.cat([x for _, x in pairs]), validation.batch(slice(None)))
    assert torch.allclose(torch.cat([x_hat for x_hat, _ in pairs]), expected, atol=1e-6)


@pytest.mark.parametrize("chunk", [1, 7, 128])
def test_metrics_do_not_depend_on_how_many_images_are_evaluated_at_once(chunk, subject, monkeypatch):
    validation = subject.splits.validation
    whole = subject.metrics(subject.reconstruct(validation), subject.metric_names)
    monkeypatch.setattr(module, "CHUNK", chunk)
    assert subject.metrics(subject.reconstruct(validation), subject.metric_names) == pytest.approx(whole, rel=1e-5)


def test_the_validation_mse_is_that_of_numpy(subject):
    validation = subject.splits.validation
    x = validation.values_NP.numpy() / 255
    with torch.no_grad():
        x_hat = subject.model(torch.from_numpy(x).float()).x_hat_BP.double().numpy()
    values = validation_metrics(subject.model, subject.splits, ["mse", "mae"])
    assert values == pytest.approx({"mse": np.mean((x_hat - x) ** 2), "mae": np.mean(np.abs(x_hat - x))}, rel=1e-6)


def test_validation_runs_in_evaluation_mode_and_gives_the_training_mode_back(small):
    small["architecture"]["normalization"] = "batch"
    prepared = prepare(load_config(small))
    model = prepared.trainee.model.train()
    before = {name: value.clone() for name, value in model.state_dict().items()}
    first = validation_metrics(model, prepared.splits, ["mse"])
    assert model.training
    assert first == validation_metrics(model, prepared.splits, ["mse"])
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())  # no running mean moved


def test_the_codes_are_those_of_every_image(subject):
    validation = subject.splits.validation
    codes = subject.codes(validation)
    assert codes.shape == (100, 8) and not codes.requires_grad
    with torch.no_grad():
        assert torch.allclose(codes[90:], subject.model.encode(validation.batch(slice(90, 100))), atol=1e-6)


def test_the_metrics_of_mnist_are_all_there_are(subject):
    names = ["mse", "mae", "rmse", "psnr_db", "ssim", "bce_nats", "bce_excess_nats", "fvu"]
    assert subject.metric_names == names


def test_only_the_quantities_that_the_metrics_need_are_measured(subject):
    assert set(subject.errors(subject.reconstruct(subject.splits.validation), ["mse", "rmse"])) == {"squared"}


def test_the_precision_of_the_training_changes_no_validation_metric(subject):
    names = subject.metric_names
    exact = validation_metrics(subject.model, subject.splits, names)
    torch.set_float32_matmul_precision("medium")
    try:
        assert validation_metrics(subject.model, subject.splits, names) == exact
        assert torch.get_float32_matmul_precision() == "medium"
    finally:
        torch.set_float32_matmul_precision("highest")


def test_one_pass_over_the_judged_images_gives_their_errors_and_codes_and_shows_every_batch(subject):
    seen = []
    subject.measure_target(lambda x_hat_BP, x_BP: seen.append((x_hat_BP, x_BP)))
    errors, codes = subject.per_image["test"], subject.codes(subject.target)
    fresh = Subject(subject.model, subject.splits, subject.config)
    assert torch.equal(codes, fresh.codes(fresh.target))
    assert all(np.array_equal(errors[name], values) for name, values in fresh.split_errors("test").items())
    for (x_hat, x), (other_hat, other) in zip(seen, fresh.reconstruct(fresh.target), strict=True):
        assert torch.equal(x_hat, other_hat) and torch.equal(x, other)


def test_images_that_are_two_splits_at_once_are_measured_once(small):
    prepared = prepare(load_config(small | {"data": small["data"] | {"validation": "test"}}))
    subject = Subject(prepared.trainee.model, prepared.splits, None)
    assert subject.split_errors("validation") is subject.split_errors("test")
    assert subject.split_errors("train") is not subject.split_errors("test")


def test_what_is_known_of_the_targets_is_not_measured_again(subject):
    known = {"entropy": np.zeros(100), "deviation": np.ones(100)}
    errors = subject.errors(subject.reconstruct(subject.splits.validation), subject.metric_names, known)
    assert errors["entropy"] is known["entropy"] and errors["deviation"] is known["deviation"]
    assert set(errors) == {"squared", "absolute", "ssim", "bce", "entropy", "deviation"}
