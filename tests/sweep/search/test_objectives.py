"""What a search may optimize, and what a run has of it."""

import pytest

from aecli.errors import ConfigError
from aecli.sweep.planning.document import load_sweep
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
            "objective train.mse: a search that looks at the training split rewards learning by heart; use validation.mse",
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
