"""The rules of metrics.

Shapes: N images, P pixels.
"""

import math
from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor

from aecli.components.evaluation.metrics import METRICS
from aecli.components.evaluation.per_image import QUANTITIES, PerImage, measure
from aecli.testing.report import raised, rules, undocumented

SIDE = 16
IMAGES = 20
NOISES = (0.02, 0.05, 0.1, 0.2, 0.3)


@rules("metric")
def check_metric(name: str) -> Iterator[str]:
    """Check that a registered metric is what tables, bands and verdicts take it for.

    Args:
        name: a name from `aecli list metrics`, or of a metric of your own that has been registered.

    Raises:
        NonConformance: it breaks rules; the message has a sentence for each.
    """
    entry, facts = METRICS[name], METRICS[name].facts
    yield from undocumented(entry)
    levels = [errors_of(noise) for noise in NOISES]
    try:
        values = [entry.function({key: errors[key] for key in facts.needs}) for errors in levels]
    except KeyError as error:
        yield f"it reads the per-image quantity {error} without saying so in `needs`"
        return
    except Exception as error:  # whatever it is, it is said
        yield f"it cannot be computed: {raised(error)}"
        return
    if not all(isinstance(value, float) and math.isfinite(value) for value in values):
        yield f"it gives {values[0]!r}; a metric gives one finite float for all images"
        return
    rising = facts.better == "lower"
    if any((after > before) != rising or after == before for before, after in zip(values, values[1:], strict=False)):
        yield f"with more noise it goes {told(values)}; a metric that is better {facts.better} never does"
    yield from check_order(name, levels[1])
    yield from check_quantity(name, levels[1])
    if facts.monotone_of is not None:
        others = [METRICS[facts.monotone_of].function(errors) for errors in levels]
        order, own = np.argsort(others), np.argsort(values)
        if not (np.array_equal(order, own) or np.array_equal(order, own[::-1])):
            yield f"it does not order nets as {facts.monotone_of} does, of which it says to be a monotone function"


def told(values: list[float]) -> str:
    """A row of numbers."""
    return ", ".join(f"{value:.4g}" for value in values)


def errors_of(noise: float) -> PerImage:
    """All quantities of every image, for reconstructions that are off by this much."""
    generator = torch.Generator().manual_seed(0)
    x_NP = torch.rand(IMAGES, SIDE * SIDE, generator=generator)
    spread_N1 = 0.5 + torch.rand(IMAGES, 1, generator=generator)  # images differ in how far off they are
    x_hat_NP = (x_NP + noise * spread_N1 * torch.randn(x_NP.shape, generator=generator)).clamp(0.0, 1.0)
    pairs: list[tuple[Tensor, Tensor]] = [(x_hat_NP, x_NP)]
    return measure(iter(pairs), list(QUANTITIES), mean_image_P=x_NP.mean(0), image_shape=(1, SIDE, SIDE))


def check_order(name: str, errors: PerImage) -> Iterator[str]:
    """The order of the images is nothing to a metric."""
    turned = {key: values[::-1].copy() for key, values in errors.items()}
    if not math.isclose(METRICS[name].function(turned), METRICS[name].function(errors), rel_tol=1e-9):
        yield "it depends on the order of the images"


def check_quantity(name: str, errors: PerImage) -> Iterator[str]:
    """The registered quantity's mean is all that the metric has of the reconstructions."""
    quantity = METRICS[name].facts.quantity
    if quantity is None:
        return
    if quantity not in METRICS[name].facts.needs:
        yield f"it names the quantity {quantity}, but does not need it"
        return
    level = {**errors, quantity: np.full_like(errors[quantity], errors[quantity].mean())}
    if not math.isclose(METRICS[name].function(level), METRICS[name].function(errors), rel_tol=1e-6, abs_tol=1e-12):
        remedy = "leave `quantity` out, or nets are compared by another one"
        yield f"it is no function of the mean {quantity} alone; {remedy}"
