"""Errors by class: means over the seeds, the worst class, and the hardest ones where there are many."""

from aecli.comparison.verdicts.class_errors import MOST, make_classes
from aecli.comparison.verdicts.compare import compare


def classes_of(folder):
    (group,) = compare([folder / "runs"]).groups
    return make_classes(group)


def test_classes_stand_by_their_numbers_with_the_mean_over_the_seeds_and_the_worst(write_run, tmp_path):
    for seed in range(2):
        write_run(seed=seed, test={"per_class_mse": {"10": 0.1, "2": 0.2 + seed / 10, "1": 0.05}})
    made = classes_of(tmp_path)
    assert (made.classes, made.left) == (("1", "2", "10"), 0)
    assert made.rows == (("fake", (0.05, 0.25, 0.1), 1),)


def test_of_many_classes_the_hardest_are_shown(write_run, tmp_path):
    write_run(test={"per_class_mse": {f"c{number:02}": number / 100 for number in range(MOST + 3)}})
    made = classes_of(tmp_path)
    assert (len(made.classes), made.left, made.classes[0]) == (MOST, 3, "c03")


def test_without_classes_there_is_no_table(write_run, tmp_path):
    write_run()
    assert classes_of(tmp_path) is None
