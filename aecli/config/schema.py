"""The schema of a config: every section, every field, its default and its meaning.

What follows a `name` (losses, regularizers, families of networks, optimizers, schedules, data sets, corruptions) takes
its parameters, types and ranges from the registered function; assemble.py makes the types. Rules that involve several
fields at once are in checks.py.
"""

import hashlib
import html
import json
from typing import Annotated, Any, Literal

from annotated_types import Ge, MinLen
from pydantic import BeforeValidator, Field, PrivateAttr

from aecli.components.architecture import ARCHITECTURES, NetworkTraits
from aecli.components.architecture.registration import DEFAULT_FAMILY
from aecli.components.catalogue import CATALOGUE
from aecli.components.data import DATASETS, guess
from aecli.components.data.corruptions import CORRUPTIONS
from aecli.components.evaluation.metrics import METRICS, USUAL
from aecli.components.evaluation.suites import SUITES
from aecli.components.loss import LOSSES
from aecli.components.optimization.optimizers import OPTIMIZERS
from aecli.components.optimization.schedules import SCHEDULES
from aecli.components.regularization import REGULARIZERS
from aecli.config.assemble import (
    Choice,
    Count,
    Named,
    NonNegative,
    OneOrMany,
    Positive,
    Section,
    plain_parameters,
    rebuild_made,
)
from aecli.config.implied import DATASET, LOSS, OPTIMIZER, SCHEDULE
from aecli.config.telling import describe_terms
from aecli.config.terms import Buying, losses_given, regularizers_given, target_of, weight_of
from aecli.config.yaml_source import Document, dump
from aecli.registry import OneOf

LossTerm = Annotated[Named, Choice(LOSSES, anneal=lambda entry: True, extra=lambda entry: weight_of(1.0))]
RegularizationTerm = Annotated[
    Named,
    Choice(
        REGULARIZERS,
        anneal=lambda entry: entry.facts.weight is not None,  # the forward pass does not know the epoch
        extra=lambda entry: weight_of(entry.facts.weight) | target_of(entry.facts.targets),
        base=Buying,
    ),
]
Losses = Annotated[
    tuple[LossTerm, ...],
    Field(strict=False),
    MinLen(1),
    BeforeValidator(losses_given),
    OneOrMany(),
]
Regularizers = Annotated[
    tuple[RegularizationTerm, ...],
    Field(strict=False),
    BeforeValidator(regularizers_given),
    OneOrMany(),
]
Network = Annotated[Named, Choice(ARCHITECTURES, default=DEFAULT_FAMILY)]
Corruption = Annotated[Named, Choice(CORRUPTIONS)]
warmup = (
    NonNegative,
    Field(0.0, description="Epochs of linear warm-up before the schedule starts; may be a fraction."),
)
Metric = Annotated[str, OneOf(METRICS)]


def default(value: Any) -> Any:
    """The default of a field that takes a registered name."""
    return Field(default_factory=lambda: value, validate_default=True)


class Data(Section):
    """Which images or rows, and how they are split and spoiled."""

    dataset: Annotated[Named, Choice(DATASETS, default=DATASET, read=guess.spell_out)] = default({"name": DATASET})
    """Where the data comes from: a name of `aecli list datasets`, or the path of your file or folder."""
    validation: Count | Literal["test"] = 5000
    """Training images held out to choose the best checkpoint; or `test`, which makes the test numbers optimistic."""
    train_size: Count | None = None
    """Number of images to train on, drawn by the seed; null: all that are left."""
    corruption: Corruption | None = None
    """Corrupts the input of every batch and keeps the clean target (denoising); `aecli list corruptions`."""
    contamination: Corruption | None = None
    """Corrupts the training set once, input and target alike, to see which loss withstands it."""


class Optimization(Section):
    """How the weights move."""

    optimizer: Annotated[Named, Choice(OPTIMIZERS, default=OPTIMIZER)] = default({"name": OPTIMIZER})
    """`aecli list optimizers`."""
    schedule: Annotated[Named, Choice(SCHEDULES, extra=lambda entry: {"warmup": warmup}, default=SCHEDULE)] = default(
        {"name": SCHEDULE}
    )
    """How the learning rate changes; `aecli list schedules`."""
    gradient_clip: Positive | None = None
    """Largest norm of the whole gradient; null: no limit."""


class EarlyStopping(Section):
    """Ends the training when the validation metric has stopped improving."""

    metric: Metric = USUAL
    """A loss-neutral metric on the validation images; `aecli list metrics`."""
    patience: Count = 10
    """Epochs without improvement that are tolerated."""
    min_delta: NonNegative = 0.0
    """The smallest change that counts as an improvement."""


class Training(Section):
    """How long, how much at once, on what."""

    epochs: Annotated[int, Ge(1)] = 50
    """Passes over the training images."""
    batch_size: Count = 256
    """Images per step."""
    device: Annotated[str, Field(pattern=r"^(auto|cpu|mps|cuda(:\d+)?)$")] = "auto"
    """auto, cpu, cuda, cuda:1, mps."""
    threads: Annotated[int, Ge(1)] | None = None
    """CPU threads; null: as many as PyTorch takes, or fewer where they are measured to be faster."""
    precision: Literal["highest", "high", "medium", "bf16"] = "highest"
    """Of matrix products, as in torch.set_float32_matmul_precision; bf16: passes under autocast."""
    early_stopping: EarlyStopping | None = None
    """null: always all epochs."""


class Evaluation(Section):
    """How the run is judged."""

    suites: Annotated[tuple[Annotated[str, OneOf(SUITES)], ...], Field(strict=False)] = ("reconstruction",)
    """What is measured after training."""
    select: Metric = USUAL
    """Loss-neutral validation metric by which the best checkpoint is chosen; the same for every loss."""
    checkpoint: Literal["best", "last"] = "best"
    """Which checkpoint the summary judges."""


class Config(Section):
    """One run, whole: the same config and seed give the same weights."""

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")] = "run"
    """Part of the run folder's name; the config's file name if not given."""
    seed: Annotated[int, Ge(0), Field(le=2**63 - 1)] = 0
    """Of every random stream: initial weights, batch order, corruption, splits."""
    data: Data = Data()
    """Which images or rows, and how they are split and spoiled."""
    architecture: Network = default({"name": DEFAULT_FAMILY})
    """The network; `aecli list architectures`."""
    loss: Losses = default(({"name": LOSS},))
    """Reconstruction loss, or a list that is summed with weights; `aecli list losses`."""
    regularization: Regularizers = ()
    """Penalties and constraints; `aecli list regularizers`."""
    optimization: Optimization = Optimization()
    """How the weights move."""
    training: Training = Training()
    """How long, how much at once, on what."""
    evaluation: Evaluation = Evaluation()
    """How the run is judged."""

    _document: Document | None = PrivateAttr(None)

    def __repr__(self) -> str:
        terms = describe_terms(self.plain())
        told = ", ".join(f"{key}={text!r}" for key, text in terms if key in ("data", "architecture", "loss"))
        return f"Config(name={self.name!r}, seed={self.seed}, {told})"

    def __str__(self) -> str:
        return dump(self.plain())

    def _repr_html_(self) -> str:
        return f"<pre>{html.escape(str(self))}</pre>"

    def __reduce__(self) -> tuple[Any, ...]:
        return unpickled, (self.plain(),)  # the classes of its terms are made at run time and have no place to be found

    def __eq__(self, other: object) -> bool:
        """Whether both say the same, wherever it was written."""
        return isinstance(other, Config) and self.plain() == other.plain()

    @property
    def loss_terms(self) -> tuple[Any, ...]:
        """The losses that are summed, one or more."""
        return self.loss

    @property
    def network_traits(self) -> NetworkTraits:
        """What the architecture tells of the network before it is built."""
        return ARCHITECTURES[self.architecture.name].facts.traits(plain_parameters(self.architecture))

    def plain(self) -> dict[str, Any]:
        """The config as plain data with every default explicit; a single loss stands as a mapping."""
        data = json_ready(self.model_dump(mode="python"))
        if len(data["loss"]) == 1:
            data["loss"] = data["loss"][0]
        if data["architecture"]["name"] == DEFAULT_FAMILY:  # which configs had before they could name another one
            del data["architecture"]["name"]
        return data

    def digest(self) -> str:
        """SHA-256 of the resolved content; the order of keys and the origin of values do not matter."""
        text = json.dumps(self.plain(), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def locate(self, *path: str | int, key: bool = False) -> str:
        """Where a value comes from: `file:line:column`, a flag, or nothing for a default."""
        return self._document.locate(path, key=key) if self._document else ""


def unpickled(plain: dict[str, Any]) -> Config:
    """A config that was pickled; it no longer knows where its values were written."""
    keep_current()
    return Config.model_validate(plain)


def versions() -> list[int]:
    """One number for each kind of names; another one where something was registered since."""
    return [registry.version for registry in CATALOGUE.values()]


_built = versions()


def keep_current() -> None:
    """Build the sections anew where something was registered since they were built."""
    if versions() != _built:
        rebuild_made()  # they may refer to names of other registries, as networks do to activations
        for section in (Data, Optimization, EarlyStopping, Training, Evaluation, Config):
            section.model_rebuild(force=True)
        _built[:] = versions()


def json_ready(value: object) -> Any:
    """Tuples as lists, all the way down."""
    if isinstance(value, dict):
        return {key: json_ready(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [json_ready(item) for item in value]
    return value
