"""What the others are compared with, in plain English: in which sense it is the best."""

from collections.abc import Sequence

from aecli.comparison.evidence.labels import quoted
from aecli.comparison.telling.lists import listing_labels
from aecli.comparison.verdicts.group import Group
from aecli.comparison.verdicts.leader import rivals, seemingly_better


def baseline_words(group: Group) -> str:
    """What the verdicts compare with."""
    why = "; ".join([*sense_words(group), "--baseline names another"]) if group.was_chosen else "as asked"
    return f"against {quoted(group.baseline.label)} ({why}):"


def short_baseline_words(group: Group) -> str:
    """The same in a few words: `against mse (the best of those with several seeds)`."""
    single, others = seemingly_better(group)
    best = "the best of those with several seeds" if single else "the best by its own seeds" if others else "the best"
    best = "the best of those that lost no seed" if lossy_rivals(group) else best
    return f"against {quoted(group.baseline.label)} ({best if group.was_chosen else 'as asked'})"


def sense_words(group: Group) -> list[str]:
    """In which sense the chosen baseline is the best, and what seems to contradict it."""
    metric, (single, others) = group.metrics[0], seemingly_better(group)
    if lossy := lossy_rivals(group):
        shown = [label for label in lossy if label in rivals(group)]
        also = f"; {listing_labels(shown)} also with the lost ones counted as worst" if shown else ""
        return [
            f"the best by {metric.name} of those that lost no seed",
            f"{listing_labels(lossy)} {have(lossy)} a better mean over the seeds that are left{also}",
        ]
    if better := rivals(group):
        return [
            f"the best mean {metric.name} over all of its own seeds",
            f"over the seeds of the verdicts no config beats all others, {listing_labels(better)} this one",
        ]
    limit = " with more than one seed" if single else ""
    limit += " over the seeds that the verdicts rest on" if others else ""
    told = [
        f"{listing_labels(some)} {have(some)} a better {what}"
        for some, what in ((single, "single run"), (others, "mean over all of its own"))
        if some
    ]
    return [f"the best by {metric.name}{limit}", *told]


def lossy_rivals(group: Group) -> list[str]:
    """Who has a better mean than the baseline and lost seeds, where the baseline lost none."""
    if group.baseline.broken_seeds(group.metrics[0]):
        return []
    ahead = {label for labels in seemingly_better(group) for label in labels}
    return [one.label for one in group.candidates if one.label in ahead and one.broken_seeds(group.metrics[0])]


def have(labels: Sequence[str]) -> str:
    """`has`, of several `have`."""
    return "has" if len(labels) == 1 else "have"
