"""What is wrong with a comparison, in plain English: for each code of the lint one function that tells its facts.

The facts are its parameters. It returns two parts of a sentence: what is wrong, and what that forbids to conclude.
"""

from collections.abc import Callable, Mapping, Sequence

from aecli.comparison.evidence.labels import quoted
from aecli.comparison.evidence.searches import SearchRecord
from aecli.comparison.evidence.settings import as_text
from aecli.comparison.telling.lists import listing, listing_labels, spread_words
from aecli.comparison.telling.lost_words import collapse_words, lost_words
from aecli.comparison.telling.search_words import search_words
from aecli.comparison.verdicts.lint import Finding
from aecli.comparison.verdicts.rates import RATE
from aecli.text import counted, several

Told = tuple[str, str]
TELLERS: dict[str, Callable[..., Told]] = {}


def tells(code: str) -> Callable[[Callable[..., Told]], Callable[..., Told]]:
    """Decorator: enrol a function that tells the findings of a code."""

    def enrol(function: Callable[..., Told]) -> Callable[..., Told]:
        TELLERS[code] = function
        return function

    return enrol


def tell(finding: Finding) -> Told:
    """What is wrong, and what it forbids to conclude."""
    return TELLERS[finding.code](**finding.facts)


def finding_words(finding: Finding) -> str:
    """One finding of the lint, its code first."""
    what, forbids = tell(finding)
    return f"{finding.code}: {what}; {forbids}"


@tells("different-data")
def different_data(*, others: Sequence[str]) -> Told:
    """Other runs were judged on something else."""
    return (
        f"other runs were judged on other data, or on the same in another scaling: {several(others)}",
        "numbers of different data are different quantities, so no run is compared across",
    )


@tells("two-factors")
def two_factors(*, mixed: Mapping[str, Sequence[str]], baseline: str, candidates: int) -> Told:
    """Candidates differ from the baseline in more than one thing."""
    if len(mixed) == 1:
        ((label, factors),) = mixed.items()
        what = f"{quoted(label)} and {quoted(baseline)} differ in {len(factors)} things at once: {several(factors)}"
    else:
        each = several(f"{quoted(label)} ({several(factors)})" for label, factors in mixed.items())
        what = f"{len(mixed)} of {candidates} differ from {quoted(baseline)} in several things at once: {each}"
    return what, "which of them made the difference cannot be said"


@tells("unequal-epochs")
def unequal_epochs(*, epochs: Mapping[object, int]) -> Told:
    """Runs were trained for different numbers of epochs."""
    return (
        f"trained for different numbers of epochs: {spread_words(epochs)}",
        "a longer training is a factor of its own",
    )


@tells("different-selection")
def different_selection(*, keys: Sequence[str]) -> Told:
    """The checkpoints that are judged were chosen in different ways."""
    return (
        f"the judged checkpoints were chosen in different ways: {several(keys)}",
        "a difference may come from the choice and not from the training",
    )


@tells("protocol-differs")
def protocol_differs(*, metric: str, suite: str, protocols: Mapping[object, int]) -> Told:
    """A metric comes from suites of different versions."""
    return (
        f"{metric} was measured with different versions of the protocol: {spread_words(protocols)}",
        f"the numbers are not of one kind; measure anew with: aecli evaluate RUN --suite {suite}",
    )


@tells("missing-cells")
def missing_cells(
    *,
    factors: Sequence[str] = (),
    cells: int = 0,
    missing: Sequence[Sequence[str]] = (),
    lacking: Mapping[str, Sequence[int]] | None = None,
) -> Told:
    """Some combinations of the factors, or some seeds, were not run."""
    told: list[str] = []
    forbidden: list[str] = []
    if missing:
        lost = several(f"({', '.join(cell)})" for cell in missing)
        told.append(f"{len(missing)} of {cells} combinations of {several(factors)} were not run: {lost}")
        forbidden.append("averages over a row or column of the grid mix factors")
    if lacking:
        told.append(f"not every candidate has every seed: {several(lacking_words(lacking))}")
        forbidden.append(
            "means are over different seeds; verdicts pair the common ones where these can decide "
            "or are all that one has, else none"
        )
    return "; ".join(told), "; ".join(forbidden)


def lacking_words(lacking: Mapping[str, Sequence[int]]) -> list[str]:
    """Who lacks which seeds; candidates that lack the same ones together."""
    alike: dict[tuple[int, ...], list[str]] = {}
    for label, seeds in lacking.items():
        alike.setdefault(tuple(seeds), []).append(label)
    return [
        f"{listing_labels(labels)} lack{'s' * (len(labels) == 1)} seed{'s' * (len(seeds) > 1)} {several(seeds)}"
        for seeds, labels in alike.items()
    ]


@tells("different-machines")
def different_machines(*, what: str, values: Mapping[object, int]) -> Told:
    """Runs come from different machines, or other versions."""
    return (
        f"different {what}: {spread_words(values)}",
        "times are not comparable, and equal seeds need not give equal weights",
    )


@tells("selected-on-test")
def selected_on_test(*, chosen: int, runs: int) -> Told:
    """The test split chose something."""
    return (
        f"{chosen} of {counted(runs, 'run')} validated on the test split and chose by it",
        "their test numbers are optimistic, and a winner among them has no fresh number",
    )


@tells("own-referee")
def own_referee(*, metric: str, own: Sequence[str], is_same: bool) -> Told:
    """Some candidates were trained on the metric that judges them."""
    what = "what" if is_same else "a function of what"
    return (
        f"{metric} is {what} {listing_labels(own)} {'was' if len(own) == 1 else 'were'} trained on",
        "another metric may say otherwise: see the referees (--matrix)",
    )


@tells("duplicate-seed")
def duplicate_seed(*, double: Mapping[str, Sequence[int]]) -> Told:
    """The same config was trained with the same seed more than once."""
    some = (f"{quoted(label)} (seed {several(seeds)})" for label, seeds in double.items())
    return (
        f"trained more than once with the same seed: {several(some)}",
        "the same draw cannot count twice, so only the latest run does",
    )


@tells("few-seeds")
def few_seeds(*, fewest: int, is_smoke_test: bool, of_all: bool, of_candidates: bool) -> Told:
    """Fewer than ten seeds, or verdicts that rest on fewer."""
    who = "each" if of_all else "for some candidates" if of_candidates else "in some verdicts"
    kind = "a smoke test" if is_smoke_test else "a first look"
    return f"{counted(fewest, 'seed')} {who}: {kind}", "a claim needs 10, a headline 30"


@tells("unfinished")
def unfinished(*, kinds: Sequence[tuple[str, str]]) -> Told:
    """Some runs are not complete, or cannot be read."""
    return (
        f"{counted(len(kinds), 'run')} left out: {several(f'{name} ({kind})' for name, kind in kinds)}",
        "if bad settings fail more often, what is left looks better than it is",
    )


@tells("searched")
def searched(*, search: SearchRecord) -> Told:
    """A search chose among the runs by their validation numbers."""
    return search_words(search)


@tells("untuned")
def untuned(
    *,
    rate: float = 0.0,
    losses: int = 0,
    metric: str = "",
    turned: Mapping[str, tuple[float, float]] | None = None,
    baseline: str = "",
) -> Told:
    """Losses share a learning rate that was tuned for none of them, or are judged otherwise at another one."""
    tuned = f"{RATE}: {{log_uniform: [{(rate or 1e-3) / 10:g}, {(rate or 1e-3) * 10:g}]}}, trials: 6, seeds: 2"
    forbids = f"the step size is judged along with the loss; tune it for each: tune: {{{tuned}}} in a sweep"
    if turned is None:
        return f"{losses} losses share the learning rate {rate:g}, which was tuned for none of them", forbids
    by_rates: dict[tuple[float, float], list[str]] = {}
    for loss, rates in turned.items():
        by_rates.setdefault(rates, []).append(loss)
    told = (
        f"{several(map(quoted, some))} {'is' if len(some) == 1 else 'are'} better than {quoted(baseline)} "
        f"at the learning rate {better:g} and worse at {worse:g}"
        for (better, worse), some in by_rates.items()
    )
    return f"by {metric} {'; '.join(told)}", forbids


@tells("edge-of-range")
def edge_of_range(*, key: str, values: Mapping[str, object]) -> Told:
    """What was tuned ended at the lowest or highest value that was tried."""
    ends = several(f"{quoted(label)} ({as_text(value)})" for label, value in values.items())
    return (
        f"{key} was tuned to an end of what was tried for {ends}",
        "a better value may lie beyond, and whose range ends too early is judged by that; widen the range",
    )


@tells("target-missed")
def target_missed(*, missed: Mapping[str, Sequence[int]]) -> Told:
    """Weights did not buy what they were to buy."""
    some = (f"{quoted(label)} (seed {several(seeds)})" for label, seeds in missed.items())
    return (
        f"the target of the weight was not reached: {several(some)}",
        "these stand elsewhere than they say: train them longer, or compare with --at, which reads what was measured",
    )


@tells("looks")
def unplanned_looks(*, before: Sequence[int], seeds: int, level: float, total: float) -> Told:
    """Looks that nobody planned."""
    sizes = listing([str(size) for size in before])
    return (
        f"the sweep was extended to {seeds} seeds after it could be judged at {sizes}, which was not planned",
        f"a corrected p has to be below {level:.3g} now, and some verdict of all looks is wrong in up to "
        f"{total * 100:.3g} %; plan them before: looks: [10, 20, 40]",
    )


TELLERS |= {"lost-seeds": lost_words, "collapse": collapse_words}
