"""Dose-response, whole: what limits it is named."""

from dosed_runs import KEY, respond, write_doses
from fake_tunings import LR, write_tuned_sweep

from aecli.comparison.dose.dose import dose_response
from aecli.comparison.dose.dose_notes import note_lines


def notes(tmp_path, **options):
    return note_lines(respond(tmp_path, **options).groups[0], KEY)


def test_nets_that_learned_nothing_are_named(write_run, tmp_path):
    write_doses(write_run, {0: 9.0, 1e-7: 9.0})
    found = notes(tmp_path, metrics=["mse"])
    assert found[0].startswith("untrained: the reference is not better than the mean image by test.mse (0.07")
    assert not [note for note in found[1:] if note.startswith("untrained")]


def test_few_seeds_are_named_as_everywhere(write_run, tmp_path):
    write_doses(write_run, {0: 1.0, 1e-7: 1.0}, seeds=3)
    assert notes(tmp_path, metrics=["mse"]) == [
        "few-seeds: 3 seeds each: a smoke test; a claim needs 10, a headline 30",
    ]


def test_doses_of_a_sweep_that_tunes_are_compared_with_tuned_values(tmp_path):
    curves = {1e-7: (0.010, 0.020, 0.030), 1e-6: (0.020, 0.010, 0.030), 1e-5: (0.030, 0.040, 0.011)}
    write_tuned_sweep(tmp_path, curves=curves, chosen=(0, 1, 2), varied="regularization=[{{name: l1, weight: {}}}]")
    (found,) = respond(tmp_path).groups
    assert found.group.doses == (1e-7, 1e-6, 1e-5)
    assert [len(one.runs) for one in found.group.candidates] == [10] * 3
    rates = dose_response([tmp_path], key=LR, where=f"{KEY}=1e-6")
    assert rates.groups[0].group.doses == (0.0003, 0.001, 0.003, 0.03), (
        "where the dose itself is tuned, points are doses"
    )
