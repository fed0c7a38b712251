"""Training, validation and test images, in memory as the bytes they are.

A batch becomes float32 only when it is asked for; there is no DataLoader. What is drawn (who is held out, who is
trained on, what is contaminated) comes from named streams of the run's seed.

Shapes: N images, B batch, P pixels.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor

from aecli.components.data import Dataset, load_dataset
from aecli.components.data.corruptions import CORRUPTIONS
from aecli.components.data.remarks import About
from aecli.components.data.rows import set_apart
from aecli.components.data.scaling import fit_again, rows_outside
from aecli.components.data.sources import describe_sources
from aecli.components.requirements import Rows
from aecli.config.assemble import plain_parameters
from aecli.config.data_advice import Values
from aecli.errors import known
from aecli.randomness import stream
from aecli.training.compatibility import check_fit, held_out_of
from aecli.training.values import LOOKED_AT, describe_values

if TYPE_CHECKING:
    from aecli.config.schema import Config

CHUNK = 4096


@dataclass(frozen=True, eq=False)
class Split:
    """Some images with their labels; uint8 stands for value / 255."""

    values_NP: Tensor
    labels_N: np.ndarray | None

    def __len__(self) -> int:
        return len(self.values_NP)

    def batch(self, rows: Tensor | slice) -> Tensor:
        """Images as float32 model values, (B, P)."""
        values_NP = self.values_NP
        chosen = values_NP[rows] if isinstance(rows, slice) else values_NP.index_select(0, rows)  # faster than [rows]
        return chosen.to(torch.float32).div_(255.0) if chosen.dtype == torch.uint8 else chosen

    def batches(self, size: int) -> Iterator[Tensor]:
        """All images in order, `size` at once."""
        for start in range(0, len(self), size):
            yield self.batch(slice(start, start + size))

    def mean_image(self) -> Tensor:
        """The mean image, (P,), float32; the sums of chunks are added in double precision."""
        total_P = torch.zeros(self.values_NP.shape[1], dtype=torch.float64)
        for x_BP in self.batches(CHUNK):
            total_P += x_BP.sum(0).cpu().double()  # not every device has doubles
        mean_P = (total_P / len(self)).to(device=self.values_NP.device, dtype=torch.float32)
        return self.exact_where_constant(mean_P)

    def exact_where_constant(self, mean_P: Tensor) -> Tensor:
        """The mean without rounding in columns of equal values, whose variance would else be 1e-16 instead of 0."""
        first_P = self.batch(slice(0, 1))[0]
        some_P = (self.batch(slice(0, CHUNK)) == first_P).all(0) & (mean_P != first_P)
        if not some_P.any():
            return mean_P
        constant_P = some_P.clone()
        for x_BP in self.batches(CHUNK):
            constant_P &= (x_BP == first_P).all(0)
        return torch.where(constant_P, first_P, mean_P)

    def to(self, device: torch.device) -> "Split":
        """The same images on a device."""
        return replace(self, values_NP=self.values_NP.to(device))


@dataclass(frozen=True, eq=False)
class Splits:
    """The three parts of a data set, as one config cuts it."""

    train: Split
    validation: Split
    test: Split
    image_shape: tuple[int, int, int] | None
    unit_range: bool
    description: dict[str, Any]
    """Name, SHA-256, scaling, sizes, classes and sources, for environment.json."""
    about: About = About()
    """What is worth saying of the data."""

    @property
    def class_names(self) -> dict[int, str]:
        """Number of a class -> its name, where the data names its classes."""
        return {int(number): name for number, name in (self.description.get("classes") or {}).items()}

    @cached_property
    def mean_image_P(self) -> Tensor:
        """The mean training image."""
        return self.train.mean_image()

    @cached_property
    def values(self) -> Values:
        """What the values of all parts are, for advice."""
        parts = [part.values_NP for part in (self.train, self.validation, self.test)]
        known = self.train.batch(slice(None, LOOKED_AT)) if self.unit_range else None
        return describe_values(parts, known, scaling=self.description["scaling"]["kind"])

    @property
    def rows(self) -> Rows:
        """What components may ask of the rows."""
        name, size = self.description.get("dataset", "the data"), self.test.values_NP.shape[1]
        return Rows(name, size, self.image_shape, self.unit_range, self.unit_range)


def load_splits(config: "Config", device: torch.device, *, scaling: Mapping[str, Any] | None = None) -> Splits:
    """Load a config's data set and cut it.

    A permutation of the run's stream `split` gives first the validation images, then the training images: a smaller
    `train_size` keeps the validation images, and every loss of one seed sees the same ones.

    Args:
        config: a checked config.
        device: where the images go.
        scaling: that of a run that is there already, as its environment.json has it; else it is fitted.

    Raises:
        ConfigError: the sizes do not fit the data, or a setting does not fit its kind.
        DataError: from the data set.
    """
    term = config.data.dataset
    parameters = plain_parameters(term)
    sources = describe_sources(parameters)  # before they are read: what changes meanwhile is seen later
    dataset = load_dataset(term.name, parameters)
    check_fit(config, dataset)
    dataset = replace(dataset, scaling=dict(scaling) if scaling else fit_to_training(config, dataset))
    unit_range = dataset.rows.unit_range  # before rows are moved and scaled
    train, validation = cut(config, dataset)
    outside = "" if unit_range else describe_outside(dataset, validation)
    if config.data.contamination:
        train = contaminate(train, config)
    test = Split(as_tensor(dataset.test_NP, dataset.scaling, in_place=dataset.movable), dataset.test_labels_N)
    if validation is None:
        validation = test
    sizes = {"train": len(train), "validation": len(validation), "test": len(test)}
    description = {"dataset": dataset.name, "sha256": dataset.sha256, "images": sizes, "pixels": dataset.size}
    description |= {"scaling": dataset.scaling, "columns": dataset.columns, "image_shape": dataset.image_shape}
    description |= {"unit_range": unit_range} | ({"sources": sources} if sources else {})
    return Splits(
        train.to(device),
        validation.to(device),
        test.to(device),
        image_shape=dataset.image_shape,
        unit_range=unit_range,
        description=description | class_names(dataset),
        about=About(dataset.scaling["kind"], outside, dataset.remarks),
    )


def describe_outside(dataset: Dataset, validation: Split | None) -> str:
    """`3 of 40 validation rows and 7 of 60 test rows`: those beyond the training rows where these are within [0, 1]."""
    if dataset.scaling["kind"] != "minmax":
        return ""
    counts = {"test": (rows_outside(dataset.test_NP, dataset.scaling), len(dataset.test_NP))}
    if validation is not None:
        values_NP = validation.values_NP.numpy()  # scaled already
        counts = {"validation": (rows_outside(values_NP, {}), len(values_NP)), **counts}
    return " and ".join(f"{some:,} of {all_:,} {part} rows" for part, (some, all_) in counts.items() if some)


def class_names(dataset: Dataset) -> dict[str, Any]:
    """The part of a description that names the classes."""
    return {"classes": {str(number): name for number, name in dataset.classes.items()}} if dataset.classes else {}


def draw_order(config: "Config", count: int) -> np.ndarray:
    """The training rows in the order in which they are drawn: first those held out for validation."""
    return torch.randperm(count, generator=stream(config.seed, "split")).numpy()


def fit_to_training(config: "Config", dataset: Dataset) -> dict[str, Any]:
    """The data set's scaling, fitted on the training rows that are not held out for validation.

    Rows that `train_size` leaves out are among them, so that errors are in the same units at every size.
    """
    held_out = held_out_of(config)
    if "offset" not in dataset.scaling or held_out == 0:
        return dataset.scaling
    rows = np.sort(draw_order(config, len(dataset.train_NP))[held_out:])
    return fit_again(dataset.scaling, dataset.train_NP, rows)


def cut(config: "Config", dataset: Dataset) -> tuple[Split, Split | None]:
    """Training and validation images of a data set, whose rows may be moved; None where the test split validates."""
    held_out = held_out_of(config)
    values_NP, labels_N = dataset.train_NP, dataset.train_labels_N
    count = len(values_NP)
    if held_out == 0 and config.data.train_size in (None, count):
        return Split(as_tensor(values_NP, dataset.scaling, in_place=dataset.movable), labels_N), None
    order_N = draw_order(config, count)
    end = count if config.data.train_size is None else held_out + config.data.train_size
    rows = np.sort(order_N[held_out:end]), np.sort(order_N[:held_out])
    parts = set_apart(values_NP, *rows, in_place=dataset.movable)
    train, validation = (
        Split(as_tensor(part_NP, dataset.scaling, in_place=True), None if labels_N is None else labels_N[chosen])
        for part_NP, chosen in zip(parts, rows, strict=True)
    )
    return train, validation if held_out else None


def as_tensor(values_NP: np.ndarray, scaling: dict[str, Any], *, in_place: bool = False) -> Tensor:
    """Stored values as a tensor: bytes as they are, anything else as float32 model values.

    Args:
        values_NP: the stored values.
        scaling: as in Dataset.
        in_place: whether they may be scaled where they are.
    """
    if "offset" in scaling:
        offset, scale = (np.asarray(scaling[key], np.float32) for key in ("offset", "scale"))
        out_NP = values_NP if in_place and values_NP.flags.writeable and values_NP.dtype == np.float32 else None
        values_NP = np.subtract(values_NP, offset, out=out_NP)
        values_NP /= scale
    return torch.from_numpy(values_NP if values_NP.flags.writeable else np.array(values_NP))


def contaminate(train: Split, config: "Config") -> Split:
    """Training images spoilt once, by the run's stream `contamination`; bytes stay bytes."""
    term = known(config.data.contamination)
    generator = stream(config.seed, "contamination")
    params = plain_parameters(term)
    spoilt_NP = torch.empty_like(train.values_NP)
    for start in range(0, len(train), CHUNK):
        rows = slice(start, start + CHUNK)
        x_BP = CORRUPTIONS[term.name].function(train.batch(rows), generator, **params)
        spoilt_NP[rows] = x_BP.mul(255.0).round_().to(torch.uint8) if spoilt_NP.dtype == torch.uint8 else x_BP
    return replace(train, values_NP=spoilt_NP)
