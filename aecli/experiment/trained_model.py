"""A trained model applied to anybody's rows, in the units of the data that it was trained on.

Shapes: N rows, B batch, P pixels or columns, L code units.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from aecli.components.architecture.contract import Network
from aecli.components.data.annotations import Array
from aecli.components.data.scaling import in_unit_range, stored_values
from aecli.components.evaluation.metrics import METRICS, USUAL, compute, needed
from aecli.components.evaluation.per_image import QUANTITIES, measure
from aecli.components.requirements import Rows
from aecli.errors import DataError, UsageError
from aecli.experiment.data_units import Units
from aecli.experiment.given_rows import CHUNK, MODEL_VALUES, GivenRows, as_numbers, refuse_gaps, take_rows
from aecli.precision import exact_products
from aecli.registry import unknown_name


@dataclass(frozen=True, eq=False)
class TrainedModel:
    """A network in evaluation mode with the units of its data."""

    network: Network
    units: Units

    def scale(self, x: object) -> Tensor:
        """Rows as the network takes them, (N, P) float32."""
        parts = list(take_rows(x, self.units).batches())
        return torch.cat(parts) if parts else torch.empty(0, self.units.size)

    def encode(self, x: object, *, scaled: bool = False) -> Array:
        """The code of each row, (N, L) float32."""
        given = take_rows(x, self.units, scaled=scaled)
        return self.apply(self.network.encode, given.batches(), (len(given), self.network.code_size))

    def decode(self, code_NL: object) -> Array:
        """The row of each code, (N, P) float32, in the units of the data.

        Raises:
            DataError: the codes are no finite numbers, or of another width.
        """
        values = as_numbers(code_NL)
        if values.shape[1:] != (self.network.code_size,):
            raise DataError(f"codes have shape (n, {self.network.code_size}), got {values.shape}")
        refuse_gaps(values)
        codes = (torch.from_numpy(values[i : i + CHUNK].astype(np.float32)) for i in range(0, len(values), CHUNK))
        rows_NP = self.apply(self.network.decode, codes, (len(values), self.units.size))
        return stored_values(rows_NP, self.units.scaling)

    def reconstruct(self, x: object, *, scaled: bool = False) -> Array:
        """The reconstruction of each row, float32, in the shape and the units of what was given."""
        given = take_rows(x, self.units, scaled=scaled)
        rows_NP = self.apply(self.through, given.batches(), (len(given), self.units.size))
        return given.as_given(stored_values(rows_NP, given.scaling))

    def score(self, x: object, *, metric: str | None = None, scaled: bool = False) -> Array:
        """One number for each row, (N,) float64: a metric of its reconstruction, in model values as in summary.json.

        Raises:
            DataError: see `take_rows`.
            UsageError: there is no such metric, or it does not apply to these rows.
        """
        metric = USUAL if metric is None else metric
        if metric not in METRICS:
            raise UsageError(f"unknown metric {unknown_name(metric, METRICS)}")
        given = take_rows(x, self.units, scaled=scaled)
        quantities = needed([metric])
        if any(QUANTITIES[name].facts.of_training for name in quantities):
            raise UsageError(
                f"{metric} needs the mean training image, which no run folder holds; choose another metric"
            )
        self.refuse_metric(metric, given)
        nothing_P = torch.full((self.units.size,), torch.nan)
        with evaluating(self.network), exact_products():
            pairs = ((self.through(x_BP.to(self.device)).cpu(), x_BP) for x_BP in given.batches())
            errors = measure(pairs, quantities, mean_image_P=nothing_P, image_shape=self.units.image_shape)
        rows = ({name: values_N[i : i + 1] for name, values_N in errors.items()} for i in range(len(given)))
        return np.fromiter((compute(row, [metric])[metric] for row in rows), np.float64, len(given))

    def refuse_metric(self, metric: str, given: GivenRows) -> None:
        """Refuse a metric that means nothing on these rows.

        Raises:
            UsageError: with what it needs.
        """
        requires = METRICS[metric].facts.requires
        if requires is None:
            return
        is_unit = all(in_unit_range(part_BP.numpy(), MODEL_VALUES) for part_BP in given.batches())
        if missing := requires(Rows("x", self.units.size, self.units.image_shape, is_unit, is_unit)):
            raise UsageError(f"{metric} {missing}")

    @property
    def device(self) -> torch.device:
        """Where the network is; nobody but the user moves it."""
        return next((parameter.device for parameter in self.network.parameters()), torch.device("cpu"))

    def through(self, x_BP: Tensor) -> Tensor:
        """The reconstruction of a batch."""
        return self.network(x_BP).x_hat_BP

    def apply(self, function: Callable[[Tensor], Tensor], batches: Iterator[Tensor], shape: tuple[int, int]) -> Array:
        """What a function gives for all batches, in one array."""
        out, at = np.empty(shape, np.float32), 0
        with evaluating(self.network), exact_products():
            for part in batches:
                out[at : at + len(part)] = function(part.to(self.device)).cpu().numpy()
                at += len(part)
        return out


@contextmanager
def evaluating(network: Network) -> Iterator[None]:
    """The network in evaluation mode and without gradients while inside, whatever the user has done to it."""
    was_training = network.training
    network.eval()
    try:
        with torch.no_grad():
            yield
    finally:
        network.train(was_training)
