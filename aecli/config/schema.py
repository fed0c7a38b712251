"""The schema of a config: every section, every field, its default and its meaning.

What follows a `name` (losses, regularizers, optimizers, schedules, data sets, corruptions) takes its parameters, types
and ranges from the registered function; this module only assembles them. Rules that involve several fields at once are
in checks.py.
"""

import hashlib
import json
import math
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Gt, MinLen
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    PrivateAttr,
    Tag,
    create_model,
    model_validator,
)

from aecli.components.architecture.activations import ACTIVATIONS
from aecli.components.data import DATASETS
from aecli.components.data.corruptions import CORRUPTIONS
from aecli.components.evaluation.metrics import METRICS
from aecli.components.evaluation.suites import SUITES
from aecli.components.loss.losses import LOSSES
from aecli.components.optimization.optimizers import OPTIMIZERS
from aecli.components.optimization.schedules import SCHEDULES
from aecli.components.regularization.regularizers import REGULARIZERS
from aecli.config.yaml_source import Document
from aecli.registry import Entry, Parameter, Registry

Positive = Annotated[float, Gt(0)]
NonNegative = Annotated[float, Ge(0)]
Count = Annotated[int, Ge(1)]
MADE = {"use_attribute_docstrings": False}
"""For models that no source text defines: to search all loaded modules for one takes most of the start."""


class Section(BaseModel):
    """A mapping of the YAML: unknown keys, wrong types and non-finite numbers are refused; never changed."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, strict=True, allow_inf_nan=False, use_attribute_docstrings=True
    )


class Anneal(Section):
    """A number that moves while training, and then stays at its end."""

    start: float
    """Value in the first epoch."""
    end: float
    """Value from epoch `epochs` on."""
    epochs: Annotated[int, Ge(2)]
    """Epoch in which the end is reached."""
    curve: Literal["linear", "geometric"] = "linear"
    """Equal steps, or equal ratios (both ends above 0)."""

    @model_validator(mode="after")
    def ends_are_finite(self) -> "Anneal":
        """Refuse what cannot be reached in steps."""
        if not (math.isfinite(self.start) and math.isfinite(self.end)):
            raise ValueError("start and end must be finite numbers")
        return self

    @model_validator(mode="after")
    def geometric_needs_positive_ends(self) -> "Anneal":
        """Refuse a ratio that does not exist."""
        if self.curve == "geometric" and not (self.start > 0 and self.end > 0):
            raise ValueError("a geometric curve needs start and end above 0; use curve: linear")
        return self

    def at(self, epoch: int) -> float:
        """The value in an epoch, counted from 1."""
        share = min(max(epoch - 1, 0) / (self.epochs - 1), 1.0)
        if share == 1.0:
            return self.end
        if self.curve == "geometric":
            return self.start * (self.end / self.start) ** share
        return self.start + (self.end - self.start) * share


class Shorthand:
    """Lets the JSON Schema say that a name alone stands for a mapping with that name."""

    def __init__(self, names: list[str]) -> None:
        self.names = names

    def __get_pydantic_json_schema__(self, core_schema: Any, handler: Any) -> dict[str, Any]:
        return {"anyOf": [{"enum": self.names}, handler(core_schema)]}


class OneOrMany:
    """Lets the JSON Schema say that one item may stand for a list of one."""

    def __get_pydantic_json_schema__(self, core_schema: Any, handler: Any) -> dict[str, Any]:
        many = handler(core_schema)
        return {"anyOf": [many["items"], many]}


def annealed(annotation: Any) -> Any:
    """A number of this range, or an annealing between two of them."""
    start, end = (Field(description=Anneal.model_fields[name].description) for name in ("start", "end"))
    fields = {"start": (annotation, start), "end": (annotation, end)}
    moving = create_model("Anneal", __base__=Anneal, __doc__=Anneal.__doc__, __cls_kwargs__=MADE, **fields)
    return Annotated[
        Annotated[annotation, Tag("number")] | Annotated[moving, Tag("anneal")],
        Discriminator(lambda value: "anneal" if isinstance(value, (dict, Anneal)) else "number"),
    ]


def field_of(parameter: Parameter, *, anneal: bool) -> tuple[Any, Any]:
    """Type and default of a registered function's parameter, as a pydantic field."""
    annotation = parameter.annotation
    constraints = get_args(annotation)[1:] if get_origin(annotation) is Annotated else ()
    if "may be infinite" in constraints:
        annotation = Annotated[annotation, Field(allow_inf_nan=True)]
    is_number = (get_args(annotation)[0] if constraints else annotation) is float
    if get_origin(annotation) is tuple:
        annotation = Annotated[annotation, Field(strict=False)]  # YAML has lists, not tuples
    default = ... if parameter.required else parameter.default
    return annealed(annotation) if anneal and is_number else annotation, Field(default, description=parameter.doc)


def model_of(entry: Entry, noun: str, *, anneal: bool, extra: dict[str, Any]) -> type[Section]:
    """The mapping `{name: ..., parameter: ...}` of one registered function."""
    anneal = anneal and entry.trait("acts") not in ("hidden", "code")  # the forward pass does not know the epoch
    fields = {parameter.name: field_of(parameter, anneal=anneal) for parameter in entry.parameters}
    title = "".join(part.capitalize() for part in f"{entry.name}_{noun}".replace(" ", "_").split("_"))
    name = (Literal[entry.name], Field(description=f"{noun}: {entry.summary}"))
    return create_model(
        title, __base__=Section, __doc__=entry.summary, __cls_kwargs__=MADE, name=name, **extra, **fields
    )


def weight_of(entry: Entry, default: float | None) -> dict[str, Any]:
    """The weight of a term of the objective, for entries that have one."""
    if default is None:
        return {}
    doc = "What the term is multiplied by in the objective."
    return {"weight": (annealed(NonNegative), Field(default, description=doc))}


def choice(registry: Registry, *, anneal: bool = False, extra: Any = lambda entry: {}) -> Any:
    """Any entry of a registry, as a mapping with its name and parameters, or as its name alone."""
    models = [model_of(entry, registry.noun, anneal=anneal, extra=extra(entry)) for entry in registry.values()]
    union = Annotated[Union[tuple(models)], Field(discriminator="name")]  # noqa: UP007
    spell_out = BeforeValidator(lambda value: {"name": value} if isinstance(value, str) else value)
    return Annotated[union, spell_out, Shorthand(list(registry))]


LossTerm = choice(LOSSES, anneal=True, extra=lambda entry: weight_of(entry, 1.0))
RegularizationTerm = choice(REGULARIZERS, anneal=True, extra=lambda entry: weight_of(entry, entry.trait("weight")))
Losses = Annotated[
    tuple[LossTerm, ...],
    Field(strict=False),
    MinLen(1),
    BeforeValidator(lambda value: value if isinstance(value, (list, tuple)) else [value]),
    OneOrMany(),
]
warmup = (
    NonNegative,
    Field(0.0, description="Epochs of linear warm-up before the schedule starts; may be a fraction."),
)
Schedule = choice(SCHEDULES, extra=lambda entry: {"warmup": warmup})
Activation = Literal[tuple(ACTIVATIONS)]
Metric = Literal[tuple(METRICS)]
default_of = {
    "optimizer": lambda: {"name": "adam"},
    "schedule": lambda: {"name": "constant"},
    "dataset": lambda: {"name": "mnist"},
    "loss": lambda: ({"name": "mse"},),
}


def default(key: str) -> Any:
    """The default of a field that takes a registered name."""
    return Field(default_factory=default_of[key], validate_default=True)


class Data(Section):
    """Which images or rows, and how they are split and spoiled."""

    dataset: choice(DATASETS) = default("dataset")
    """Where the data comes from; `aecli list datasets`."""
    validation: Count | Literal["test"] = 5000
    """Training images held out to choose the best checkpoint; or `test`, which makes the test numbers optimistic."""
    train_size: Count | None = None
    """Number of images to train on, drawn by the seed; null: all that are left."""
    corruption: choice(CORRUPTIONS) | None = None
    """Corrupts the input of every batch and keeps the clean target (denoising); `aecli list corruptions`."""
    contamination: choice(CORRUPTIONS) | None = None
    """Corrupts the training set once, input and target alike, to see which loss withstands it."""


class Architecture(Section):
    """The symmetric dense autoencoder."""

    widths: Annotated[tuple[Literal["auto"] | Annotated[int, Ge(1)], ...], Field(strict=False), MinLen(2)] = (
        "auto",
        128,
        64,
        32,
    )
    """Units of the encoder from the input to the code; the decoder mirrors it. `auto` takes the data's size."""
    activation: Activation = "relu"
    """Of the hidden layers; `aecli list activations`."""
    code_activation: Activation = "relu"
    """Of the code; relu leaves units dead, linear keeps all of them."""
    output_activation: Activation = "sigmoid"
    """Of the reconstruction; sigmoid for pixels in [0, 1], linear for standardised tables."""
    init: Literal["glorot_uniform", "glorot_normal", "he_uniform", "he_normal", "torch"] = "glorot_uniform"
    """Initial weights: Glorot or He as in Keras, or as in torch.nn.Linear."""
    tied: bool = False
    """Whether the decoder uses the encoder's matrices transposed."""
    normalization: Literal["batch", "layer"] | None = None
    """Normalization before the activation of every hidden layer."""
    output_bias: Literal["zero", "mean_pixel", "mean_image"] = "zero"
    """Where the output starts: at 0, at the mean of all training pixels, or at the mean training image."""


class Optimization(Section):
    """How the weights move."""

    optimizer: choice(OPTIMIZERS) = default("optimizer")
    """`aecli list optimizers`."""
    schedule: Schedule = default("schedule")
    """How the learning rate changes; `aecli list schedules`."""
    gradient_clip: Positive | None = None
    """Largest norm of the whole gradient; null: no limit."""


class EarlyStopping(Section):
    """Ends the training when the validation metric has stopped improving."""

    metric: Metric = "mse"
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
    """CPU threads; null: as many as PyTorch takes."""
    precision: Literal["highest", "high", "medium", "bf16"] = "highest"
    """Of matrix products, as in torch.set_float32_matmul_precision; bf16: passes under autocast."""
    early_stopping: EarlyStopping | None = None
    """null: always all epochs."""


class Evaluation(Section):
    """How the run is judged."""

    suites: Annotated[tuple[Literal[tuple(SUITES)], ...], Field(strict=False)] = ("reconstruction",)
    """What is measured after training."""
    select: Metric = "mse"
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
    architecture: Architecture = Architecture()
    """The symmetric dense autoencoder."""
    loss: Losses = default("loss")
    """Reconstruction loss, or a list that is summed with weights; `aecli list losses`."""
    regularization: Annotated[tuple[RegularizationTerm, ...], Field(strict=False)] = ()
    """Penalties and constraints; `aecli list regularizers`."""
    optimization: Optimization = Optimization()
    """How the weights move."""
    training: Training = Training()
    """How long, how much at once, on what."""
    evaluation: Evaluation = Evaluation()
    """How the run is judged."""

    _document: Document | None = PrivateAttr(None)

    def __eq__(self, other: object) -> bool:
        """Whether both say the same, wherever it was written."""
        return isinstance(other, Config) and self.plain() == other.plain()

    @property
    def loss_terms(self) -> tuple[Any, ...]:
        """The losses that are summed, one or more."""
        return self.loss

    def plain(self) -> dict[str, Any]:
        """The config as plain data with every default explicit; a single loss stands as a mapping."""
        data = json_ready(self.model_dump(mode="python"))
        if len(data["loss"]) == 1:
            data["loss"] = data["loss"][0]
        return data

    def digest(self) -> str:
        """SHA-256 of the resolved content; the order of keys and the origin of values do not matter."""
        text = json.dumps(self.plain(), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def locate(self, *path: str | int, key: bool = False) -> str:
        """Where a value comes from: `file:line:column`, a flag, or nothing for a default."""
        return self._document.locate(path, key=key) if self._document else ""


def json_ready(value: Any) -> Any:
    """Tuples as lists, all the way down."""
    if isinstance(value, dict):
        return {key: json_ready(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [json_ready(item) for item in value]
    return value
