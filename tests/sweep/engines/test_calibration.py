"""How the cores are divided, and that nobody waits for a measurement."""

import threading
import time

import pytest

from aecli.sweep.engines.calibration import Layout, calibrate, divisions


def test_a_measurement_that_nobody_waits_for_ends_at_once():
    cancelled = threading.Event()
    cancelled.set()
    begin = time.monotonic()
    assert calibrate({}, [(1, 1)], 2, pytest.fail, cancelled) == Layout(1, 1, None)
    assert time.monotonic() - begin < 10


def test_cores_are_divided_in_powers_of_two():
    assert divisions(1) == [(1, 1)]
    assert divisions(6) == [(6, 1), (3, 2), (1, 6)]
