"""Correct on a GPU by construction, checked on the CPU: nothing here has ever run on a GPU.

The `meta` device stands for one. Its tensors have shapes and no values: whatever needs a value, which on a GPU would
wait for it, fails or is counted; and tensors that were made on the host by default do not fit to those of the device.
"""

from dataclasses import replace

import pytest
import torch
from nets import make_model
from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from aecli.components.loss import LOSSES
from aecli.components.optimization.optimizers import make_optimizers
from aecli.components.regularization import REGULARIZERS
from aecli.config.load import load_config
from aecli.training.build import prepare
from aecli.training.loop import STEPS_PER_EVENT, fit
from aecli.training.objective import Objective

READS = {"item", "tolist", "cpu", "numpy", "__bool__", "__float__", "__int__", "__index__"}
"""Methods of a tensor that wait until the device has computed it."""


class OneDevice(TorchDispatchMode):
    """Refuses operations on tensors of different devices, and counts copies between them.

    Numbers as tensors without dimensions are allowed, as torch itself does.
    """

    copies = 0

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        result = func(*args, **(kwargs or {}))
        tensors = [leaf for leaf in tree_leaves((args, kwargs, result)) if isinstance(leaf, torch.Tensor) and leaf.ndim]
        if len({tensor.device for tensor in tensors}) > 1:
            assert func is torch.ops.aten._to_copy.default, f"{func} mixes devices"
            self.copies += 1
        return result


class Reads(TorchFunctionMode):
    """Counts the reads of values from the device, and answers them with ones."""

    count = 0

    def __torch_function__(self, func, types, args=(), kwargs=None):
        name = getattr(func, "__name__", "")
        if name in READS and args[0].device.type == "meta":
            self.count += 1
            return getattr(torch.ones(args[0].shape), name)()
        return func(*args, **(kwargs or {}))


def step_on_meta(*set: str) -> None:
    """Forward, objective, backward, and what acts on the weights after a step."""
    config = load_config("mse.yaml", set=set)
    model = make_model(config.architecture, [784, 16, 8], 0, torch.full((784,), 0.1)).to("meta")
    objective = Objective(config, (1, 28, 28))
    objective.attach(model)
    x_BP = torch.empty(64, 784, device="meta")
    objective(model, x_BP, x_BP, model(x_BP), 1)  # constants may be moved there once
    with OneDevice() as checked:
        loss, raw_T = objective(model, x_BP, x_BP, model(x_BP), 1)
        loss.backward()
        objective.after_step(model, 1e-3, 1)
    assert checked.copies == 0
    assert loss.device.type == raw_T.device.type == "meta"
    assert all(parameter.grad.device.type == "meta" for parameter in model.parameters())


@pytest.mark.parametrize("name", LOSSES)
def test_a_loss_stays_on_the_device_and_reads_nothing_back(name):
    step_on_meta(f"loss={name}")


@pytest.mark.parametrize("name", REGULARIZERS)
def test_a_regularizer_stays_on_the_device_and_reads_nothing_back(name):
    step_on_meta(f"regularization=[{name}]", "architecture.code_activation=sigmoid")


@pytest.mark.parametrize(
    "setting", ["tied=true", "normalization=batch", "normalization=layer", "output_bias=mean_image"]
)
def test_an_architecture_stays_on_the_device_and_reads_nothing_back(setting):
    step_on_meta(f"architecture.{setting}")


@pytest.mark.parametrize(
    "wrong",
    [lambda x: x + torch.ones(784), lambda x: x @ torch.ones(784, 784), lambda x: x * x.sum().item()],
    ids=["sum with the host's", "product with the host's", "value read"],
)
def test_the_check_finds_tensors_of_the_host_and_values_that_are_read(wrong):
    with pytest.raises((AssertionError, RuntimeError)), OneDevice():
        wrong(torch.empty(64, 784, device="meta"))


@pytest.mark.parametrize(
    "settings",
    [(), ("optimization.gradient_clip=1.0",), ("regularization=[l1, l1_proximal, dropout]",)],
    ids=["plain", "gradient clip", "regularization"],
)
def test_training_does_not_wait_for_the_device_at_every_step(small, settings):
    config = load_config(small, set=("training.batch_size=8", "training.epochs=1", *settings))
    trainee = prepare(config).trainee
    trainee.model.to("meta")
    optimizers = make_optimizers("rmsprop", {}, trainee.model)  # torch's fused ones refuse this device
    found = {}
    for steps in (STEPS_PER_EVENT, 2 * STEPS_PER_EVENT):
        images = replace(trainee.train, values_NP=torch.empty(8 * steps, 784, dtype=torch.uint8, device="meta"))
        with OneDevice() as checked, Reads() as reads:
            fit(replace(trainee, optimizers=optimizers, train=images), 1, lambda event: False)
        found[steps] = (reads.count, checked.copies)
    (few_reads, few_copies), (reads, copies) = found.values()
    assert reads - few_reads <= 2, "one look at the loss, and one to tell of it"
    assert few_copies == copies <= 1, "the order of the images, once an epoch"
