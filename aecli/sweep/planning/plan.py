"""From a sweep to its trials: every combination resolved into one checked config, named by what it contains.

A trial is its content: the digest of its resolved config. The same digest from two combinations is one trial.
"""

import copy
import itertools
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aecli.config.load import read_chain, validate
from aecli.config.merge import assign
from aecli.config.presets import find_config
from aecli.config.schema import Config
from aecli.config.yaml_source import Document
from aecli.errors import ConfigError, Problem
from aecli.registry import unknown_name
from aecli.sweep.planning.document import Sweep

MOST_TRIALS = 1_000_000
PROBLEMS_SHOWN = 20
Setting = dict[str, tuple[Any, str]]
"""Key -> (value, where it stands)."""


@dataclass(frozen=True)
class Trial:
    """One run to be made."""

    digest: str
    """SHA-256 of the resolved config, seed included."""
    config: Config
    changes: dict[str, Any]
    """What the sweep set, the seed left out."""

    @property
    def label(self) -> str:
        """`loss=mae, seed=3`."""
        return ", ".join(
            [*(f"{key}={short(value)}" for key, value in self.changes.items()), f"seed={self.config.seed}"]
        )


@dataclass(frozen=True)
class Plan:
    """All trials of a sweep."""

    trials: tuple[Trial, ...]
    base_sha256: str
    """Of the resolved base config; another base under the same folder would be another sweep."""
    excluded: int
    """Combinations that `exclude` left out."""
    doubles: int
    """Combinations that came to the same config as one before."""


def make_plan(sweep: Sweep, document: Document, path: Path) -> Plan:
    """Every trial of a sweep without a search; a search makes its trials as it goes.

    Args:
        sweep: what is varied.
        document: its YAML, which knows where each value stands.
        path: its file; the base is looked for beside it first.

    Raises:
        ConfigError: the base cannot be found, a part is empty, a key is unknown or a value is refused, named with its
            trial.
    """
    base = read_base(sweep, document, path)
    check_axes(sweep, document)
    trials: dict[str, Trial] = {}
    problems: dict[str, Problem] = {}
    doubles = excluded = 0
    idle = set(range(len(sweep.exclude)))
    for setting in settings_of(sweep, document):
        if by := excluding(sweep, setting):
            idle -= by
            excluded += len(sweep.seeds)
            continue
        try:
            config = resolve(base, setting)
        except ConfigError as error:
            for problem in error.problems:
                problems.setdefault(str(problem), in_trial(problem, setting))
            if len(problems) >= PROBLEMS_SHOWN:
                break
            continue
        changes = {key: value for key, (value, _) in setting.items()}
        for seed in dict.fromkeys(sweep.seeds):
            seeded = config.model_copy(update={"seed": seed})
            digest = seeded.digest()
            doubles += digest in trials
            trials.setdefault(digest, Trial(digest, seeded, changes))
    if problems:
        raise ConfigError(list(problems.values()))
    if idle:
        message = "agrees with no combination; correct it, or take it out"
        raise ConfigError([Problem(document.locate(("exclude", index)), "exclude", message) for index in sorted(idle)])
    if not trials:
        raise ConfigError(
            [Problem(document.locate(("exclude",)), "exclude", "leaves no trial; take something out of it")]
        )
    return Plan(tuple(trials.values()), base_digest(base), excluded, doubles)


def read_base(sweep: Sweep, document: Document, path: Path) -> Document:
    """The config that is varied, with everything it extends.

    Raises:
        ConfigError: it is not there, or is refused by itself.
    """
    try:
        found = find_config(sweep.base, beside=path.parent)
        base = read_chain(find_config(sweep.base) if found.resolve() == path.resolve() else found)
    except ConfigError as error:
        if len(error.problems) == 1 and not error.problems[0].where:
            raise ConfigError([Problem(document.locate(("base",)), "base", error.problems[0].message)]) from None
        raise
    validate(base)
    return base


def base_digest(base: Document) -> str:
    """SHA-256 of the base as it resolves by itself."""
    return validate(base).digest()


def check_axes(sweep: Sweep, document: Document) -> None:
    """Rules across the parts of a sweep.

    Raises:
        ConfigError: lists of `zip` have different lengths, the seed is an axis, a key is varied twice, or there would be
            too many trials.
    """
    problems = []
    lengths = {key: len(values) for key, values in sweep.zip.items()}
    if len(set(lengths.values())) > 1:
        told = ", ".join(f"{key} has {length}" for key, length in lengths.items())
        problems.append(Problem(document.locate(("zip",)), "zip", f"all lists must be equally long: {told}"))
    parts = {"grid": sweep.grid, "zip": sweep.zip, "random": sweep.random.space if sweep.random else {}}
    seen: dict[str, str] = {}
    for part, keys in parts.items():
        for key in keys:
            where = document.locate((part, "space", key) if part == "random" else (part, key), key=True)
            if key == "seed":
                problems.append(Problem(where, f"{part}.seed", "seeds are an axis of their own: seeds: 0-9"))
            if key in seen:
                problems.append(Problem(where, f"{part}.{key}", f"is varied by {seen[key]} too"))
            seen[key] = part
    varied = dict.fromkeys([*seen, *(key for entry in sweep.list for key in entry)])
    for index, entry in enumerate(sweep.exclude):
        for key in entry:
            if key not in varied and key.rpartition(".")[0] not in varied:
                where = document.locate(("exclude", index, key), key=True)
                problems.append(
                    Problem(where, "exclude", f"nothing varies {unknown_name(key, list(varied), 'varied')}")
                )
    if not problems and count_trials(sweep) > MOST_TRIALS:
        problems.append(
            Problem(document.locate(()), "", f"{count_trials(sweep):,} trials; at most {MOST_TRIALS:,} can be planned")
        )
    if problems:
        raise ConfigError(problems)


def count_trials(sweep: Sweep) -> int:
    """How many combinations there are."""
    total = len(sweep.seeds) * max(len(sweep.list), 1) * (sweep.random.count if sweep.random else 1)
    total *= len(next(iter(sweep.zip.values()), [None]))
    for values in sweep.grid.values():
        total *= len(values)
    return total


def settings_of(sweep: Sweep, document: Document) -> Iterator[Setting]:
    """Every combination of what is written out, put side by side, drawn, and multiplied, seeds left out."""

    def at(*path: str | int) -> str:
        return document.locate(path)

    listed: list[Setting] = [
        {key: (value, at("list", index, key)) for key, value in entry.items()} for index, entry in enumerate(sweep.list)
    ]
    rows = range(len(next(iter(sweep.zip.values()), [])))
    zipped: list[Setting] = [
        {key: (values[row], at("zip", key, row)) for key, values in sweep.zip.items()} for row in rows
    ]
    grid = [
        [{key: (value, at("grid", key, index))} for index, value in enumerate(values)]
        for key, values in sweep.grid.items()
    ]
    for parts in itertools.product(listed or [{}], zipped or [{}], draw(sweep, at), *grid):
        setting = {key: value for part in parts for key, value in part.items()}
        yield dict(sorted(setting.items(), key=lambda item: outer_first(item[0])))


def outer_first(key: str) -> tuple[int, bool]:
    """Sorts a section before what is set inside it, and its name before its parameters, which a new name would clear."""
    return key.count("."), not key.endswith(".name")


def draw(sweep: Sweep, at: Any) -> list[Setting]:
    """The settings of `random`; each key has a generator of its own, so that another key changes nothing."""
    if sweep.random is None:
        return [{}]
    generators = {key: random.Random(f"{sweep.random.seed} {key}") for key in sweep.random.space}
    return [
        {key: (space.draw(generators[key]), at("random", "space", key)) for key, space in sweep.random.space.items()}
        for _ in range(sweep.random.count)
    ]


def excluding(sweep: Sweep, setting: Setting) -> set[int]:
    """The entries of `exclude` with all of whose keys the setting agrees."""
    return {
        index
        for index, entry in enumerate(sweep.exclude)
        if all(agrees(setting, key, value) for key, value in entry.items())
    }


def agrees(setting: Setting, key: str, value: Any) -> bool:
    """Whether a setting gives a key this value, also where it sets the section around it: `loss.name` of `loss: mae`."""
    if key in setting:
        held = setting[key][0]
        return held == value or (isinstance(held, dict) and held.get("name") == value)
    parent, _, last = key.rpartition(".")
    if parent not in setting:
        return False
    held = setting[parent][0]
    return (
        held == value
        if last == "name" and isinstance(held, str)
        else isinstance(held, dict) and held.get(last) == value
    )


def resolve(base: Document, setting: Setting) -> Config:
    """The checked config of one combination.

    Raises:
        ConfigError: with everything that is wrong, where it stands in the sweep's file.
    """
    data = json.loads(json.dumps(base.data))
    document = Document(data, base.name, dict(base.keys), dict(base.values))
    problems = [
        assign(document, key.split("."), copy.deepcopy(value), where) for key, (value, where) in setting.items()
    ]
    if found := [problem for problem in problems if problem]:
        raise ConfigError(found)
    return validate(document)


def in_trial(problem: Problem, setting: Setting) -> Problem:
    """A problem that names the trial it was first met in."""
    trial = ", ".join(f"{key}={short(value)}" for key, (value, _) in setting.items())
    return Problem(
        problem.where, problem.path, f"{problem.message} (first in the trial {trial})" if trial else problem.message
    )


def short(value: Any) -> str:
    """A value in few characters: a section by its name and numbers."""
    from aecli.config.telling import named, plain

    if isinstance(value, list):
        return "+".join(short(item) for item in value) or "none"
    if isinstance(value, dict):
        return named(value) if "name" in value else json.dumps(value, sort_keys=True)
    return "null" if value is None else plain(value)
