"""A verdict in plain English, as one line of text."""

from collections.abc import Callable, Sequence

from aecli.comparison.evidence.labels import quoted
from aecli.comparison.evidence.measures import Measure
from aecli.comparison.evidence.rope import Rope
from aecli.comparison.statistics.differences import Difference
from aecli.comparison.statistics.intervals import Estimate
from aecli.comparison.telling.digits import amount, interval_words, p_words
from aecli.comparison.telling.lists import listing_labels
from aecli.comparison.verdicts.group import Group
from aecli.comparison.verdicts.verdict import (
    BAND_UNCERTAIN,
    BETTER,
    EQUIVALENT,
    INCLUDES_0,
    LOST_SEEDS,
    NEVER_MEASURED,
    NO_COMMON_SEED,
    NO_FINITE_NUMBER,
    NOT_MEASURED,
    ONE_COMMON_SEED,
    ONE_SEED_EACH,
    P_CORRECTED,
    P_TOO_LARGE,
    TOO_FEW_SEEDS,
    UNDECIDED,
    WORSE,
    ImageVerdict,
    Verdict,
)
from aecli.components.evaluation.per_image import QUANTITIES
from aecli.components.evaluation.scales import DECIBEL
from aecli.text import counted

ABOUT_NETS = "which is about these nets and not about what they were trained with"


def verdict_words(verdict: Verdict) -> str:
    """One verdict with what it rests on.

    `mae is worse than mse by test.mse: 31 % higher (95 % interval +28 % to +34 %), better in 0 % of 10 seeds, p =
    0.002`
    """
    parts = [opening(verdict)]
    if verdict.difference is not None:
        parts[0] += f": {difference_words(verdict)}"
        if verdict.p_corrected is not None and verdict.seeds_won is not None:
            parts.append(pairs_words(verdict.difference, verdict.seeds_won))
            parts.append(p_words(verdict.p_corrected, verdict.comparisons))
    text = ", ".join(parts)
    more = open_words(verdict) if verdict.kind != NOT_MEASURED else ""
    text = f"{text}; {more}" if more else text
    if verdict.images:
        text += f"; image by image, {nets_words(verdict.candidate, verdict.images)}, {ABOUT_NETS}"
    return text


def open_words(verdict: Verdict) -> str:
    """Why a verdict is open, and how many seeds would decide; nothing for one that is not open."""
    parts = [reason_words(verdict)] if verdict.reason else []
    if verdict.kind == UNDECIDED and verdict.difference is not None:
        parts.append(needed_words(verdict))
    return "; ".join(parts)


def opening(verdict: Verdict) -> str:
    """Who is what against whom."""
    ours, theirs, by = quoted(verdict.candidate), quoted(verdict.baseline), f"by {verdict.metric.name}"
    return {
        BETTER: f"{ours} is better than {theirs} {by}",
        WORSE: f"{ours} is worse than {theirs} {by}",
        EQUIVALENT: f"{ours} is equivalent to {theirs} {by}",
        UNDECIDED: f"{ours} against {theirs} is undecided {by}",
        NOT_MEASURED: f"{ours} against {theirs} is not measured: {reason_words(verdict)}",
    }[verdict.kind]


def reason_words(verdict: Verdict) -> str:
    """Why it is undecided or not measured; nothing for any other verdict."""
    return REASONS[verdict.reason](verdict) if verdict.reason else ""


def few_words(verdict: Verdict) -> str:
    """Too few seeds for any verdict."""
    ours, theirs = verdict.sizes
    sizes = counted(len(verdict.seeds), "common seed") if verdict.seeds else f"{ours} and {theirs} seeds"
    return f"{sizes} cannot decide"


def p_too_large_words(verdict: Verdict) -> str:
    """The interval and the test disagree."""
    return f"the interval leaves out 0, but p = {verdict.known.p:.3g} is not below {verdict.level:.3g}"


def p_corrected_words(verdict: Verdict) -> str:
    """The test alone would have found a difference."""
    after = f"after the correction for {verdict.comparisons} comparisons"
    return f"p = {verdict.known.p:.3g} is not below {verdict.level:.3g} {after}"


REASONS: dict[str, Callable[[Verdict], str]] = {
    NEVER_MEASURED: lambda verdict: f"{verdict.metric.name} was not measured for {quoted(verdict.lacking)}",
    NO_FINITE_NUMBER: lambda verdict: f"{verdict.metric.name} is no finite number for {quoted(verdict.lacking)}",
    NO_COMMON_SEED: lambda verdict: "no common seed, and a single value has no spread",
    ONE_SEED_EACH: lambda verdict: "one seed each says nothing about the spread over seeds",
    ONE_COMMON_SEED: lambda verdict: "a single common seed says nothing about the spread over seeds",
    TOO_FEW_SEEDS: few_words,
    BAND_UNCERTAIN: lambda verdict: (
        "the interval fits into the band, but the band, a share of the baseline's mean, is itself too uncertain"
    ),
    INCLUDES_0: lambda verdict: "the interval includes 0",
    P_TOO_LARGE: p_too_large_words,
    P_CORRECTED: p_corrected_words,
    LOST_SEEDS: lambda verdict: (
        f"{quoted(verdict.lacking)} is better only by the seeds that are left: not with the lost ones counted as worst"
    ),
}
"""Code of a reason -> what tells it."""


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
    return verdict.known.estimate, DECIBEL if verdict.metric.scale == DECIBEL else ""


def rope_words(rope: Rope, metrics: Sequence[Measure]) -> str:
    """`1 %`, or what it is by each metric where that is not the same for all: `1 % by test.mse, 0.01 by test.ssim`."""
    sizes = {metric.name: rope.on(metric.scale) for metric in metrics}
    if len(set(sizes.values())) == 1:
        return next(iter(sizes.values()))
    return ", ".join(f"{size} by {name}" for name, size in sizes.items())


def pairs_words(difference: Difference, seeds_won: float) -> str:
    """How often the candidate came out better."""
    of = f"{difference.estimate.n} common seeds" if difference.paired else "all pairs of seeds, not paired by seed"
    return f"better in {seeds_won * 100:.3g} % of {of}"


def needed_words(verdict: Verdict) -> str:
    """How many seeds would decide."""
    if verdict.reason == LOST_SEEDS and verdict.needed is None:
        return "train the lost ones in a way that does not diverge"
    if verdict.needed is None:
        return "no number of seeds up to 10,000 would decide"
    least = "at least" if verdict.p_corrected is None else "about"
    return f"{least} {counted(verdict.needed, 'seed')} would decide"


def few_needed_words(verdict: Verdict) -> str:
    """How many seeds would decide, in a cell; empty for a verdict that is not open."""
    if verdict.kind != UNDECIDED:
        return ""
    if verdict.reason == LOST_SEEDS and verdict.needed is None:
        return "lost seeds"
    return ">10,000 seeds" if verdict.needed is None else f"~{verdict.needed} seeds"


def nets_lines(group: Group, verdicts: Sequence[Verdict]) -> list[str]:
    """Who cannot be judged: nets of one seed in one sentence, and what was not measured, for each reason one."""
    untested = [one for one in verdicts if one.p_corrected is None and one.kind != NOT_MEASURED]
    told = []
    if untested:
        needed = max((one.needed for one in untested if one.needed), default=None)
        more = f"; train at least {needed} seeds of each" if needed else ""
        single = [one.label for one in group.candidates if len(one.runs) == 1]
        every = len(single) == len(group.candidates)
        who = "all have one seed" if every else f"one seed of {listing_labels(single)}" if single else ""
        why = f"{who}, so these are single nets" if who else "too few common seeds"
        told.append(f"no verdict on what they were trained with: {why}{more}")
    lacking: dict[str, None] = dict.fromkeys(reason_words(one) for one in verdicts if one.kind == NOT_MEASURED)
    return [*told, *lacking]


def nets_words(candidate: str, images: ImageVerdict) -> str:
    """What two single nets say, image by image."""
    title = QUANTITIES[images.quantity].facts.title if images.quantity in QUANTITIES else images.quantity
    interval = f"95 % interval of the difference {interval_words(images.difference, '')}"
    wins = f"{images.wins * 100:.3g} % of {images.difference.n:,} test images"
    return f"the net of {quoted(candidate)} is better on {wins} (mean {title}: {interval})"
