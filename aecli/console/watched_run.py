"""What a watcher may know of a run that trains: shapes of things that are made in rooms the console does not enter."""

from collections.abc import Iterable, Sized
from typing import Any, Protocol


class Parameter(Protocol):
    """A tensor that is trained."""

    def numel(self) -> int:
        """How many numbers it holds."""


class Model(Protocol):
    """A network."""

    def parameters(self) -> Iterable[Parameter]:
        """What is trained."""


class Trainee(Protocol):
    """What is trained, as far as it is told of."""

    @property
    def model(self) -> Model:
        """The network."""


class Splits(Protocol):
    """The images, as far as they are told of."""

    @property
    def train(self) -> Sized:
        """The training images."""

    @property
    def description(self) -> dict[str, Any]:
        """How many there are of which."""


class Prepared(Protocol):
    """What a run begins with; the console knows nothing of how it is made."""

    @property
    def trainee(self) -> Trainee:
        """What is trained."""

    @property
    def splits(self) -> Splits:
        """On what."""

    @property
    def device(self) -> object:
        """Where."""


class Step(Protocol):
    """Some steps of training."""

    @property
    def epoch(self) -> int:
        """In which epoch."""

    @property
    def images(self) -> int:
        """Of this epoch so far."""

    @property
    def loss(self) -> float:
        """The objective of the last batch."""
