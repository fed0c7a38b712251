"""Seeds that diverged, failed or have no number: what a verdict may rest on without them, and the findings about them.

Who loses its bad seeds has a better mean. So nobody is better by the seeds that are left alone: those that the config
itself lost count as worse than every other, and if it is not better then, the verdict is undecided.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from aecli.comparison.evidence.candidates import NULL, Candidate
from aecli.comparison.evidence.measures import Measure
from aecli.comparison.statistics.collapse import most_that_collapse
from aecli.comparison.statistics.worst_rank import worst_rank_test
from aecli.comparison.verdicts.scene import Facts, Scene
from aecli.comparison.verdicts.untrained import own_baselines
from aecli.comparison.verdicts.verdict import BETTER, LOST_SEEDS, UNDECIDED, WORSE, Verdict
from aecli.components.evaluation.scales import RATIO
from aecli.lazy import np

FAR, FEWEST_TO_TELL = 10, 4
"""A seed has collapsed that is so many robust standard deviations behind the median of at least so many seeds ..."""
FAR_SHARE = 0.25
"""... and, of an error, larger by this share: of four seeds three may be close by chance."""
NORMAL = 1.4826
"""Standard deviation of a normal sample as a multiple of its median absolute deviation."""
MEAN_IMAGE = "mean_image"


def count_lost(verdict: Verdict, candidate: Candidate, baseline: Candidate, judge: Measure) -> Verdict:
    """The verdict, undecided where who is better owes it to seeds that it lost."""
    if verdict.kind not in (BETTER, WORSE):
        return verdict
    winner, loser = (candidate, baseline) if verdict.kind == BETTER else (baseline, candidate)
    lost = winner.broken_seeds(judge)
    if not lost:
        return verdict
    ours, theirs = (
        {seed: judge.loss_like(value) for seed, value in one.values(judge).items()} for one in (winner, loser)
    )
    level = verdict.level / verdict.comparisons
    p, needed = worst_rank_test(ours, theirs, lost, level)
    if p < level:
        return verdict
    return replace(verdict, kind=UNDECIDED, reason=LOST_SEEDS, lacking=winner.label, needed=needed)


def lost_seeds(scene: Scene) -> Iterator[Facts]:
    """Some seeds of a config diverged, failed, are not finished, or have no finite number."""
    lost: dict[str, dict[str, list[int]]] = {}
    for one in scene.candidates:
        for metric in scene.metrics:
            for seed, why in one.lost_seeds(metric).items():
                seeds = lost.setdefault(one.label, {}).setdefault(metric.name if why == NULL else why, [])
                if seed not in seeds:
                    seeds.append(seed)
    broke = [one.broken_seeds(metric) for one in scene.candidates for metric in scene.metrics]
    unfinished = [run for one in scene.candidates for run in one.lost if run.status.get("status") in RESUMED]
    gone = {one.label: one.seeds for one in scene.gone}
    if lost or gone:
        yield {
            "lost": lost,
            "gone": gone,
            "resume": str(unfinished[0].path) if unfinished else "",
            "broke": bool(gone) or any(broke),
        }


RESUMED = ("failed", "interrupted")
"""What `aecli resume` goes on with."""


def collapse(scene: Scene) -> Iterator[Facts]:
    """Some seeds of a config are far behind its others, or diverged."""
    told: list[Mapping[str, tuple[list[int], int]]] = []
    for metric in scene.metrics:
        found = {
            one.label: (seeds, len(one.values(metric)) + len(one.broken_seeds(metric)))
            for one in scene.candidates
            if (seeds := collapsed_seeds(one, metric))
        }
        if found and found not in told:
            told.append(found)
            upper = {label: most_that_collapse(len(seeds), n) for label, (seeds, n) in found.items()}
            yield {"metric": metric.name, "collapsed": found, "upper": upper}


def collapsed_seeds(candidate: Candidate, metric: Measure) -> list[int]:
    """The seeds that diverged, have no number, or are far behind the config's others, rising."""
    if metric.better is None:
        return []
    values = {seed: metric.loss_like(value) for seed, value in candidate.values(metric).items()}
    known = own_baselines(candidate, metric).get(MEAN_IMAGE) if metric.scale == RATIO else None
    far = far_behind(values, None if known is None else metric.loss_like(known), is_ratio=metric.scale == RATIO)
    return sorted({*far, *candidate.broken_seeds(metric)})


def far_behind(values: Mapping[int, float], mean_image: float | None, *, is_ratio: bool) -> list[int]:
    """The seeds whose value lies far outside, or that alone are behind the mean image.

    Args:
        values: seed -> value, of which smaller is better.
        mean_image: what the mean training image has, if that is known.
        is_ratio: a value can be larger by a share than another.

    Example:
        >>> far_behind({0: 1.0, 1: 1.1, 2: 0.9, 3: 2.0}, None, is_ratio=True)
        []
        >>> far_behind({0: 1.0, 1: 1.1, 2: 0.9, 3: 2.0}, 1.9, is_ratio=True)
        [3]
    """
    if not values:
        return []
    middle = float(np.median(list(values.values())))
    spread = NORMAL * float(np.median([abs(value - middle) for value in values.values()]))
    least = middle + (FAR_SHARE * abs(middle) if is_ratio else 0.0)
    reach = max(least, middle + FAR * spread) if len(values) >= FEWEST_TO_TELL and spread else math.inf
    behind = math.inf if mean_image is None or middle >= mean_image else max(least, mean_image)
    return [seed for seed, value in values.items() if value >= min(reach, behind)]


def cannot_exclude(candidates: Sequence[Candidate], metric: Measure) -> tuple[int, float]:
    """The fewest seeds of any that has several and no collapse, and the share that may collapse though none did."""
    sizes = [len(one.seeds) for one in candidates if len(one.seeds) > 1 and not collapsed_seeds(one, metric)]
    tried = min(sizes, default=0)
    return tried, most_that_collapse(0, tried)
