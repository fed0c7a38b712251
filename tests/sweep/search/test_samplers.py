"""A search in the terms of Optuna."""

import pytest
from fake_searches import LR
from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

from aecli.sweep.planning.distributions import Choice, LogUniform, LogWhole, Uniform, Whole
from aecli.sweep.planning.document import load_sweep
from aecli.sweep.search.samplers import from_optuna, to_optuna


@pytest.mark.parametrize(
    ("space", "expected"),
    [
        (Uniform(uniform=(0, 1)), FloatDistribution(0.0, 1.0)),
        (LogUniform(log_uniform=(1e-5, 1e-2)), FloatDistribution(1e-5, 1e-2, log=True)),
        (Whole(int=(2, 9)), IntDistribution(2, 9)),
        (LogWhole(log_int=(2, 512)), IntDistribution(2, 512, log=True)),
        (Choice(choice=["mse", {"name": "huber"}]), CategoricalDistribution((0, 1))),
    ],
    ids=["uniform", "log_uniform", "int", "log_int", "choice"],
)
def test_a_space_is_optunas(space, expected):
    assert to_optuna(space) == expected


def test_a_choice_gives_back_its_section(write_search):
    space = {"loss": {"choice": ["mse", {"name": "huber", "delta": 0.1}]}, LR: {"uniform": [0.001, 0.01]}}
    search = load_sweep(str(write_search(space=space)))[0].search
    assert from_optuna(search, {"loss": 1, LR: 0.5}) == {"loss": {"name": "huber", "delta": 0.1}, LR: 0.5}
