"""What is a dose in a config, where it is 0, and what is refused."""

import pytest

from aecli.comparison.dose.dose_keys import TRAIN_SIZE, dose_of
from aecli.comparison.dose.doses import sort_doses
from aecli.comparison.evidence.collect import collect
from aecli.errors import UsageError


def refusal(tmp_path, key):
    with pytest.raises(UsageError) as error:
        sort_doses(collect([tmp_path / "runs"]).runs, key)
    return str(error.value)


def test_an_unknown_key_is_refused_with_the_nearest_one(write_run, tmp_path):
    write_run(set=["regularization=[{name: l1, weight: 1e-7}]"])
    assert refusal(tmp_path, "regularization.l1.wieght").startswith(
        '--key "regularization.l1.wieght"; did you mean "regularization.l1.weight"? '
        "keys with numbers: data.validation, "
    )


@pytest.mark.parametrize(
    ("key", "what"),
    [
        ("architecture.widths", "is no number here, but [auto, 128, 64, 32]"),
        ("loss.name", "is no number here, but mse"),
        ("optimization.optimizer", "has parts, and is no number"),
    ],
    ids=["list", "text", "section"],
)
def test_a_key_without_numbers_is_refused_with_what_it_is(key, what, write_run, tmp_path):
    write_run()
    assert refusal(tmp_path, key).startswith(f"--key {key}: {what}; keys with numbers: data.validation, ")


def test_the_seed_is_no_dose(write_seeds, tmp_path):
    write_seeds([0.008, 0.009])
    assert refusal(tmp_path, "seed") == "--key seed: seeds are what a dose is repeated with, and no dose"


def test_a_train_size_of_null_is_all_images_there_are(write_run, tmp_path):
    write_run()
    (run,) = collect([tmp_path / "runs"]).runs
    assert dose_of(run, TRAIN_SIZE) == 55000
