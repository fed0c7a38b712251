"""Runs by dose: what is mixed, what is not, what is dose 0, and what is refused."""

import re

import pytest

from aecli.comparison.dose.doses import sort_doses
from aecli.comparison.evidence.collect import collect
from aecli.errors import UsageError

L1 = "regularization.l1.weight"


def regularized(*terms):
    return [f"regularization=[{', '.join(f'{{name: {name}, weight: {weight}}}' for name, weight in terms)}]"]


def sort(tmp_path, key):
    return sort_doses(collect([tmp_path / "runs"]).runs, key)


def refusal(tmp_path, key):
    with pytest.raises(UsageError) as error:
        sort(tmp_path, key)
    return str(error.value)


def test_runs_without_the_regularizer_are_dose_0(write_seeds, tmp_path):
    write_seeds([0.008, 0.009], set=regularized(("l1", 1e-6)))
    write_seeds([0.008], set=regularized(("l1", 1e-7)))
    write_seeds([0.008, 0.009, 0.010])
    found = sort(tmp_path, L1)
    (group,) = found.groups
    assert group.doses == (0.0, 1e-7, 1e-6)
    assert [one.label for one in group.candidates] == ["0", "1e-07", "1e-06"]
    assert [one.seeds for one in group.candidates] == [(0, 1, 2), (0,), (0, 1)]
    assert (found.lonely, found.undosed) == ((0, 0), 0)


def test_a_weight_of_0_and_no_regularizer_are_the_same_dose_and_a_seed_counts_once(write_run, tmp_path):
    write_run(seed=0)
    write_run(seed=0, set=regularized(("l1", 0.0)))
    write_run(seed=1, set=regularized(("l1", 0.0)))
    write_run(seed=0, set=regularized(("l1", 1e-7)))
    (group,) = sort(tmp_path, L1).groups
    assert group.doses == (0.0, 1e-7)
    assert group.candidates[0].seeds == (0, 1) and len(group.candidates[0].duplicates) == 1


def test_runs_with_another_regularizer_are_another_group_or_left_out_and_counted(write_seeds, tmp_path):
    for terms in ([], [("l1", 1e-7)], [("l2", 1e-6)], [("l2", 1e-6), ("l1", 1e-7)], [("l2", 1e-5)]):
        write_seeds([0.008, 0.009], set=regularized(*terms))
    found = sort(tmp_path, L1)
    assert [(group.doses, group.settings) for group in found.groups] == [
        ((0.0, 1e-7), "l1"),
        ((0.0, 1e-7), "l2 + l1"),
    ]
    assert found.lonely == (1, 2)


def test_a_single_dose_of_another_setting_is_left_out_and_counted_with_or_without_the_regularizer(
    write_seeds, tmp_path
):
    for terms in ([], [("l1", 1e-7)]):
        write_seeds([0.008, 0.009], set=regularized(*terms))
    write_seeds([0.008, 0.009, 0.010], set=[*regularized(("l1", 1e-7)), "training.epochs=3"])
    write_seeds([0.008], set=["training.epochs=4"])
    assert sort(tmp_path, L1).lonely == (2, 4)


def test_what_differs_in_something_else_is_not_mixed(write_seeds, tmp_path):
    for epochs in (5, 9):
        for dose in (1e-7, 1e-6):
            write_seeds([0.008], set=[*regularized(("l1", dose)), f"training.epochs={epochs}"])
    found = sort(tmp_path, L1)
    assert [(group.settings, group.doses) for group in found.groups] == [
        ("epochs=5", (1e-7, 1e-6)),
        ("epochs=9", (1e-7, 1e-6)),
    ]


def test_a_train_size_of_null_is_all_the_images_there_are(write_run, tmp_path):
    write_run(set=["data.train_size=250"])
    write_run(set=["data.train_size=null"])
    (group,) = sort(tmp_path, "data.train_size").groups
    assert group.doses == (250.0, 55000.0)


def test_an_uncontaminated_run_is_dose_0_of_every_kind(write_run, tmp_path):
    write_run()
    for kind in ("salt_and_pepper", "outlier_images"):
        write_run(set=[f"data.contamination={{name: {kind}, share: 0.1}}"])
    found = sort(tmp_path, "data.contamination.share")
    assert [group.doses for group in found.groups] == [(0.0, 0.1), (0.0, 0.1)]
    assert len({group.settings for group in found.groups}) == 2


def test_a_second_loss_term_that_is_missing_has_weight_0(write_run, tmp_path):
    write_run(set=["loss=mse"])
    write_run(set=["loss=[{name: mse}, {name: ssim, weight: 0.1}]"])
    (group,) = sort(tmp_path, "loss.ssim.weight").groups
    assert group.doses == (0.0, 0.1)


def test_an_annealed_weight_is_left_out_and_counted(write_run, tmp_path):
    for weight in ("1e-7", "1e-6", "{start: 0.0, end: 1e-6, epochs: 3}"):
        write_run(set=[f"regularization=[{{name: l1, weight: {weight}}}]"])
    assert sort(tmp_path, L1).undosed == 1


def test_a_single_dose_is_refused(write_seeds, tmp_path):
    write_seeds([0.008, 0.009], set=regularized(("l1", 1e-7)))
    assert refusal(tmp_path, L1) == (
        f"--key {L1}: all runs have 1e-07, and no run without it is like them in everything else; "
        "train another dose, for example with: aecli sweep"
    )


def test_doses_that_move_with_something_else_are_refused_with_its_name(write_run, tmp_path):
    write_run(set=["data.train_size=250", "training.epochs=1000"])
    write_run(set=["data.train_size=1000", "training.epochs=500"])
    assert refusal(tmp_path, "data.train_size") == (
        "--key data.train_size: no two doses with everything else equal; "
        "what differs with it: training.epochs; choose runs with --where"
    )


def test_different_data_are_never_mixed(write_run, tmp_path):
    for dose in (1e-7, 1e-6):
        write_run(set=regularized(("l1", dose)))
        write_run(set=regularized(("l1", dose)), environment={"data": {"dataset": "other", "sha256": "0"}})
    assert [re.split(",", group.data)[0] for group in sort(tmp_path, L1).groups] == ["mnist", "other"]


ZIP = "zip:\n  data.train_size: [250, null]\n  training.epochs: [1000, 50]\n"
SIZES = (["data.train_size=250", "training.epochs=1000"], ["data.train_size=null", "training.epochs=50"])


def test_what_a_sweep_moves_together_with_the_dose_belongs_to_it(write_seeds, tmp_path):
    for size in SIZES:
        for loss in ("mse", "mae"):
            write_seeds([0.008, 0.009], set=[*size, f"loss={loss}"])
    (tmp_path / "sweep.yaml").write_text(ZIP)
    found = sort(tmp_path, "data.train_size")
    assert [(group.doses, group.settings, group.moves_with) for group in found.groups] == [
        ((250.0, 55000.0), "mse", ("training.epochs",)),
        ((250.0, 55000.0), "mae", ("training.epochs",)),
    ]
    assert found.lonely == (0, 0)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "grid: {data.train_size: [250, null], training.epochs: [1000, 50]}",
        "zip: {data.train_size: [250, 250], training.epochs: [1000, 50]}",
        "zip: 3",
        "zip: {",
        "\0",
    ],
    ids=["nothing", "grid", "dose twice", "damaged", "no yaml", "nul"],
)
def test_what_no_zip_moves_together_with_the_dose_is_not_mixed(text, write_run, tmp_path):
    for size in SIZES:
        write_run(set=size)
    (tmp_path / "sweep.yaml").write_text(text)
    assert "no two doses with everything else equal; what differs with it: training.epochs" in refusal(
        tmp_path, "data.train_size"
    )
