"""Pictures of the features suite: clusters against classes, and maps of codes of every kind."""

import warnings

import numpy as np
import pytest

from aecli.drawing import save_figure
from aecli.evaluation.suites.features_pictures import draw_clusters, draw_codes, principal_map


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """A small map."""
    monkeypatch.setattr("aecli.evaluation.suites.features_pictures.POINTS", 60)


def test_the_picture_of_the_clusters_shows_the_shares_of_each_class():
    figure = draw_clusters({"code": np.array([[3, 1], [0, 4]])}, np.array([5, 7]))
    axes = figure.axes[0]
    assert [text.get_text() for text in axes.texts] == ["75", "25", "100"]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["5", "7"]
    assert "ACC 0.875" in axes.get_title()


def test_many_classes_are_drawn_without_names(tmp_path):
    labels_M = np.arange(150) % 30
    codes_ML = np.random.default_rng(0).normal(size=(150, 3))
    save_figure(draw_codes(codes_ML, labels_M, np.random.default_rng(0)), tmp_path / "codes.png")
    assert not draw_clusters({"code": np.eye(30)}, np.arange(30)).axes[0].texts


def test_the_map_is_the_projection_onto_the_directions_of_largest_variance():
    codes_ML = np.zeros((4, 3))
    codes_ML[:, 1], codes_ML[:, 2] = [3, -3, 0, 0], [0, 0, 1, -1]
    map_M2, share, rank = principal_map(codes_ML)
    assert np.abs(map_M2) == pytest.approx(np.abs(codes_ML[:, 1:]))
    assert rank == 2 and share == pytest.approx(1.0)
    assert principal_map(np.full((5, 3), 2.0))[1:] == (1.0, 0)


@pytest.mark.parametrize("scale", [1e-25, 1e14])
def test_codes_of_any_size_are_mapped(scale):
    codes_ML = np.random.default_rng(0).normal(size=(60, 4)).astype(np.float32) * np.float32(scale)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure = draw_codes(codes_ML, np.arange(60) % 3, np.random.default_rng(0))
    assert len(figure.axes) == 2


def test_codes_that_mostly_coincide_are_mapped():
    codes_ML = np.zeros((60, 4), np.float32)
    codes_ML[:4] = 1 + np.eye(4)
    assert len(draw_codes(codes_ML, np.arange(60) % 3, np.random.default_rng(0)).axes) == 2
