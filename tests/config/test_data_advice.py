"""Advice that looks at the values of the data: what cannot be reached, and what is nearly empty."""

import numpy as np
import pytest
import torch

from aecli.components.architecture import ACTIVATIONS
from aecli.config.advice import DATA_RULES, advise
from aecli.config.data_advice import Values
from aecli.config.load import load_config
from aecli.training.splits import load_splits
from aecli.training.values import entropy_of

STANDARD = Values(lowest=-2.41, highest=9.13, at_lowest=0.01, scaling="standard")
COUNTS = Values(lowest=0.0, highest=37.0, at_lowest=0.95)


def told(values, **sections):
    """Code -> text of what is told about data that is not in [0, 1]."""
    config = load_config({"data": {"dataset": {"name": "csv", "file": "x.csv"}}, **sections})
    return {one.code: str(one) for one in advise(config, unit_range=False, values=values)}


def output(name):
    return {"architecture": {"output_activation": name, "code_activation": "linear"}}


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_standardized_data_is_out_of_reach_of_every_activation_that_has_a_limit(name):
    facts, text = ACTIVATIONS[name].facts, told(STANDARD, **output(name)).get("output-range", "")
    assert bool(text) == (facts.low > STANDARD.lowest or facts.high < STANDARD.highest)
    assert ("below" in text) == (facts.low > STANDARD.lowest) and ("above" in text) == (facts.high < STANDARD.highest)


@pytest.mark.parametrize(
    ("name", "none", "remedy"),
    [
        ("sigmoid", "below 0 or above 1", "linear, or scale the data: minmax"),
        ("tanh", "below -1 or above 1", "linear, or scale the data: minmax"),
        ("relu", "below 0", "linear, or scale the data: minmax"),
        ("softplus", "below 0", "linear, or scale the data: minmax"),
        ("elu", "below -1", "linear, or scale the data: minmax"),
    ],
)
def test_what_cannot_be_reached_is_named(name, none, remedy):
    assert told(STANDARD, **output(name))["output-range"] == (
        "warning output-range: architecture.output_activation: the data has values from -2.41 to 9.13, and "
        f"{name} gives none {none}: those cannot be reached, however long the training is; "
        f"set architecture.output_activation: {remedy}"
    )


@pytest.mark.parametrize(("name", "lowest", "highest"), [("tanh", -1.0, 1.0), ("relu", 0.0, 40.0), ("linear", -9, 9)])
def test_what_can_be_reached_is_no_matter(name, lowest, highest):
    assert "output-range" not in told(Values(lowest=lowest, highest=highest, at_lowest=0.1), **output(name))


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_the_limits_of_an_activation_are_those_of_its_values(name):
    y = ACTIVATIONS[name].function(torch.linspace(-40, 40, 80_001, dtype=torch.float64))
    facts = ACTIVATIONS[name].facts
    for limit, end, far in ((facts.low, y.min(), y[0]), (facts.high, y.max(), y[-1])):
        assert abs(limit - end) < 1e-3 if np.isfinite(limit) else abs(far) > 0.1, (name, limit, end)
    assert facts.low <= y.min() + 1e-9 and y.max() <= facts.high + 1e-9


@pytest.mark.parametrize(("loss", "collapses"), [("mae", True), ("pinball", True), ("mse", False), ("huber", False)])
def test_counts_are_said_to_collapse_under_absolute_errors_and_to_be_hidden_in_any_mean(loss, collapses):
    found = told(COUNTS, loss=loss, **output("relu"))
    assert ("mae-collapse" in found) == collapses
    assert "95 % of the values are the lowest of their column" in found["mostly-empty"]
    assert "bce" in found["mostly-empty"] and "likelihood" in found["mostly-empty"]
    if collapses:
        assert f"{loss} pulls towards the median, and 95 %" in found["mae-collapse"]
    full = COUNTS._replace(at_lowest=0.3)
    assert not {"mae-collapse", "mostly-empty"} & set(told(full, loss=loss, **output("relu")))


@pytest.mark.parametrize(("entropy", "speaks"), [(0.5, True), (0.0581, True), (0.0, False), (None, False)])
def test_the_floor_of_a_cross_entropy_is_told_for_any_data(entropy, speaks):
    values = Values(lowest=0.0, highest=1.0, at_lowest=0.0, entropy_nats=entropy)
    text = told(values, loss="bce").get("bce-floor", "")
    assert (f"never below {entropy or 0:.3f} nats per value" in text) == speaks
    assert "bce-floor" not in told(values, loss="mse")


def test_the_floor_of_uniform_noise_is_half_a_nat_and_that_of_black_and_white_is_0():
    assert entropy_of(torch.rand(2000, 100, generator=torch.Generator().manual_seed(0))) == pytest.approx(0.5, abs=1e-3)
    assert entropy_of(torch.tensor([[0.0, 1.0]])) == 0.0
    assert entropy_of(torch.tensor([[0.5]])) == pytest.approx(np.log(2))


def test_a_code_is_told_once_where_mnist_has_figures_of_its_own():
    config = load_config({"loss": "mae"})
    codes = [one.code for one in advise(config, values=Values(lowest=0.0, highest=1.0, at_lowest=0.81))]
    assert codes.count("mae-collapse") == 1


def test_every_rule_has_a_severity_and_is_tried_here():
    assert [code for code, severity, _ in DATA_RULES if severity in ("warning", "note")] == [
        "output-range", "mae-collapse", "mostly-empty", "bce-floor",
    ]  # fmt: skip


def test_the_values_are_those_that_the_net_sees(tmp_path):
    generator = np.random.default_rng(0)
    counts = generator.negative_binomial(1, 0.9, (300, 20)).astype(np.float32)
    np.save(tmp_path / "x.npy", counts)
    for scaling in ("none", "standard", "minmax"):
        dataset = {"name": "npy", "file": str(tmp_path / "x.npy"), "scaling": scaling}
        config = load_config({"data": {"dataset": dataset, "validation": 20}, "architecture": {"widths": ["auto", 4]}})
        splits = load_splits(config, torch.device("cpu"))
        parts = [part.batch(slice(None)) for part in (splits.train, splits.validation, splits.test)]
        assert splits.values.lowest == pytest.approx(min(part.min().item() for part in parts))
        assert splits.values.highest == pytest.approx(max(part.max().item() for part in parts))
        assert splits.values.at_lowest == pytest.approx((parts[0] == parts[0].amin(0)).float().mean().item())
        assert splits.values.scaling == scaling


def test_the_black_pixels_of_mnist_are_counted():
    values = load_splits(load_config("mse.yaml"), torch.device("cpu")).values
    assert (values.lowest, values.highest) == (0.0, 1.0)
    assert values.at_lowest == pytest.approx(0.81, abs=0.01)
    assert values.entropy_nats == pytest.approx(0.058, abs=0.001)
