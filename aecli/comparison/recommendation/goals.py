"""What an autoencoder can be good for: goals, the measures each is made of, and the weights a user gives them.

A goal is never one number that some loss minimizes by itself where there are others: reconstruction is judged by three
referees at once. Every measure exists on two splits: candidates are chosen on the validation split and reported on the
test split.
"""

import math
import re
import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from aecli.comparison.evidence.candidates import Candidate
from aecli.comparison.evidence.measures import Measure, measure
from aecli.comparison.evidence.run_record import RunRecord
from aecli.comparison.opinions import GOALS
from aecli.errors import UsageError
from aecli.registry import unknown_name
from aecli.text import printable

MOST_WEIGHT = 1e6
"""The largest weight over the smallest."""
WEIGHT = re.compile(r"^\s*([^=\s]+)\s*(?:=\s*(\S*)\s*)?$")


@dataclass(frozen=True)
class Term:
    """One measure of a goal, on one split."""

    goal: str
    name: str
    """As in GOALS, without the split."""
    measure: Measure
    over: Measure | None = None
    """What the measure is divided by."""

    @property
    def is_error(self) -> bool:
        """Whether less of it is better; regret is then a ratio, and a difference otherwise."""
        return self.measure.better == "lower"

    @property
    def title(self) -> str:
        """Its name with the direction that is better."""
        return f"{self.name} {self.measure.arrow}"

    def values(self, candidate: Candidate) -> dict[int, float]:
        """Seed -> value, where it was measured."""
        values = candidate.values(self.measure)
        if self.over is None:
            return values
        over = candidate.values(self.over)
        return {seed: value / over[seed] for seed, value in values.items() if over.get(seed, 0) > 0}

    def missing_in(self, run: RunRecord) -> bool:
        """Whether a run lacks it."""
        return self.measure.value(run) is None or (self.over is not None and not self.over.value(run))


def parse_goals(goals: Mapping[str, float] | Sequence[str]) -> dict[str, float]:
    """Goals with their weights.

    Args:
        goals: goal -> weight, or texts such as `reconstruction` or `reconstruction=2,classification=1`; 1 if a weight is
            not given.

    Raises:
        UsageError: no goal, an unknown one, one twice, a weight that is no number above 0, or weights too far apart.
    Example:
        >>> parse_goals(["reconstruction=2,classification", "sparsity=0.5"])
        {'reconstruction': 2.0, 'classification': 1.0, 'sparsity': 0.5}
    """
    weights: dict[str, float] = {}
    for name, weight in goals.items() if isinstance(goals, Mapping) else read_texts(goals):
        if name not in GOALS:
            raise UsageError(f"--for: unknown goal {unknown_name(printable(name), GOALS)}")
        if name in weights:
            raise UsageError(f"--for: {name} is named twice; one weight says it all")
        weights[name] = check_weight(name, weight)
    if not weights:
        raise UsageError(
            f"--for: no goal; name one or more, for example --for reconstruction; choices: {', '.join(GOALS)}"
        )
    most, least = max(weights, key=weights.__getitem__), min(weights, key=weights.__getitem__)
    if weights[most] / weights[least] > MOST_WEIGHT:
        raise UsageError(
            f"--for: {most}={weights[most]:g} is more than {MOST_WEIGHT:,.0f} times {least}={weights[least]:g}, which then decides nothing; "
            f"leave {least} out"
        )
    return weights


def read_texts(texts: Sequence[str]) -> Iterable[tuple[str, object]]:
    """Each goal with the text of its weight."""
    for item in (
        item for text in ([texts] if isinstance(texts, str) else texts) for item in text.split(",") if item.strip()
    ):
        match = WEIGHT.match(item)
        if not match:
            raise UsageError(
                f'--for "{printable(item.strip())}": write GOAL or GOAL=WEIGHT, for example --for reconstruction=2,classification=1'
            )
        yield match[1], 1.0 if match[2] is None else match[2]


def check_weight(name: str, weight: object) -> float:
    """The weight as a number.

    Raises:
        UsageError: it is none, or not above 0, or not finite.
    """
    try:
        number = float(weight)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        number = math.nan
    if not 0 < number < math.inf:
        raise UsageError(
            f"--for: {name}={printable(weight)}: a weight is a finite number above 0, for example {name}=2"
        )
    return number


def terms_of(goal: str, place: str) -> tuple[Term, ...]:
    """The measures of a goal on a split.

    Args:
        goal: one of GOALS.
        place: `validation` or `test`.

    Example:
        >>> [term.measure.name for term in terms_of("reconstruction", "validation")]
        ['validation.mse', 'validation.mae', 'validation.ssim']
    """
    terms = []
    for name in GOALS[goal]:
        own, _, over = name.partition(" / ")
        terms.append(Term(goal, name, measure(f"{place}.{own}"), measure(over) if over else None))
    return tuple(terms)


def measured_terms(goal: str, place: str, candidates: Iterable[Candidate]) -> tuple[Term, ...]:
    """The terms of a goal that at least one candidate has: SSIM, for one, does not exist for tables."""
    candidates = list(candidates)
    return tuple(term for term in terms_of(goal, place) if any(term.values(candidate) for candidate in candidates))


def common_seeds(candidate: Candidate, terms: Iterable[Term]) -> list[int]:
    """The seeds of a candidate for which every term was measured, rising."""
    seeds = set(candidate.seeds)
    for term in terms:
        seeds &= term.values(candidate).keys()
    return sorted(seeds)


def why_missing(run: RunRecord, terms: Sequence[Term]) -> str:
    """What a run lacks, in words; empty if it lacks nothing."""
    texts = []
    for term in (term for term in terms if term.missing_in(run)):
        place = term.measure.suite[0] if term.measure.suite else term.measure.path[0]
        found = run.part(term.measure.path[:3]) if term.measure.suite else {}
        skipped = f": {printable(found['skipped'])}" if "skipped" in found else ""
        given = f"{term.measure.suite[1]} gave no {term.name} on the {place} split{skipped}" if found else ""
        texts.append(given or f"{term.name} was not measured on the {place} split")
    return "; ".join(texts)


def command_for(run: RunRecord, terms: Sequence[Term]) -> str:
    """The command that measures what a run lacks; empty if it lacks nothing, or nothing that can be measured."""
    missing = [term.measure for term in terms if term.missing_in(run)]
    wanted = [one.suite or ("test", "reconstruction") for one in missing if not (one.suite and run.part(one.path[:3]))]
    suites = " ".join(f"--suite {suite}" for suite in dict.fromkeys(suite for _, suite in wanted))
    if not suites:
        return ""
    split = " --split validation" if any(place == "validation" for place, _ in wanted) else ""
    return f"aecli evaluate {shlex.quote(printable(run.path))} {suites}{split}"
