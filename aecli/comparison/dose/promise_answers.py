"""Whether a regularizer did what its name promises: exact zeros, smaller norms, sparser codes, a smaller gap.

The interval of the difference from the reference answers it: yes where it lies on the promised side, no where it lies
on the other one or within the band of practical equivalence, else undecided. All answers that could be given, those of
every promise at every dose, are one family: where none of them holds, some `yes` comes in at most 5 %. The interval and
p allow for all of them (Bonferroni). What a run did not measure may still stand in metrics.jsonl: the raw value of a
penalty is the very sum that it pulls at, logged for every run that has the penalty.
"""

from dataclasses import dataclass

from aecli.comparison.dose.dose_goals import GAP
from aecli.comparison.dose.doses import DoseGroup
from aecli.comparison.dose.promises import only_shrinks, promises_of
from aecli.comparison.evidence.candidates import Candidate
from aecli.comparison.evidence.measures import Measure
from aecli.comparison.evidence.rope import Rope
from aecli.comparison.evidence.run_record import RunRecord
from aecli.comparison.statistics.differences import compare_pairs, difference_interval
from aecli.comparison.statistics.intervals import ALPHA, Estimate, mean_interval
from aecli.comparison.verdicts.verdict import NOT_MEASURED, UNDECIDED
from aecli.components.evaluation.scales import Direction
from aecli.components.regularization.promises import MORE_ZEROS, Promise
from aecli.runs.stored_values import finite_number
from aecli.text import shell_word

YES, NO = "yes", "no"


@dataclass(frozen=True)
class PromiseAnswer:
    """What became of a promise at one dose."""

    promise: str
    kind: str
    """yes | no | undecided | not measured"""
    dose: str
    reference: str
    """The dose it is compared with; not the reference of the goals where that one has no such number."""
    at_dose: Estimate | None
    at_reference: Estimate | None
    difference: Estimate | None
    """With its interval at a confidence that allows for all answers."""
    source: str
    """Where the numbers are from."""
    command: str
    """What measures it in the first run that lacks it; empty where none does, or nothing can."""
    lacking: int
    """Runs for which that is needed."""
    p_corrected: float | None = None
    """Two-sided, corrected for all answers; None with fewer seeds than can decide."""
    answers: int = 1
    """How many it is corrected for."""
    broken: tuple[int, ...] = ()
    """Seeds that diverged at this dose, or at the reference."""


def answers_of(group: DoseGroup, key: str) -> int:
    """How many answers could be given: which dose is asked about is seen only from the data."""
    return len(promises_of(regularizer_of(key))) * (len(group.candidates) - 1)


def answer_promises(
    group: DoseGroup, key: str, free: str | None, rope: Rope, *, answers: int
) -> tuple[PromiseAnswer, ...]:
    """Every promise of the regularizer that a key belongs to.

    Args:
        group: the doses.
        key: of which they are.
        free: the largest dose that costs nothing by the first goal, as far as anyone knows; the largest dose of all is
            asked besides.
        rope: band of practical equivalence.
        answers: how many could be given in all; they are corrected for.
    """
    name = regularizer_of(key)
    labels = [one.label for one in group.candidates]
    asked = list(dict.fromkeys([free, labels[-1]] if free else labels[-1:]))
    ask = Question(name=name, rope=rope, answers=max(answers, 1))
    return tuple(answer_at(group, label, promise, ask) for promise in promises_of(name) for label in asked)


def regularizer_of(key: str) -> str:
    """The name of the regularizer whose strength a key is; empty where it is none: what is asked for is no strength.

    Example:
        >>> regularizer_of("regularization.l1#2.weight"), regularizer_of("optimization.optimizer.lr")
        ('l1', '')
    """
    section, _, rest = key.partition(".")
    if rest.split(".")[1:2] == ["target"]:
        return ""
    return rest.split(".")[0].partition("#")[0] if section == "regularization" else ""


@dataclass(frozen=True)
class Question:
    """What all answers have in common."""

    name: str
    """Of the regularizer."""
    rope: Rope
    answers: int
    """How many are corrected for."""


def answer_at(group: DoseGroup, label: str, promise: Promise, ask: Question) -> PromiseAnswer:
    """What became of one promise at one dose."""
    at = [one.label for one in group.candidates].index(label)
    own = group.candidates[at]
    for made in ways_to_measure(promise, ask.name):
        reference = next((one for one in group.candidates[:at] if one.values(made)), None)
        if reference is not None and own.values(made):
            return compare_promise(promise, made, own, reference, ask)
    lacking = runs_without(promise, group)
    command = f"aecli evaluate {shell_word(lacking[0].path)} --suite {promise.suite}" if lacking else ""
    return PromiseAnswer(
        promise=promise.words,
        kind=NOT_MEASURED,
        dose=label,
        reference=group.candidates[0].label,
        at_dose=None,
        at_reference=None,
        difference=None,
        source="",
        command=command,
        lacking=len(lacking),
    )


def ways_to_measure(promise: Promise, name: str) -> list[Measure]:
    """The numbers that tell about a promise of the regularizer of this name, the best one first."""
    better: Direction = "higher" if promise.rises else "lower"
    if promise.is_gap:
        return [GAP]
    found = []
    if promise.suite:
        place = ("suites", "test", promise.suite, *promise.path.split("."))
        suite_path = f"{promise.suite}.{promise.path}"
        found.append(Measure(name=suite_path, path=place, better=better, suite=("test", promise.suite)))
    if promise.is_logged:
        term = f"regularization.{name}"
        found.append(
            Measure(name=f"{term} in metrics.jsonl", path=(), better=better, read=lambda run: last_raw(run, term))
        )
    return found


def last_raw(run: RunRecord, term: str) -> float | None:
    """The raw value of a term in the last epoch; None where the run has no such term."""
    records = run.folder.read_metrics()
    terms = records[-1].get("terms") if records else None
    row = terms.get(term) if isinstance(terms, dict) else None
    return finite_number(row.get("raw")) if isinstance(row, dict) else None


def compare_promise(
    promise: Promise, made: Measure, own: Candidate, reference: Candidate, ask: Question
) -> PromiseAnswer:
    """The answer, from numbers that are there."""
    ours, theirs = own.values(made), reference.values(made)
    difference = compare_pairs(ours, theirs)
    at_dose, at_reference = mean_interval(list(ours.values())), mean_interval(list(theirs.values()))
    estimate, p = difference.estimate if difference else None, None
    if difference and estimate and difference.p is not None and difference.can_decide:
        p = min(1.0, difference.p * ask.answers)
        estimate = difference_interval(ours, theirs, ALPHA / ask.answers)
    rope = ask.rope
    broken = tuple(sorted({*own.broken_seeds(made), *reference.broken_seeds(made)}))
    kept = is_kept(estimate, p, rope.size * abs(at_reference.mean) if rope.is_relative else 0.0, rises=promise.rises)
    return PromiseAnswer(
        promise=promise.words,
        kind=UNDECIDED if broken else kept,
        dose=own.label,
        reference=reference.label,
        at_dose=at_dose,
        at_reference=at_reference,
        difference=estimate,
        source=made.name,
        command="",
        lacking=0,
        p_corrected=p,
        answers=ask.answers,
        broken=broken,
    )


def is_kept(difference: Estimate | None, p: float | None, band: float, *, rises: bool) -> str:
    """Yes, no, or undecided.

    Example:
        >>> is_kept(Estimate(0.5, 5, 0.4, 0.6), 0.001, 0.0, rises=True)
        'yes'
        >>> is_kept(Estimate(0.0, 5, 0.0, 0.0), 1.0, 0.0, rises=True)
        'no'
    """
    if difference is None or p is None:
        return UNDECIDED
    low, high = difference.ends if rises else (-difference.ends[1], -difference.ends[0])
    if -band <= low and high <= band:
        return NO
    return UNDECIDED if low <= 0 < high or p >= ALPHA else YES if low > 0 else NO


def runs_without(promise: Promise, group: DoseGroup) -> list[RunRecord]:
    """The runs without the suite that measures a promise; none where no suite does."""
    return [run for run in group.runs if promise.suite and not run.part(("suites", "test", promise.suite))]


def most_zeros(group: DoseGroup, key: str) -> float | None:
    """The largest share of exact zeros at any dose of what only shrinks; None for others, and where nobody counted."""
    name = regularizer_of(key)
    if not only_shrinks(name):
        return None
    (made,) = ways_to_measure(MORE_ZEROS, name)
    values = [value for one in group.candidates for value in one.values(made).values()]
    return max(values, default=None)
