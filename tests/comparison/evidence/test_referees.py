"""Which metrics are no neutral judges of a loss."""

import pytest

from aecli.comparison.evidence.referees import formulas, judges_itself, order_of
from aecli.components.evaluation.metrics import METRICS
from aecli.components.loss import LOSSES


def test_metrics_that_order_nets_alike_have_one_order():
    assert {name: order_of(name) for name in ("rmse", "psnr_db", "fvu", "bce_excess_nats", "ssim")} == {
        "rmse": "mse",
        "psnr_db": "mse",
        "fvu": "mse",
        "bce_excess_nats": "bce_nats",
        "ssim": "ssim",
    }
    assert order_of("parameters") == "parameters", "what is no metric is alone"


def test_the_order_of_an_order_is_itself():
    assert all(order_of(order_of(name)) == order_of(name) for name in METRICS)


@pytest.mark.parametrize(
    ("metric", "losses", "expected"),
    [
        ("mse", ["mse"], True),
        ("fvu", ["huber", "mse"], True),
        ("mae", ["mse"], False),
        ("bce_excess_nats", ["bce"], True),
        ("mse", [], False),
        ("mse", ["of a plug-in that is not there"], False),
    ],
)
def test_a_loss_is_judged_by_itself_through_every_function_of_its_formula(metric, losses, expected):
    assert judges_itself(metric, losses) is expected


def test_formulas_are_metrics():
    assert formulas(LOSSES) <= set(METRICS) and formulas(["mse", "ssim"]) == {"mse", "ssim"}
