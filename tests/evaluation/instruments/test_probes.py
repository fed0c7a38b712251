"""Probes, neighbours and clusters: the known numbers of PCA on all of MNIST, formulas by hand, and awkward codes."""

import itertools
import warnings

import numpy as np
import pytest
import torch
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_info, threadpool_limits

from aecli.components.data import load_dataset
from aecli.evaluation.baselines import fit_pca
from aecli.evaluation.instruments import probes
from aecli.evaluation.instruments.probes import (
    assign,
    cluster_scores,
    count_pairs,
    draw_rows,
    few_label_probe,
    linear_probe,
    nearest_neighbours,
    whiten,
)
from aecli.training.splits import Split, as_tensor


@pytest.fixture(scope="module")
def mnist(shared_cache):
    """PCA 32 of all of MNIST: training codes and labels, test codes and labels, and the test pixels."""
    data = load_dataset("mnist", {})
    train, test = (Split(as_tensor(x_NP, data.scaling), None) for x_NP in (data.train_NP, data.test_NP))
    pca = fit_pca(train, 32)
    train_NL, test_ML = (
        np.concatenate([((x_BP - pca.mean_P) @ pca.components_KP.T).numpy() for x_BP in split.batches(4096)])
        for split in (train, test)
    )
    return train_NL, data.train_labels_N, test_ML, data.test_labels_N, test.batch(slice(None)).numpy()


@pytest.fixture
def blobs():
    """Four well separated classes in five dimensions: training codes and labels, judged codes and labels."""
    rng = np.random.default_rng(0)
    centres = 6 * rng.normal(size=(4, 5))
    labels_N, labels_M = np.arange(200) % 4, np.arange(80) % 4
    train_NL = (centres[labels_N] + rng.normal(size=(200, 5))).astype(np.float32)
    return train_NL, labels_N, (centres[labels_M] + rng.normal(size=(80, 5))).astype(np.float32), labels_M


def overlapping(seed=0, images=300):
    """Two classes that overlap, with units of very different size."""
    rng = np.random.default_rng(seed)
    labels_N = np.arange(images) % 2
    codes_NL = (rng.normal(size=(images, 3)) + labels_N[:, None]) * [1, 1000, 0.001] + [0, 5, -3]
    return codes_NL.astype(np.float32), labels_N


def test_the_linear_probe_on_pca_of_all_of_mnist_has_the_known_accuracy(mnist):
    probe = linear_probe(*mnist[:4])
    assert round(100 * probe["accuracy"], 2) == 90.06
    assert probe["converged"]


def test_five_neighbours_in_pca_of_all_of_mnist_have_the_known_accuracy(mnist):
    assert round(100 * nearest_neighbours(*mnist[:4])["accuracy"], 2) == 97.56


def test_clusters_of_pca_of_mnist_have_the_known_scores(mnist):
    scores, counts_KK = cluster_scores(mnist[2], mnist[3])
    known = {"acc": 0.553, "nmi": 0.513, "ari": 0.385}
    assert {name: scores[name]["mean"] for name in known} == pytest.approx(known, abs=0.03)
    assert scores["least_inertia"] == pytest.approx(known, abs=0.03)
    assert counts_KK.sum() == 10_000 and np.trace(counts_KK) / 10_000 == scores["least_inertia"]["acc"]
    white = cluster_scores(whiten(mnist[2]), mnist[3])[0]
    assert white["nmi"]["mean"] < scores["nmi"]["mean"]  # the known numbers are those of codes as they are


def test_clusters_of_the_test_pixels_have_the_known_scores(mnist, monkeypatch):
    monkeypatch.setattr(probes, "RESTARTS", 3)
    scores = cluster_scores(mnist[4], mnist[3])[0]["least_inertia"]
    assert scores == pytest.approx({"acc": 0.554, "nmi": 0.519, "ari": 0.387}, abs=0.03)


def test_the_linear_probe_minimises_the_objective_of_its_formula():
    codes_NL, labels_N = overlapping()
    mean_L, sd_L = codes_NL.astype(float).mean(0), codes_NL.astype(float).std(0)
    z_NL = torch.from_numpy((codes_NL - mean_L) / sd_L)
    weight, bias = (
        torch.zeros(3, dtype=torch.float64, requires_grad=True),
        torch.zeros(1, dtype=torch.float64, requires_grad=True),
    )
    optimizer = torch.optim.LBFGS([weight, bias], max_iter=500, tolerance_grad=1e-10, line_search_fn="strong_wolfe")

    def objective():
        optimizer.zero_grad()
        logits_N = z_NL @ weight + bias
        loss = torch.nn.functional.binary_cross_entropy_with_logits(
            logits_N, torch.from_numpy(labels_N).double(), reduction="sum"
        )
        total = loss + weight.square().sum() / 2
        total.backward()
        return total

    optimizer.step(objective)
    judged_ML, labels_M = overlapping(seed=1, images=2000)
    z_ML = torch.from_numpy((judged_ML - mean_L) / sd_L)
    expected = float((((z_ML @ weight + bias) > 0).numpy() == labels_M).mean())
    assert 0.7 < expected < 0.95
    assert linear_probe(codes_NL, labels_N, judged_ML, labels_M)["accuracy"] == expected


def test_the_size_of_a_unit_does_not_change_the_probe():
    train, judged = overlapping(), overlapping(seed=1)
    scale_L = np.array([100, 1e-3, 7], np.float32)
    assert linear_probe(train[0] * scale_L, train[1], judged[0] * scale_L, judged[1])["accuracy"] == pytest.approx(
        linear_probe(*train, *judged)["accuracy"], abs=0.01
    )


def test_a_probe_that_is_stopped_early_says_so_in_its_numbers_and_not_on_the_screen(monkeypatch):
    monkeypatch.setattr(probes, "ITERATIONS", 1)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        probe = linear_probe(*overlapping(), *overlapping(seed=1))
    assert probe["converged"] is False and probe["iterations"] == 1


def test_a_wide_representation_stays_in_single_precision_and_gets_fewer_iterations(monkeypatch):
    monkeypatch.setattr(probes, "NARROW", 100)
    monkeypatch.setattr(probes, "ITERATIONS_WIDE", 2)
    probe = linear_probe(*overlapping(), *overlapping(seed=1))
    assert probe["iterations"] == 2 and not probe["converged"]
    assert probes.as_wide(overlapping()[0]).dtype == np.float32


def test_few_label_probes_are_logistic_regressions_on_the_drawn_images_alone():
    (train_NL, labels_N), (codes_ML, labels_M) = overlapping(), overlapping(seed=1)
    draws = [draw_rows(labels_N, 4, np.random.default_rng(seed)) for seed in range(5)]
    mean_L, sd_L = train_NL.astype(float).mean(0), train_NL.astype(float).std(0)
    accuracies = []
    for rows in draws:
        model = LogisticRegression(tol=1e-6, max_iter=400).fit((train_NL[rows] - mean_L) / sd_L, labels_N[rows])
        accuracies.append(model.score((codes_ML - mean_L) / sd_L, labels_M))
    probe = few_label_probe(train_NL, labels_N, codes_ML, labels_M, draws=draws)
    assert np.std(accuracies) > 0.01
    assert probe["accuracy"] == pytest.approx({"mean": np.mean(accuracies), "sd": np.std(accuracies, ddof=1)}, abs=1e-9)
    assert probe["draws"] == 5 and probe["converged"]


def test_a_draw_has_so_many_different_images_of_every_class():
    labels_N = np.repeat([3, 5, 9], [10, 20, 4])
    rows = draw_rows(labels_N, 4, np.random.default_rng(0))
    assert len(set(rows.tolist())) == 12
    assert np.unique(labels_N[rows], return_counts=True)[1].tolist() == [4, 4, 4]
    with pytest.raises(ValueError):
        draw_rows(labels_N, 5, np.random.default_rng(0))


def test_neighbours_are_those_of_all_distances():
    train, judged = overlapping(), overlapping(seed=1)
    distances_MN = ((judged[0][:, None].astype(float) - train[0][None].astype(float)) ** 2).sum(2)
    votes_M5 = train[1][np.argsort(distances_MN, axis=1, kind="stable")[:, :5]]
    expected = float(((votes_M5.sum(1) > 2) == judged[1]).mean())
    assert nearest_neighbours(*train, *judged) == {"accuracy": expected, "neighbours": 5}


def test_fewer_training_images_than_neighbours_all_vote():
    codes_NL = np.array([[0.0], [1.0], [1.1]], np.float32)
    found = nearest_neighbours(codes_NL, np.array([0, 1, 1]), codes_NL, np.array([0, 1, 1]))
    assert found == {"accuracy": pytest.approx(2 / 3), "neighbours": 3}


def test_the_assignment_is_the_best_of_all_permutations():
    counts_KK = np.random.default_rng(0).integers(0, 50, (5, 5))
    best = max(
        sum(counts_KK[row, column] for row, column in enumerate(order)) for order in itertools.permutations(range(5))
    )
    assert np.trace(assign(counts_KK)) == best
    assert sorted(map(tuple, assign(counts_KK).T)) == sorted(map(tuple, counts_KK.T))


def test_the_counts_are_classes_by_clusters():
    counts_KK = count_pairs(np.array([0, 0, 1, 1, 1]), np.array([1, 1, 1, 1, 0]), 2)
    assert counts_KK.tolist() == [[0, 2], [1, 2]]


def test_separate_classes_are_found_whatever_their_labels_are_called(blobs):
    codes_ML, labels_M = blobs[2], 10 * blobs[3] - 7
    scores, counts_KK = cluster_scores(codes_ML, labels_M)
    assert scores["least_inertia"] == {"acc": 1.0, "nmi": pytest.approx(1), "ari": pytest.approx(1)}
    assert counts_KK.tolist() == np.diag([20] * 4).tolist()
    assert scores["restarts"] == 10 and scores["acc"]["sd"] >= 0


def test_mutual_information_is_divided_by_the_arithmetic_mean_of_the_entropies(monkeypatch):
    codes_ML = np.array([[0.0], [0.0], [0.0], [9.0]])
    monkeypatch.setattr(probes, "RESTARTS", 2)
    scores = cluster_scores(codes_ML, np.array([0, 0, 1, 1]))[0]["least_inertia"]
    cluster_nats, class_nats = -(0.75 * np.log(0.75) + 0.25 * np.log(0.25)), np.log(2)
    joint_nats = -(0.5 * np.log(0.5) + 2 * 0.25 * np.log(0.25))
    information = cluster_nats + class_nats - joint_nats
    assert scores["nmi"] == pytest.approx(2 * information / (cluster_nats + class_nats))
    assert scores["acc"] == 0.75
    assert scores["ari"] == pytest.approx(0.0)  # by hand: index 1, expected 1


def test_numbers_do_not_depend_on_the_call_or_the_threads(blobs):
    first = cluster_scores(blobs[2], blobs[3])[0], linear_probe(*blobs)
    with threadpool_limits(2):
        before = torch.get_num_threads()
        assert {pool["num_threads"] for pool in probes.one_thread(threadpool_info)()} == {1}
        assert (cluster_scores(blobs[2], blobs[3])[0], linear_probe(*blobs)) == first
        assert torch.get_num_threads() == before


def test_whitened_codes_have_mean_zero_and_covariance_one():
    codes_NL = overlapping()[0] @ np.array([[1, 2, 0], [0, 1, 0], [0, 0, 1e4]], np.float32)
    white_NL = whiten(codes_NL)
    assert white_NL.mean(0) == pytest.approx(np.zeros(3), abs=1e-6)
    assert np.cov(white_NL.T, bias=True) == pytest.approx(np.eye(3), abs=1e-4)


def test_dead_and_repeated_units_are_not_whitened():
    codes_NL = overlapping()[0][:, :2]
    sums_NL = codes_NL @ np.random.default_rng(0).normal(size=(2, 5)).astype(np.float32)
    more_NL = np.hstack([codes_NL, sums_NL, np.full((300, 1), 0.3, np.float32)])
    assert whiten(more_NL).shape == (300, 2)
    assert whiten(np.full((50, 4), 0.3, np.float32)).shape == (50, 0)


def test_a_constant_code_tells_the_largest_class_at_most():
    labels_N, labels_M = np.array([0] * 30 + [1] * 20 + [2] * 10), np.array([0] * 5 + [1] * 3 + [2] * 2)
    train_NL, codes_ML = np.full((60, 4), 0.7, np.float32), np.full((10, 4), 0.7, np.float32)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert linear_probe(train_NL, labels_N, codes_ML, labels_M)["accuracy"] == 0.5
        assert nearest_neighbours(train_NL, labels_N, codes_ML, labels_M)["accuracy"] <= 0.5
        scores, counts_KK = cluster_scores(codes_ML, labels_M)
    assert scores["acc"] == {"mean": 0.5, "sd": 0.0} and scores["ari"]["mean"] == scores["nmi"]["mean"] == 0.0
    assert counts_KK.sum() == 10
