"""Seeds that were lost and seeds that collapsed, in plain English: what is wrong, and what it forbids to conclude."""

from collections.abc import Mapping, Sequence

from aecli.comparison.evidence.candidates import DIVERGED
from aecli.comparison.evidence.labels import quoted
from aecli.comparison.verdicts.rates import RATE
from aecli.text import counted, several, shell_word

ENDED = {
    DIVERGED: "diverged",
    "failed": "failed",
    "interrupted": "was interrupted",
    "running": "is not finished",
}
"""Status of a run that is not complete -> what its seed did."""


def lost_words(
    *,
    lost: Mapping[str, Mapping[str, Sequence[int]]],
    gone: Mapping[str, Sequence[int]],
    resume: str,
    broke: bool,
) -> tuple[str, str]:
    """Some seeds of a config diverged, failed, are not finished, or have no finite number."""
    told = [
        f"{quoted(label)}: {', '.join(how_words(why, seeds) for why, seeds in own.items())}"
        for label, own in lost.items()
    ]
    told += [
        f"{quoted(label)}: every run diverged (seed{'s' * (len(seeds) > 1)} {several(seeds)}), so it has no row"
        for label, seeds in gone.items()
    ]
    steps = [f"go on with: aecli resume {shell_word(resume)}"] if resume else []
    if broke:
        steps.append(f"where training diverged, try a lower {RATE}")
    rest = f"; {'; '.join(steps)}" if steps else ""
    return "; ".join(told), f"a mean is of the seeds that are left, and nobody is better by these alone{rest}"


def how_words(why: str, seeds: Sequence[int]) -> str:
    """`seeds 3, 4 diverged`, `seed 3 has no finite test.mse`."""
    plural = len(seeds) > 1
    who = f"seed{'s' * plural} {several(seeds)}"
    if why not in ENDED:
        return f"{who} {'have' if plural else 'has'} no finite {why}"
    verb = ENDED[why]
    return f"{who} {verb.replace('was ', 'were ').replace('is ', 'are ') if plural else verb}"


def collapse_words(
    *, metric: str, collapsed: Mapping[str, tuple[Sequence[int], int]], upper: Mapping[str, float]
) -> tuple[str, str]:
    """Some seeds of a config are far behind its others, or diverged."""
    told = (
        f"{quoted(label)} in {len(seeds)} of {counted(n, 'seed')} (seed{'s' * (len(seeds) > 1)} {several(seeds)}), "
        f"so up to {upper[label] * 100:.2g} % may"
        for label, (seeds, n) in collapsed.items()
    )
    return (
        f"by {metric} some seeds collapsed, far behind the others or without a number: {several(told)}",
        "a mean over few seeds says little about a config that sometimes fails; count its failures over more seeds",
    )
