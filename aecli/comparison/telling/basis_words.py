"""What verdicts rest on and what they hold for, in plain English."""

from aecli.comparison.evidence.labels import quoted
from aecli.comparison.evidence.measures import Measure
from aecli.comparison.telling.lists import listing_labels
from aecli.comparison.verdicts.group import Group
from aecli.comparison.verdicts.lost_seeds import cannot_exclude
from aecli.comparison.verdicts.new_images import NEW_IMAGES, THESE_IMAGES
from aecli.text import counted

TESTS = {
    "student": "Student's t over the pairs of seeds",
    "welch": "Welch's t, and where it can tell a permutation, since the seeds are not paired",
    "shared-spread": "t over the pairs of seeds, with a spread that is shared by all configs",
}
"""Name of a test -> what it is."""
SCOPES = {
    THESE_IMAGES: "for new seeds on these test images",
    NEW_IMAGES: "for new seeds and for new test images, of which there are few",
}
"""What a verdict holds for -> in words."""
SEVERAL = 3
"""Of fewer configs the verdict itself says which is best."""


def basis_words(group: Group) -> list[str]:
    """One line for each kind of test among the verdicts of a group: its name, the correction, and what it holds for."""
    found: dict[str, None] = {}
    for one in group.verdicts:
        if one.difference is None or one.p_corrected is None:
            continue
        text = TESTS[one.difference.test]
        if one.comparisons > 1:
            how = "for finding the best one (step-down)" if group.was_chosen else "step by step (Holm)"
            text += f", corrected {how} in {counted(one.comparisons, 'comparison')}"
        if one.holds_for:
            text += f"; holds {SCOPES[one.holds_for]}"
        if one.judge is not None:
            text += f"; {one.metric.name} orders nets as {one.judge.name} does, which is tested in its place"
        found.setdefault(f"verdicts: {text}")
    look = group.look
    if found and look.looks > 1 and look.is_planned:
        found[f"look {look.look} of {look.looks} that were planned: a corrected p has to be below {look.level:.3g}"] = (
            None
        )
    tried, most = cannot_exclude(group.candidates, group.metrics[0])
    if found and tried:
        found[f"{tried} seeds without a collapse cannot exclude that {most * 100:.0f} % of all seeds collapse"] = None
    return list(found)


def best_set_words(group: Group, metric: Measure) -> str:
    """`Best: bce and cauchy (not told apart); 14 are worse.`; nothing of two, where nobody is worse, or by another
    metric."""
    best = group.best
    if metric != group.metrics[0] or not best.worse or len(best.members) + len(best.worse) < SEVERAL:
        return ""
    rest = f"{len(best.worse)} are worse" if len(best.worse) > 1 else f"{quoted(best.worse[0])} is worse"
    rest += f"; {len(best.not_judged)} not judged" if best.not_judged else ""
    together = " (not told apart)" if len(best.members) > 1 else ""
    return f"Best: {listing_labels(best.members)}{together}; {rest}."
