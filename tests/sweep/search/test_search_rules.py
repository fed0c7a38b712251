"""What a search may ask for: everything else is refused before anything runs."""

import subprocess
import sys

import pytest
from fake_searches import CODE, LR

from aecli.errors import ConfigError
from aecli.sweep.planning.document import load_sweep
from aecli.sweep.search.search_rules import plan_search


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (
            {"more": {"grid": {"loss": ["mse"]}}},
            "grid: cannot be combined with search; put what it varies into search.space",
        ),
        (
            {"base": {"data": {"validation": "test"}}},
            "data.validation: is the test split here, and a search must not look at it; hold out training images: "
            "data.validation: 5000",
        ),
        (
            {"sampler": "cmaes", "objective": ["validation.mse", "train_s"]},
            "search.sampler: cmaes has one objective; for several use nsga2 or tpe",
        ),
        (
            {"sampler": "cmaes", "space": {LR: {"uniform": [0.1, 1]}, CODE: {"choice": ["relu", "linear"]}}},
            f"search.sampler: cmaes searches numbers, and {CODE} is a choice; use tpe",
        ),
        (
            {"sampler": "cmaes", "space": {LR: {"uniform": [0.1, 1]}}},
            "search.sampler: cmaes needs two numbers at least; use tpe",
        ),
        (
            {"pruner": "median", "objective": ["validation.mse", "train_s"]},
            "search.pruner: with several objectives no trial is worse than the median; use pruner: none",
        ),
        (
            {"pruner": "median", "seeds": 3},
            "search.pruner: a pruner watches one run, and each setting has 3 seeds; use one seed, or pruner: none",
        ),
        (
            {"pruner": "median", "objective": "validation.ssim"},
            "search.pruner: ssim is not measured after every epoch; set evaluation.select: ssim in the base, or use "
            "pruner: none",
        ),
        (
            {"objective": "validation.ssim"},
            "search: objective validation.ssim: is measured by the suite reconstruction; add it to evaluation.suites "
            "of the base",
        ),
        ({"objective": ["validation.mse", "validation.mse"]}, "search: objective validation.mse: is named twice"),
        ({"space": {"seed": {"int": [0, 9]}}}, "search.space.seed: seeds are an axis of their own: seeds: 0-9"),
        (
            {"space": {LR: {"uniform": [-1, 1]}}},
            f"optimization.optimizer.lr: must be > 0, got -1.0 (first in the trial {LR}=-1)",
        ),
        ({"space": {"loss": {"choice": ["mse", "hubber"]}}}, 'unknown "hubber"; did you mean "huber"?'),
    ],
    ids=[
        "grid",
        "validation is test",
        "cmaes",
        "cmaes choice",
        "cmaes one",
        "pruner front",
        "pruner seeds",
        "pruner ssim",
        "ssim unmeasured",
        "twice",
        "seed",
        "range",
        "choice",
    ],
)
def test_what_cannot_be_searched_is_refused_before_anything_runs(write_search, asked, expected):
    with pytest.raises(ConfigError) as caught:
        plan_search(*load_sweep(str(write_search(**asked))))
    assert expected in str(caught.value)


@pytest.mark.parametrize("package", ["optuna", "cmaes"])
def test_a_missing_extra_is_named(write_search, package):
    file = write_search(sampler="cmaes")
    code = (
        f"import sys; sys.modules[{package!r}] = None\n"
        f"sys.argv = ['aecli', 'sweep', '--config', {str(file)!r}, '--plan']\n"
        "from aecli.cli import main; main()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=file.parent)
    assert (done.returncode, done.stderr) == (
        2,
        f"error: search needs the package {package}: pip install 'aecli[optuna]'\n",
    )


def test_the_shipped_search_can_be_begun():
    asked, document, path = load_sweep("search.yaml")
    assert plan_search(asked, document, path).trials == ()
    assert (asked.search.pruner, asked.search.objective) == ("median", ["validation.mse"])
