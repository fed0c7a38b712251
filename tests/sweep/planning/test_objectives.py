"""What a search may optimize, and what a run has of it."""

import pytest

from aecli.errors import ConfigError
from aecli.runs.folder import RunFolder
from aecli.sweep.planning.document import load_sweep
from aecli.sweep.planning.objectives import better, measured_by, metric_of, refuse_objective
from aecli.sweep.search.search_rules import plan_search

HONEST = "a search that looks at the test split has no honest number left"


@pytest.mark.parametrize(
    ("objective", "expected"),
    [
        ("test.mse", f"objective test.mse: {HONEST}; use validation.mse"),
        ("mse", f"objective mse: {HONEST}; use validation.mse"),
        ("test.ssim", f"objective test.ssim: {HONEST}; use validation.ssim"),
        ("test.features.linear_probe", f"objective test.features.linear_probe: {HONEST}; use validation.mse"),
        (
            "train.mse",
            "objective train.mse: a search that looks at the training split rewards learning by heart; use "
            "validation.mse",
        ),
        ("validation.sim", 'objective validation.sim: unknown "validation.sim"; did you mean "validation.ssim"?'),
    ],
)
def test_an_objective_that_is_no_honest_one_is_refused_where_it_stands(write_search, objective, expected):
    file = write_search(objective=objective)
    line = next(number for number, text in enumerate(file.read_text().splitlines(), 1) if "objective" in text)
    with pytest.raises(ConfigError) as caught:
        plan_search(*load_sweep(str(file)))
    assert str(caught.value).startswith(f"{file}:{line}:14: search: {expected}")
    assert caught.value.exit_code == 2 and not (file.parent / "found").exists()


@pytest.mark.parametrize(
    ("objective", "metric", "direction"),
    [("validation.mse", "mse", "lower"), ("validation.ssim", "ssim", "higher"), ("train_s", "train_s", "lower")],
)
def test_an_objective_knows_its_metric_and_its_direction(objective, metric, direction):
    assert (metric_of(objective), better(objective), refuse_objective(objective)) == (metric, direction, "")


def test_what_a_run_has_is_that_of_the_epoch_that_was_judged(tmp_path):
    (tmp_path / "metrics.jsonl").write_text(
        '{"epoch": 1, "validation": {"mse": 0.1}}\n{"epoch": 2, "validation": {"mse": 0.2}}\n'
    )
    (tmp_path / "summary.json").write_text('{"judged_epoch": 1, "train_s": 3.0, "validation": {"ssim": 0.5}}')
    assert measured_by(RunFolder(tmp_path)) == {"mse": 0.1, "ssim": 0.5, "train_s": 3.0}
