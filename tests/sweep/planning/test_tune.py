"""`tune` of a sweep as it is written."""

import pytest
from pydantic import ValidationError

from aecli.sweep.planning.tune import FIRST_SEED, Tune

LR = "optimization.optimizer.lr"
RANGE = {"log_uniform": [3e-4, 3e-2]}


@pytest.mark.parametrize(
    ("written", "seeds"), [(2, [FIRST_SEED, FIRST_SEED + 1]), ("7-8", [7, 8]), ([3], [3]), ("4", [4])]
)
def test_a_number_of_seeds_takes_those_that_nothing_else_uses(written, seeds):
    assert Tune.model_validate({LR: RANGE, "seeds": written}).seeds == seeds


def test_more_seeds_keep_those_that_were_there():
    few, many = (Tune.model_validate({LR: RANGE, "seeds": number}).seeds for number in (2, 5))
    assert many[:2] == few


def test_every_other_key_is_one_of_the_config():
    tune = Tune.model_validate({LR: RANGE, "loss": {"choice": ["mse"]}, "trials": 3})
    assert list(tune.space) == [LR, "loss"] and tune.space[LR].bounds == (3e-4, 3e-2)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ({"trials": 2}, "names nothing to tune; add a key with its distribution, such as optimization.optimizer.lr"),
        (
            {LR: RANGE, "trails": 2},
            'unknown "trails"; did you mean "trials"? keys: trials, seeds, objective, curve, or one of',
        ),
        ({LR: {"normal": [0, 1]}}, "expected one of {uniform: [low, high]}"),
        ({LR: RANGE, "trials": 0}, "greater than or equal to 1"),
    ],
    ids=["nothing", "a typo", "no distribution", "no trials"],
)
def test_what_is_no_tuning_is_refused(text, message):
    with pytest.raises(ValidationError) as caught:
        Tune.model_validate(text)
    assert message in str(caught.value)
