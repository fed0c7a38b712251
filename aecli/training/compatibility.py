"""Whether a config fits its data: sizes, and what losses, metrics, corruptions and the network require of the rows."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from aecli.components.architecture import ARCHITECTURES
from aecli.components.data import Dataset
from aecli.components.data.corruptions import CORRUPTIONS
from aecli.components.evaluation.metrics import applicable
from aecli.components.loss import LOSSES
from aecli.components.requirements import Rows
from aecli.config.assemble import plain_parameters
from aecli.config.yaml_source import dotted, split
from aecli.errors import ConfigError, Problem

if TYPE_CHECKING:
    from aecli.config.schema import Config

Misfit = tuple[str, str]
"""The key with dots, numbers too, and what is wrong."""


def check_fit(config: "Config", dataset: Dataset) -> None:
    """Refuse sizes and settings that do not fit the data, all at once.

    Raises:
        ConfigError: with one problem each.
    """
    rows, available = dataset.rows, len(dataset.train_NP)
    found = [
        *check_network(config, rows),
        *check_sizes(config, rows, available),
        *check_batches(config, available),
        *check_corruptions(config, rows),
        *check_losses(config, rows),
        *check_metrics(config, rows),
    ]
    paths = [(split(key), message) for key, message in found]
    if paths:
        raise ConfigError([Problem(config.locate(*path), dotted(path), message) for path, message in paths])


def check_network(config: "Config", rows: Rows) -> Iterator[Misfit]:
    """What the family finds wrong with its parameters for these rows."""
    fit = ARCHITECTURES[config.architecture.name].facts.fit
    for key, message in fit(plain_parameters(config.architecture), rows) if fit else ():
        yield f"architecture.{key}" if key else "architecture", message


def held_out_of(config: "Config") -> int:
    """Training images that are kept for validation."""
    return 0 if config.data.validation == "test" else config.data.validation


def check_sizes(config: "Config", rows: Rows, available: int) -> Iterator[Misfit]:
    """There are as many rows as are asked for."""
    held_out = held_out_of(config)
    if held_out >= available:
        yield (
            "data.validation",
            f"must be less than the {available} training images of {rows.name}, got {held_out}; "
            f"for example --set data.validation={max(available // 10, 1)}",
        )
    elif config.data.train_size and held_out + config.data.train_size > available:
        message = f"must be at most {available - held_out}: {rows.name} has {available} training images"
        message += f" and {held_out} are held out" if held_out else ""
        yield "data.train_size", f"{message}; got {config.data.train_size}"


def check_batches(config: "Config", available: int) -> Iterator[Misfit]:
    """No batch has one image alone where images are mixed."""
    size = config.training.batch_size
    count = config.data.train_size or available - held_out_of(config)
    if config.network_traits.mixes_images and (size == 1 or count % size == 1):
        message = f"batch normalization needs 2 images in every batch, and {count} images in batches of {size} leave 1"
        better = next((other for other in range(size + 1, size + 99) if count % other != 1), None)
        yield "training.batch_size", f"{message}; take {better}" if better else message


def check_corruptions(config: "Config", rows: Rows) -> Iterator[Misfit]:
    """What corruptions need of the values."""
    for key in ("corruption", "contamination"):
        term = getattr(config.data, key)
        requires = CORRUPTIONS[term.name].facts.requires if term else None
        if requires and (message := requires(rows)):
            yield f"data.{key}", f"{term.name} {message}"


def check_losses(config: "Config", rows: Rows) -> Iterator[Misfit]:
    """What losses need of the rows."""
    for index, term in enumerate(config.loss_terms):
        requires = LOSSES[term.name].facts.requires
        if requires and (message := requires(rows)):
            yield "loss" if len(config.loss_terms) == 1 else f"loss.{index}", f"{term.name} {message}"


def check_metrics(config: "Config", rows: Rows) -> Iterator[Misfit]:
    """The metrics that select and stop mean something on the rows."""
    usable = applicable(rows)
    wanted = {"evaluation.select": config.evaluation.select}
    if config.training.early_stopping:
        wanted["training.early_stopping.metric"] = config.training.early_stopping.metric
    for key, name in wanted.items():
        if name not in usable:
            yield key, f"{name} does not apply to {rows.name}; choices: {', '.join(usable)}"
