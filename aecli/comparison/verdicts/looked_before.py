"""The rule of the lint about looks at a sweep that grew without a plan for it."""

from collections.abc import Iterator

from aecli.comparison.verdicts.scene import Facts, Scene


def unplanned_looks(scene: Scene) -> Iterator[Facts]:
    """The sweep could be judged at fewer seeds before it was extended, and that was not planned."""
    look = scene.look
    if not look.is_planned and len(scene.candidates) > 1:
        yield {"before": look.before, "seeds": look.seeds, "level": look.level, "total": look.total}
