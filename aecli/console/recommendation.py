"""A recommendation on the screen: the answer first, then what it rests on, what it costs, and what nobody tried."""

import textwrap
from collections.abc import Iterable
from pathlib import Path

from aecli.comparison.evidence.collect import reasons
from aecli.comparison.evidence.labels import quoted
from aecli.comparison.recommendation.choice import ONLY, RECOMMENDED
from aecli.comparison.recommendation.cost import GoalNumber
from aecli.comparison.recommendation.recommend import Recommendation
from aecli.comparison.recommendation.recommend_words import share_words
from aecli.comparison.recommendation.unfit import Unfit
from aecli.comparison.recommendation.untested import Untested
from aecli.comparison.recommendation.winners_config import training_command
from aecli.comparison.statistics.intervals import Estimate
from aecli.comparison.telling.digits import show_estimate
from aecli.components.evaluation.scales import RATIO
from aecli.console.printing import COLOURS, number, say, show, stdout
from aecli.console.tables import table
from aecli.text import printable

NAMED = 6
"""So many candidates are named in a sentence."""


def show_recommendation(found: Recommendation, written: Path | None = None) -> None:
    """Everything; the last line trains the winner.

    Args:
        found: what is shown.
        written: the file with the winner's config, if one was written.
    """
    show_answer(found)
    for text in found.warnings:
        tell_line(f"warning: {text}", len("warning"), COLOURS["warning"])
    show_standings(found)
    show_numbers(found)
    show_costs(found)
    if len(found.standings) > 1:
        tell_line(
            f"Pareto front over {', '.join(found.front.goals)}: {listed(found.front.labels, len(found.front.labels))}"
        )
    show_untested(found.untested)
    for one in found.unfit:
        show_unfit(one)
    for line in ["left out:", *reasons(found.left_out)] if found.left_out else []:
        tell_line(line)
    say(training_command(written or found.config_file, found.next_seed))


def tell_line(text: str, coloured: int = 0, style: str = "") -> None:
    """A sentence, wrapped with its further lines indented; its first letters may be coloured."""
    from rich.text import Text

    indent = " " * (len(text) - len(text.lstrip()) + 2)
    lines = textwrap.wrap(
        text, stdout().width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )
    line = Text("\n".join(lines))
    line.stylize(style, 0, coloured)
    show(line, soft_wrap=True)


def listed(labels: Iterable[str], most: int = NAMED) -> str:
    """Candidates in a sentence; labels that hold a comma are in quotes."""
    labels = list(map(quoted, labels))
    if len(labels) == 2:
        return " and ".join(labels)
    return "; ".join(labels[:most]) + (f"; and {len(labels) - most} more" if len(labels) > most else "")


def show_answer(found: Recommendation) -> None:
    """Who is recommended, or between whom it is undecided, and why."""
    weights = found.goals.values()
    goals = ", ".join(
        name if len(set(weights)) == 1 else f"{name} x {weight:g}" for name, weight in found.goals.items()
    )
    tell_line(f"{found.data}, for {goals}:")
    if found.kind == RECOMMENDED:
        head, rest, style = "recommended", f": {found.leader}", "bold green"
    elif found.kind == ONLY:
        head, rest, style = "nothing to choose from", f": {found.leader}", "bold yellow"
    elif found.standings[0].wins is None:
        head, rest, style = "undecided", f"; {quoted(found.leader)} leads", "bold yellow"
    else:
        head, rest, style = "undecided", f" between {listed(found.between)}", "bold yellow"
    tell_line(head + rest, len(head + rest), style)
    tell_line(f"  {found.reason}")
    settings = [f"{key} {value}" for key, value in found.standings[0].settings.items()]
    if settings:
        tell_line(f"  {quoted(found.leader)} is: {', '.join(settings)}")
    if found.as_good:
        tell_line(f"  as good in practice, within 1 % or 1 point: {listed(found.as_good)}")


def show_standings(found: Recommendation) -> None:
    """The candidates that could be chosen, best first."""
    if len(found.standings) < 2:
        return
    columns = standing_columns(found)
    rows = [[one.label, *cells] for one, *cells in zip(found.standings, *columns.values(), strict=True)]
    title = (
        f"chosen on the {found.chosen_on} split; "
        "regret in % of error (100 ln of the ratio), or points of accuracy, SSIM and skill"
    )
    show(table(title, ["candidate", *columns], rows))


def standing_columns(found: Recommendation) -> dict[str, list[str]]:
    """Head -> the cells of each candidate; what is left out first comes last."""
    several = list(found.goals) if len(found.goals) > 1 else []
    return {
        "seeds": [str(len(one.seeds)) for one in found.standings],
        "wins": ["-" if one.wins is None else share_words(one.wins) for one in found.standings],
        "regret": [f"{100 * one.score:.2f}" for one in found.standings],
        **{goal: [f"{100 * one.goals[goal]:.2f}" for one in found.standings] for goal in several},
        "behind": ["" if one.label == found.leader else percent(one.behind) for one in found.standings],
    }


def percent(estimate: Estimate) -> str:
    """A share in percent, or a number of points, with its interval."""
    ends = [None if end is None else 100 * end for end in (estimate.low, estimate.high)]
    return show_estimate(Estimate(100 * estimate.mean, estimate.n, *ends), estimate.n)


def show_numbers(found: Recommendation) -> None:
    """The leader's numbers for the goals that were asked for, beside the baselines."""
    asked = [one for one in found.numbers if one.is_asked]
    baselines = list(dict.fromkeys(label for one in asked for label in one.baselines))
    corrects = any(one.corrected is not None for one in asked)
    rows = [
        [
            one.title,
            show_estimate(one.estimate, one.estimate.n),
            *([number(one.corrected)] if corrects else []),
            *(number(one.baselines.get(label)) for label in baselines),
        ]
        for one in asked
    ]
    if rows:
        heads = [
            "",
            found.leader,
            *(["without luck"] if corrects else []),
            *(printable(label.replace("_", " ")) for label in baselines),
        ]
        show(table(f"{found.leader} on the test split", heads, rows))
    if corrects:
        tell_line(
            "without luck: what the number comes to with fresh seeds, since the best of several is partly the luckiest"
        )


def show_costs(found: Recommendation) -> None:
    """Where the leader is behind on the test split, and its numbers for the goals that were not asked for."""
    shown = [one for one in found.numbers if one.behind is not None or not one.is_asked]
    if not shown or len(found.standings) < 2:
        return
    tell_line(f"what {quoted(found.leader)} costs, on the test split:")
    for one in shown:
        value = show_estimate(one.estimate, one.estimate.n)
        tell_line(f"  {one.goal}: {behind_words(one)} ({one.title} {value})")


def behind_words(one: GoalNumber) -> str:
    """`0.012 ±0.003 points behind bce`, `best`."""
    if one.behind is None:
        return "nothing, it is the best"
    unit = "%" if one.unit == RATIO else "points"
    clear = "" if one.behind.low is None or one.behind.low > 0 else ", which is not clear"
    return f"{percent(one.behind)} {unit} behind {quoted(one.best)}{clear}"


def show_untested(untested: Untested) -> None:
    """What nobody tried."""
    tell_line("not tested:")
    parts = {
        "losses": ", ".join(untested.losses),
        "regularizers": ", ".join(untested.regularizers),
        "other strengths than": "; ".join(untested.single),
        "other data than": untested.dataset,
        "other settings than": "; ".join(f"{key} {value}" for key, value in untested.held.items()),
        "goals": ", ".join(untested.goals),
    }
    for head, text in parts.items():
        if text:
            tell_line(f"  {head}: {text}")
    if untested.command:
        tell_line(f"  measure these goals in every run, for example: {untested.command}")


def show_unfit(one: Unfit) -> None:
    """Why a candidate could not be chosen, and what would help."""
    more = f" (and so for {len(one.commands) - 1} more)" if len(one.commands) > 1 else ""
    tell_line(
        f"not eligible: {one.label}: {one.reason}"
        + (f"; measure it with: {one.commands[0]}{more}" if one.commands else "")
    )
