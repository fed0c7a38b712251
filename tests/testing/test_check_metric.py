"""The rules of metrics: each one that is broken is told."""

import pytest
from own_components import own

from aecli.components.evaluation.metrics import METRICS, metric
from aecli.testing.metrics import check_metric

BROKEN_METRICS = {
    "wrong direction": (
        {"better": "higher", "needs": ("squared",)},
        lambda errors: float(errors["squared"].mean()),
        "a metric that is better higher never does",
    ),
    "reads more than it says": (
        {"better": "lower", "needs": ("squared",)},
        lambda errors: float(errors["absolute"].mean()),
        "reads the per-image quantity 'absolute' without saying so",
    ),
    "one number per image": (
        {"better": "lower", "needs": ("squared",)},
        lambda errors: errors["squared"],
        "a metric gives one finite float",
    ),
    "first image": (
        {"better": "lower", "needs": ("squared",)},
        lambda errors: float(errors["squared"][0]),
        "depends on the order of the images",
    ),
    "no function of the mean": (
        {"better": "lower", "needs": ("squared",), "quantity": "squared"},
        lambda errors: float(errors["squared"].max()),
        "it is no function of the mean squared alone",
    ),
    "another quantity": (
        {"better": "lower", "needs": ("squared",), "quantity": "absolute"},
        lambda errors: float(errors["squared"].mean()),
        "it names the quantity absolute, but does not need it",
    ),
}


@pytest.mark.parametrize("case", BROKEN_METRICS)
def test_a_metric_that_breaks_a_rule_is_told_which(problems, case):
    facts, function, message = BROKEN_METRICS[case]
    found = problems(check_metric, METRICS, metric(**facts), own(function))
    assert any(message in one for one in found), found


REFUSED = {
    "direction": ({"better": "up", "needs": ("squared",)}, 'better must be "lower" or "higher", got \'up\''),
    "scale": (
        {"better": "lower", "needs": ("squared",), "scale": "percent"},
        "scale must be one of ratio, dB, points, got 'percent'",
    ),
    "quantity": (
        {"better": "lower", "needs": ("squard",)},
        'per-image quantity "squard"; did you mean "squared"? choices: squared, absolute, ssim, bce, entropy, '
        "deviation",
    ),
    "other metric": (
        {"better": "lower", "needs": ("squared",), "monotone_of": "mes"},
        'metric "mes"; did you mean "mse"? choices: ',
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_facts_that_cannot_be_are_refused_where_a_metric_is_registered(case):
    facts, message = REFUSED[case]
    with pytest.raises(ValueError) as caught:
        metric(**facts)
    assert str(caught.value).startswith(message)
