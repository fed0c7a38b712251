"""A comparison in plain English: the question, the answer first, then what limits it."""

from collections.abc import Sequence

from aecli.comparison.evidence.candidates import Candidate
from aecli.comparison.evidence.labels import quoted
from aecli.comparison.evidence.measures import Measure
from aecli.comparison.telling.baseline_words import sense_words
from aecli.comparison.telling.basis_words import best_set_words
from aecli.comparison.telling.digits import show_estimate
from aecli.comparison.telling.lists import listing, names, sentence
from aecli.comparison.telling.untrained_words import behind_words, predictor_words
from aecli.comparison.telling.verdict_words import difference_words
from aecli.comparison.verdicts.group import Group
from aecli.comparison.verdicts.leader import seemingly_better
from aecli.comparison.verdicts.ranking import estimate_of, rank
from aecli.comparison.verdicts.untrained import own_baselines, standing_of
from aecli.comparison.verdicts.verdict import (
    BETTER,
    EQUIVALENT,
    NO_FINITE_NUMBER,
    NOT_MEASURED,
    UNDECIDED,
    WORSE,
    Verdict,
)
from aecli.text import counted


def question_words(group: Group) -> str:
    """What a comparison of these candidates asks."""
    by = " and ".join(metric.name for metric in group.metrics)
    number = len(group.candidates)
    if number == 1:
        return f"How good is {quoted(group.baseline.label)} by {by}?"
    where = f", which differ in {listing(group.factors)}," if group.factors else ""
    if group.was_chosen:
        return f"Which of {number} configs{where} is the best by {by}?"
    return f"Which of {number} configs{where} are better than {quoted(group.baseline.label)} by {by}?"


def answer_words(group: Group, metric: Measure) -> list[str]:
    """The verdict on a whole group by one metric: the answer first, then what limits it, then who is of no use yet."""
    answer = lonely_words(group, metric) if len(group.candidates) == 1 else verdicts_words(group, metric)
    return [*answer, *behind_words(group, metric)]


def verdicts_words(group: Group, metric: Measure) -> list[str]:
    """What the verdicts say by one metric, and what they leave open."""
    ours = [verdict for verdict in group.verdicts if verdict.metric == metric]
    kinds = {
        kind: [one for one in ours if one.kind == kind] for kind in (BETTER, WORSE, EQUIVALENT, UNDECIDED, NOT_MEASURED)
    }
    chose = group.was_chosen and metric == group.metrics[0]
    first = leader_words(group, metric, kinds) if chose else against_words(group, metric, kinds)
    if not chose or len(group.best.members) > 1:
        first += [text for text in [best_set_words(group, metric)] if text]
    first += next_words(group, metric, ours)
    undecided = kinds[UNDECIDED]
    if undecided and all(one.p_corrected is None for one in undecided):
        least = max((one.needed for one in undecided if one.needed), default=None)
        first.append(
            "One seed each says nothing about the losses, only about these nets"
            + (f": train at least {least} seeds each." if least else ".")
        )
    elif undecided:
        first.append(seeds_words(undecided))
    if kinds[NOT_MEASURED]:
        numbers = [one for one in kinds[NOT_MEASURED] if one.reason == NO_FINITE_NUMBER]
        lacking = [one for one in kinds[NOT_MEASURED] if one not in numbers]
        first += [
            f"{what}: {names(some)}."
            for what, some in (("Not measured", lacking), ("No finite number", numbers))
            if some
        ]
    return first


def leader_words(group: Group, metric: Measure, kinds: dict[str, list[Verdict]]) -> list[str]:
    """The answer where the best one is what the others are compared with."""
    leader, value = quoted(group.baseline.label), mean_words(group.baseline, metric)
    if any(seemingly_better(group)) or kinds[BETTER]:
        return contested_words(group, metric, kinds)
    if not any(kinds[kind] for kind in (BETTER, EQUIVALENT, UNDECIDED, NOT_MEASURED)):
        return [f"{leader} is the best by {metric.name} ({value}): every other config is worse."]
    who = f"{leader} has the best mean {metric.name} ({value})"
    others = told_words(kinds)
    if kinds[UNDECIDED]:
        return [f"Undecided. {who}, but is not shown to be better than {names(kinds[UNDECIDED])}.", *others]
    return [f"{who}.", *others]


def contested_words(group: Group, metric: Measure, kinds: dict[str, list[Verdict]]) -> list[str]:
    """The answer where a single run, or a mean over other seeds, is better than that of the best one."""
    verb = "has" if kinds[BETTER] else "is"
    ranked = rank(group.candidates, metric)
    is_single = bool(seemingly_better(group)[0])
    best = (
        [f"{quoted(ranked[0].label)} has the best single net ({mean_words(ranked[0], metric)})."] if is_single else []
    )
    said = (
        f"{quoted(group.baseline.label)} ({mean_words(group.baseline, metric)}) {verb} {'; '.join(sense_words(group))}"
    )
    if kinds[UNDECIDED]:
        return [
            *best,
            f"Undecided. {said}. It is not shown to be better than {names(kinds[UNDECIDED])}.",
            *told_words(kinds),
        ]
    return [*best, f"{said}.", *told_words(kinds)]


def told_words(kinds: dict[str, list[Verdict]]) -> list[str]:
    """`Equivalent: a; worse: b.`"""
    return sentence([f"{kind}: {names(kinds[kind])}" for kind in (EQUIVALENT, BETTER, WORSE) if kinds[kind]])


def against_words(group: Group, metric: Measure, kinds: dict[str, list[Verdict]]) -> list[str]:
    """The answer where the baseline was named, or chosen by another metric."""
    told = [f"{kind}: {names(kinds[kind])}" for kind in (BETTER, EQUIVALENT, WORSE, UNDECIDED) if kinds[kind]]
    ranked = rank(group.candidates, metric)
    best = ""
    if ranked and ranked[0] is not group.baseline:
        leader = ranked[0]
        is_single = len(leader.values(metric)) == 1 < len(group.baseline.values(metric))
        over = " over its own seeds" if leader.label in [one.candidate for one in kinds[WORSE]] else ""
        best = f" {quoted(leader.label)} has {'a better single run' if is_single else f'the best mean{over}'}."
    against = f"By {metric.name}, against {quoted(group.baseline.label)} ({mean_words(group.baseline, metric)})"
    first = f"{against}: {'; '.join(told) or 'nothing to say'}.{best}"
    return [f"Undecided. {first}" if kinds[UNDECIDED] and len(told) == 1 else first]


def next_words(group: Group, metric: Measure, verdicts: Sequence[Verdict]) -> list[str]:
    """How far the nearest in rank is from the best, where the best is what the others are compared with."""
    ranked = rank(group.candidates, metric)
    if len(ranked) < 2 or ranked[0] is not group.baseline:
        return []
    nearest = next(one for one in verdicts if one.candidate == ranked[1].label)
    return [f"The nearest is {quoted(ranked[1].label)}: {difference_words(nearest)}."] if nearest.difference else []


def lonely_words(group: Group, metric: Measure) -> list[str]:
    """What can be said of a single config."""
    told = [f"One config, so there is nothing to compare it with: {metric.name} {mean_words(group.baseline, metric)}."]
    standing = standing_of(group.baseline, metric)
    if standing is not None and standing.ahead_of:
        numbers = own_baselines(group.baseline, metric)
        told.append(
            f"It is ahead of {listing([f'{predictor_words(one)} ({numbers[one]:.4g})' for one in standing.ahead_of])}."
        )
    return told


def mean_words(candidate: Candidate, metric: Measure) -> str:
    """`0.0112 ±0.0003, 10 seeds`."""
    estimate = estimate_of(candidate, metric)
    return (
        "not measured" if estimate is None else f"{show_estimate(estimate, estimate.n)}, {counted(estimate.n, 'seed')}"
    )


def seeds_words(undecided: Sequence[Verdict]) -> str:
    """How many seeds would decide what is undecided."""
    known = [one.needed for one in undecided if one.needed is not None]
    most = f"About {max(known)} seeds each would decide" if known else ""
    hopeless = [one for one in undecided if one.needed is None]
    if not hopeless:
        return f"{most}, if the spread stays what it is."
    rest = f"no number of seeds up to 10,000 would decide about {names(hopeless)}"
    return f"{most} about the others; {rest}." if known else f"{rest[0].upper()}{rest[1:]}."
