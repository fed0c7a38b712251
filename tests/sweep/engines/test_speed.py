"""How fast a config trains: a moment of real steps, from which other things than steps are left out."""

from types import SimpleNamespace

import pytest

from aecli.config.load import load_config
from aecli.sweep.engines.messages import Speed
from aecli.sweep.engines.speed import Stopwatch, TimeIsUp, measure_speed


def test_the_speed_is_that_between_the_first_and_the_last_event():
    watch = Stopwatch(1e-9)
    assert watch.images_per_s is None
    watch(SimpleNamespace(images=64))
    assert watch.images_per_s is None, "one event has no duration"
    watch(SimpleNamespace())  # an epoch ends
    with pytest.raises(TimeIsUp):
        watch(SimpleNamespace(images=36))
    assert watch.images == 100 and watch.images_per_s == pytest.approx(36 / watch.elapsed)


def test_a_config_is_measured_with_the_size_of_its_network(small):
    speed = measure_speed(load_config(small), 1, 0.05)
    assert speed.images_per_s > 1
    assert speed.parameters == 784 * 16 + 16 + 16 * 8 + 8 + 8 * 16 + 16 + 16 * 784 + 784


def test_what_cannot_be_trained_has_no_speed(small):
    small["architecture"]["widths"] = [700, 8]
    assert measure_speed(load_config(small), 1, 0.05) == Speed(None, None)
