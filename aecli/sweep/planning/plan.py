"""From a sweep to its trials: every combination resolved into one checked config, named by what it contains.

A trial is its content: the digest of its resolved config. The same digest from two combinations is one trial.
"""

import copy
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from aecli.config.load import read_chain, validate
from aecli.config.merge import apply_set, assign
from aecli.config.presets import find_config
from aecli.config.schema import Config
from aecli.config.yaml_source import Document
from aecli.errors import ConfigError, Problem, known
from aecli.sweep.planning.axes import check_axes
from aecli.sweep.planning.combinations import Setting, excluding, in_order, settings_of
from aecli.sweep.planning.document import Sweep
from aecli.sweep.planning.points import points_of
from aecli.sweep.planning.trial import Cell, Plan, Trial, Tuning, short
from aecli.sweep.planning.tune import Tune
from aecli.sweep.planning.tuning_rules import config_problems

PROBLEMS_SHOWN = 20


@dataclass
class Resolved:
    """What the combinations have come to so far."""

    trials: dict[str, Trial] = field(default_factory=dict)
    problems: dict[str, Problem] = field(default_factory=dict)
    """Text -> the problem, in the trial that it was first met in."""
    doubles: int = 0
    cells: dict[str, Cell] = field(default_factory=dict)
    """Digest of the first untuned trial -> its cell, of a sweep that tunes."""

    def add(self, trials: Iterable[Trial]) -> None:
        """Trials, each of which is one however often it comes."""
        for trial in trials:
            self.doubles += trial.digest in self.trials
            self.trials.setdefault(trial.digest, trial)

    def add_cell(self, cell: Cell) -> None:
        """A cell with its trials; one that was there already is none."""
        first = cell.untuned[0].digest
        self.doubles += len(cell.untuned) if first in self.cells else 0
        if first not in self.cells:
            self.cells[first] = cell
            self.add(trial for of_point in cell.tried for trial in of_point)

    def refuse(self, problems: list[Problem], setting: Setting) -> None:
        """Remember what is wrong with a setting."""
        for problem in problems:
            self.problems.setdefault(str(problem), in_trial(problem, setting))


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
    resolved, excluded = Resolved(), 0
    idle = set(range(len(sweep.exclude)))
    for setting in settings_of(sweep, document):
        if by := excluding(sweep, setting):
            idle -= by
            excluded += len(sweep.seeds)
            continue
        try:
            if sweep.tune:
                resolved.add_cell(make_cell(base, setting, sweep, document))
            else:
                resolved.add(make_trials(resolve(base, setting), setting, sweep.seeds))
        except ConfigError as error:
            resolved.refuse(error.problems, setting)
            if len(resolved.problems) >= PROBLEMS_SHOWN:
                break
    if problems := list(resolved.problems.values()) or idle_or_empty(idle, resolved, document):
        raise ConfigError(problems)
    for cell in resolved.cells.values():
        resolved.add(cell.untuned)  # after all that others wait for
    trials, cells = tuple(resolved.trials.values()), tuple(resolved.cells.values())
    tuning = make_tuning(sweep.tune, cells) if sweep.tune else None
    return Plan(trials, base_digest(base), excluded, resolved.doubles, tuning)


def make_trials(config: Config, setting: Setting, seeds: Iterable[int]) -> Iterator[Trial]:
    """The trials of a setting, one for each seed."""
    changes = {key: value for key, (value, _) in setting.items()}
    for seed in dict.fromkeys(seeds):
        seeded = config.model_copy(update={"seed": seed})
        yield Trial(seeded.digest(), seeded, changes)


def make_cell(base: Document, setting: Setting, sweep: Sweep, document: Document) -> Cell:
    """A setting with everything that is tried before it is judged.

    Raises:
        ConfigError: it or one of its points is refused.
    """
    tune = known(sweep.tune)
    untuned = resolve(base, setting)
    if problems := list(config_problems(tune, [untuned], document)):
        raise ConfigError(problems)
    where = {key: document.locate(("tune", key)) for key in tune.space}
    tried = []
    for point in points_of(tune):
        tuned = in_order({**setting, **{key: (value, where[key]) for key, value in point.items()}})
        tried.append(tuple(make_trials(resolve(base, tuned), tuned, tune.seeds)))
    changes = {key: value for key, (value, _) in setting.items()}
    return Cell(changes, tuple(tried), tuple(make_trials(untuned, setting, sweep.seeds)))


def make_tuning(tune: Tune, cells: tuple[Cell, ...]) -> Tuning:
    """What is tuned, of a plan."""
    return Tuning(tune.objective, tuple(dict.fromkeys(tune.seeds)), tuple(points_of(tune)), cells, tune.curve)


def idle_or_empty(idle: set[int], resolved: Resolved, document: Document) -> list[Problem]:
    """What is wrong with `exclude`: entries that agree with nothing, or that leave nothing."""
    message = "agrees with no combination; correct it, or take it out"
    if idle:
        return [Problem(document.locate(("exclude", index)), "exclude", message) for index in sorted(idle)]
    if not resolved.trials:
        return [Problem(document.locate(("exclude",)), "exclude", "leaves no trial; take something out of it")]
    return []


def read_base(sweep: Sweep, document: Document, path: Path) -> Document:
    """The config that is varied, with everything it extends and what --set changes in it.

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
    base = apply_set(base, sweep.base_set)
    validate(base)
    return base


def base_digest(base: Document) -> str:
    """SHA-256 of the base as it resolves by itself."""
    return validate(base).digest()


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
