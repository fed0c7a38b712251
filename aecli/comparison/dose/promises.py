"""Whether a regularizer did what its name promises: exact zeros, smaller norms, sparser codes, a smaller gap.

A promise is about a mechanism and its direction is known before, so the 95 % interval of the difference from the
reference answers it: yes where it lies on the promised side, no where it lies on the other one or within the band of
practical equivalence, else undecided. What a run did not measure may still stand in metrics.jsonl: the raw value of a
penalty is the very sum that it pulls at, logged for every run that has the penalty.
"""

import shlex
from dataclasses import dataclass

from aecli.comparison.dose.doses import DoseGroup
from aecli.comparison.evidence.candidates import Candidate
from aecli.comparison.evidence.measures import Measure
from aecli.comparison.evidence.rope import Rope
from aecli.comparison.evidence.run_record import RunRecord, finite_number
from aecli.comparison.statistics.differences import compare_pairs
from aecli.comparison.statistics.intervals import Estimate, mean_interval
from aecli.comparison.verdicts.verdict import NOT_MEASURED, UNDECIDED
from aecli.lazy import np
from aecli.text import printable

YES, NO = "yes", "no"


@dataclass(frozen=True)
class Promise:
    """A number and where it ought to go as the dose rises."""

    words: str
    """`more exact zeros in the matrices`"""
    suite: str = ""
    """The suite that measures it; empty for the gap, which every run has, and for what only the term itself tells."""
    path: str = ""
    """Where it is within the suite."""
    rises: bool = False
    term: str = ""
    """The regularizer whose raw value in metrics.jsonl is the same number, up to a factor."""
    is_gap: bool = False


MORE_ZEROS = Promise("more exact zeros in the matrices", "sparsity", "all_matrices.exact_zeros", rises=True)
SPARSER_CODE = Promise("sparser codes (Hoyer)", "code", "code.hoyer_per_image", rises=True)
SMALLER_GAP = Promise("smaller gap (test.mse / train.mse)", is_gap=True)


def smaller_squares(term: str) -> Promise:
    """A smaller sum of squares, which the term itself logs too."""
    return Promise("smaller sum of squares of the parameters", "sparsity", "all_parameters.sum_squares", term=term)


PROMISES: dict[str, tuple[Promise, ...]] = {
    "l1": (Promise("smaller sum of absolute parameters", "sparsity", "all_parameters.sum_abs", term="l1"), SMALLER_GAP),
    "l1_proximal": (MORE_ZEROS,),
    "l2": (smaller_squares("l2"), SMALLER_GAP),
    "weight_decay": (smaller_squares("weight_decay"), SMALLER_GAP),
    "group_lasso": (Promise("more units without input", "sparsity", "all_matrices.units_without_input", rises=True),),
    "activity_l1": (SPARSER_CODE, Promise("smaller mean abs(code)", term="activity_l1")),
    "kl_sparsity": (SPARSER_CODE, Promise("mean activity nearer to rho", term="kl_sparsity")),
    "k_sparse": (Promise("fewer exact zeros in the code as k rises", "code", "code.exact_zeros"),),
    "dropout": (SMALLER_GAP,),
    "contractive": (SMALLER_GAP,),
    "orthogonality": (Promise("matrices nearer to orthonormal ones", term="orthogonality"),),
}
NO_ZEROS = ("l1", "l2", "weight_decay")
"""They shrink weights, and make none exactly zero."""


@dataclass(frozen=True)
class Answer:
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
    source: str
    """Where the numbers are from."""
    command: str
    """What measures it in the first run that lacks it; empty where none does, or nothing can."""
    lacking: int
    """Runs for which that is needed."""


def answer_promises(group: DoseGroup, key: str, free: str | None, gap: Measure, rope: Rope) -> tuple[Answer, ...]:
    """Every promise of the regularizer that a key belongs to.

    Args:
        group: the doses.
        key: of which they are.
        free: the largest dose that costs nothing by the first goal, as far as anyone knows; the largest dose of all is
            asked besides.
        gap: test MSE over training MSE.
        rope: band of practical equivalence.
    """
    section, _, rest = key.partition(".")
    name = rest.split(".")[0].partition("#")[0]
    if section != "regularization" or name not in PROMISES:
        return ()
    labels = [one.label for one in group.candidates]
    asked = list(dict.fromkeys([free, labels[-1]] if free else labels[-1:]))
    answers = [answer(group, label, promise, gap, rope) for promise in PROMISES[name] for label in asked]
    return tuple(answers)


def answer(group: DoseGroup, label: str, promise: Promise, gap: Measure, rope: Rope) -> Answer:
    """What became of one promise at one dose."""
    own = next(one for one in group.candidates if one.label == label)
    for made in ways_to_measure(promise, gap):
        reference = next((one for one in group.candidates if one is not own and one.values(made)), None)
        if (
            reference is not None
            and own.values(made)
            and group.candidates.index(reference) < group.candidates.index(own)
        ):
            return compare_promise(promise, made, own, reference, rope)
    lacking = runs_without(promise, group)
    command = f"aecli evaluate {shlex.quote(printable(lacking[0].path))} --suite {promise.suite}" if lacking else ""
    return Answer(
        promise.words, NOT_MEASURED, label, group.candidates[0].label, None, None, None, "", command, len(lacking)
    )


def ways_to_measure(promise: Promise, gap: Measure) -> list[Measure]:
    """The numbers that tell about a promise, the best one first."""
    better = "higher" if promise.rises else "lower"
    if promise.is_gap:
        return [gap]
    found = []
    if promise.suite:
        place = ("suites", "test", promise.suite, *promise.path.split("."))
        found.append(Measure(f"{promise.suite}.{promise.path}", place, better, ("test", promise.suite)))
    if promise.term:
        term = f"regularization.{promise.term}"
        found.append(Measure(f"{term} in metrics.jsonl", (), better, read=lambda run: last_raw(run, term)))
    return found


def last_raw(run: RunRecord, term: str) -> float | None:
    """The raw value of a term in the last epoch; None where the run has no such term."""
    records = run.folder.read_metrics()
    terms = records[-1].get("terms") if records else None
    row = terms.get(term) if isinstance(terms, dict) else None
    return finite_number(row.get("raw")) if isinstance(row, dict) else None


def compare_promise(promise: Promise, made: Measure, own: Candidate, reference: Candidate, rope: Rope) -> Answer:
    """The answer, from numbers that are there."""
    ours, theirs = own.values(made), reference.values(made)
    difference = compare_pairs(ours, theirs)
    at_dose, at_reference = mean_interval(list(ours.values())), mean_interval(list(theirs.values()))
    estimate = difference.estimate if difference else None
    kind = judge_promise(estimate, rope.size * abs(at_reference.mean) if rope.is_relative else 0.0, rises=promise.rises)
    return Answer(promise.words, kind, own.label, reference.label, at_dose, at_reference, estimate, made.name, "", 0)


def judge_promise(difference: Estimate | None, band: float, *, rises: bool) -> str:
    """Yes, no, or undecided.

    Example:
        >>> judge_promise(Estimate(0.5, 5, 0.4, 0.6), 0.0, rises=True), judge_promise(Estimate(0.0, 5, 0.0, 0.0), 0.0, rises=True)
        ('yes', 'no')
    """
    if difference is None or difference.low is None:
        return UNDECIDED
    low, high = (difference.low, difference.high) if rises else (-difference.high, -difference.low)
    if -band <= low and high <= band:
        return NO
    return YES if low > 0 else NO if high <= 0 else UNDECIDED


def runs_without(promise: Promise, group: DoseGroup) -> list[RunRecord]:
    """The runs without the suite that measures a promise; none where no suite does."""
    return [run for run in group.runs if promise.suite and not run.part(("suites", "test", promise.suite))]


def zeros_words(group: DoseGroup, key: str) -> str:
    """That what shrinks weights makes no exact zeros; empty for what promises them, and where nobody counted."""
    name = key.removeprefix("regularization.").split(".")[0].partition("#")[0]
    if not key.startswith("regularization.") or name not in NO_ZEROS:
        return ""
    made = Measure("zeros", ("suites", "test", "sparsity", "all_matrices", "exact_zeros"), "higher")
    values = [value for one in group.candidates for value in one.values(made).values()]
    if not values:
        return ""
    most = float(np.max(values))
    found = "none at any dose" if most == 0 else f"at most {most * 100:.2g} % of the weights"
    return f"exact zeros: {found}; {name} shrinks weights and sets none to zero: that is what l1_proximal is for"
