"""Findings of a comparison by their code."""

from aecli.comparison.telling.finding_words import tell
from aecli.comparison.verdicts.compare import compare


def found(path, code, **options):
    """What and forbids of the findings with a code, of the only group."""
    (group,) = compare([path], **options).groups
    return [tell(one) for one in group.findings if one.code == code]
