"""What no error tells about a config on its data: values out of reach, and data that is nearly empty.

Each rule is one function of the config and of the values that its data has; advice.py has their codes.
"""

from collections.abc import Iterator
from typing import NamedTuple

from aecli.components.architecture import ACTIVATIONS
from aecli.components.loss import LOSSES
from aecli.config.findings import Finding, loss_path
from aecli.config.loss_advice import pulls_to_the_median
from aecli.config.schema import Config

MOSTLY = 0.9
"""The share of lowest values from which on a mean over all of them hides the others."""


class Values(NamedTuple):
    """What the values of a data set are, scaled as the net sees them."""

    lowest: float
    """Of all parts."""
    highest: float
    """Of all parts."""
    at_lowest: float
    """Share of the training values that are the lowest of their column: black pixels, counts of 0."""
    scaling: str = "none"
    """The kind of scaling that made them."""
    entropy_nats: float | None = None
    """Of the training values as probabilities, their mean; None where they are none."""


def values_out_of_reach(config: Config, values: Values) -> Iterator[Finding]:
    """Values of the data that the output activation never gives."""
    output = config.network_traits.output_activation
    if output is None or output not in ACTIVATIONS:
        return
    facts = ACTIVATIONS[output].facts
    sides = [f"below {facts.low:g}"] * (values.lowest < facts.low - 1e-6)
    sides += [f"above {facts.high:g}"] * (values.highest > facts.high + 1e-6)
    if sides:
        standard = ", or scale the data: minmax" if values.scaling == "standard" and facts.low <= 0 else ""
        yield (
            "architecture.output_activation",
            f"the data has values from {values.lowest:.3g} to {values.highest:.3g}, and {output} gives none "
            f"{' or '.join(sides)}: those cannot be reached, however long the training is",
            f"set architecture.output_activation: linear{standard}",
        )


def median_is_lowest(config: Config, values: Values) -> Iterator[Finding]:
    """Absolute errors where more than half of the values are the lowest of their column."""
    name = pulls_to_the_median(config)
    if name and values.at_lowest > 0.5:
        yield (
            "loss",
            f"{name} pulls towards the median, and {100 * values.at_lowest:.0f} % of the values are the lowest of "
            "their column: it tends to answer with these alone, and the loss falls all the same",
            "anneal charbonnier's eps from 0.5 to 0.01 in its place",
        )


def cross_entropy_has_a_floor(config: Config, values: Values) -> Iterator[Finding]:
    """A cross-entropy that a perfect net would not bring to 0."""
    for index, term in enumerate(config.loss_terms):
        facts = LOSSES[term.name].facts
        if facts.from_logits and facts.nonnegative and values.entropy_nats and values.entropy_nats >= 5e-4:
            yield (
                loss_path(config, index),
                f"on this data {term.name} is never below {values.entropy_nats:.3f} nats per value, the entropy of the "
                "targets: a perfect net has that, not 0",
                "read bce_excess_nats, which is what lies above the floor",
            )


def others_hardly_count(config: Config, values: Values) -> Iterator[Finding]:
    """Counts and other data that is nearly empty, under any loss that is a mean of errors."""
    if values.at_lowest >= MOSTLY and not any(LOSSES[term.name].facts.from_logits for term in config.loss_terms):
        yield (
            "loss",
            f"{100 * values.at_lowest:.0f} % of the values are the lowest of their column, so a net that answers with "
            "these alone has a small loss; what the others become hardly counts in a mean of errors",
            "compare with bce on data scaled to [0, 1], a likelihood, and look at fvu and at the reconstructions",
        )
