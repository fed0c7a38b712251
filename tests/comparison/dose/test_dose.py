"""Dose-response, whole: what limits it is named."""

from dosed_runs import KEY, respond, write_doses

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
