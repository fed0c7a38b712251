"""What no error tells about the code, the data and what selects: dead units, optimistic numbers, harmless outliers.

Each rule is one function; advice.py has their codes. The figures are measurements on MNIST with the 784-128-64-32 net.
"""

from collections.abc import Iterator

from aecli.components.optimization.schedules import SCHEDULES, warmup_within
from aecli.config.assemble import Anneal
from aecli.config.findings import Finding, loss_path
from aecli.config.schema import Config
from aecli.text import counted


def relu_kills_code_units(config: Config) -> Iterator[Finding]:
    """A ReLU on the code."""
    if config.network_traits.code_activation == "relu":
        yield (
            "architecture.code_activation",
            "a relu on the code leaves units dead (on MNIST 24 of 32 alive and MSE .0093, against 32 and .0075 with "
            "a linear code)",
            "compare with code_activation: linear",
        )


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


def outlier_images_break_little(config: Config) -> Iterator[Finding]:
    """Whole outlier images, which a flexible net hardly notices."""
    if config.data.contamination and config.data.contamination.name == "outlier_images":
        yield (
            "data.contamination",
            "whole outlier images hardly harm even mse; corrupted pixels do (floor .23 p^2 for salt_and_pepper)",
            "compare losses under salt_and_pepper too",
        )


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


def training_ends_before_the_warmup(config: Config) -> Iterator[Finding]:
    """A warm-up that would outlast the training."""
    warmup, epochs = config.optimization.schedule.warmup, config.training.epochs
    if warmup >= epochs:
        yield (
            "optimization.schedule.warmup",
            f"a warm-up of {warmup:g} does not fit into {counted(epochs, 'epoch')} and is shortened to "
            f"{warmup_within(warmup, epochs):g}",
            "train for longer, or set a shorter warm-up",
        )


def training_ends_before_an_annealing(config: Config) -> Iterator[Finding]:
    """A number that would still be on its way to its end when the training ends."""
    terms = [(loss_path(config, index), term) for index, term in enumerate(config.loss_terms)]
    terms += [(f"regularization[{index}]", term) for index, term in enumerate(config.regularization)]
    epochs = config.training.epochs
    for path, term in terms:
        for key, value in term:
            if isinstance(value, Anneal) and value.epochs > epochs:
                yield (
                    f"{path}.{key}",
                    f"its end {value.end:g} would come in epoch {value.epochs}, and the training ends after "
                    f"{counted(epochs, 'epoch')} at {value.at(epochs):.3g}",
                    "train for longer, or anneal in fewer epochs",
                )
