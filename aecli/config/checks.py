"""Rules of a config that involve several fields, checked without data and without torch."""

from collections.abc import Iterator

from aecli.config.schema import Anneal, Config
from aecli.errors import Problem


def check(config: Config) -> list[Problem]:
    """Everything that is wrong across fields."""
    return [
        Problem(config.locate(*path), key, message)
        for rule in (check_widths, check_regularization, check_schedule, check_losses)
        for path, key, message in rule(config)
    ]


Finding = tuple[tuple[str | int, ...], str, str]


def check_widths(config: Config) -> Iterator[Finding]:
    """`auto` stands only for the input."""
    for index, width in enumerate(config.architecture.widths):
        if index and width == "auto":
            path = ("architecture", "widths", index)
            yield path, f"architecture.widths[{index}]", "only the first width can be auto: the size of the data"


def check_regularization(config: Config) -> Iterator[Finding]:
    """Regularizers that need a certain code."""
    code = config.architecture.widths[-1]
    for index, term in enumerate(config.regularization):
        here = ("regularization", index)
        if term.name == "k_sparse" and code != "auto" and term.k >= code:
            yield (*here, "k"), f"regularization[{index}].k", f"must be less than the code size {code}, got {term.k}"
        if term.name == "kl_sparsity" and config.architecture.code_activation != "sigmoid":
            yield (
                here,
                f"regularization[{index}]",
                (
                    "kl_sparsity compares shares, so it needs architecture.code_activation: sigmoid, "
                    f"got {config.architecture.code_activation}"
                ),
            )
        if term.name == "contractive" and config.architecture.normalization == "batch":
            yield (
                here,
                f"regularization[{index}]",
                (
                    "contractive needs the Jacobian of each image by itself, which batch normalization mixes; "
                    "use architecture.normalization: layer"
                ),
            )
        if getattr(term, "parameters", None) == "decoder" and config.architecture.tied:
            path = (*here, "parameters")
            yield (
                path,
                f"regularization[{index}].parameters",
                "with tied weights the decoder has no matrices of its own",
            )


def check_schedule(config: Config) -> Iterator[Finding]:
    """The warm-up has to end before the training does."""
    warmup, epochs = config.optimization.schedule.warmup, config.training.epochs
    if warmup >= epochs:
        path = ("optimization", "schedule", "warmup")
        yield path, "optimization.schedule.warmup", f"must be shorter than training.epochs {epochs}, got {warmup:g}"


def check_losses(config: Config) -> Iterator[Finding]:
    """At least one loss has to count."""
    weights = [
        term.weight.start + term.weight.end if isinstance(term.weight, Anneal) else term.weight
        for term in config.loss_terms
    ]
    if not any(weights):
        yield ("loss",), "loss", "all weights are 0, so nothing would be learned"
