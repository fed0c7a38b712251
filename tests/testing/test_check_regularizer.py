"""The rules of regularizers: each one that is broken is told."""

import pytest
from own_components import own

from aecli.components.regularization import REGULARIZERS, regularizer
from aecli.components.regularization.promises import Promise
from aecli.testing.regularizers import check_regularizer


def halve(model, amount):
    for parameter in model.parameters():
        parameter.mul_(0.5)


BROKEN_REGULARIZERS = {
    "one value per image": (
        {"acts": "penalty", "weight": 1.0},
        lambda moment: moment.code_BL.mean(1),
        "has the shape (6,)",
    ),
    "no tensor": ({"acts": "penalty", "weight": 1.0}, lambda moment: 0.0, "its value has float"),
    "no gradient": (
        {"acts": "penalty", "weight": 1.0},
        lambda moment: moment.code_BL.detach().mean(),
        "has no gradient, so it would change nothing",
    ),
    "raises": ({"acts": "penalty", "weight": 1.0}, lambda moment: moment.nothing, "cannot be computed on a network"),
    "not finite": ({"acts": "penalty", "weight": 1.0}, lambda moment: moment.code_BL.mean() / 0.0, "its value is inf"),
    "a step of size 0": (
        {"acts": "step", "weight": 1.0, "step": halve},
        lambda moment: sum(one.square().sum() for one in moment.model.parameters()),
        "a step of size 0 changes the weights",
    ),
    "a step that raises it": (
        {
            "acts": "step",
            "weight": 1.0,
            "step": lambda model, amount: [one.mul_(1 + amount) for one in model.parameters()],
        },
        lambda moment: sum(one.square().sum() for one in moment.model.parameters()),
        "a step does not lower its value",
    ),
    "another shape": ({"acts": "hidden"}, lambda model, h: h[:, :3], "in training it makes (7, 3)"),
    "in place": ({"acts": "code"}, lambda model, h: h.mul_(2.0), "in training it changes the activations in place"),
    "a sum over the batch": (
        {"acts": "penalty", "weight": 1.0},
        lambda moment: moment.code_BL.abs().sum(),
        "its value depends on the size of the batch: the same images 8 times over give 8 times as much",
    ),
    "a square root of the batch": (
        {"acts": "penalty", "weight": 1.0},
        lambda moment: moment.code_BL.norm(),
        "the same images 8 times over give 2.83 times as much",
    ),
    "unknown suite": (
        {"acts": "penalty", "weight": 1.0, "promises": (Promise("peace", "harmony", "peace"),)},
        lambda moment: moment.code_BL.mean(),
        'it promises "peace" by the suite harmony, which is not registered',
    ),
    "a promise that nothing measures": (
        {"acts": "penalty", "weight": 1.0, "promises": (Promise("peace"),)},
        lambda moment: moment.code_BL.mean(),
        "says nothing that measures it",
    ),
}


@pytest.mark.parametrize("case", BROKEN_REGULARIZERS)
def test_a_regularizer_that_breaks_a_rule_is_told_which(problems, case):
    facts, function, message = BROKEN_REGULARIZERS[case]
    found = problems(check_regularizer, REGULARIZERS, regularizer(**facts), own(function))
    assert any(message in one for one in found), found


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ({"acts": "weights", "weight": 1.0}, 'acts must be "penalty", "step", "hidden" or "code"'),
        ({"acts": "penalty"}, "penalties and steps have a default weight"),
        ({"acts": "code", "weight": 1.0}, "what acts in the forward pass has none"),
        ({"acts": "step", "weight": 1.0}, "has a function registered as `step`"),
    ],
    ids=str,
)
def test_places_that_cannot_be_are_refused_where_a_regularizer_is_registered(facts, message):
    with pytest.raises(ValueError, match=message):
        regularizer(**facts)
