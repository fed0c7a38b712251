"""The rules of families of networks.

Shapes: B batch, P inputs, L code units.
"""

import itertools
from collections.abc import Iterator
from typing import Any, Protocol

import torch
from torch import Tensor

from aecli.components.architecture import ARCHITECTURES, Site
from aecli.components.architecture.contract import Network, Part, Slot, make_network
from aecli.testing.report import raised, rules

IMAGES = 6
SLOTS: tuple[Slot, ...] = ("hidden", "code")
HALVES: tuple[Part, ...] = ("encoder", "decoder")


class Build(Protocol):
    """Makes the network that is checked."""

    def __call__(self, seed: int = 0) -> Network: ...


@rules("architecture")
def check_architecture(
    name: str, *, image_shape: tuple[int, int, int] | None = (1, 16, 16), size: int = 256, **parameters: Any
) -> Iterator[str]:
    """Check that a registered family of networks keeps the contract that everything around networks relies on.

    Args:
        name: a name from `aecli list architectures`, or of a family of your own that has been registered.
        image_shape: channels, height and width of the images it is built for; None for rows that are no images.
        size: pixels or columns; the product of the shape.
        parameters: the family's own, where the defaults are not to be checked.

    Raises:
        NonConformance: it breaks rules; the message has a sentence for each.
    """
    entry = ARCHITECTURES[name]
    if not entry.summary.endswith("."):
        yield "its docstring does not begin with one sentence that ends in a full stop; `aecli list` shows it"
    for parameter in entry.parameters:
        if not parameter.doc:
            yield f"its docstring does not say under Args what {parameter.name} means"
    given = {one.name: one.default for one in entry.parameters if not one.required} | parameters
    if lacking := [one.name for one in entry.parameters if one.name not in given]:
        yield f"it needs {', '.join(lacking)}: give a value, as in check_architecture({name!r}, {lacking[0]}=...)"
        return

    def build(seed: int = 0) -> Network:
        return make_network(name, given, Site(size, image_shape, seed, torch.full((size,), 0.2)))

    try:
        model = build()
        if not isinstance(model, Network):
            yield (
                f"it makes a {type(model).__name__}; a family derives from "
                "aecli.components.architecture.contract.Network"
            )
            return
        shapes = list(check_shapes(model, size))
        yield from shapes
        if not shapes:
            yield from check_weights(build)
            yield from check_views(model)
            yield from check_slots(build, size)
            yield from check_plan(model, size)
            yield from check_traits(name, given, model, size)
    except Exception as error:  # whatever it is, it is said
        yield f"it cannot be built and used for {size} inputs: {raised(error)}"


def pixels(size: int, count: int = IMAGES) -> Tensor:
    """Some images, (B, P)."""
    return torch.rand(count, size, generator=torch.Generator().manual_seed(0))


@torch.no_grad()
def check_shapes(model: Network, size: int) -> Iterator[str]:
    """Code, logits and reconstruction have their shapes; halves and whole agree; images do not mix in use."""
    x_BP = pixels(size)
    model.eval()
    code_BL, logits_BP, x_hat_BP, _ = model(x_BP)
    if code_BL.shape != (IMAGES, model.code_size):
        yield f"its code has the shape {tuple(code_BL.shape)} for {IMAGES} images and code_size {model.code_size}"
    for label, found in (("logits", logits_BP), ("reconstruction", x_hat_BP)):
        if found.shape != x_BP.shape:
            yield f"its {label} have the shape {tuple(found.shape)} for images of shape {tuple(x_BP.shape)}"
            return
    if not torch.allclose(model.encode(x_BP), code_BL, atol=1e-6):
        yield "in use, `encode` gives another code than the whole pass"
    if not torch.allclose(model.decode(code_BL), x_hat_BP, atol=1e-5):
        yield "`decode` of the code is not the reconstruction"
    if not torch.allclose(model.output_activation(model.decode_logits(code_BL)), x_hat_BP, atol=1e-5):
        yield "the output activation of `decode_logits` is not the reconstruction"
    if not torch.allclose(model(x_BP[:1]).x_hat_BP, x_hat_BP[:1], atol=1e-5):
        yield "in use, the reconstruction of an image changes with the other images of its batch"


def check_weights(build: Build) -> Iterator[str]:
    """The seed alone decides the initial weights; a network can be made again and stored."""
    one, state = build(), torch.get_rng_state()
    torch.manual_seed(5)
    again = build().state_dict()
    torch.set_rng_state(state)
    if any(not torch.equal(value, again[key]) for key, value in one.state_dict().items()):
        yield "the same seed gives other weights; all random numbers have to come from `site.stream(...)`"
    other = build(seed=1).state_dict()
    if all(torch.equal(value, other[key]) for key, value in one.state_dict().items()):
        yield "another seed gives the same weights"
    moved, x_BP = one.rebuild(7, torch.linspace(0, 1, one.origin.size)), pixels(one.origin.size)
    moved.load_state_dict(one.state_dict())
    with torch.no_grad():
        there_BP, here_BP = (model.eval()(x_BP).x_hat_BP for model in (moved, one))
    if not torch.allclose(there_BP, here_BP, atol=1e-6):
        yield (
            "its stored weights, put into a network built for other data, give another reconstruction; what the data "
            "or the seed decide has to be a parameter or a buffer"
        )
    rebuilt = one.rebuild(0, torch.full((one.origin.size,), 0.2)).state_dict()
    if any(not torch.equal(value, rebuilt[key]) for key, value in one.state_dict().items()):
        yield "`rebuild` with the same seed gives other weights"
    loss = one.train()(pixels(one.origin.size)).x_hat_BP.square().mean()
    loss.backward()
    still = [key for key, parameter in one.named_parameters() if parameter.grad is None]
    if still:
        yield f"no gradient reaches {', '.join(still)}"


def check_views(model: Network) -> Iterator[str]:
    """`matrices` are views of parameters, all of them, and the halves make the whole."""
    named, found = dict(model.named_parameters()), model.matrices("all")
    for matrix in found:
        if matrix.weight_UI.ndim != 2:
            yield f"the matrix {matrix.name} has {matrix.weight_UI.ndim} axes; it has to be a view with 2"
        if matrix.weight_UI.untyped_storage().data_ptr() != matrix.parameter.untyped_storage().data_ptr():
            yield f"the matrix {matrix.name} is a copy; what is done to it in place has to reach the parameter"
        if named.get(matrix.name) is not matrix.parameter:
            yield f"the matrix {matrix.name} is not the parameter of that name"
    halves = [matrix.name for part in HALVES for matrix in model.matrices(part)]
    if halves != [matrix.name for matrix in found]:
        yield "the matrices of the encoder and of the decoder are not together those of the whole"
    known = {id(matrix.parameter) for matrix in found}
    left_out = [key for key, one in named.items() if one.ndim > 1 and id(one) not in known]
    if left_out:
        yield f"`matrices` leaves out {', '.join(left_out)}; penalties and Muon would not see them"
    if not model.units() or any(units.weight_UI.ndim != 2 for units in model.units()):
        yield "`units` has to give a 2-D view for each layer"
    if not model.decoder_tensors():
        yield "`decoder_tensors` is empty, so compression would count no decoder"


def reconstruct(model: Network, x_BP: Tensor) -> Tensor:
    """Reconstructions; whatever is drawn on the way is drawn alike each time."""
    state = torch.get_rng_state()
    torch.manual_seed(0)
    x_hat_BP: Tensor = model(x_BP).x_hat_BP
    torch.set_rng_state(state)
    return x_hat_BP


@torch.no_grad()
def check_slots(build: Build, size: int) -> Iterator[str]:
    """What is put into a slot is called, and what it returns goes on, while training and in use."""
    for kind, is_training in itertools.product(SLOTS, (False, True)):
        model = build().train(is_training)
        if kind == "hidden" and len(model.matrices("encoder")) < 2:  # there is nothing between input and code
            continue
        before_BP = reconstruct(model, pixels(size))
        model.slots(kind).append(lambda model, h: h.square() + 0.1)  # no affine map, which a normalization undoes
        if torch.equal(reconstruct(model, pixels(size)), before_BP):
            when, through = "while training" if is_training else "in use", f'self.through("{kind}", h)'
            yield f"{when}, what is put behind {kind} activations changes nothing; pass them through `{through}`"


@torch.no_grad()
def check_plan(model: Network, size: int) -> Iterator[str]:
    """A plan, where there is one, computes what the network does."""
    plan = model.plan()
    if plan is None:
        return
    h = x_BP = pixels(size)
    codes = []
    for step in plan.steps:
        h = step.activation(torch.addmm(step.bias_U, h, step.weight_UI.T))
        codes.append(h)
    output = model(x_BP)
    if not torch.allclose(h, output.x_hat_BP, atol=1e-5):
        yield "the steps of its plan do not compute its reconstruction"
    if not torch.allclose(codes[plan.code_after - 1], output.code_BL, atol=1e-5):
        yield f"its code is not there after {plan.code_after} steps of its plan"


@torch.no_grad()
def check_traits(name: str, given: dict[str, Any], model: Network, size: int) -> Iterator[str]:
    """What the parameters tell before the network is built is true of the network."""
    traits = ARCHITECTURES[name].facts.traits(given)
    if traits.code_size not in (None, model.code_size):
        yield f"its traits say {traits.code_size} code units, and the network has {model.code_size}"
    if traits.decoder_has_matrices != bool(model.matrices("decoder")):
        yield "its traits are wrong about whether the decoder has matrices of its own"
    model.train()
    x_BP = pixels(size)
    first_BP, again_BP = (
        reconstruct(model, batch_BP)[:2] for batch_BP in (x_BP, torch.cat([x_BP[:2], 1.0 - x_BP[2:]]))
    )
    if not torch.allclose(first_BP, again_BP, atol=1e-5) and not traits.mixes_images:
        yield "while training, an image's reconstruction changes with its batch; say mixes_images in its traits"
    if traits.has_posterior != (model(x_BP).posterior is not None):
        yield "its traits are wrong about whether its code is a distribution: has_posterior"
