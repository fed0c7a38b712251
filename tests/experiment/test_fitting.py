"""A checkpoint that its config did not make is refused before any of it is used."""

import copy

import pytest
import torch
from nets import make_model

from aecli.components.optimization.optimizers import OPTIMIZERS, make_optimizers
from aecli.config.load import load_config
from aecli.errors import CheckpointError
from aecli.experiment.fitting import head_problem, restore

WEIGHT = "encoder.0.weight"


def make(name="adam"):
    """A small model and its optimizers."""
    model = make_model(load_config("mse.yaml").architecture, [6, 4, 2], 0, None)
    defaults = {one.name: one.default for one in OPTIMIZERS[name].parameters}
    return model, make_optimizers(name, defaults, model)


def moment_of(model, optimizers, epoch):
    states = [one.state_dict() for one in optimizers]
    return copy.deepcopy({"epoch": epoch, "model": model.state_dict(), "optimizers": states})


def trained(name="adam"):
    """The moment after two steps."""
    model, optimizers = make(name)
    for _ in range(2):
        for one in optimizers:
            one.zero_grad()
        model(torch.rand(5, 6)).x_hat_BP.square().sum().backward()
        for one in optimizers:
            one.step()
    return moment_of(model, optimizers, 2)


def equal(model, weights):
    return all(torch.equal(weights[key], value) for key, value in model.state_dict().items())


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_what_an_optimizer_has_saved_fits_it_and_looking_changes_nothing(name):
    model, optimizers = make(name)
    begun = moment_of(model, optimizers, 0)
    restore(begun, model, optimizers)
    assert equal(model, begun["model"])
    moment = trained(name)
    restore(moment, model, optimizers)
    assert equal(model, moment["model"])
    states = [one.state_dict()["state"] for one in optimizers]
    assert str(states) == str([one["state"] for one in moment["optimizers"]])


def change(moment, what, value):
    """Put something else somewhere into a moment."""
    *path, last = what
    place = moment
    for key in path:
        place = place[key]
    if value is None:
        del place[last]
    else:
        place[last] = value


STATE = ("optimizers", 0, "state")
GROUP = ("optimizers", 0, "param_groups", 0)
HOSTILE = {
    "another shape in a state": ((*STATE, 0, "exp_avg"), torch.zeros(3, 3)),
    "a scalar in a state": ((*STATE, 0, "exp_avg_sq"), torch.zeros(())),
    "a state that repeats a number": ((*STATE, 0, "exp_avg"), torch.zeros(1, 1).expand(4, 6)),
    "halves in a state": ((*STATE, 0, "exp_avg"), torch.zeros(4, 6).half()),
    "integers in a state": ((*STATE, 0, "exp_avg"), torch.zeros(4, 6, dtype=torch.long)),
    "no numbers in a state": ((*STATE, 0, "exp_avg"), torch.full((4, 6), torch.nan)),
    "text in a state": ((*STATE, 0, "exp_avg"), "text"),
    "a state of a list": ((*STATE, 0), []),
    "a lack in a state": ((*STATE, 0, "exp_avg"), None),
    "a parameter without a state": ((*STATE, 0), None),
    "an emptied state": (STATE, {}),
    "a state that is none": (STATE, []),
    "no groups": (("optimizers", 0, "param_groups"), []),
    "a group of other parameters": ((*GROUP, "params"), [5, 1, 2, 3]),
    "a group without a rate": ((*GROUP, "lr"), None),
    "a rate of text": ((*GROUP, "lr"), "0.1"),
    "a rate without an end": ((*GROUP, "lr"), float("inf")),
    "one decay instead of two": ((*GROUP, "betas"), (0.9,)),
    "a flag that is a number": ((*GROUP, "amsgrad"), 1),
    "no optimizer": (("optimizers",), []),
    "an optimizer of text": (("optimizers", 0), "adam"),
    "a weight of another shape": (("model", WEIGHT), torch.zeros(4, 7)),
    "a weight that repeats a number": (("model", WEIGHT), torch.zeros(1).expand(4, 6)),
    "a huge weight that repeats a number": (("model", WEIGHT), torch.zeros(1).expand(10**12)),
    "a weight of halves": (("model", WEIGHT), torch.zeros(4, 6).half()),
    "a sparse weight": (("model", WEIGHT), torch.zeros(4, 6).to_sparse()),
    "a weight on no device": (("model", WEIGHT), torch.zeros(4, 6, device="meta")),
    "a number instead of a weight": (("model", WEIGHT), 0.5),
    "a weight that is not finite": (("model", WEIGHT), torch.full((4, 6), torch.inf)),
    "a lack of a weight": (("model", WEIGHT), None),
    "a weight too much": (("model", "decoder.9.weight"), torch.zeros(1)),
    "a weight whose name is none": (("model", 7), torch.zeros(1)),
}


@pytest.mark.parametrize(("what", "value"), HOSTILE.values(), ids=HOSTILE)
def test_what_does_not_fit_is_refused_and_changes_nothing(what, value):
    moment = trained()
    change(moment, what, value)
    model, optimizers = make()
    before = moment_of(model, optimizers, 0)
    with pytest.raises(CheckpointError, match=r"^the checkpoint does not fit the config: .{5,150}$"):
        restore(moment, model, optimizers)
    assert equal(model, before["model"])
    assert [one.state_dict()["state"] for one in optimizers] == [{}]


def test_the_optimizers_of_another_kind_do_not_fit():
    for name in OPTIMIZERS:
        if name != "sgd":
            with pytest.raises(CheckpointError):
                restore(trained(name), *make("sgd"))


HEADS = {
    "text": "3",
    "negative": -1,
    "without end": 10**400,
    "half": 2.5,
    "true": True,
    "tensor": torch.tensor(3),
    "nothing": None,
}


@pytest.mark.parametrize("epoch", HEADS.values(), ids=HEADS)
def test_an_epoch_is_a_count(epoch):
    assert head_problem({"epoch": epoch, "model": {}, "optimizers": []}) == "says no epoch"


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({}, None),
        ({"model": []}, "has no weights, or no states of optimizers"),
        ({"optimizers": {}}, "has no weights, or no states of optimizers"),
        ({"multipliers": {}}, "has no states of multipliers"),
        ({"multipliers": [{"multiplier": "1", "mean": None, "offset": 0.0}]}, "has no states of multipliers"),
        ({"multipliers": [{"multiplier": 1.0, "mean": None, "offset": 0.0}]}, None),
    ],
    ids=str,
)
def test_a_moment_has_its_parts(changed, told):
    assert head_problem({"epoch": 1, "model": {}, "optimizers": []} | changed) == told
