"""A check in words and as JSON."""

import json

import pytest
from checked_run import write_checked_run

from aecli.comparison.check.check import check
from aecli.comparison.check.check_words import check_json, check_lines, show_numbers


@pytest.fixture
def run(write_run):
    """A run with a few metrics and two suites."""
    return write_checked_run(write_run)


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
    assert show_numbers(value, limit) == shown


def test_a_line_per_condition_with_the_measured_value_and_how_many_hold(run):
    checked = check(run, ["test.mse<=0.009", "mse<=0.007", "features.linear_probe > 90%"])
    assert check_lines(checked) == [
        "ok    test.mse <= 0.009: 0.007881",
        "FAIL  test.mse <= 0.007: 0.007881",
        "ok    features.linear_probe > 90%: 0.91",
        "2 of 3 conditions hold",
    ]
    assert [one.condition for one in checked.failed] == ["test.mse <= 0.007"]


def test_the_answer_for_machines_says_the_same(run):
    checked = check(run, ["mse<=0.009", "generalization.skill>0", "mse"], baseline=run, tolerance="2%")
    keys = ("condition", "metric", "op", "value", "limit", "holds", "measured")
    of_baseline = "test.mse at most 2 % worse than the baseline"
    assert json.loads(json.dumps(check_json(checked), allow_nan=False)) == {
        "schema": 1,
        "run": str(run),
        "baseline": str(run),
        "baselines": [str(run)],
        "tolerance": {"size": 0.02, "is_relative": True},
        "holds": False,
        "notes": [
            "test.mse: one baseline run has no spread; where seeds spread by 3.5 to 4.7 % of the error, a run with "
            "another seed and nothing else fails in 34 to 38 %; name several seeds of it, --baseline A --baseline B"
        ],
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
    assert check_json(check(run, ["mse<1"]))["tolerance"] is None
