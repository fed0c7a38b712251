"""The table: columns, order, best cells, baselines, rounding."""

import pytest

from aecli.comparison.statistics.intervals import Estimate, mean_interval
from aecli.comparison.telling.digits import show_estimate
from aecli.comparison.telling.row_order import BEST, HIGHEST, LOWEST
from aecli.comparison.telling.table import make_table, with_labels
from aecli.comparison.verdicts.compare import compare
from aecli.errors import UsageError


@pytest.fixture
def losses(write_seeds, tmp_path):
    """mse .008, .010; mae .020, .030, huber without a second seed."""
    write_seeds([0.008, 0.010])
    write_seeds([0.020, 0.030], set=["loss.name=mae"])
    write_seeds([0.012], set=["loss.name=huber", "loss.delta=0.1"])
    return tmp_path / "runs"


def group_of(*paths, **options):
    (group,) = compare(paths, **options).groups
    return group


def texts(table, head):
    return [row.cells[table.heads.index(head)].text for row in table.rows]


def test_what_differs_comes_first_then_n_then_the_metrics(losses):
    table = make_table(group_of(losses))
    assert table.heads == ("loss", "n", "mse ↓")
    assert table.keys == ("loss", "n", "test.mse")
    assert texts(table, "loss") == ["mse", "huber(delta=0.1)", "mae", "mean image", "pca 32"]
    assert texts(table, "n") == ["2", "1", "2", "", ""]
    assert [row.kind for row in table.rows] == ["candidate"] * 3 + ["baseline"] * 2


def test_a_cell_is_the_mean_with_its_interval_and_the_best_one_is_marked(losses):
    table = make_table(group_of(losses))
    cells = [row.cells[2] for row in table.rows]
    assert cells[0].estimate == mean_interval([0.008, 0.010])
    assert [cell.is_best for cell in cells] == [True, False, False, False, False]
    assert cells[1].text == "0.012"
    assert cells[3].estimate.mean == 0.0675


def test_more_is_better_marks_the_largest(write_run, tmp_path):
    write_run(test={"psnr_db": 20.0})
    write_run(test={"psnr_db": 21.0}, set=["loss.name=bce"])
    table = make_table(group_of(tmp_path / "runs"), columns=["psnr_db"])
    assert [(row.label, row.cells[-1].is_best) for row in table.rows[:2]] == [("mse", False), ("bce", True)]


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        (("mse", BEST), ["mse", "huber", "mae"]),
        (("mse", LOWEST), ["mse", "huber", "mae"]),
        (("mse", HIGHEST), ["mae", "huber", "mse"]),
        (("loss", LOWEST), ["huber", "mae", "mse"]),
        (("loss", HIGHEST), ["mse", "mae", "huber"]),
    ],
    ids=str,
)
def test_rows_are_sorted(losses, sort, order):
    table = make_table(group_of(losses), sort=sort)
    assert [row.label for row in table.rows if row.kind == "candidate"] == order


def test_settings_are_sorted_by_size_and_not_by_their_letters(write_run, tmp_path):
    for weight in ("1e-5", "1e-9", "2e-5"):
        write_run(set=[f"regularization.l1.weight={weight}"])
    table = make_table(group_of(tmp_path / "runs"), sort=("regularization.l1.weight", LOWEST))
    assert texts(table, "regularization.l1.weight")[:3] == ["1e-09", "1e-05", "2e-05"]


def test_a_candidate_without_the_metric_comes_last_either_way(write_run, tmp_path):
    write_run(test={"ssim": 0.9})
    write_run(test={"ssim": 0.8}, set=["loss.name=mae"])
    write_run(set=["loss.name=bce"])
    for way in (LOWEST, HIGHEST):
        table = make_table(group_of(tmp_path / "runs"), columns=["ssim"], sort=("ssim", way))
        assert table.rows[2].label == "bce"
        assert table.rows[2].cells[-1].text == "-"


def test_top_cuts_the_candidates_and_keeps_the_baselines(losses):
    assert [row.label for row in make_table(group_of(losses), top=1).rows] == ["mse", "mean image", "pca 32"]


def test_columns_are_metrics_or_keys_of_the_config(losses):
    table = make_table(group_of(losses), columns=["optimization.optimizer.lr", "validation.mse"])
    assert table.heads == ("optimization.optimizer.lr", "n", "validation.mse ↓")
    assert texts(table, "optimization.optimizer.lr")[:3] == ["0.001"] * 3


def test_without_folding_every_run_has_a_row_with_its_seed_and_folder(losses):
    table = make_table(group_of(losses), fold=False)
    assert table.heads == ("loss", "seed", "run", "mse ↓")
    assert texts(table, "mse ↓") == ["0.008", "0.01", "0.012", "0.02", "0.03"]
    assert texts(table, "seed") == ["0", "1", "0", "0", "1"]
    assert texts(table, "run")[0].endswith("_0000")


def test_a_metric_that_only_some_seeds_have_says_of_how_many_it_is(write_run, tmp_path):
    write_run(test={"ssim": 0.9})
    write_run(seed=1)
    table = make_table(group_of(tmp_path / "runs"), columns=["ssim"])
    assert table.rows[0].cells[-1].text == "0.9 (n=1)"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("loss.name", "--sort loss.name: no value of a setting is best; use --min loss.name or --max loss.name"),
        (
            "parameters",
            "--sort parameters: nobody knows whether more or less of it is better; use --min parameters or --max "
            "parameters",
        ),
        (
            "objective",
            "objective: these runs minimized 3 different objectives (huber, mae, mse), whose values are different "
            "quantities, so "
            "neither can be ranked by the other; use a neutral metric such as mse, mae or ssim",
        ),
    ],
)
def test_what_cannot_be_sorted_by_is_refused_with_the_reason(losses, write_run, name, message):
    write_run(seed=7, summary={"parameters": 5})
    with pytest.raises(UsageError) as refusal:
        make_table(group_of(losses), sort=(name, BEST))
    assert str(refusal.value) == message


def test_the_objective_sorts_runs_of_one_loss(write_run, tmp_path):
    for rate, value in (("0.01", 0.5), ("0.1", 0.25)):
        records = [{"epoch": 1, "objective": value, "validation": {"mse": 1.0}}]
        write_run(set=[f"optimization.optimizer.lr={rate}"], records=records)
    table = make_table(group_of(tmp_path / "runs"), sort=("objective", BEST), columns=["objective"])
    assert [row.cells[-1].text for row in table.rows] == ["0.25", "0.5"]


@pytest.mark.parametrize(
    ("estimate", "of", "text"),
    [
        (None, 3, "-"),
        (Estimate(0.0123456, 1), 1, "0.01235"),
        (Estimate(0.0078812, 5, 0.0075212, 0.0082412), 5, "0.00788 ±0.00036"),
        (Estimate(20.957, 3, 20.855, 21.059), 3, "20.96 ±0.10"),
        (Estimate(1234.5, 3, 1000.0, 1469.0), 3, "1234 ±234"),
        (Estimate(0.25, 3, 0.25, 0.25), 3, "0.25 ±0"),
        (Estimate(0.25, 2, 0.24, 0.26), 3, "0.250 ±0.010 (n=2)"),
        (Estimate(0.25, 2, 0.25 - 1e-12, 0.25 + 1e-12), 2, "0.25 ±1.0e-12"),
    ],
    ids=str,
)
def test_an_estimate_is_rounded_to_what_is_known_of_it(estimate, of, text):
    assert show_estimate(estimate, of) == text


def test_the_objective_of_different_losses_is_shown_without_a_best_end(losses):
    table = make_table(group_of(losses), columns=["objective"])
    assert table.heads[-1] == "objective"
    assert [row.cells[-1].is_best for row in table.rows if row.kind == "candidate"] == [False] * 3
    assert table.measures[-1].better is None


def test_a_setting_that_differs_within_a_row_is_shown_with_its_values(write_run, tmp_path):
    for loss, seeds in (("mse", 6), ("mae", 3)):
        for seed in range(seeds):
            write_run(seed=seed, set=[f"loss.name={loss}"])
    group = group_of(tmp_path / "runs")
    assert texts(make_table(group, columns=["loss", "seed"]), "seed")[:2] == ["0, 1, 2, 3 and 2 more", "0, 1, 2"]
    assert [row.cells[1].text for row in make_table(group, columns=["loss", "seed"], fold=False).rows[:3]] == [
        "0",
        "1",
        "2",
    ]


def test_rows_get_their_labels_where_the_settings_do_not_tell_them_apart(losses):
    group = group_of(losses)
    table = with_labels(make_table(group, columns=["data.validation", "mse"]))
    assert (table.heads, table.keys) == (
        ("config", "data.validation", "n", "mse ↓"),
        ("label", "data.validation", "n", "test.mse"),
    )
    assert [row.cells[0].text for row in table.rows] == ["mse", "huber", "mae", "mean image", "pca 32"]
    assert with_labels(make_table(group)) == make_table(group)
    alone = with_labels(make_table(group_of(losses, where=["loss.name=mae"])))
    assert [row.cells[0].text for row in alone.rows] == ["fake", "mean image", "pca 32"]
