"""Dose-response, whole: what limits it is named."""

from aecli.comparison.dose.dose import dose_response

KEY = "regularization.l1.weight"


def respond(tmp_path, **options):
    return dose_response([tmp_path / "runs"], key=KEY, **options)


def test_nets_that_learned_nothing_are_named(write_doses, tmp_path):
    write_doses({0: 9.0, 1e-7: 9.0})
    notes = respond(tmp_path, metrics=["mse"]).groups[0].notes
    assert notes[0].startswith("untrained: the reference is not better than the mean image by test.mse (0.07")
    assert not [note for note in notes[1:] if note.startswith("untrained")]


def test_few_seeds_are_named_as_everywhere(write_doses, tmp_path):
    write_doses({0: 1.0, 1e-7: 1.0}, seeds=3)
    assert respond(tmp_path, metrics=["mse"]).groups[0].notes == (
        "few-seeds: 3 seeds each: a smoke test; a claim needs 10, a headline 30",
    )
