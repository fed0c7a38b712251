"""Whether a checkpoint is what its config makes, told before any of it is used.

A checkpoint may come from anybody. A tensor of another shape reaches kernels that do not look (and end the process),
one that repeats few numbers asks for any amount of memory, and a state without content goes on as another training.
"""

import copy
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch

from aecli.errors import CheckpointError
from aecli.runs.stored_values import MOST_EPOCHS, finite_number

MULTIPLIER_KEYS = {"multiplier", "mean", "offset"}


def restore(
    moment: Mapping[str, Any], model: torch.nn.Module, optimizers: Sequence[torch.optim.Optimizer] | None = None
) -> None:
    """Put a moment's weights in place, and the states of the optimizers if there are any to go on with.

    Raises:
        CheckpointError: they belong to another architecture or optimizer; nothing was changed.
    """
    check_tensors(moment["model"], model.state_dict(), "model")
    if optimizers is not None:
        check_optimizers(moment, model, optimizers)
    try:
        model.load_state_dict(moment["model"])
        for optimizer, state in zip(optimizers or (), moment["optimizers"], strict=optimizers is not None):
            optimizer.load_state_dict(state)
    except (RuntimeError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise misfit((str(error) or type(error).__name__).splitlines()[0]) from None


def misfit(reason: str) -> CheckpointError:
    """The error for a checkpoint that its config did not make."""
    return CheckpointError(f"the checkpoint does not fit the config: {reason}")


def head_problem(moment: Mapping[str, Any]) -> str | None:
    """What is wrong with a moment whatever its config is; None if nothing is."""
    epoch, multipliers = moment["epoch"], moment.get("multipliers", [])
    if type(epoch) is not int or not 0 <= epoch <= MOST_EPOCHS:
        return "says no epoch"
    if not isinstance(moment["model"], dict) or not isinstance(moment["optimizers"], list):
        return "has no weights, or no states of optimizers"
    if not isinstance(multipliers, list) or not all(map(is_multiplier, multipliers)):
        return "has no states of multipliers"
    return None


def is_multiplier(state: object) -> bool:
    """Whether it is the state of a multiplier: three numbers, of which the mean may not be there yet."""
    return (
        isinstance(state, dict)
        and state.keys() == MULTIPLIER_KEYS
        and all(value is None or finite_number(value) is not None for value in state.values())
    )


def check_tensors(found: object, expected: Mapping[str, torch.Tensor], where: str) -> None:
    """Named tensors have to be those expected: the same names, shapes and types, whole, and finite.

    Raises:
        CheckpointError: with the first that is not.
    """
    if not isinstance(found, dict) or not all(isinstance(name, str) for name in found):
        raise misfit(f"{where} is no set of named tensors")
    for what, names in (("lacks", expected.keys() - found.keys()), ("has too much", found.keys() - expected.keys())):
        if names:
            raise misfit(f"{where} {what}: {min(names)[:80]}")
    for name, tensor in expected.items():
        if reason := tensor_problem(found[name], tensor):
            raise misfit(f"{where}, {name}: {reason}")


def tensor_problem(found: object, expected: torch.Tensor) -> str | None:
    """What is wrong with one tensor; None if nothing is."""
    if not isinstance(found, torch.Tensor):
        return f"is no tensor but {type(found).__name__}"
    if found.shape != expected.shape:
        return f"has the shape {list(found.shape)[:8]} instead of {list(expected.shape)}"
    if found.dtype != expected.dtype or found.layout != expected.layout or found.device.type != "cpu":
        return f"is of another type than {expected.dtype}"
    if found.untyped_storage().nbytes() < found.numel() * found.element_size():
        return "has fewer numbers than it claims"
    if found.is_floating_point() and not bool(torch.isfinite(found).all()):
        return "has numbers that are not finite"
    return None


def check_optimizers(
    moment: Mapping[str, Any], model: torch.nn.Module, optimizers: Sequence[torch.optim.Optimizer]
) -> None:
    """States of optimizers have to be like those after a step of these optimizers; before any step they may be empty.

    Raises:
        CheckpointError: with what differs.
    """
    states, templates = moment["optimizers"], states_after_a_step(model, optimizers)
    if len(states) != len(templates):
        raise misfit(f"it has states of {len(states)} optimizers instead of {len(templates)}")
    for found, expected in zip(states, templates, strict=True):
        if not isinstance(found, dict) or found.keys() != expected.keys():
            raise misfit("it has no state of an optimizer")
        check_groups(found["param_groups"], expected["param_groups"])
        state = found["state"]
        if not isinstance(state, dict) or (state.keys() != expected["state"].keys() and (state or moment["epoch"])):
            raise misfit("the optimizer's state is not of these parameters")
        for index, values in state.items():
            check_state(values, expected["state"][index], f"the optimizer's state of parameter {index}")


def states_after_a_step(model: torch.nn.Module, optimizers: Sequence[torch.optim.Optimizer]) -> list[dict[str, Any]]:
    """What the states of these optimizers look like: those of copies that made a step with gradients of zero."""
    twin, copies = copy.deepcopy((model, list(optimizers)))
    for parameter in twin.parameters():
        parameter.grad = torch.zeros_like(parameter)
    for one in copies:
        one.step()
    return [one.state_dict() for one in copies]


def check_groups(found: object, expected: Sequence[Mapping[str, Any]]) -> None:
    """Groups of parameters have to be the same, with settings of the same kind.

    Raises:
        CheckpointError: with what differs.
    """
    if not isinstance(found, list) or len(found) != len(expected):
        raise misfit("the optimizer has other groups of parameters")
    for ours, group in zip(found, expected, strict=True):
        if not isinstance(ours, dict) or ours.keys() != group.keys() or ours["params"] != group["params"]:
            raise misfit("the optimizer has other groups of parameters")
        for key, value in group.items():
            if not is_alike(ours[key], value):
                raise misfit(f"the optimizer's {key} is no setting of this optimizer")


def is_alike(found: object, expected: object) -> bool:
    """Whether a setting is of the same kind as another one; only numbers may differ."""
    if isinstance(expected, torch.Tensor):
        return tensor_problem(found, expected) is None
    if finite_number(expected) is not None:
        return finite_number(found) is not None
    if isinstance(expected, (list, tuple)):
        return type(found) is type(expected) and len(found) == len(expected) and all(map(is_alike, found, expected))
    return type(found) is type(expected) and bool(found == expected)


def check_state(found: object, expected: Mapping[str, Any], where: str) -> None:
    """The state of one parameter has to be like that of a step.

    Raises:
        CheckpointError: with what differs.
    """
    if not isinstance(found, dict) or found.keys() != expected.keys():
        raise misfit(f"{where} has other entries")
    problem: Callable[[object, Any], str | None]
    for key, value in expected.items():
        problem = tensor_problem if isinstance(value, torch.Tensor) else other_problem
        if reason := problem(found[key], value):
            raise misfit(f"{where}, {key}: {reason}")


def other_problem(found: object, expected: object) -> str | None:
    """What is wrong with an entry that is no tensor; None if nothing is."""
    return None if is_alike(found, expected) else "is of another kind"
