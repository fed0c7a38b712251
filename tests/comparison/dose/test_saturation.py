"""Above which dose nothing more changes: shown by intervals, or only by the means."""

from aecli.comparison.dose.saturation import Saturation, find_saturation
from aecli.comparison.dose.steps import DoseStep, measured_estimate
from aecli.comparison.evidence.candidates import Candidate
from aecli.comparison.evidence.measures import measure
from aecli.comparison.evidence.rope import Rope

MSE = measure("mse")


def saturate(*rows):
    made = [Candidate(str(at), {}, (), (), {MSE.name: dict(enumerate(row))}) for at, row in enumerate(rows)]
    steps = [
        DoseStep(dose=float(at), label=one.label, estimate=measured_estimate(one, MSE), kind="", verdict=None)
        for at, one in enumerate(made)
    ]
    return find_saturation(steps, made, MSE, Rope(0.01, True))


def test_it_is_shown_where_the_intervals_are_within_the_band():
    assert saturate([1, 1.1, 0.9], [9, 9.1, 8.9], [9.001, 9.1, 8.9]) == Saturation("1", is_shown=True)
    assert saturate([1, 1.1, 0.9], [9, 9.1, 8.9], [9.2, 8.9, 8.9]) == Saturation("1", is_shown=False)


def test_two_seeds_show_nothing():
    assert saturate([1, 1.1], [9, 9.1], [9, 9.1]) == Saturation("1", is_shown=False)
