"""A comparison in plain English: the question, the answer, and every verdict and finding as one line of text."""

from collections.abc import Sequence

from aecli.comparison.evidence.measures import DECIBEL, Measure
from aecli.comparison.statistics.statistics import NO_SPREAD, Difference, Estimate
from aecli.comparison.telling.table import show_estimate
from aecli.comparison.verdicts.compare import Group
from aecli.comparison.verdicts.lint import Finding
from aecli.comparison.verdicts.ranking import estimate_of, rank
from aecli.comparison.verdicts.verdict import (
    BETTER,
    EQUIVALENT,
    NOT_MEASURED,
    UNDECIDED,
    WORSE,
    ImageVerdict,
    Rope,
    Verdict,
)
from aecli.text import SHOWN, counted

QUANTITIES = {"squared": "squared error", "absolute": "absolute error", "ssim": "1 - SSIM", "bce": "cross-entropy"}
"""Quantity in per_image.npz, as an error -> its name."""


ABOUT_NETS = "which is about these nets and not about what they were trained with"


def verdict_words(verdict: Verdict) -> str:
    """One verdict with what it rests on.

    `mae is worse than mse by test.mse: 31 % higher (95 % interval +28 % to +34 %), better in 0 % of 10 seeds, p = 0.002`
    """
    parts = [opening(verdict)]
    if verdict.difference is not None:
        parts[0] += f": {difference_words(verdict)}"
        if verdict.p_holm is not None:
            parts.append(pairs_words(verdict.difference, verdict.p_better))
            parts.append(p_words(verdict.p_holm, verdict.comparisons))
    text = ", ".join(parts)
    more = open_words(verdict) if verdict.kind != NOT_MEASURED else ""
    text = f"{text}; {more}" if more else text
    if verdict.images:
        text += f"; image by image, {nets_words(verdict.candidate, verdict.images)}, {ABOUT_NETS}"
    return text


def open_words(verdict: Verdict) -> str:
    """Why a verdict is open, and how many seeds would decide; nothing for one that is not open."""
    parts = [verdict.reason] if verdict.reason else []
    if verdict.kind == UNDECIDED and verdict.difference is not None:
        parts.append(needed_words(verdict))
    return "; ".join(parts)


def opening(verdict: Verdict) -> str:
    """Who is what against whom."""
    ours, theirs, by = verdict.candidate, verdict.baseline, f"by {verdict.metric.name}"
    return {
        BETTER: f"{ours} is better than {theirs} {by}",
        WORSE: f"{ours} is worse than {theirs} {by}",
        EQUIVALENT: f"{ours} is equivalent to {theirs} {by}",
        UNDECIDED: f"{ours} against {theirs} is undecided {by}",
        NOT_MEASURED: f"{ours} against {theirs} is not measured: {verdict.reason}",
    }[verdict.kind]


def difference_words(verdict: Verdict) -> str:
    """`3.1 % lower (95 % interval -4.0 % to -2.2 %)`, in units of the metric where a share has no meaning."""
    shown, unit = shown_difference(verdict)
    if shown.mean == 0:
        text = "no difference"
    else:
        text = f"{amount(abs(shown.mean), unit)} {'lower' if shown.mean < 0 else 'higher'}"
    return text if shown.low is None else f"{text} (95 % interval {interval_words(shown, unit)})"


def shown_difference(verdict: Verdict) -> tuple[Estimate, str]:
    """The difference as it is shown, with its unit: a share in per cent, decibels, or units of the metric."""
    if verdict.relative is not None:
        return verdict.relative, "%"
    return verdict.difference.estimate, DECIBEL if verdict.metric.scale == DECIBEL else ""


def rope_words(rope: Rope, metrics: Sequence[Measure]) -> str:
    """`1 %`, or for each metric what it is there where that is not the same for all: `1 % by test.mse, 0.01 by test.ssim`."""
    sizes = {metric.name: rope.on(metric.scale) for metric in metrics}
    if len(set(sizes.values())) == 1:
        return next(iter(sizes.values()))
    return ", ".join(f"{size} by {name}" for name, size in sizes.items())


def interval_words(shown: Estimate, unit: str) -> str:
    """`-4.0 % to +2.2 %`."""
    return " to ".join(amount(end, unit, signed=True) for end in (shown.low, shown.high))


def amount(value: float, unit: str = "", *, signed: bool = False) -> str:
    """A number to three digits, as a share in per cent where the unit says so.

    Example:
        >>> amount(0.0312, "%"), amount(12.345, "%"), amount(-0.0004, signed=True)
        ('3.12 %', '1,234 %', '-0.0004')
    """
    value, sign = (value * 100 if unit == "%" else value), "+" if signed else ""
    text = f"{value:{sign},.0f}" if abs(value) >= 100 else f"{value:{sign}.3g}"
    return f"{text} {unit}".strip()


def pairs_words(difference: Difference, p_better: float) -> str:
    """How often the candidate came out better."""
    of = f"{difference.estimate.n} common seeds" if difference.paired else "all pairs of seeds, not paired by seed"
    return f"better in {p_better * 100:.3g} % of {of}"


def p_words(p: float, comparisons: int = 1) -> str:
    """`p = 0.012 after correction for 4 comparisons`.

    Example:
        >>> p_words(0.0119, 4), p_words(0.00002)
        ('p = 0.012 after correction for 4 comparisons', 'p < 0.0001')
    """
    text = f"p = {p:.2g}" if p >= 1e-4 else "p < 0.0001"
    return f"{text} after correction for {comparisons} comparisons" if comparisons > 1 else text


def needed_words(verdict: Verdict) -> str:
    """How many seeds would decide."""
    if verdict.needed is None:
        return "no number of seeds up to 10,000 would decide"
    least = "at least" if verdict.p_holm is None else "about"
    return f"{least} {counted(verdict.needed, 'seed')} would decide"


def nets_words(candidate: str, images: ImageVerdict) -> str:
    """What two single nets say, image by image."""
    return (
        f"the net of {candidate} is better on {images.wins * 100:.3g} % of {images.difference.n:,} test images "
        f"(mean {QUANTITIES.get(images.quantity, images.quantity)}: 95 % interval of the difference {interval_words(images.difference, '')})"
    )


def finding_words(finding: Finding) -> str:
    """One finding of the lint, its code first."""
    return f"{finding.code}: {finding.what}; {finding.forbids}"


def baseline_words(group: Group) -> str:
    """What the verdicts compare with."""
    why = "; ".join([*best_words(group), "--baseline names another"]) if group.was_chosen else "as asked"
    return f"against {group.baseline.label} ({why}):"


def best_words(group: Group) -> list[str]:
    """In which sense the chosen baseline is the best, and that of more than two the intervals take no account of the choice."""
    limits = ["p is corrected for this choice, the intervals are not"] if len(group.candidates) > 2 else []
    return [*sense_words(group), *limits]


def sense_words(group: Group) -> list[str]:
    """In which sense the chosen baseline is the best, and what seems to contradict it."""
    metric, (single, others) = group.metrics[0], seemingly_better(group)
    rivals = [one.candidate for one in group.verdicts if one.metric == metric and one.kind == BETTER]
    if rivals:
        return [
            f"the best mean {metric.name} over all of its own seeds",
            f"over the seeds of the verdicts no config beats all others, {listing(rivals)} this one",
        ]
    first = f"the best by {metric.name}{' with more than one seed' if single else ''}{' over the seeds that the verdicts rest on' if others else ''}"
    told = [
        f"{listing(some)} {have(some)} a better {what}"
        for some, what in ((single, "single run"), (others, "mean over all of its own"))
        if some
    ]
    return [first, *told]


def seemingly_better(group: Group) -> tuple[list[str], list[str]]:
    """Who has a better mean than the baseline by the first metric: those with a single seed, and the others."""
    metric = group.metrics[0]
    own = estimate_of(group.baseline, metric)
    ahead = [
        (one.label, estimate.n)
        for one in group.candidates
        if own and (estimate := estimate_of(one, metric)) and is_ahead(metric, estimate, own)
    ]
    is_single = own is not None and own.n > 1
    return [label for label, n in ahead if n == 1 and is_single], [
        label for label, n in ahead if n > 1 or not is_single
    ]


def is_ahead(metric: Measure, estimate: Estimate, own: Estimate) -> bool:
    """Whether a mean is better by more than rounding."""
    return metric.loss_like(estimate.mean - own.mean) < -NO_SPREAD * abs(own.mean)


def have(labels: Sequence[str]) -> str:
    """`has`, of several `have`."""
    return "has" if len(labels) == 1 else "have"


def question_words(group: Group) -> str:
    """What a comparison of these candidates asks."""
    by = " and ".join(metric.name for metric in group.metrics)
    number = len(group.candidates)
    if number == 1:
        return f"How good is {group.baseline.label} by {by}?"
    where = f", which differ in {listing(group.factors)}," if group.factors else ""
    if group.was_chosen:
        return f"Which of {number} configs{where} is the best by {by}?"
    return f"Which of {number} configs{where} are better than {group.baseline.label} by {by}?"


def answer_words(group: Group, metric: Measure) -> list[str]:
    """The verdict on a whole group by one metric: the answer first, then what limits it."""
    if len(group.candidates) == 1:
        return lonely_words(group, metric)
    ours = [verdict for verdict in group.verdicts if verdict.metric == metric]
    kinds = {
        kind: [one for one in ours if one.kind == kind] for kind in (BETTER, WORSE, EQUIVALENT, UNDECIDED, NOT_MEASURED)
    }
    chose = group.was_chosen and metric == group.metrics[0]
    first = leader_words(group, metric, kinds) if chose else against_words(group, metric, kinds)
    first += next_words(group, metric, ours)
    undecided = kinds[UNDECIDED]
    if undecided and all(one.p_holm is None for one in undecided):
        least = max((one.needed for one in undecided if one.needed), default=None)
        first.append(
            "One seed each says nothing about the losses, only about these nets"
            + (f": train at least {least} seeds each." if least else ".")
        )
    elif undecided:
        first.append(seeds_words(undecided))
    if kinds[NOT_MEASURED]:
        numbers = [one for one in kinds[NOT_MEASURED] if "is no finite number" in one.reason]
        lacking = [one for one in kinds[NOT_MEASURED] if one not in numbers]
        first += [
            f"{what}: {names(some)}."
            for what, some in (("Not measured", lacking), ("No finite number", numbers))
            if some
        ]
    return first


def leader_words(group: Group, metric: Measure, kinds: dict[str, list[Verdict]]) -> list[str]:
    """The answer where the best one is what the others are compared with."""
    leader, value = group.baseline.label, mean_words(group, metric)
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
    said = f"{group.baseline.label} ({mean_words(group, metric)}) {'has' if kinds[BETTER] else 'is'} {'; '.join(sense_words(group))}"
    if kinds[UNDECIDED]:
        return [f"Undecided. {said}. It is not shown to be better than {names(kinds[UNDECIDED])}.", *told_words(kinds)]
    return [f"{said}.", *told_words(kinds)]


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
        best = f" {leader.label} has {'a better single run' if is_single else f'the best mean{over}'}."
    first = f"By {metric.name}, against {group.baseline.label} ({mean_words(group, metric)}): {'; '.join(told) or 'nothing to say'}.{best}"
    return [f"Undecided. {first}" if kinds[UNDECIDED] and len(told) == 1 else first]


def next_words(group: Group, metric: Measure, verdicts: Sequence[Verdict]) -> list[str]:
    """How far the nearest in rank is from the best, where the best is what the others are compared with."""
    ranked = rank(group.candidates, metric)
    if len(ranked) < 2 or ranked[0] is not group.baseline:
        return []
    nearest = next(one for one in verdicts if one.candidate == ranked[1].label)
    return [f"The nearest is {ranked[1].label}: {difference_words(nearest)}."] if nearest.difference else []


def lonely_words(group: Group, metric: Measure) -> list[str]:
    """What can be said of a single config."""
    said = [f"One config, so there is nothing to compare it with: {metric.name} {mean_words(group, metric)}."]
    ours = estimate_of(group.baseline, metric)
    beaten: dict[bool, list[str]] = {True: [], False: []}
    for label, numbers in group.baseline_rows([metric]).items() if ours else ():
        theirs = numbers[metric.name]
        beaten[metric.is_better(ours.mean, theirs)].append(f"{label.replace('_', ' ')} ({theirs:.4g})")
    parts = [
        f"{word} than {listing(some)}"
        for word, some in zip(("better", "not better"), beaten.values(), strict=True)
        if some
    ]
    return said + sentence(parts)


def mean_words(group: Group, metric: Measure) -> str:
    """`0.0112 ±0.0003, 10 seeds` of what the others are compared with."""
    estimate = estimate_of(group.baseline, metric)
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


def names(verdicts: Sequence[Verdict]) -> str:
    """The first few candidates of some verdicts; in quotes where a comma could be taken for the end of one."""
    return listing([f'"{one.candidate}"' if "," in one.candidate else one.candidate for one in verdicts])


def listing(items: Sequence[str]) -> str:
    """The first few of some things.

    Example:
        >>> listing(["a", "b", "c"]), listing(list("abcdefg"))
        ('a, b and c', 'a, b, c, d and 3 more')
    """
    shown = [*items[:SHOWN], f"{len(items) - SHOWN} more"] if len(items) > SHOWN + 1 else list(items)
    return " and ".join([part for part in (", ".join(shown[:-1]), shown[-1]) if part])


def sentence(parts: Sequence[str]) -> list[str]:
    """`Worse: a, b; equivalent: c.`, or nothing."""
    text = "; ".join(parts)
    return [f"{text[0].upper()}{text[1:]}."] if text else []
