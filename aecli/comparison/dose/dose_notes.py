"""What limits a dose-response, in words: keys that move with the dose, a reference that learned nothing, the lint."""

from aecli.comparison.dose.dose import GroupResponse, UntrainedGoal
from aecli.comparison.dose.doses import DoseGroup
from aecli.comparison.evidence.settings import as_text, look_up
from aecli.comparison.telling.finding_words import finding_words


def note_lines(one: GroupResponse, key: str) -> list[str]:
    """Every note of a group, its code first."""
    return [
        *moved_together(one.group, key),
        *map(untrained_words, one.untrained),
        *map(finding_words, one.findings),
    ]


def moved_together(group: DoseGroup, key: str) -> list[str]:
    """A note for each key that the sweep moved together with the dose."""
    notes = []
    for other in group.moves_with:
        pairs = [f"{as_text(look_up(one.runs[0].config, other))} at {one.label}" for one in group.candidates]
        notes.append(
            f"zipped: {other} moves with {key} in the sweep ({', '.join(pairs)}); "
            "each dose is both, and which of them acts cannot be said"
        )
    return notes


def untrained_words(goal: UntrainedGoal) -> str:
    """That the reference is no better than the mean training image: what is nothing is free."""
    numbers = f"{goal.own:.4g}, {goal.mean_image:.4g}"
    what = f"the reference is not better than the mean image by {goal.metric.name} ({numbers})"
    return f"untrained: {what}; what was not learned cannot be lost, so no dose is free in any other sense"
