"""What a sweep is said to take: more for more trials, less for more workers, never less than its longest trial."""

import pytest
from nets import make_model

from aecli.config.load import load_config
from aecli.sweep.planning.forecast import AROUND_S, Forecast, forecast, parameters_of
from aecli.sweep.planning.trial import Trial


@pytest.fixture
def trials():
    configs = [
        load_config({"training": {"epochs": epochs}, "data": {"train_size": 10_000}}) for epochs in (10, 10, 10, 30)
    ]
    return [Trial(config.digest(), config, {}) for config in configs]


def test_the_time_is_that_of_the_steps_and_what_is_around_them(trials):
    one = forecast(trials[:1], 10_000, 1).seconds
    assert 10 + AROUND_S < one < 10 + 2 * AROUND_S
    assert forecast(trials[:3], 10_000, 1).seconds == pytest.approx(3 * one)
    assert forecast(trials[:2], 10_000, 2).seconds == pytest.approx(one)


def test_a_trial_is_not_divided_among_workers(trials):
    assert forecast(trials, 10_000, 8).seconds == forecast(trials[3:], 10_000, 1).seconds > 30


def test_what_could_not_be_measured_is_unknown_and_nothing_left_takes_no_time(trials):
    assert forecast(trials, None, 2).seconds is None
    assert forecast([], 10_000, 2) == forecast([], None, 2) == Forecast(0.0, 0)


def test_the_parameters_are_those_of_the_model(trials):
    config = trials[0].config
    model = make_model(config.architecture, [784, *config.architecture.widths[1:]], 0, None)
    assert parameters_of(config) == sum(parameter.numel() for parameter in model.parameters())
