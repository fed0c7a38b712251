"""The rules of regularizers.

Shapes: B batch, H hidden units.
"""

from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import Tensor

from aecli.components.architecture import Site
from aecli.components.architecture.contract import Network, make_network
from aecli.components.evaluation.suites import SUITES
from aecli.components.regularization import REGULARIZERS, Moment
from aecli.testing.report import raised, rules, undocumented

See = Callable[..., Moment]
"""From a network, and how many times over its images come, to what a penalty sees."""
SIZE = 10
WIDTH = 16
"""Units that layers are checked on."""


@rules("regularizer")
def check_regularizer(name: str, *, on_a_distribution: bool = False, **parameters: Any) -> Iterator[str]:
    """Check that a registered regularizer does what its place in a training step asks for.

    Args:
        name: a name from `aecli list regularizers`, or of one of your own that has been registered.
        on_a_distribution: whether it is for networks whose code is one; what it sees then has a posterior.
        parameters: its own, where the defaults are not to be checked.

    Raises:
        NonConformance: it breaks rules; the message has a sentence for each.
    """
    facts = REGULARIZERS[name].facts
    yield from undocumented(REGULARIZERS[name])
    for promise in facts.promises:
        if promise.suite and promise.suite not in SUITES:
            yield f'it promises "{promise.words}" by the suite {promise.suite}, which is not registered'
        if not (promise.suite or promise.is_logged or promise.is_gap):
            measured_by = "a suite, its own value, or the gap"
            yield f'it promises "{promise.words}", but says nothing that measures it: {measured_by}'
    try:
        if facts.acts in ("hidden", "code"):
            yield from check_layer(name, parameters)
        else:
            yield from check_term(name, parameters, moment_with_posterior if on_a_distribution else moment_of)
    except Exception as error:  # whatever it is, it is said
        yield f"it cannot be computed on a network of {SIZE} inputs and 4 code units: {raised(error)}"


def small_network() -> Network:
    """A network whose code lies in (0, 1), in float64."""
    parameters = {
        "widths": [SIZE, 8, 6, 4],
        "activation": "tanh",
        "code_activation": "sigmoid",
        "output_activation": "sigmoid",
        "init": "torch",
        "tied": False,
        "normalization": None,
        "output_bias": "zero",
    }
    return make_network("dense", parameters, Site(SIZE, None, 0, torch.full((SIZE,), 0.2))).double()


def moment_of(model: Network, times: int = 1) -> Moment:
    """What a penalty sees of a batch, of the same images several times over if asked for."""
    x_BP = torch.rand(6, SIZE, generator=torch.Generator().manual_seed(0), dtype=torch.float64).repeat(times, 1)
    return Moment(model, x_BP, model.encode(x_BP))


def moment_with_posterior(model: Network, times: int = 1) -> Moment:
    """The same of a network whose code is drawn from a normal distribution around it."""
    moment = moment_of(model, times)
    return moment._replace(posterior=torch.distributions.Normal(moment.code_BL, 0.1 + moment.code_BL.square()))


def copies(model: Network) -> list[Tensor]:
    """The parameters as they are now."""
    return [parameter.detach().clone() for parameter in model.parameters()]


def same(model: Network, before: list[Tensor]) -> bool:
    """Whether the parameters are as they were."""
    return all(torch.equal(*pair) for pair in zip(model.parameters(), before, strict=True))


def check_term(name: str, parameters: dict[str, Any], see: See) -> Iterator[str]:
    """A penalty or a step: a finite value for the batch, whose gradient or whose step lowers it."""
    entry, facts, model = REGULARIZERS[name], REGULARIZERS[name].facts, small_network()
    before = copies(model)
    value = entry.function(see(model), **parameters)
    if not isinstance(value, Tensor) or value.shape != ():
        got = f"the shape {tuple(value.shape)}" if isinstance(value, Tensor) else type(value).__name__
        yield f"its value has {got}; it has to be one number for the batch, a tensor without axes"
        return
    if not value.isfinite():
        yield f"its value is {value.item()}"
    if not same(model, before):
        yield "to compute its value changes the weights"
    if facts.acts == "penalty":
        yield from check_penalty(value, model)
        yield from check_batch_size(name, parameters, see)
    elif facts.step is not None:
        yield from check_step(name, parameters, see, value=value.item())


def check_penalty(value: Tensor, model: Network) -> Iterator[str]:
    """The gradient exists and is finite."""
    if not value.requires_grad:
        yield "its value has no gradient, so it would change nothing"
        return
    gradients = torch.autograd.grad(value, list(model.parameters()), allow_unused=True)
    there = [gradient for gradient in gradients if gradient is not None]
    if not all(gradient.isfinite().all() for gradient in there):
        yield "its gradient is not finite"
    if value != 0 and not any(gradient.any() for gradient in there):
        yield "its gradient by the weights is 0, so it would change nothing"


def check_batch_size(name: str, parameters: dict[str, Any], see: See) -> Iterator[str]:
    """The same images several times over are no more to be penalized than once; estimates may differ by chance."""
    model, function = small_network(), REGULARIZERS[name].function
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        once, often = (function(see(model, times), **parameters).item() for times in (1, 8))
    if once and not 0.5 < often / once < 2.0:
        yield (
            f"its value depends on the size of the batch: the same images 8 times over give {often / once:.3g} times "
            "as much; take means over images, not sums"
        )


def check_step(name: str, parameters: dict[str, Any], see: See, *, value: float) -> Iterator[str]:
    """A step of size 0 changes nothing, a larger one lowers the value."""
    entry, model = REGULARIZERS[name], small_network()
    step = entry.facts.step
    assert step is not None
    before = copies(model)
    given = {one.name: parameters.get(one.name, one.default) for one in entry.parameters}
    with torch.no_grad():
        step(model, 0.0, **given)
        if not same(model, before):
            yield "a step of size 0 changes the weights"
        step(model, 0.01, **given)
    if not entry.function(see(model), **parameters) < value:
        yield "a step does not lower its value"


def check_layer(name: str, parameters: dict[str, Any]) -> Iterator[str]:
    """Activations keep their shape and type, in training and in use."""
    model = small_network()
    h_BH = torch.rand(7, WIDTH, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    for is_training in (True, False):
        before_BH = h_BH.clone()
        out_BH = REGULARIZERS[name].function(model.train(is_training), h_BH, **parameters)
        when = "in training" if is_training else "in use"
        if out_BH.shape != h_BH.shape or out_BH.dtype != h_BH.dtype:
            yield f"{when} it makes {tuple(out_BH.shape)} {out_BH.dtype} of {tuple(h_BH.shape)} {h_BH.dtype}"
        elif not out_BH.isfinite().all():
            yield f"{when} it makes values that are not finite"
        if not torch.equal(before_BH, h_BH):
            yield f"{when} it changes the activations in place"
