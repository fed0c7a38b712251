"""Why a candidate is recommended or not, and what weakens that, in words."""

from collections.abc import Mapping

from aecli.comparison.evidence.candidates import Candidate
from aecli.comparison.evidence.labels import quoted
from aecli.comparison.recommendation.choice import ONLY, RECOMMENDED, ScoredChoice, is_clear
from aecli.comparison.recommendation.eligible import TEST, Contest
from aecli.comparison.recommendation.goal_terms import measured_terms, terms_of
from aecli.comparison.recommendation.missing import command_for
from aecli.comparison.statistics.certainty import DRAWS
from aecli.comparison.telling.digits import p_words
from aecli.comparison.telling.lists import listing_labels
from aecli.comparison.verdicts.lint import CLAIM, SMOKE_TEST
from aecli.text import counted


def reason_words(choice: ScoredChoice, contest: Contest, goals: int) -> str:
    """Why it is recommended, or why not."""
    if choice.kind == ONLY:
        return "it is the only candidate that can be chosen"
    if choice.wins_K is None:
        return single_seed_words(contest)
    drawn = f"{DRAWS:,} draws of the means{' and the priorities' if goals > 1 else ''}"
    leader = quoted(contest.candidates[choice.leader].label)
    wins = f"{leader} wins {share_words(choice.wins_K[choice.leader])} of {drawn}"
    tested = [p for p in choice.p_K if p is not None]
    if choice.kind == RECOMMENDED:
        return f"{wins}, and its lead over every other candidate is clear: {p_words(max(tested), choice.comparisons)}"
    others = [index for index in choice.between if index != choice.leader]
    unclear = [index for index in others if not is_clear(choice, index)]
    if not unclear:
        return wins
    named = listing_labels([contest.candidates[index].label for index in unclear])
    if choice.owed.issuperset(unclear):
        return f"{wins}; its lead over {named} is of the seeds that are left: not with the lost ones counted as worst"
    known = [p for index in unclear if index not in choice.owed and (p := choice.p_K[index]) is not None]
    why = p_words(max(known), choice.comparisons) if known else "too few common seeds"
    return f"{wins}; its lead over {named} is not shown: {why}"


def single_seed_words(contest: Contest) -> str:
    """That nothing is known about the spread of who has one seed."""
    single = [one.label for one, seeds in zip(contest.candidates, contest.seeds, strict=True) if len(seeds) < 2]
    who = "one seed each" if len(single) == len(contest.candidates) else f"one seed of {listing_labels(single)}"
    return f"{who}: nothing is known about the spread, so this compares nets and not what they were trained with"


def share_words(share: float) -> str:
    """A share in percent that says 0 and 100 of nothing and everything only.

    Example:
        >>> share_words(0.9995), share_words(1.0), share_words(0.63)
        ('99.9 %', '100 %', '63 %')
    """
    percent = 100 * share
    return f"{min(max(percent, 0.1), 99.9):.1f} %" if 0 < percent < 1 or 99 < percent < 100 else f"{percent:.0f} %"


def contest_warnings(contest: Contest) -> list[str]:
    """What weakens the answer."""
    texts = []
    if contest.place == TEST:
        texts.append(
            "chosen on test numbers: these runs validate on the test split, so the numbers reported here are "
            "optimistic, and none is left that did not choose; "
            "train with data.validation=5000 to choose on images held out"
        )
    if contest.fewest < CLAIM and len(contest.candidates) > 1:
        kind = "a smoke test" if contest.fewest < SMOKE_TEST else "a first look"
        texts.append(f"{counted(contest.fewest, 'seed')}: {kind}; a claim needs 10, a headline 30")
    if not contest.is_paired:
        texts.append(
            "not all candidates have the same seeds: each counts with its own, and two are paired by those in common "
            "where these are enough; the same seeds for all would decide sooner"
        )
    return texts


def unreported(leader: Candidate, weights: Mapping[str, float]) -> list[str]:
    """The goals that were chosen for, and of which the leader has no test numbers to report."""
    missing = [goal for goal in weights if not measured_terms(goal, TEST, [leader])]
    commands = {goal: command_for(leader.runs[0], terms_of(goal, TEST)) for goal in missing}
    return [
        f"no test numbers of {goal}, so what is known is what chose; "
        f"measure them in every run, for example: {commands[goal]}"
        for goal in missing
    ]
