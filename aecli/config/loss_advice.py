"""What no error tells about losses: scales that never bend, outputs that do not fit, collapses, vanishing pulls.

Each rule is one function; advice.py has their codes. The figures are measurements on MNIST with the 784-128-64-32 net.
"""

from collections.abc import Iterator

from aecli.components.loss import LOSSES
from aecli.config.findings import Finding, largest, loss_path, smallest
from aecli.config.schema import Config


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


def pulls_to_the_median(config: Config) -> str | None:
    """The name of a loss that is sharp enough to find nothing but the median, where nothing eases the start."""
    eased = (
        config.network_traits.output_bias not in (None, "zero")
        or config.optimization.schedule.warmup > 0
        or config.optimization.schedule.name == "one_cycle"
    )
    if eased or len(config.loss_terms) > 1:
        return None
    term = config.loss_terms[0]
    sharp = {"charbonnier": ("eps", 0.01), "smooth_l1": ("beta", 0.01)}.get(term.name)
    is_sharp = term.name in ("mae", "pinball") or (sharp and largest(getattr(term, sharp[0])) <= sharp[1])
    return term.name if is_sharp else None


def median_is_black(config: Config) -> Iterator[Finding]:
    """Absolute errors on MNIST, with nothing that prevents the collapse."""
    name = pulls_to_the_median(config)
    if name and config.data.dataset.name == "mnist":
        yield (
            "loss",
            f"{name} pulls towards the median and 81 % of MNIST's pixels are black: it tends to stay near the "
            "black image (test MSE .045, against .0081 with mse)",
            "anneal charbonnier's eps from 0.5 to 0.01 in its place (test MSE .0092)",
        )


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


def ssim_in_low_precision(config: Config) -> Iterator[Finding]:
    """SSIM is made of small differences of products."""
    if config.training.precision != "highest" and any(term.name == "ssim" for term in config.loss_terms):
        yield (
            "training.precision",
            "ssim takes differences of nearly equal products, which low precision falsifies by a few percent",
            "set training.precision: highest",
        )
