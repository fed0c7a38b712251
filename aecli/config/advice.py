"""Facts about losses and regularization that no error will ever tell, found in a config before it is run.

Each rule is one function with a code. A `warning` is nearly always a mistake; a `note` is something to know. Codes may
be looked up with `aecli docs messages` and never change their meaning. The figures are measurements on MNIST with the
784-128-64-32 net.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from aecli.components.architecture import ACTIVATIONS
from aecli.components.loss import LOSSES
from aecli.components.optimization.schedules import SCHEDULES
from aecli.config.assemble import Anneal
from aecli.config.schema import Config

Finding = tuple[str, str, str]
"""The dotted key, what is the matter, and what to do."""


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


RULES: list[tuple[str, str, Callable[[Config], Iterator[Finding]]]] = []


def rule(code: str, severity: str) -> Callable[[Callable[..., Iterator[Finding]]], Callable[..., Iterator[Finding]]]:
    """Decorator: enrol a rule under its code."""

    def enrol(function: Callable[..., Iterator[Finding]]) -> Callable[..., Iterator[Finding]]:
        RULES.append((code, severity, function))
        return function

    return enrol


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


UNIT_RANGE_ONLY = ("half-mse", "bce-output", "mae-collapse", "flat-loss")
"""Rules that speak of pixels in [0, 1]."""
OUT_OF_REACH = Advice(
    "output-range",
    "warning",
    "architecture.output_activation",
    "the data has values that this output cannot reach, since it is bounded and they are not within [0, 1]",
    "set architecture.output_activation: linear, or scale the data: minmax",
)


def smallest(value: float | Anneal) -> float:
    """The smallest value that a number takes while training."""
    return min(value.start, value.end) if isinstance(value, Anneal) else value


def largest(value: float | Anneal) -> float:
    """The largest value that a number takes while training."""
    return max(value.start, value.end) if isinstance(value, Anneal) else value


def loss_path(config: Config, index: int) -> str:
    """The dotted key of a loss term."""
    return "loss" if len(config.loss_terms) == 1 else f"loss[{index}]"


def regularizers(config: Config, *names: str) -> Iterator[tuple[str, Any]]:
    """Regularization terms of these names, with their dotted keys."""
    for index, term in enumerate(config.regularization):
        if term.name in names:
            yield f"regularization[{index}]", term


@rule("half-mse", "warning")
def scale_never_bends(config: Config) -> Iterator[Finding]:
    """Huber and smooth L1 with a threshold that no error reaches."""
    if config.network_traits.output_activation != "sigmoid":
        return
    for index, term in enumerate(config.loss_terms):
        key = {"huber": "delta", "smooth_l1": "beta"}.get(term.name)
        if key and smallest(getattr(term, key)) >= 1:
            yield (
                f"{loss_path(config, index)}.{key}",
                f"pixels and outputs lie in [0, 1], so no error exceeds {key} and {term.name} is exactly mse up to a "
                "factor",
                f"choose a {key} of 0.02 to 0.5",
            )


@rule("bce-output", "warning")
def cross_entropy_without_sigmoid(config: Config) -> Iterator[Finding]:
    """A loss from logits whose reconstruction is not the sigmoid of these logits."""
    output = config.network_traits.output_activation
    for index, term in enumerate(config.loss_terms):
        if LOSSES[term.name].facts.from_logits and output not in (None, "sigmoid"):
            yield (
                loss_path(config, index),
                f"{term.name} trains sigmoid(logit), but the reconstruction is {output}(logit), which every metric "
                "sees",
                "set architecture.output_activation: sigmoid",
            )


@rule("mae-collapse", "warning")
def median_is_black(config: Config) -> Iterator[Finding]:
    """Absolute errors on mostly black images, with nothing that prevents the collapse."""
    eased = (
        config.network_traits.output_bias not in (None, "zero")
        or config.optimization.schedule.warmup > 0
        or config.optimization.schedule.name == "one_cycle"
    )
    if eased or len(config.loss_terms) > 1 or config.data.dataset.name != "mnist":
        return
    term = config.loss_terms[0]
    sharp = {"charbonnier": ("eps", 0.01), "smooth_l1": ("beta", 0.01)}.get(term.name)
    if term.name in ("mae", "pinball") or (sharp and largest(getattr(term, sharp[0])) <= sharp[1]):
        yield (
            "loss",
            f"{term.name} pulls towards the median and 81 % of MNIST's pixels are black: it tends to stay near the "
            "black image (test MSE .04, against .008 with mse)",
            "anneal charbonnier's eps from 0.5 to 0.01, or set architecture.output_bias: mean_image and a warm-up",
        )


@rule("flat-loss", "warning")
def redescending_with_small_scale(config: Config) -> Iterator[Finding]:
    """A redescending loss whose pull has vanished for the errors that the training starts with."""
    limits = {"tukey": 0.3, "welsch": 0.1, "geman_mcclure": 0.05}
    for index, term in enumerate(config.loss_terms):
        if term.name in limits and largest(term.c) < limits[term.name]:
            yield (
                f"{loss_path(config, index)}.c",
                f"{term.name} hardly pulls at errors far above c, and the training starts with errors of 0.5",
                f"start at c = {limits[term.name]} or more and anneal: "
                f"c: {{start: 0.5, end: {largest(term.c):g}, epochs: 20}}",
            )


@rule("heavy-penalty", "warning")
def weights_are_erased(config: Config) -> Iterator[Finding]:
    """Sums over 222,384 parameters need tiny weights."""
    for path, term in regularizers(config, "l1", "l2"):
        limit = {"l1": 1e-5, "l2": 1e-3}[term.name]
        if largest(term.weight) >= limit:
            size, useful = {"l1": ("10,000", "1e-9 to 1e-6"), "l2": ("700", "1e-8 to 1e-5")}[term.name]
            yield (
                f"{path}.weight",
                f"{term.name} is a sum over all parameters, about {size} at the start, while the MSE is about .008: "
                "this weight erases the net",
                f"use {useful}",
            )


@rule("no-zeros", "note")
def subgradient_makes_no_zeros(config: Config) -> Iterator[Finding]:
    """L1 by its subgradient."""
    for path, _ in regularizers(config, "l1"):
        yield path, "l1 in the loss shrinks weights but makes none exactly zero", "for exact zeros use l1_proximal"


@rule("l2-adaptive", "note")
def l2_is_not_weight_decay(config: Config) -> Iterator[Finding]:
    """L2 in the loss of an adaptive optimizer."""
    name = config.optimization.optimizer.name
    for path, _ in regularizers(config, "l2"):
        if name not in ("sgd", "nesterov"):
            yield (
                path,
                f"under {name} the gradient of l2 is rescaled like any other, so it is not the same as weight decay",
                "for decoupled decay use weight_decay",
            )


@rule("double-decay", "warning")
def two_decays(config: Config) -> Iterator[Finding]:
    """Weight decay by the optimizer and as a regularizer."""
    if getattr(config.optimization.optimizer, "weight_decay", 0.0) > 0:
        for path, _ in regularizers(config, "weight_decay"):
            yield path, "the optimizer has a weight_decay too, and both act", "keep one of them"


@rule("dead-code", "note")
def relu_kills_code_units(config: Config) -> Iterator[Finding]:
    """A ReLU on the code."""
    if config.network_traits.code_activation == "relu":
        yield (
            "architecture.code_activation",
            "a relu on the code leaves units dead (on MNIST 24 of 32 alive and MSE .0093, against 32 and .0075 with "
            "a linear code)",
            "compare with code_activation: linear",
        )


@rule("test-selection", "note")
def test_split_selects(config: Config) -> Iterator[Finding]:
    """Validation on the test split."""
    if config.data.validation == "test" and (
        config.evaluation.checkpoint == "best"
        or config.training.early_stopping
        or SCHEDULES[config.optimization.schedule.name].facts.reads_history
    ):
        yield (
            "data.validation",
            "the test split also selects the checkpoint, the end or the learning rate, so its numbers are optimistic",
            "hold out training images (validation: 5000), or set evaluation.checkpoint: last",
        )


@rule("no-gap", "note")
def regularizing_without_a_gap(config: Config) -> Iterator[Finding]:
    """Regularization on all of MNIST, where there is nothing to regularize."""
    shrinking = list(regularizers(config, "l1", "l2", "weight_decay", "dropout"))
    if shrinking and config.data.dataset.name == "mnist" and config.data.train_size is None:
        yield (
            "regularization",
            "with all training images of MNIST the generalization gap is about 0, so there is none to close",
            "to see an effect on it set data.train_size to 250 ... 5000",
        )


@rule("outliers-hardly-matter", "note")
def outlier_images_break_little(config: Config) -> Iterator[Finding]:
    """Whole outlier images, which a flexible net hardly notices."""
    if config.data.contamination and config.data.contamination.name == "outlier_images":
        yield (
            "data.contamination",
            "whole outlier images hardly harm even mse; corrupted pixels do (floor .23 p^2 for salt_and_pepper)",
            "compare losses under salt_and_pepper too",
        )


@rule("lambda-not-mean", "note")
def continuous_bernoulli_output(config: Config) -> Iterator[Finding]:
    """The output of the continuous Bernoulli is not its mean."""
    for index, term in enumerate(config.loss_terms):
        if term.name == "continuous_bernoulli":
            yield (
                loss_path(config, index),
                "the output is the parameter lambda of the density, not its mean, and all metrics are measured on "
                "lambda",
                "compare with bce",
            )


@rule("self-selection", "note")
def trained_by_the_selecting_metric(config: Config) -> Iterator[Finding]:
    """The selecting metric is one of the losses in the comparison."""
    metric = config.evaluation.select
    if (
        metric != "mse"
        and [term.name for term in config.loss_terms] == [metric]
        and config.evaluation.checkpoint == "best"
    ):
        yield (
            "evaluation.select",
            f"{metric} is also the training loss; runs with other losses would have to be selected by it too",
            "keep evaluation.select the same in all runs that are compared",
        )


@rule("ssim-precision", "warning")
def ssim_in_low_precision(config: Config) -> Iterator[Finding]:
    """SSIM is made of small differences of products."""
    if config.training.precision != "highest" and any(term.name == "ssim" for term in config.loss_terms):
        yield (
            "training.precision",
            "ssim takes differences of nearly equal products, which low precision falsifies by a few percent",
            "set training.precision: highest",
        )
