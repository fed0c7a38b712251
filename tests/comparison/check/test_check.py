"""Conditions on a run: what holds, what does not, what cannot be asked."""

import json
import random

import pytest

from aecli.comparison.check.check import check, show
from aecli.errors import UsageError


def lines(*arguments, **options):
    return check(*arguments, **options).lines


def refusal(*arguments, **options):
    with pytest.raises(UsageError) as refused:
        check(*arguments, **options)
    return str(refused.value)


@pytest.fixture
def run(write_run):
    """A run with a few metrics and two suites."""
    suites = {
        "test": {
            "denoising": {
                "protocol": 1,
                "skill": 0.5,
                "kinds": {"gaussian 0.3": {"mse": {"model": 0.04}}, "gaussian 0": {"3": {"mse": {"model": 9.0}}}},
            },
            "features": {"protocol": 1, "code": {"linear_probe": {"accuracy": 0.91}}},
            "generalization": {"protocol": 1, "skill": None},
            "compression": {"protocol": 1, "skipped": "no coder\x1b[31m here"},
        }
    }
    return write_run(
        test={"mse": 0.007881, "ssim": 0.9},
        validation={"mse": 0.0079},
        suites=suites,
        summary={"parameters": 222384, "selected_by": "validation.mse", "code": {"units": 32}},
    )


def test_a_line_per_condition_with_the_measured_value_and_how_many_hold(run):
    checked = check(run, ["test.mse<=0.009", "mse<=0.007", "features.linear_probe > 90%"])
    assert checked.lines == [
        "ok    test.mse <= 0.009: 0.007881",
        "FAIL  test.mse <= 0.007: 0.007881",
        "ok    features.linear_probe > 90%: 0.91",
        "2 of 3 conditions hold",
    ]
    assert [one.condition for one in checked.failed] == ["test.mse <= 0.007"]


@pytest.mark.parametrize(
    ("assertion", "line"),
    [
        ("test.mse < baselines.pca_32.test.mse", "ok    test.mse < baselines.pca_32.test.mse: 0.007881 and 0.0168"),
        ("test.mse>=validation.mse", "FAIL  test.mse >= validation.mse: 0.007881 and 0.0079"),
        ("denoising.kinds.gaussian 0.3.mse.model<=0.04", "ok    denoising.kinds.gaussian 0.3.mse.model <= 0.04: 0.04"),
        ("suites.test.denoising.skill==0.5", "ok    suites.test.denoising.skill == 0.5: 0.5"),
        ("parameters!=222384", "FAIL  parameters != 222384: 222384"),
        ("code.units==32", "ok    code.units == 32: 32"),
        ("train_s<1", "FAIL  train_s < 1: 1"),
        ("objective<0.02", "ok    objective < 0.02: 0.0158"),
    ],
)
def test_any_number_of_the_summary_can_be_named(run, assertion, line):
    assert lines(run, [assertion])[0] == line


def test_conditions_agree_with_pythons_own_comparison(write_run):
    values = {"a": 0.0, "b": -1.5, "c": 1e-9, "d": 3, "e": 0.1 + 0.2, "f": 0.3}
    path = write_run(summary={"given": values})
    chance = random.Random(1)
    expressions, expected = [], []
    for _ in range(1000):
        name, other = chance.choice(list(values)), chance.choice(list(values))
        op = chance.choice(["<=", "<", ">=", ">", "==", "!="])
        number = chance.choice(
            [repr(values[other]), f"{chance.gauss(0, 2):.3g}", repr(values[name] + chance.choice((-1e-16, 1e-16)))]
        )
        right, means = chance.choice(
            [(f"given.{other}", repr(values[other])), (number, number), (f"{number}%", f"({number} / 100)")]
        )
        space = chance.choice(["", " "])
        expressions.append(f"given.{name}{space}{op}{space}{right}")
        expected.append(eval(f"{values[name]!r} {op} {means}"))  # ours, from above
    assert 300 < sum(expected) < 700
    assert [outcome.holds for outcome in check(path, expressions).outcomes] == expected


@pytest.mark.parametrize(
    ("value", "limit", "shown"),
    [
        (0.0078812, 0.009, ["0.007881", "0.009"]),
        (0.0090000001, 0.009, ["0.0090000001", "0.009"]),
        (0.3, 0.1 + 0.2, ["0.29999999999999999", "0.30000000000000004"]),
        (50.0, 50.0, ["50", "50"]),
        (123456.0, 123457.0, ["123456", "123457"]),
        (None, 1.0, ["no finite number", "1"]),
    ],
)
def test_as_many_digits_are_shown_as_tell_the_numbers_apart(value, limit, shown):
    assert show(value, limit) == shown


@pytest.mark.parametrize("op", ["<=", "<", ">=", ">", "==", "!="])
@pytest.mark.parametrize("text", ["null", "NaN", "Infinity"])
def test_no_condition_holds_for_what_is_no_finite_number(run, op, text):
    summary = run / "summary.json"
    summary.write_text(summary.read_text().replace("0.007881", text))
    assert lines(run, [f"mse{op}0", f"validation.mse{op}mse"]) == [
        f"FAIL  test.mse {op} 0: no finite number",
        f"FAIL  validation.mse {op} test.mse: 0.0079 and no finite number",
        "0 of 2 conditions hold",
    ]
    assert lines(run, baseline=run)[0] == (
        "FAIL  test.mse at most 0 % worse than the baseline: no finite number, baseline no finite number, limit no finite number"
    )


def test_an_objective_that_is_no_number_holds_nothing(write_run):
    path = write_run(records=[{"epoch": 0, "objective": 0.1}, {"epoch": 1, "objective": float("nan")}])
    assert lines(path, ["objective!=0"])[0] == "FAIL  objective != 0: no finite number"


@pytest.mark.parametrize(
    ("assertion", "message"),
    [
        ("test.msee<=1", 'metric "test.msee"; did you mean "test.mse"? measured in these runs: test.mse, test.ssim, '),
        (
            "features.linear_prob>0",
            'metric "features.linear_prob"; did you mean "features.linear_probe"? measured in these runs: ',
        ),
        ("selected_by==1", 'metric "selected_by" is no number: validation.mse'),
        ("denoising.kinds<=1", 'metric "denoising.kinds" is not one number but several: gaussian 0.3, gaussian 0'),
    ],
)
def test_what_was_not_measured_is_refused(run, assertion, message):
    assert refusal(run, [assertion]).startswith(message)


def test_a_refusal_tells_how_a_suite_is_measured_or_why_it_was_skipped(run):
    assert refusal(run, ["robustness.skill>0"]).endswith("; measure it with: aecli evaluate RUN --suite robustness")
    assert refusal(run, ["compression.skill>0"]).endswith("; the suite compression was skipped: no coder\\x1b[31m here")


def test_a_path_that_leads_on_from_a_number_or_nowhere_is_not_measured(run):
    for name in ("test.mse.mse", "test..mse", "test.", "schema.", "a" + ".a" * 200):
        assert refusal(run, [f"{name}<1"]).startswith(f'metric "{name}";')


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {},
            "nothing to check; give a condition such as --assert 'test.mse<=0.009', or a run to hold it against: --baseline RUN",
        ),
        (
            {"tolerance": "2%"},
            "nothing to check; give a condition such as --assert 'test.mse<=0.009', or a run to hold it against: --baseline RUN",
        ),
        (
            {"assertions": ["mse<1"], "tolerance": "2%"},
            "--tolerance is how much worse than a baseline the run may be; it needs --baseline RUN",
        ),
    ],
    ids=["nothing", "only a tolerance", "tolerance without baseline"],
)
def test_a_call_that_asks_for_nothing_is_refused(run, options, message):
    assert refusal(run, **options) == message


def test_a_metric_alone_needs_a_baseline(run):
    assert refusal(run, ["mse<1", "ssim"]).startswith(
        '--assert "ssim": a metric alone is held against a --baseline RUN; without one, write METRIC OP'
    )


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
    (outcome,) = check(path, [name], baseline=other, tolerance="1%").outcomes
    assert outcome.holds is holds


@pytest.mark.parametrize(
    ("assertions", "conditions"),
    [
        ([], ["test.mse at most 0 % worse than the baseline"]),
        (
            ["ssim>0", "ssim<=test.mse"],
            ["test.ssim > 0", "test.ssim <= test.mse", "test.ssim at most 0 worse than the baseline"],
        ),
        (["epochs==50", "validation.mse"], ["epochs == 50", "validation.mse at most 0 % worse than the baseline"]),
    ],
    ids=["test mse", "those of the conditions", "those alone"],
)
def test_what_goes_against_the_baseline(run, assertions, conditions):
    assert [one.condition for one in check(run, assertions, baseline=run).outcomes] == conditions


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
        f"{split}.mse: measured on {counts[split]} images, for the baseline on 60; numbers of different data cannot be compared"
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


def test_a_run_that_is_not_complete_is_refused_with_the_reason(write_run, tmp_path):
    assert (
        refusal(tmp_path / "none", ["mse<1"])
        == f"{tmp_path / 'none'}: no such folder; `ls runs` shows the runs there are"
    )
    assert refusal(tmp_path, ["mse<1"]) == f"{tmp_path}: is no run folder: it has no config.yaml and status.json"
    path = write_run(status="diverged")
    assert refusal(path, ["mse<1"]) == f"{path}: diverged, epoch 50 of 50"
    assert refusal(write_run(), baseline=path) == f"{path}: diverged, epoch 50 of 50"
    path = write_run()
    (path / "summary.json").write_text('{"schema": 2}')
    assert refusal(path, ["mse<1"]) == f"{path}: summary.json has schema 2, and this aecli knows 1"
    (path / "summary.json").write_text("{")
    assert refusal(path, ["mse<1"]) == f"{path}: summary.json is damaged; write it anew with: aecli resume"


def test_a_folder_with_one_run_is_that_run_and_one_with_more_is_refused(write_run, tmp_path):
    path = write_run()
    assert check(tmp_path / "runs", ["mse<1"]).run == path
    second = write_run()
    assert (
        refusal(tmp_path / "runs", ["mse<1"])
        == f"{tmp_path / 'runs'}: has 2 runs; a check is about one, such as {second}"
    )


def test_the_answer_for_machines_says_the_same(run):
    checked = check(run, ["mse<=0.009", "generalization.skill>0", "mse"], baseline=run, tolerance="2%")
    keys = ("condition", "metric", "op", "value", "limit", "holds", "measured")
    of_baseline = "test.mse at most 2 % worse than the baseline"
    assert json.loads(json.dumps(checked.plain(), allow_nan=False)) == {
        "schema": 1,
        "run": str(run),
        "baseline": str(run),
        "tolerance": {"size": 0.02, "is_relative": True},
        "holds": False,
        "conditions": [
            dict(zip(keys, values, strict=True))
            for values in [
                ("test.mse <= 0.009", "test.mse", "<=", 0.007881, 0.009, True, "0.007881"),
                ("generalization.skill > 0", "generalization.skill", ">", None, 0.0, False, "no finite number"),
                (
                    of_baseline,
                    "test.mse",
                    "<=",
                    0.007881,
                    pytest.approx(0.00803862),
                    True,
                    "0.007881, baseline 0.007881, limit 0.008039",
                ),
            ]
        ],
    }
    assert check(run, ["mse<1"]).plain()["tolerance"] is None


def test_four_small_files_are_enough_for_a_baseline(run, tmp_path):
    kept = tmp_path / "kept"
    kept.mkdir()
    for name in ("config.yaml", "status.json", "environment.json", "summary.json"):
        (kept / name).write_bytes((run / name).read_bytes())
    assert not check(run, ["mse<=0.009", "ssim"], baseline=kept).failed


def test_a_tolerance_is_told_on_the_scale_of_the_metric(write_run):
    path = write_run(test={"mse": 0.01, "psnr_db": 20.0, "ssim": 0.9})
    assert [
        one.condition for one in check(path, ["mse", "psnr_db", "ssim"], baseline=path, tolerance="2%").outcomes
    ] == [
        "test.mse at most 2 % worse than the baseline",
        "test.psnr_db at most 0.086 dB worse than the baseline",
        "test.ssim at most 0.02 worse than the baseline",
    ]
