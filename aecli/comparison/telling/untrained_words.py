"""Predictors that need no training, in plain English: what they are called, and which nets they leave behind."""

from collections import Counter
from collections.abc import Sequence

from aecli.comparison.evidence.candidates import Candidate
from aecli.comparison.evidence.labels import quoted, short_keys
from aecli.comparison.evidence.measures import Measure
from aecli.comparison.telling.lists import listing_labels
from aecli.comparison.verdicts.group import Group
from aecli.comparison.verdicts.ranking import estimate_of
from aecli.comparison.verdicts.untrained import UntrainedRow, own_baselines, standing_of
from aecli.runs.standing import likeliest_cause, noun_phrase
from aecli.text import printable

NOTHING = "nothing"
"""What a net is ahead of that is behind all of them."""
LOOKED_INTO = 10
"""Candidates whose learning curves are read for the cause."""


def predictor_words(label: str) -> str:
    """`mean image`, `pca 32`."""
    return printable(label.replace("_", " "))


def row_words(row: UntrainedRow) -> str:
    """`pca 32`, and of which training set where there are several: `pca 32 (train_size=2000)`."""
    name = predictor_words(row.label)
    if not row.candidates:
        return name
    keys = short_keys(list(row.settings))
    where = ", ".join(f"{keys[key]}={text}" for key, text in row.settings.items())
    return f"{name} ({where or listing_labels(row.candidates)})"


def ahead_words(candidate: Candidate, metric: Measure) -> str:
    """The hardest predictor that a candidate is ahead of: `pca 32`, or `nothing`; empty where nobody knows."""
    standing = standing_of(candidate, metric)
    if standing is None:
        return ""
    return NOTHING if standing.highest is None else predictor_words(standing.highest)


def behind_words(group: Group, metric: Measure) -> list[str]:
    """Who is behind a predictor that needs no training, one sentence for each predictor, with the likeliest cause."""
    behind: dict[str, list[Candidate]] = {}
    for candidate in group.candidates:
        standing = standing_of(candidate, metric)
        if standing is not None and standing.behind:
            behind.setdefault(standing.behind[0], []).append(candidate)
    told, causes = [], []
    for label, members in behind.items():
        who, verb = who_words(members, len(group.candidates))
        causes.append(common_cause(members))
        cause = "the same likeliest cause" if causes[-1] in causes[:-1] else f"likeliest cause: {causes[-1]}"
        told.append(
            f"{who} {verb} behind {noun_phrase(predictor_words(label))}, which needs no training, by {metric.name}; "
            f"{cause}."
        )
    return told


def who_words(members: Sequence[Candidate], of: int) -> tuple[str, str]:
    """Candidates as a subject, and its verb."""
    if len(members) == of:
        return ("All configs" if of > 1 else quoted(members[0].label)), ("are" if of > 1 else "is")
    labels = listing_labels([one.label for one in members])
    return labels, "are" if len(members) > 1 else "is"


def common_cause(members: Sequence[Candidate]) -> str:
    """What keeps most of them behind."""
    runs = [candidate.runs[0] for candidate in members[:LOOKED_INTO]]
    causes = Counter(likeliest_cause(run.head, run.config, run.folder.read_metrics()) for run in runs)
    return causes.most_common(1)[0][0]


def leader_warning(candidate: Candidate, metric: Measure) -> str | None:
    """That the candidate which leads is behind such a predictor, with its numbers and the likeliest cause."""
    standing, own = standing_of(candidate, metric), estimate_of(candidate, metric)
    if standing is None or own is None or not standing.behind:
        return None
    label = standing.behind[0]
    numbers = f"{own.mean:.4g} against {own_baselines(candidate, metric)[label]:.4g}"
    who = f"{quoted(candidate.label)} is behind {noun_phrase(predictor_words(label))}, which needs no training"
    return f"{who} ({metric.name} {numbers}); likeliest cause: {common_cause([candidate])}"
