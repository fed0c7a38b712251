"""A search whose runs are compared, in plain English: why the number of its winner is too good, and what to do."""

from collections.abc import Mapping

from aecli.comparison.evidence.searches import SearchRecord


def luck_words(luck: Mapping[str, object]) -> str:
    """How much of being the best is luck.

    Example:
        >>> luck_words({"settings": 12, "seeds": 3, "deviations": 1.63, "optimism": 0.00031})
        'were all 12 settings equally good, the best of them would look 0.00031 better than it is'
    """
    settings, deviations, optimism = (luck.get(key) for key in ("settings", "deviations", "optimism"))
    if not isinstance(settings, int) or not isinstance(deviations, (int, float)) or settings < 1:
        return "the best of many is partly the luckiest"
    if settings == 1:
        return "there was no other to choose from"
    were = f"were all {settings:,} settings equally good, the best of them would look"
    if isinstance(optimism, (int, float)):
        corrected = luck.get("corrected")
        so = f"; without that luck its number is {corrected:.5g}" if isinstance(corrected, (int, float)) else ""
        return f"{were} {optimism:.2g} better than it is{so}"
    spread = f"{deviations:.2g} standard deviations of the spread over seeds"
    return f"{were} better than it is by {spread}, which one seed each cannot show"


def search_words(search: SearchRecord) -> tuple[str, str]:
    """What is wrong, and what it forbids to conclude, each in one sentence."""
    by = ", ".join(search.objectives) or "validation numbers"
    luck = luck_words(search.luck) if search.is_ended else "it is not at its end yet"
    what = f"{search.folder} is a search: its settings were chosen by {by}; {luck}"
    offer = (
        f"fresh seeds for it: {' and '.join(command for command, _ in search.fresh)}"
        if search.fresh
        else "let it come to its end, which writes a sweep with fresh seeds"
    )
    return (
        what,
        f"the winner's validation number is optimistic, and its test number as far as its seeds were lucky; {offer}",
    )
