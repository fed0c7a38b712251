"""What limits a dose-response, in words: keys that move with the dose, and a reference that learned nothing."""

from aecli.comparison.dose.doses import DoseGroup
from aecli.comparison.evidence.measures import Measure
from aecli.comparison.evidence.settings import as_text, look_up


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


def untrained_note(metric: Measure, own: float, trivial: float) -> str:
    """That the reference is no better than the mean training image: what is nothing is free."""
    what = f"the reference is not better than the mean image by {metric.name} ({own:.4g}, {trivial:.4g})"
    return f"untrained: {what}; what was not learned cannot be lost, so no dose is free in any other sense"
