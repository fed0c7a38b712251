"""The fused step with one counter: torch's own numbers, bit for bit."""

import copy
import io

import pytest
import torch
from torch import nn

from aecli.components.optimization.adam import count_apart, fused_step
from aecli.components.optimization.optimizers import fused_adam

KINDS = pytest.mark.parametrize(
    ("kind", "settings"),
    [(torch.optim.Adam, {"lr": 0.01}), (torch.optim.AdamW, {"lr": 0.01, "betas": (0.8, 0.99), "weight_decay": 0.1})],
    ids=["adam", "adamw"],
)


def nets():
    """Two equal networks."""
    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(30, 20), nn.ReLU(), nn.Linear(20, 30))
    return net, copy.deepcopy(net)


def take_steps(net, optimizer, first, last):
    """Steps with gradients that depend on their number; the rate changes too."""
    for number in range(first, last):
        generator = torch.Generator().manual_seed(number)
        for parameter in net.parameters():
            parameter.grad = torch.randn(parameter.shape, generator=generator)
        optimizer.param_groups[0]["lr"] = 0.01 / (1 + number)
        optimizer.step()


def same(ours, theirs):
    return all(torch.equal(a, b) for a, b in zip(ours.parameters(), theirs.parameters(), strict=True))


@KINDS
def test_steps_have_the_bits_of_torchs_fused_optimizer(kind, settings):
    ours, theirs = nets()
    take_steps(ours, fused_adam(kind, ours.parameters(), **settings), 0, 12)
    take_steps(theirs, kind(theirs.parameters(), fused=True, **settings), 0, 12)
    assert same(ours, theirs)
    assert not same(ours, nets()[0])


@KINDS
def test_a_saved_state_is_torchs_and_goes_on_with_the_same_bits(kind, settings):
    ours, theirs = nets()
    first, other = fused_adam(kind, ours.parameters(), **settings), kind(theirs.parameters(), fused=True, **settings)
    take_steps(ours, first, 0, 5)
    take_steps(theirs, other, 0, 5)
    torch.save(first.state_dict(), file := io.BytesIO())
    file.seek(0)
    state = torch.load(file, weights_only=True)
    assert state["state"].keys() == other.state_dict()["state"].keys()
    for number, values in other.state_dict()["state"].items():
        assert all(torch.equal(state["state"][number][name], value) for name, value in values.items())
    for net, fresh in ((ours, fused_adam), (theirs, lambda kind, *args, **more: kind(*args, fused=True, **more))):
        again = fresh(kind, net.parameters(), **settings)
        again.load_state_dict(copy.deepcopy(state))
        take_steps(net, again, 5, 9)
        assert {float(again.state[parameter]["step"]) for parameter in net.parameters()} == {9.0}
    assert same(ours, theirs)


def test_parameters_of_a_saved_state_count_apart():
    net, _ = nets()
    optimizer = fused_adam(torch.optim.Adam, net.parameters(), lr=0.01)
    take_steps(net, optimizer, 0, 2)
    saved = optimizer.state_dict()
    assert len({values["step"].data_ptr() for values in saved["state"].values()}) == 4
    take_steps(net, optimizer, 2, 3)
    assert [float(values["step"]) for values in saved["state"].values()] == [2.0] * 4
    assert len({optimizer.state[parameter]["step"].data_ptr() for parameter in net.parameters()}) == 1


def test_every_group_has_its_own_settings():
    ours, theirs = nets()
    for net, make in ((ours, fused_adam), (theirs, lambda kind, *args, **more: kind(*args, fused=True, **more))):
        groups = [
            {"params": net[0].parameters(), "lr": 0.5},
            {"params": net[2].parameters(), "betas": (0.5, 0.6), "eps": 0.1},
        ]
        take_steps(net, make(torch.optim.Adam, groups, lr=0.02), 0, 4)
    assert same(ours, theirs)


def test_without_the_kernels_it_is_torchs_own_step(monkeypatch):
    ours, theirs = nets()
    monkeypatch.delattr(torch, "_fused_adamw_")
    made = fused_adam(torch.optim.Adam, ours.parameters(), lr=0.01)
    take_steps(ours, made, 0, 2)
    take_steps(theirs, torch.optim.Adam(theirs.parameters(), lr=0.01, fused=True), 0, 2)
    assert same(ours, theirs)
    assert len({made.state[parameter]["step"].data_ptr() for parameter in ours.parameters()}) == 4


def test_counting_apart_copies_one_counter_for_each_parameter():
    optimizer, counter = torch.optim.Adam([torch.zeros(1)]), torch.tensor(3.0)
    saved = {"state": {number: {"step": counter, "exp_avg": number} for number in (0, 1)}}
    count_apart(optimizer, saved)
    counter.add_(1)
    assert [values["step"].item() for values in saved["state"].values()] == [3.0, 3.0]
    assert [values["exp_avg"] for values in saved["state"].values()] == [0, 1]


def test_the_first_step_makes_the_state_and_one_counter_for_all():
    parameters = [torch.ones(2, requires_grad=True), torch.ones(3, requires_grad=True)]
    for parameter in parameters:
        parameter.grad = torch.full_like(parameter, 2.0)
    optimizer = torch.optim.Adam(parameters, lr=0.01, fused=True)
    fused_step(optimizer)
    states = [optimizer.state[parameter] for parameter in parameters]
    assert states[0]["step"] is states[1]["step"] and states[0]["step"].item() == 1.0
    for parameter in parameters:  # the first step of Adam is the sign of the gradient times lr
        torch.testing.assert_close(parameter.detach(), torch.full_like(parameter, 0.99))
