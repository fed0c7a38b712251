"""Facts about losses and regularization that no error will ever tell, found in a config before it is run.

Each rule is one function with a code. A `warning` is nearly always a mistake; a `note` is something to know. Codes may
be looked up with `aecli docs messages` and never change their meaning. The figures are measurements on MNIST with the
784-128-64-32 net.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from aecli.components.architecture import ACTIVATIONS
from aecli.config import loss_advice, protocol_advice, regularization_advice
from aecli.config.findings import Finding
from aecli.config.schema import Config


@dataclass(frozen=True)
class Advice:
    """One finding."""

    code: str
    severity: str
    path: str
    message: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.severity} {self.code}: {self.path}: {self.message}; {self.remedy}"


RULES: list[tuple[str, str, Callable[[Config], Iterator[Finding]]]] = [
    ("half-mse", "warning", loss_advice.scale_never_bends),
    ("bce-output", "warning", loss_advice.cross_entropy_without_sigmoid),
    ("mae-collapse", "warning", loss_advice.median_is_black),
    ("flat-loss", "warning", loss_advice.redescending_with_small_scale),
    ("heavy-penalty", "warning", regularization_advice.weights_are_erased),
    ("no-zeros", "note", regularization_advice.subgradient_makes_no_zeros),
    ("l2-adaptive", "note", regularization_advice.l2_is_not_weight_decay),
    ("double-decay", "warning", regularization_advice.two_decays),
    ("dead-code", "note", protocol_advice.relu_kills_code_units),
    ("test-selection", "note", protocol_advice.test_split_selects),
    ("no-gap", "note", regularization_advice.regularizing_without_a_gap),
    ("outliers-hardly-matter", "note", protocol_advice.outlier_images_break_little),
    ("lambda-not-mean", "note", loss_advice.continuous_bernoulli_output),
    ("self-selection", "note", protocol_advice.trained_by_the_selecting_metric),
    ("short-warmup", "note", protocol_advice.training_ends_before_the_warmup),
    ("short-annealing", "note", protocol_advice.training_ends_before_an_annealing),
    ("ssim-precision", "warning", loss_advice.ssim_in_low_precision),
]
"""Code, severity and rule, in the order in which they are told."""
UNIT_RANGE_ONLY = ("half-mse", "bce-output", "mae-collapse", "flat-loss")
"""Rules that speak of pixels in [0, 1]."""
OUT_OF_REACH = Advice(
    "output-range",
    "warning",
    "architecture.output_activation",
    "the data has values that this output cannot reach, since it is bounded and they are not within [0, 1]",
    "set architecture.output_activation: linear, or scale the data: minmax",
)


def advise(config: Config, *, unit_range: bool = True) -> list[Advice]:
    """Everything worth telling about a config, warnings first.

    Args:
        config: a checked config.
        unit_range: whether its data lies in [0, 1].
    """
    rules = [(code, severity, check) for code, severity, check in RULES if unit_range or code not in UNIT_RANGE_ONLY]
    found = [Advice(code, severity, *finding) for code, severity, check in rules for finding in check(config)]
    output = config.network_traits.output_activation
    if not unit_range and output is not None and output in ACTIVATIONS and ACTIVATIONS[output].facts.bounded:
        found.append(OUT_OF_REACH)
    return sorted(found, key=lambda advice: advice.severity != "warning")
