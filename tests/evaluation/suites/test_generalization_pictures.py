"""The picture of the generalization suite: panels, signs, and values that do not exist."""

import pytest

from aecli.evaluation.suites.generalization_pictures import draw

GAP = "test_minus_train_relative"


def estimate(value, low=None, high=None):
    return {"value": value, "interval": None if low is None else [low, high]}


@pytest.fixture
def numbers():
    """Of two metrics, one better where it is higher; PCA's gap is not defined."""
    return {
        "metrics": {
            "mse": {"train": estimate(0.1, 0.09, 0.11), "test": estimate(0.2, 0.1, 0.3), GAP: estimate(1.0, 0.5, 1.5)},
            "ssim": {"train": estimate(0.9), "test": estimate(0.45), GAP: estimate(-0.5, -0.6, -0.4)},
        },
        "pca_2": {"mse": {GAP: estimate(None)}},
    }


def test_without_classes_there_are_two_panels_and_a_dot_for_every_value(numbers):
    splits, metrics = draw(numbers, ["train", "test"], "pca_2").axes
    assert [float(line.get_ydata()[0]) for line in splits.lines] == [0.1, 0.2]
    assert [label.get_text() for label in metrics.get_yticklabels()] == ["mse, pca 2", "ssim", "mse"]
    assert metrics.get_title() == "% worse on test than on train"


def test_a_metric_that_is_better_where_it_is_higher_is_turned(numbers):
    metrics = draw(numbers, ["train", "test"], "pca_2").axes[1]
    dots = {int(line.get_ydata()[0]): float(line.get_xdata()[0]) for line in metrics.lines if line.get_marker() == "o"}
    assert dots == {1: 50.0, 2: 100.0}, "PCA's value, in place 0, does not exist"


def test_classes_have_a_panel_of_their_own(numbers):
    numbers["per_class_mse"] = {str(label): {"difference": estimate(0.1 * label, 0, 1)} for label in range(45)}
    classes = draw(numbers, ["train", "test"], "pca_2").axes[2]
    assert [label.get_text() for label in classes.get_xticklabels()] == [str(label) for label in range(0, 45, 3)]
