"""What nobody tried is named."""

from aecli.comparison.evidence.candidates import fold
from aecli.comparison.evidence.collect import collect
from aecli.comparison.recommendation.untested import find_untested, single_values
from aecli.components.loss import LOSSES
from aecli.components.regularization import REGULARIZERS


def untested_of(folder):
    candidates = fold(collect([folder]).runs)[1]
    return find_untested(candidates, candidates[0])


def test_what_no_candidate_has_is_named_from_the_registries(write_run, tmp_path):
    write_run()
    write_run(set=["loss=[{name: huber, weight: 0.5}, {name: mae}]", "regularization=[{name: l1, weight: 1e-7}]"])
    found = untested_of(tmp_path / "runs")
    assert set(found.losses) == set(LOSSES) - {"mse", "huber", "mae"}
    assert set(found.regularizers) == set(REGULARIZERS) - {"l1"}


def test_a_strength_with_two_values_was_tried(write_run, tmp_path):
    for weight in ("1e-5", "1e-6"):
        write_run(set=[f"regularization=[{{name: l2, weight: {weight}}}]"])
    write_run(set=["loss.name=huber", "regularization=[{name: l1, weight: 1e-7}]"])
    assert untested_of(tmp_path / "runs").single == ("huber: delta 0.1", "l1: weight 1e-07")


def test_the_weight_of_a_loss_counts_where_losses_are_summed():
    terms = [{"name": "mse", "weight": 1.0}, {"name": "ssim", "weight": 0.5}]
    assert single_values(terms, weighs=True) == ["mse: weight 1", "ssim: weight 0.5"]
    assert single_values(terms, weighs=False) == []


def test_a_number_that_moves_is_one_value():
    terms = [{"name": "l1", "weight": {"start": 0.0, "end": 1e-6, "epochs": 5, "curve": "linear"}}]
    assert len(single_values(terms, weighs=True)) == 1


def test_settings_that_all_share_and_the_data_set_are_named(write_run, tmp_path):
    write_run()
    write_run(set=["training.epochs=7"])
    found = untested_of(tmp_path / "runs")
    assert found.dataset == "mnist"
    assert found.held["training.batch_size"] == "256"
    assert "training.epochs" not in found.held


def test_goals_without_numbers_come_with_the_command(write_run, tmp_path):
    path = write_run(suites={"test": {"denoising": {"skill": 0.5}, "features": {"skipped": "no labels"}}})
    found = untested_of(tmp_path / "runs")
    assert list(found.goals) == ["robustness", "classification", "clustering", "compression", "sparsity"]
    assert found.goals["clustering"] == "features gave no features.kmeans_acc on the test split: no labels"
    assert found.command == f"aecli evaluate {path} --suite robustness --suite compression --suite sparsity"
