import inspect

import pytest
import torch

from aecli.components.optimization.eager import eager

KINDS = [torch.optim.SGD, torch.optim.RMSprop, torch.optim.NAdam, torch.optim.RAdam]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_an_optimizer_without_its_wrappers_takes_the_same_steps_and_keeps_the_same_state(kind):
    weights = [torch.linspace(-1.0, 1.0, 12).requires_grad_() for _ in range(2)]
    ours, theirs = eager(kind)([weights[0]], lr=0.1), kind([weights[1]], lr=0.1)
    for optimizer, weight in zip((ours, theirs), weights, strict=True):
        for _ in range(5):
            optimizer.zero_grad()
            weight.pow(4).sum().backward()
            optimizer.step()
    assert isinstance(ours, kind) and type(ours).__name__ == kind.__name__
    assert torch.equal(*weights) and not torch.equal(weights[0], torch.linspace(-1.0, 1.0, 12))
    assert str(ours.state_dict()) == str(theirs.state_dict())


def test_what_takes_a_step_can_be_another_function_and_records_no_gradients():
    weight = torch.ones(2, requires_grad=True)

    def halve(optimizer):
        optimizer.param_groups[0]["params"][0].mul_(0.5)  # in place on a leaf: refused where gradients are recorded

    eager(torch.optim.SGD, step=halve)([weight], lr=0.1).step()
    assert weight.tolist() == [0.5, 0.5] and weight.is_leaf


def test_none_of_the_methods_is_wrapped():
    for name in ("add_param_group", "zero_grad", "state_dict", "load_state_dict"):
        method = getattr(eager(torch.optim.SGD), name)
        assert inspect.unwrap(method) is method, name
