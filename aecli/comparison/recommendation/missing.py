"""What a run lacks of what a goal is judged by, in words, and the command that measures it."""

from collections.abc import Sequence

from aecli.comparison.evidence.run_record import RunRecord
from aecli.comparison.recommendation.goal_terms import GoalTerm
from aecli.text import printable, shell_word


def why_missing(run: RunRecord, terms: Sequence[GoalTerm]) -> str:
    """What a run lacks, in words; empty if it lacks nothing."""
    return "; ".join(missing_words(run, term) for term in terms if term.missing_in(run))


def missing_words(run: RunRecord, term: GoalTerm) -> str:
    """Why a run lacks one term: nobody measured it, or its suite gave no such number."""
    if term.measure.suite is None:
        return f"{term.name} was not measured on the {term.measure.path[0]} split"
    place, suite = term.measure.suite
    found = run.part(term.measure.path[:3])
    if not found:
        return f"{term.name} was not measured on the {place} split"
    skipped = f": {printable(found['skipped'])}" if "skipped" in found else ""
    return f"{suite} gave no {term.name} on the {place} split{skipped}"


def command_for(run: RunRecord, terms: Sequence[GoalTerm]) -> str:
    """The command that measures what a run lacks; empty if it lacks nothing, or nothing that can be measured."""
    missing = [term.measure for term in terms if term.missing_in(run)]
    wanted = [one.suite or ("test", "reconstruction") for one in missing if not (one.suite and run.part(one.path[:3]))]
    suites = " ".join(f"--suite {suite}" for suite in dict.fromkeys(suite for _, suite in wanted))
    if not suites:
        return ""
    split = " --split validation" if any(place == "validation" for place, _ in wanted) else ""
    return f"aecli evaluate {shell_word(run.path)} {suites}{split}"
