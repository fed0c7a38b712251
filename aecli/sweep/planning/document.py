"""The YAML of a sweep: a base config, and what is varied around it.

```yaml
# aecli sweep --config losses.yaml
base: mse.yaml                     # any config
seeds: 0-9                         # an axis of its own; also 5 for 0-4, or [0, 3, 7]
looks: [10, 20, 40]                # numbers of seeds at which it will be judged, if it may grow
grid:                              # every combination
  loss: [mse, mae, {name: huber, delta: 0.1}]
  optimization.optimizer.lr: [1e-3, 1e-2]
zip:                               # side by side
  data.train_size: [250, 1000]
  training.epochs: [400, 100]
list:                              # written out
  - {architecture.code_activation: linear}
random:                            # drawn once, by their own seed
  count: 20
  seed: 0
  space: {regularization.l1.weight: {log_uniform: [1e-9, 1e-6]}}
exclude:                           # combinations to leave out
  - {loss.name: mae, optimization.optimizer.lr: 1e-2}
tune:                              # within each combination, with seeds of its own
  training.batch_size: {log_int: [32, 512]}
  trials: 5
  seeds: 2
```

All parts that are given are multiplied. A key is one that `--set` takes; a value may be a whole section.
"""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

from annotated_types import Ge, MinLen
from pydantic import AfterValidator, BeforeValidator, Field, PrivateAttr, ValidationError

from aecli.config.load import SWEEP_KEYS, name_after
from aecli.config.merge import read_file
from aecli.config.presets import find_sweep
from aecli.config.problems import explain
from aecli.config.schema import Config, Section
from aecli.config.yaml_source import Document
from aecli.errors import ConfigError, Problem
from aecli.sweep.planning.distributions import Space
from aecli.sweep.planning.seeds import MOST_SEEDS, Seed, Seeds
from aecli.sweep.planning.tune import Tune
from aecli.text import each, shell_word

Count = Annotated[int, Ge(1)]
Values = Annotated[list[Any], MinLen(1)]
Axes = Annotated[dict[str, Values], MinLen(1)]
Entries = list[Annotated[dict[str, Any], MinLen(1)]]
nothing = list  # the class below has a field called list


FEWEST_OF_LOOK = 3
"""Seeds below which no verdict is possible, so that a look there is none."""


def refuse_unordered(sizes: list[int]) -> list[int]:
    """Planned looks as they are.

    Raises:
        ValueError: they do not rise, or there are too few seeds for a verdict at the first.
    """
    if sizes and (sizes != sorted(set(sizes)) or not FEWEST_OF_LOOK <= sizes[0] <= sizes[-1] <= MOST_SEEDS):
        asked = f"expected rising numbers of seeds from {FEWEST_OF_LOOK} on, such as [10, 20, 40]"
        raise ValueError(f"{asked}, got {sizes}")
    return sizes


class Random(Section):
    """Settings that are drawn once, before anything runs."""

    count: Count
    """How many."""
    seed: Seed = 0
    """Of the draws."""
    space: Annotated[dict[str, Space], MinLen(1)]
    """Key -> its distribution."""


class Search(Section):
    """Settings that are chosen one after the other by what came out before; needs the extra `optuna`."""

    sampler: Literal["tpe", "random", "qmc", "cmaes", "nsga2"] = "tpe"
    """tpe, random, qmc, cmaes or nsga2."""
    trials: Count = 50
    """How many settings are tried."""
    seed: Seed = 0
    """Of the sampler."""
    objective: Annotated[
        list[str], MinLen(1), BeforeValidator(lambda value: [value] if isinstance(value, str) else value)
    ] = Field(default_factory=lambda: ["validation.mse"])
    """A validation metric, or several for a Pareto front."""
    space: Annotated[dict[str, Space], MinLen(1)]
    """Key -> its distribution."""
    pruner: Literal["none", "median"] = "none"
    """median stops a trial that is worse than the median of the others at the same epoch."""


class Sweep(Section):
    """A sweep, checked."""

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
    """Name of the sweep's folder; the file's name if not given."""
    base: str = "mse.yaml"
    """The config that is varied: a file beside this one, in ./configs/, or a preset."""
    seeds: Seeds = Field(default_factory=lambda: [0])
    """Seeds of every setting."""
    looks: Annotated[list[int], AfterValidator(refuse_unordered)] = Field(default_factory=nothing)
    """Numbers of seeds at which the sweep will be judged, if it may be extended; `seeds` trains up to one of them."""
    grid: Axes = Field(default_factory=dict)
    """Key -> values; every combination."""
    zip: Axes = Field(default_factory=dict)
    """Key -> values; all first ones together, all second ones, and so on."""
    list: Entries = Field(default_factory=nothing)
    """Settings that are written out."""
    random: Random | None = None
    """Settings that are drawn."""
    search: Search | None = None
    """Settings that are searched for."""
    tune: Tune | None = None
    """Settings that are chosen for each combination, before fresh seeds judge it."""
    exclude: Entries = Field(default_factory=nothing)
    """Combinations that are left out: those that agree with all of an entry's keys."""

    _base_set: tuple[str, ...] = PrivateAttr(())

    @property
    def base_set(self) -> tuple[str, ...]:
        """What --set changes in the base, and so in every trial."""
        return self._base_set

    @property
    def around(self) -> str:
        """The base in words: `mse.yaml with training.epochs=3`."""
        return self.base + (f" with {', '.join(self.base_set)}" if self.base_set else "")


def search_of(sweep: Sweep) -> Search:
    """The search of a sweep that is one.

    Raises:
        ValueError: it is none.
    """
    if sweep.search is None:
        raise ValueError(f"{sweep.name} is no search")
    return sweep.search


def load_sweep(name: str, *, set: str | Sequence[str] = ()) -> tuple[Sweep, Document, Path]:
    """One checked sweep.

    Args:
        name: a path, or a file in ./configs/ or among the presets, whose sweeps are in `sweeps/`.
        set: overrides of its base, `section.key=value`, which reach every trial.

    Returns: the sweep, the document that knows where each value stands, and the file.

    Raises:
        ConfigError: with everything that is wrong, one problem each.
    """
    path = find_sweep(name)
    document = read_file(path, os.path.relpath(path) if path.is_relative_to(Path.cwd()) else str(path))
    if is_run(document):
        how = f"aecli train --config {shell_word(name)}, or base: {name} in a sweep"
        raise ConfigError([Problem(document.name, "", f"is the config of one run, not a sweep: {how}")])
    document.data.setdefault("name", name_after(path, "sweep"))
    try:
        sweep = Sweep.model_validate(document.data)
    except ValidationError as error:
        raise ConfigError(explain(error.errors(include_url=False), document, Sweep)) from None
    sweep._base_set = tuple(each(set))
    if problems := [*clashes(sweep, path.name), *look_problems(sweep, document)]:
        raise ConfigError(problems)
    return sweep, document, path


def clashes(sweep: Sweep, file: str) -> Iterator[Problem]:
    """What --set would change in the base only for the sweep to change it back in its trials."""
    varied: dict[str, str] = {"seed": "seeds"}
    for part in ("grid", "zip"):
        varied |= dict.fromkeys(getattr(sweep, part), part)
    for part in ("random", "search"):
        varied |= dict.fromkeys(getattr(getattr(sweep, part), "space", ()), f"{part}.space")
    varied |= {key: "list" for entry in sweep.list for key in entry}
    for text in sweep.base_set:
        key = text.partition("=")[0].strip()
        for other, part in varied.items():
            if f"{key}.".startswith(f"{other}.") or other == f"{key}.name":
                message = f"{part} in {file} sets {other} in the trials; change it there"
                yield Problem(f"--set {text}", "", message)


def look_problems(sweep: Sweep, document: Document) -> Iterator[Problem]:
    """Looks are planned for what is judged by verdicts, and the seeds that are trained now are one of them."""
    if sweep.looks and sweep.search:
        message = "a search chooses by itself; plan looks for the sweep that trains its winner with fresh seeds"
        yield Problem(document.locate(("looks",), key=True), "looks", message)
    elif sweep.looks and (count := len(set(sweep.seeds))) not in sweep.looks:
        sizes = ", ".join(map(str, sweep.looks))
        message = f"{count} seeds are none of the planned looks {sizes}; train as many as the first of them, then more"
        yield Problem(document.locate(("seeds",)), "seeds", message)


def is_run(document: Document) -> bool:
    """Whether a file holds the sections of a run and nothing of a sweep."""
    keys = document.data.keys()
    return bool(keys & {"extends", *Config.model_fields} - {"name"}) and not keys & SWEEP_KEYS
