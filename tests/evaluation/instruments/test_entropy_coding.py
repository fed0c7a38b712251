"""Quantization, static histograms and the range coder: exact round trips, sizes near the cross-entropy, odd codes."""

import math
import sys

import numpy as np
import pytest

from aecli.components.evaluation.suites import Skipped
from aecli.evaluation.instruments.entropy_coding import (
    SMOOTHING,
    Coded,
    StaticCoder,
    bits_at,
    code_and_decode,
    fit_coder,
    load_constriction,
)

DRAWS = {
    "gaussian": lambda rng, shape: rng.normal(1.0, 2.0, shape),
    "laplace": lambda rng, shape: rng.laplace(0.0, 0.3, shape),
    "relu": lambda rng, shape: rng.normal(0.0, 1.0, shape).clip(0.0),
    "sparse": lambda rng, shape: rng.normal(0.0, 1.0, shape) * (rng.random(shape) < 0.02),
    "sigmoid": lambda rng, shape: 1 / (1 + np.exp(-3 * rng.normal(0.0, 1.0, shape))),
}


def draw(kind, shape, seed=0):
    return DRAWS[kind](np.random.default_rng(seed), shape).astype(np.float32)


def fit(train_LN, bits=6):
    return fit_coder(train_LN, 8 * train_LN.std(1, dtype=np.float64) / 2**bits)


@pytest.mark.parametrize("bits", [2, 5, 8])
@pytest.mark.parametrize("kind", DRAWS)
def test_the_coded_size_is_that_of_the_cross_entropy_and_the_round_trip_is_exact(kind, bits):
    coder, code_LN = fit(draw(kind, (6, 5000)), bits), draw(kind, (6, 3000), seed=1)
    symbols_LN = coder.quantize(code_LN)
    coded = coder.encode(symbols_LN)
    assert np.array_equal(coder.decode(coded, 3000), symbols_LN)
    ideal = coder.ideal_bits(symbols_LN)
    assert ideal - 1 < 8 * len(coded) <= 1.01 * ideal + 64
    outcome = code_and_decode(coder, code_LN)
    assert (outcome.coded_bits, outcome.ideal_bits) == (8 * len(coded), ideal)
    assert np.array_equal(outcome.decoded_LN, coder.dequantize(symbols_LN))


@pytest.mark.parametrize("count", [1, 2, 7])
def test_few_images_are_coded_too(count):
    coder, code_LN = fit(draw("gaussian", (3, 60))), draw("gaussian", (3, count), seed=1)
    outcome = code_and_decode(coder, code_LN)
    assert outcome.decoded_LN.shape == (3, count)
    assert outcome.coded_bits <= 1.01 * outcome.ideal_bits + 64


def test_the_cross_entropy_is_that_of_a_loop_over_all_symbols():
    coder, code_LN = fit(draw("laplace", (3, 200)), 4), draw("laplace", (3, 40), seed=1)
    expected = 0.0
    for unit, symbols_N in enumerate(coder.quantize(code_LN)):
        counts = coder.counts_L[unit]
        for symbol in symbols_N:
            expected -= math.log2((counts[symbol] + SMOOTHING) / (counts.sum() + SMOOTHING * len(counts)))
    assert coder.ideal_bits(coder.quantize(code_LN)) == pytest.approx(expected, rel=1e-12)


def test_a_histogram_counts_the_training_codes_symbol_by_symbol():
    coder = fit_coder(np.array([[-1.0, -1.1, 0.1, 0.2, 2.0]], np.float32), np.array([1.0]))
    assert coder.counts_L[0].tolist() == [2, 2, 0, 1]
    assert coder.lowest_L.tolist() == [-1]
    assert coder.probabilities(0) == pytest.approx(np.array([2.5, 2.5, 0.5, 1.5]) / 7)
    assert coder.quantize(np.array([[-1.4, 0.0, 1.0, 1.6]], np.float32)).tolist() == [[0, 1, 2, 3]]


def test_the_rate_of_a_gaussian_is_its_differential_entropy_less_the_step():
    coder, code_LN = fit(draw("gaussian", (4, 40_000)), 6), draw("gaussian", (4, 20_000), seed=1)
    bits = code_and_decode(coder, code_LN).coded_bits / code_LN.size
    expected = 0.5 * math.log2(2 * math.pi * math.e) - math.log2(8 / 2**6)  # in units of the standard deviation
    assert bits == pytest.approx(expected, abs=0.02)


def test_the_error_inside_the_training_range_is_half_a_step_at_most_and_that_of_a_uniform_one_on_average():
    train_LN = draw("gaussian", (5, 4000))
    coder = fit(train_LN, 6)
    error_LN = coder.dequantize(coder.quantize(train_LN)) - train_LN
    assert (np.abs(error_LN).max(1) <= coder.step_L / 2 + 1e-5).all()
    assert np.square(error_LN).mean(1) == pytest.approx(coder.step_L**2 / 12, rel=0.1)


def test_the_steps_of_two_units_are_their_own():
    train_LN = draw("gaussian", (1, 3000))
    coder = fit(np.concatenate([train_LN, 100 * train_LN]))
    assert coder.step_L[1] == pytest.approx(100 * coder.step_L[0], rel=1e-4)
    assert coder.symbols_L[0] == coder.symbols_L[1]


@pytest.mark.parametrize("far", [10.0, 1e6, 1e30])
def test_values_beyond_the_training_codes_are_clamped_to_the_ends(far):
    coder = fit_coder(np.array([[-1.0, 0.0, 3.0]], np.float32), np.array([0.5]))
    outcome = code_and_decode(coder, np.array([[-far, 0.2, far]], np.float32))
    assert outcome.decoded_LN.tolist() == [[-1.0, 0.0, 3.0]]


def test_symbols_that_no_training_code_has_can_be_coded():
    coder = fit_coder(np.array([[0.0] * 500 + [7.0]], np.float32), np.array([1.0]))
    outcome = code_and_decode(coder, np.array([[3.0, 4.0, 5.0, 0.0]], np.float32))
    assert outcome.decoded_LN.tolist() == [[3.0, 4.0, 5.0, 0.0]]


def test_dead_units_cost_nothing_and_keep_their_value():
    train_LN = draw("relu", (5, 2000))
    with_dead = train_LN.copy()
    with_dead[1], with_dead[3] = 0.0, 0.37
    alive = code_and_decode(fit(train_LN[[0, 2, 4]]), train_LN[[0, 2, 4]])
    outcome = code_and_decode(fit(with_dead), with_dead)
    assert (outcome.coded_bits, outcome.ideal_bits) == (alive.coded_bits, pytest.approx(alive.ideal_bits))
    assert (outcome.decoded_LN[1] == 0).all() and (outcome.decoded_LN[3] == np.float32(0.37)).all()


def test_a_unit_that_moves_by_rounding_errors_alone_is_dead():
    code_LN = (0.5 + 1e-7 * np.random.default_rng(0).random((1, 1000))).astype(np.float32)
    assert code_and_decode(fit(code_LN, 8), code_LN).coded_bits == 0


def test_a_code_without_any_live_unit_is_coded_in_no_bits():
    code_LN = np.full((3, 50), -0.25, np.float32)
    outcome = code_and_decode(fit(code_LN), code_LN)
    assert (outcome.coded_bits, outcome.ideal_bits) == (0, 0.0)
    assert (outcome.decoded_LN == -0.25).all()


@pytest.mark.parametrize("kind", ["relu", "sparse"])
def test_zeros_stay_zeros(kind):
    code_LN = draw(kind, (4, 2000))
    decoded_LN = code_and_decode(fit(code_LN, 3), code_LN).decoded_LN
    assert (decoded_LN[code_LN == 0] == 0).all()


def test_the_side_information_is_counted_in_bytes():
    coder = fit_coder(np.array([[-1.0, -1.0, 2.0], [5.0, 5.0, 5.0]], np.float32), np.array([1.0, 1.0]))
    assert coder.side_information_bytes == {"histograms": 4 * (4 + 1) + 2 * 8, "steps": 2 * 8}


def test_a_decoder_that_gives_back_something_else_is_noticed():
    class Broken(StaticCoder):
        def decode(self, coded, count):
            return super().decode(coded, count) + 1

    good = fit(draw("gaussian", (2, 100)))
    broken = Broken(good.offset_L, good.step_L, good.lowest_L, good.counts_L)
    assert isinstance(code_and_decode(good, draw("gaussian", (2, 10))), Coded)
    with pytest.raises(RuntimeError, match="did not give back"):
        code_and_decode(broken, draw("gaussian", (2, 10)))


def test_without_constriction_the_command_that_installs_it_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "constriction", None)
    with pytest.raises(Skipped, match=r"^needs the package constriction: pip install 'aecli\[compress\]'$"):
        load_constriction()


BITS, MSE = np.array([1.0, 2.0, 3.0, 4.0]), np.array([0.25, 0.0625, 0.015625, 0.00390625])


@pytest.mark.parametrize(("target", "expected"), [(0.25, 1), (0.03125, 2.5), (0.0078125, 3.5), (0.00390625, 4)])
def test_a_gaussian_curve_of_six_decibels_per_bit_is_read_exactly(target, expected):
    assert bits_at(BITS, MSE, target) == pytest.approx(expected, rel=1e-12)
    assert bits_at(BITS[::-1], MSE[::-1], target) == pytest.approx(expected, rel=1e-12)


def test_a_curve_gives_its_cheapest_point_where_that_is_good_enough_and_nothing_beyond_its_best():
    assert bits_at(BITS, MSE, 0.5) == 1
    assert bits_at(BITS, MSE, 0.0039) is None


def test_points_that_are_worse_than_cheaper_ones_are_left_out():
    bits, mse = np.append(BITS, [2.5, 3.5, 2.0]), np.append(MSE, [0.1, 0.0157, 0.3])
    assert bits_at(bits, mse, 0.03125) == pytest.approx(2.5)


def test_a_curve_may_reach_no_error_or_have_one_point():
    assert bits_at(np.array([0.0, 1.0]), np.array([0.1, 0.0]), 0.0) == pytest.approx(1)
    assert bits_at(np.array([0.0, 1.0]), np.array([0.0, 0.0]), 0.0) == 0
    assert (
        bits_at(np.array([2.0]), np.array([0.1]), 0.1) == 2 and bits_at(np.array([2.0]), np.array([0.1]), 0.05) is None
    )
