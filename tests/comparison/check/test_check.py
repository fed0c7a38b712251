"""Conditions on a run: what holds, what does not, what cannot be asked."""

import random

import pytest
from checked_run import write_checked_run

from aecli.comparison.check.check import check
from aecli.comparison.check.check_words import check_lines
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
    assert [one.holds for one in check(path, expressions).conditions] == expected


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
        "FAIL  test.mse at most 0 % worse than the baseline: no finite number, "
        "baseline no finite number, limit no finite number"
    )


def test_an_objective_that_is_no_number_holds_nothing(write_run):
    path = write_run(records=[{"epoch": 0, "objective": 0.1}, {"epoch": 1, "objective": float("nan")}])
    assert lines(path, ["objective!=0"])[0] == "FAIL  objective != 0: no finite number"


NOTHING = (
    "nothing to check; give a condition such as --assert 'test.mse<=0.009', or a run to hold it against: --baseline RUN"
)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {},
            NOTHING,
        ),
        (
            {"tolerance": "2%"},
            NOTHING,
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
    assert [one.condition for one in check(run, assertions, baseline=run).conditions] == conditions
