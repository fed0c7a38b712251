"""The rules of corruptions.

Shapes: B batch, P pixels.
"""

from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor

from aecli.components.data.corruptions import CORRUPTIONS
from aecli.components.requirements import inputs_in_unit_range
from aecli.randomness import stream
from aecli.testing.report import raised, rules, undocumented


@rules("corruption")
def check_corruption(name: str, **parameters: Any) -> Iterator[str]:
    """Check that a registered corruption may spoil inputs and training sets.

    Args:
        name: a name from `aecli list corruptions`, or of a corruption of your own that has been registered.
        parameters: its own, where the defaults are not to be checked.

    Raises:
        NonConformance: it breaks rules; the message has a sentence for each.
    """
    yield from undocumented(CORRUPTIONS[name])

    def corrupt(x_BP: Tensor, seed: int = 0) -> Tensor:
        out_BP: Tensor = CORRUPTIONS[name].function(x_BP, stream(seed, "corruption"), **parameters)
        return out_BP

    x_BP = 0.2 + 0.6 * torch.rand(200, 256, generator=torch.Generator().manual_seed(1))
    before_BP, state = x_BP.clone(), torch.get_rng_state()
    try:
        out_BP = corrupt(x_BP)
    except Exception as error:  # whatever it is, it is said
        yield f"it cannot be applied to 200 images of 256 pixels: {raised(error)}"
        return
    if not torch.equal(x_BP, before_BP):
        yield "it changes the images it is given; it has to return new ones"
        x_BP = before_BP
    if out_BP.shape != x_BP.shape or out_BP.dtype != x_BP.dtype:
        yield f"it makes {tuple(out_BP.shape)} {out_BP.dtype} of {tuple(x_BP.shape)} {x_BP.dtype}"
        return
    if torch.equal(out_BP, x_BP):
        yield "it changes nothing"
    if not out_BP.isfinite().all():
        yield "it makes values that are not finite"
    if CORRUPTIONS[name].facts.requires is inputs_in_unit_range and not (0.0 <= out_BP.min() <= out_BP.max() <= 1.0):
        yield f"it leaves [0, 1]: from {out_BP.min().item():.3g} to {out_BP.max().item():.3g}"
    if not torch.equal(torch.get_rng_state(), state):
        yield "it draws from torch's global generator; losses then see different noise"
    torch.manual_seed(123)
    again_BP = corrupt(before_BP.clone())
    torch.set_rng_state(state)
    if not torch.equal(again_BP, out_BP):
        yield "the same generator gives other noise a second time"
    if torch.equal(corrupt(before_BP.clone(), seed=1), out_BP):
        yield "another generator gives the same noise; all random numbers have to come from the generator"
