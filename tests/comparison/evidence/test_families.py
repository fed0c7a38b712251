"""Candidates sorted into families that differ in one strength only."""

from aecli.comparison.evidence.candidates import fold
from aecli.comparison.evidence.collect import collect
from aecli.comparison.evidence.families import sort_families


def families(tmp_path):
    factors, found = sort_families(fold(collect([tmp_path / "runs"]).runs)[1])
    return factors, {one.label: (one.key, one.doses) for one in found}


def test_each_regularizer_is_a_family_and_what_lacks_it_is_its_dose_0(write_run, tmp_path):
    write_run()
    for weight in (0.01, 0.1):
        write_run(set=[f"regularization.activity_l1.weight={weight}"])
    for k in (4, 8, 16):
        write_run(set=[f"regularization.k_sparse.k={k}"])
    write_run(set=["regularization.activity_l1.target.code.l0=8"])
    factors, found = families(tmp_path)
    assert factors == ["regularization"]
    assert found == {
        "activity_l1": ("regularization.activity_l1.weight", (0.0, 0.01, 0.1)),
        "k_sparse": ("regularization.k_sparse.k", (4.0, 8.0, 16.0)),
        "activity_l1 by target": ("regularization.activity_l1.target.code.l0", (8.0,)),
    }


def test_of_two_strengths_the_one_with_more_doses_makes_the_frontier(write_run, tmp_path):
    for p in (0.1, 0.2):
        for weight in (0.01, 0.1, 1.0):
            write_run(set=[f"regularization=[{{name: activity_l1, weight: {weight}}}, {{name: dropout, p: {p}}}]"])
    _, found = families(tmp_path)
    assert {key for key, _ in found.values()} == {"regularization.activity_l1.weight"}
    assert sorted(label.rpartition("p=")[2].strip(")") for label in found) == ["0.1", "0.2"]


def test_what_has_no_strength_is_a_family_of_its_own(write_run, tmp_path):
    for loss in ("mse", "mae"):
        write_run(set=[f"loss={loss}"])
    _, found = families(tmp_path)
    assert found == {"mse": ("", (0.0,)), "mae": ("", (0.0,))}
