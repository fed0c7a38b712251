"""How a net stands beside predictors that need no training, and the likeliest cause where it is behind."""

import math

import pytest

from aecli.runs.standing import find_standing, likeliest_cause, warn_of_standing

CONFIG = {
    "training": {"batch_size": 100},
    "optimization": {"optimizer": {"name": "adam", "lr": 0.001}},
    "regularization": [],
}


def summary(mse, *, epochs=20, images=10_000, alive=32, mean=0.0675, pca=0.017):
    """A run of 100 steps an epoch beside the mean image and PCA."""
    baselines = {"mean_image": {"test": {"mse": mean}}, "pca_32": {"test": {"mse": pca}}}
    code, train = {"alive": alive, "units": 32}, {"images": images, "mse": mse}
    return {"test": {"mse": mse}, "train": train, "code": code, "epochs": epochs, "baselines": baselines}


def course(*errors):
    """metrics.jsonl with the errors of the epochs, those before training first."""
    return [{"epoch": epoch, "validation": {"mse": error}} for epoch, error in enumerate(errors)]


FLAT = course(0.23, *[0.0675] * 20)
FALLING = course(*(0.2 * 0.9**epoch for epoch in range(21)))
DONE = course(0.23, *(0.02 + 0.05 * 0.5**epoch for epoch in range(1, 21)))


def test_predictors_are_sorted_by_how_hard_they_are_to_beat():
    baselines = {"pca_32": 0.017, "mean_image": 0.0675, "corrupted_input": 0.001, "odd": math.inf}
    assert find_standing(0.02, baselines).highest == "mean_image"
    assert find_standing(0.02, baselines).behind == ("pca_32",), "a corrupted input is that of another task"
    assert find_standing(0.0675, baselines).ahead_of == (), "as good as the mean image is not ahead of it"
    better = find_standing(0.7, {"pca_32": 0.65, "mean_image": 0.12}, better="higher")
    assert (better.highest, better.behind) == ("pca_32", ())


def test_a_net_ahead_of_all_is_not_warned_of():
    assert warn_of_standing(summary(0.009), CONFIG, DONE) is None


@pytest.mark.parametrize(
    "broken", [{}, {"test": {"mse": "0.1"}}, {"test": {"mse": 10**400}}, {"test": {"mse": 0.1}, "baselines": []}]
)
def test_what_is_not_known_is_not_told(broken):
    assert warn_of_standing(broken, {}, []) is None


def test_a_net_behind_is_said_to_be_in_one_sentence():
    assert warn_of_standing(summary(0.0882, epochs=1), CONFIG, course(0.23, 0.09)) == (
        "this net is behind the mean image, which needs no training: test mse 0.0882 against 0.0675; likeliest cause: "
        "only 100 steps of the optimizer (1 epoch of 100): train for more epochs, or with a smaller training.batch_size"
    )
    assert "behind pca 32, which needs no training: test mse 0.02 against 0.017" in warn_of_standing(
        summary(0.02), CONFIG, DONE
    )


@pytest.mark.parametrize(
    ("facts", "config", "records", "cause"),
    [
        (
            {"alive": 0},
            {},
            FLAT,
            "no code unit is alive: try a lower learning rate (optimization.optimizer.lr, now 0.001)",
        ),
        ({"epochs": 9}, {}, FLAT, "only 900 steps of the optimizer (9 epochs of 100)"),
        (
            {"epochs": 9},
            {"regularization": [{"name": "l1"}, {"name": "dropout"}]},
            FLAT,
            "only 900 steps of the optimizer (9 epochs of 100), or its regularization (l1, dropout): train longer, and",
        ),
        ({"images": 10}, {}, FLAT, "only 20 steps of the optimizer (20 epochs of 1)"),
        ({}, {}, FLAT, "its validation error stands still since the first epoch: try another learning rate ("),
        ({}, {}, FALLING, "its validation error was still falling at the end: train for more epochs"),
        ({"alive": 3}, {}, DONE, "only 3 of 32 code units are alive"),
        ({}, {"regularization": [{"name": "l1"}]}, DONE, "its regularization (l1) may be too strong"),
        ({}, {}, DONE, "the learning rate (optimization.optimizer.lr, now 0.001), or a net too small for the data"),
    ],
    ids=[
        "dead",
        "few epochs",
        "few epochs and a penalty",
        "one step an epoch",
        "stands still",
        "falling",
        "few alive",
        "penalty",
        "nothing else",
    ],
)
def test_the_likeliest_cause(facts, config, records, cause):
    assert likeliest_cause(summary(0.07, **facts), CONFIG | config, records).startswith(cause)


def test_the_cause_is_told_from_whatever_a_damaged_run_has():
    assert likeliest_cause({"epochs": "5", "code": 3}, {"training": None, "optimization": []}, [3, {"epoch": 1}])
