"""What a recommendation cannot speak of, since nobody tried it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from aecli.comparison.evidence.candidates import Candidate
from aecli.comparison.evidence.settings import ABSENT, as_text, exact, look_up, value_of
from aecli.comparison.opinions import GOALS
from aecli.comparison.recommendation.goal_terms import terms_of
from aecli.comparison.recommendation.missing import command_for, why_missing
from aecli.components.loss import LOSSES
from aecli.components.regularization import REGULARIZERS
from aecli.text import printable

HELD = (
    "architecture.widths",
    "optimization.optimizer",
    "optimization.schedule",
    "training.epochs",
    "training.batch_size",
    "data.corruption",
)
"""What else could change the answer; `data.dataset` always is one."""


ConfigTerm = Mapping[str, object]
"""A loss or a penalty of a config, with its name and its parameters."""


@dataclass(frozen=True)
class Untested:
    """What was not tried, or not measured."""

    losses: tuple[str, ...]
    """In the registry, and in no candidate."""
    regularizers: tuple[str, ...]
    single: tuple[str, ...]
    """Strengths and parameters that were tried at one value only, `l2: weight 1e-05`."""
    held: Mapping[str, str]
    """Key of the config -> the one value that all candidates share."""
    goals: Mapping[str, str]
    """Goal -> why the winner has no numbers for it on the test split."""
    command: str
    """What measures these goals; empty where nothing does."""
    dataset: str
    """The only one."""


def find_untested(candidates: Sequence[Candidate], leader: Candidate) -> Untested:
    """Look for what is missing in what the candidates tried, and in what was measured for the leader."""
    configs = [candidate.config for candidate in candidates]
    losses = [term for config in configs for term in as_list(config["loss"])]
    penalties = [term for config in configs for term in as_list(config["regularization"])]
    goals = {goal: terms_of(goal, "test") for goal in GOALS}
    missing = {goal: terms for goal, terms in goals.items() if all(term.missing_in(leader.runs[0]) for term in terms)}
    several_losses = any(len(as_list(config["loss"])) > 1 for config in configs)
    held = [key for key in HELD if len({exact(look_up(config, key)) for config in configs}) == 1]
    held = [key for key in held if value_of(configs[0], key) != ABSENT]  # not every family of networks has widths
    return Untested(
        losses=absent(LOSSES, losses),
        regularizers=absent(REGULARIZERS, penalties),
        single=(*single_values(losses, weighs=several_losses), *single_values(penalties, weighs=True)),
        held={key: printable(value_of(configs[0], key)) for key in held},
        goals={goal: why_missing(leader.runs[0], terms) for goal, terms in missing.items()},
        command=command_for(leader.runs[0], [term for terms in missing.values() for term in terms]),
        dataset=printable(value_of(configs[0], "data.dataset")),
    )


def as_list(part: ConfigTerm | list[ConfigTerm]) -> list[ConfigTerm]:
    """A part of a config that may be one term or several."""
    return part if isinstance(part, list) else [part]


def absent(registry: Iterable[str], terms: Sequence[ConfigTerm]) -> tuple[str, ...]:
    """The names of a registry that no term has."""
    there = {term["name"] for term in terms}
    return tuple(name for name in registry if name not in there)


def single_values(terms: Sequence[ConfigTerm], *, weighs: bool) -> list[str]:
    """The numbers of each named term that took one value only.

    Example:
        >>> terms = [{"name": "mse", "weight": 1.0}, {"name": "huber", "weight": 1.0, "delta": 0.1}]
        >>> single_values(terms, weighs=False)
        ['huber: delta 0.1']
    """
    tried: dict[tuple[object, str], dict[str, None]] = {}
    for term in terms:
        for key, value in term.items():
            is_strength = isinstance(value, (int, float, Mapping)) and not isinstance(value, bool)
            if is_strength and (weighs or key != "weight"):
                tried.setdefault((term["name"], key), {})[as_text(value)] = None
    single = {at: next(iter(values)) for at, values in tried.items() if len(values) == 1}
    return [printable(f"{name}: {key} {value}") for (name, key), value in single.items()]
