"""A run beside a baseline: how much worse it may be, and what is never compared."""

from math import sqrt
from statistics import mean, stdev

import numpy as np
import pytest
from checked_run import write_checked_run
from scipy.stats import t

from aecli.comparison.check.against_baseline import at_most_worse, hold_against
from aecli.comparison.check.alarms import refer, typical_alarm_rates
from aecli.comparison.check.assertions import parse_tolerance
from aecli.comparison.check.check import check
from aecli.comparison.check.check_words import check_lines
from aecli.comparison.check.one_run import read_one
from aecli.comparison.evidence.measures import measure
from aecli.errors import UsageError


@pytest.fixture
def run(write_run):
    """A run with a few metrics and two suites."""
    return write_checked_run(write_run)


def lines(*arguments, **options):
    return check_lines(check(*arguments, **options))


def refusal(*arguments, **options):
    with pytest.raises(UsageError) as refused:
        check(*arguments, **options)
    return str(refused.value)


@pytest.mark.parametrize(
    ("mse", "tolerance", "line"),
    [
        (0.0082, "2%", "FAIL  test.mse at most 2 % worse than the baseline: 0.0082, baseline 0.008, limit 0.00816"),
        (0.00815, "2%", "ok    test.mse at most 2 % worse than the baseline: 0.00815, baseline 0.008, limit 0.00816"),
        (
            0.0084,
            "0.0005",
            "ok    test.mse at most 0.0005 worse than the baseline: 0.0084, baseline 0.008, limit 0.0085",
        ),
        (
            0.0086,
            "0.0005",
            "FAIL  test.mse at most 0.0005 worse than the baseline: 0.0086, baseline 0.008, limit 0.0085",
        ),
        (0.008, None, "ok    test.mse at most 0 % worse than the baseline: 0.008, baseline 0.008, limit 0.008"),
        (
            0.00800001,
            None,
            "FAIL  test.mse at most 0 % worse than the baseline: 0.00800001, baseline 0.008, limit 0.008",
        ),
        (0.001, None, "ok    test.mse at most 0 % worse than the baseline: 0.001, baseline 0.008, limit 0.008"),
    ],
)
def test_a_run_may_be_so_much_worse_than_the_baseline(write_run, mse, tolerance, line):
    path, baseline = write_run(test={"mse": mse}), write_run(test={"mse": 0.008})
    assert lines(path, baseline=baseline, tolerance=tolerance)[0] == line


@pytest.mark.parametrize(
    ("name", "value", "baseline", "holds"),
    [
        ("ssim", 0.8901, 0.9, True),
        ("ssim", 0.8899, 0.9, False),
        ("ssim", 0.99, 0.9, True),
        ("psnr_db", -10.04, -10.0, True),
        ("psnr_db", -10.05, -10.0, False),
        ("psnr_db", 19.957, 20.0, True),
        ("psnr_db", 19.95, 20.0, False),
        ("mse", 0.0, 0.0, True),
        ("mse", 1e-9, 0.0, False),
    ],
)
def test_worse_depends_on_the_metric_and_one_percent_is_on_its_scale(write_run, name, value, baseline, holds):
    path, other = write_run(test={name: value}), write_run(test={name: baseline})
    (condition,) = check(path, [name], baseline=other, tolerance="1%").conditions
    assert condition.holds is holds


def test_what_nobody_knows_the_direction_of_is_refused(run):
    message = (
        "epochs: nobody knows whether more or less of it is better, so it cannot be held against a baseline; "
        "name what can, for example --assert test.mse"
    )
    assert refusal(run, ["epochs==50"], baseline=run) == message


def environment_with(**changes):
    data = {
        "dataset": "mnist",
        "sha256": "fe4f6dc3",
        "images": {"train": 55000, "validation": 5000, "test": 10000},
        "scaling": {"kind": "bytes", "divide_by": 255},
    }
    return {"data": {**data, **changes}}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"dataset": "fashion_mnist", "sha256": "0"},
            "fashion_mnist, 10,000 test images; the run on mnist, 10,000 test images",
        ),
        ({"images": {"test": 500}}, "mnist, 500 test images; the run on mnist, 10,000 test images"),
        ({"sha256": "0"}, "mnist, 10,000 test images, with other content or scaling than the run"),
        ({"scaling": {"kind": "minmax"}}, "mnist, 10,000 test images, with other content or scaling than the run"),
    ],
    ids=["another data set", "fewer test images", "another content", "another scaling"],
)
def test_runs_of_different_data_are_never_compared(write_run, changes, words):
    path, other = write_run(), write_run(environment=environment_with(**changes))
    assert (
        refusal(path, baseline=other)
        == f"--baseline {other}: was judged on {words}; numbers of different data cannot be compared"
    )


@pytest.mark.parametrize("split", ["train", "validation"])
def test_a_split_of_another_size_is_other_data(write_run, split):
    images = {"train": 55000, "validation": 5000, "test": 10000} | {split: 60}
    path, other = write_run(), write_run(environment=environment_with(images=images))
    counts = {"train": 55000, "validation": 5000}
    assert refusal(path, [f"{split}.mse"], baseline=other) == (
        f"{split}.mse: measured on {counts[split]} images, for the baseline on 60; "
        "numbers of different data cannot be compared"
    )
    assert not check(path, ["test.mse"], baseline=other).failed


def test_suites_of_different_protocols_are_never_compared(write_run):
    path, other = (write_run(suites={"test": {"denoising": {"protocol": version, "skill": 0.5}}}) for version in (2, 1))
    assert refusal(path, ["denoising.skill"], baseline=other) == (
        "denoising.skill: measured with version 2 of the protocol, for the baseline with version 1; "
        "measure the older one anew with: aecli evaluate RUN --suite denoising"
    )
    assert not check(path, ["denoising.skill"], baseline=path).failed


def test_a_metric_that_the_baseline_lacks_is_refused(run, write_run):
    other = write_run()
    assert refusal(run, ["ssim"], baseline=other).startswith(f'--baseline {other}: metric "ssim";')


def test_objectives_of_different_losses_are_never_compared(write_run):
    path, other = write_run(), write_run(set=["loss.name=mae"])
    assert refusal(path, ["objective"], baseline=other).startswith(
        "objective: these runs minimized 2 different objectives (mae, mse), "
    )
    assert not check(path, ["objective"], baseline=path).failed


def test_four_small_files_are_enough_for_a_baseline(run, tmp_path):
    kept = tmp_path / "kept"
    kept.mkdir()
    for name in ("config.yaml", "status.json", "environment.json", "summary.json"):
        (kept / name).write_bytes((run / name).read_bytes())
    assert not check(run, ["mse<=0.009", "ssim"], baseline=kept).failed


def test_a_tolerance_is_told_on_the_scale_of_the_metric(write_run):
    path = write_run(test={"mse": 0.01, "psnr_db": 20.0, "ssim": 0.9})
    assert [
        one.condition for one in check(path, ["mse", "psnr_db", "ssim"], baseline=path, tolerance="2%").conditions
    ] == [
        "test.mse at most 2 % worse than the baseline",
        "test.psnr_db at most 0.086 dB worse than the baseline",
        "test.ssim at most 0.02 worse than the baseline",
    ]


def test_each_metric_gets_a_condition_in_the_order_of_the_names(write_run):
    run, baseline = (read_one(write_run(test={"mse": mse, "ssim": 0.9})) for mse in (0.009, 0.008))
    found = hold_against(run, [baseline], ["ssim", "mse"], parse_tolerance("1%"))
    assert [(one.metric, one.op, one.holds) for one in found] == [("test.ssim", ">=", True), ("test.mse", "<=", False)]


def test_of_several_seeds_the_limit_is_where_a_new_run_may_be_and_the_tolerance_beside_it(write_run):
    values = [0.0080, 0.0082, 0.0079, 0.0083, 0.0081]
    baselines = [write_run(seed=seed, test={"mse": value}) for seed, value in enumerate(values)]
    path = write_run(seed=9, test={"mse": 0.0084})
    reach = t.ppf(0.95, 4) * stdev(values) * sqrt(1 + 1 / 5)
    (condition,) = check(path, baseline=baselines, tolerance="2%").conditions
    assert condition.limit == pytest.approx(mean(values) * 1.02 + reach)
    assert lines(path, baseline=baselines, tolerance="2%") == [
        "ok    test.mse at most 2 % worse than the baseline: 0.0084, mean of 5 baseline runs 0.0081, limit 0.008631",
        "note  test.mse: the limit is 0.000369 beyond the tolerance, by the spread of 5 seeds; "
        "an unchanged run fails in 1.9 %, by the tolerance alone it would in 20 %",
        "1 of 1 conditions hold",
    ]


def test_what_is_better_when_higher_may_be_lower_by_as_much(write_run):
    baselines = [write_run(seed=seed, test={"ssim": value}) for seed, value in enumerate([0.90, 0.91, 0.92])]
    reach = t.ppf(0.95, 2) * 0.01 * sqrt(4 / 3)
    (condition,) = check(write_run(test={"ssim": 0.9}), ["ssim"], baseline=baselines).conditions
    assert (condition.op, condition.limit) == (">=", pytest.approx(0.91 - reach))


@pytest.mark.parametrize(("seeds", "metrics"), [(2, 1), (3, 3), (10, 1)])
def test_an_unchanged_run_fails_in_five_percent_at_most(seeds, metrics):
    """By any of the metrics, whatever the tolerance; with 1,000 simulations 5 % are known to .7."""
    rng = np.random.default_rng(seeds)
    mse, rope = measure("test.mse"), parse_tolerance("0%")
    failed = 0
    for _ in range(1_000):
        values = 1 + 0.035 * rng.normal(size=(metrics, seeds + 1))
        failed += any(not at_most_worse(mse, row[0], refer(row[1:]), rope, metrics).holds for row in values.tolist())
    assert failed / 1_000 <= 0.05 + 3 * sqrt(0.05 * 0.95 / 1_000)


def test_the_false_alarm_rate_of_single_runs_is_the_one_of_a_simulation():
    rng = np.random.default_rng(0)
    for sd, rate in zip((0.035, 0.047), typical_alarm_rates(0.02, 1.0, "ratio"), strict=True):
        run, baseline = 1 + sd * rng.normal(size=(2, 100_000))
        assert rate == pytest.approx(np.mean(run > baseline + 0.02), abs=0.005)
