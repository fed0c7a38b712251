"""From runs and goals to a recommendation: chosen on validation numbers, reported on test numbers.

"Undecided between A and B" is an answer. A recommendation says what it rests on, what the winner costs in other goals,
and what nobody tried. It is plain data, so that its JSON is the thing itself.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from aecli.comparison.evidence.candidates import Candidate, fold
from aecli.comparison.evidence.collect import collect
from aecli.comparison.evidence.conditions import is_number, select_runs
from aecli.comparison.evidence.datasets import describe_data, name_data, split_by_data
from aecli.comparison.evidence.run_record import LeftOut, RunRecord
from aecli.comparison.evidence.settings import exact, flatten
from aecli.comparison.recommendation.choice import ONLY, RECOMMENDED, RESAMPLES, Choice, choose
from aecli.comparison.recommendation.cost import Front, Number, find_front, measure_leader
from aecli.comparison.recommendation.eligible import TEST, Contest, Unfit, make_contest, make_sample
from aecli.comparison.recommendation.goals import command_for, measured_terms, parse_goals, terms_of
from aecli.comparison.recommendation.untested import Untested, find_untested
from aecli.comparison.recommendation.winners_config import training_command
from aecli.comparison.statistics.intervals import Estimate
from aecli.comparison.telling.finding_words import finding_words
from aecli.comparison.verdicts.lint import Scene, lint
from aecli.errors import UsageError

SCHEMA = 1
"""Version of the JSON."""
PLAIN = re.compile(r"[A-Za-z][\w./-]*")
"""A text that neither the shell nor YAML takes for anything else."""
SAID_ELSEWHERE = ("own-referee", "few-seeds", "selected-on-test", "missing-cells")
"""Findings of the lint that a recommendation says in its own words, or that are no matter here."""


@dataclass(frozen=True)
class Standing:
    """One candidate among those that could be chosen."""

    label: str
    settings: Mapping[str, str]
    seeds: tuple[int, ...]
    """Those that count."""
    runs: tuple[str, ...]
    score: float
    """Weighted mean of the regrets, on the split that chose; 0 is best in everything."""
    goals: Mapping[str, float]
    """Goal that was asked for -> regret."""
    wins: float | None
    """Share of the resamples that it wins; None with one seed each."""
    behind: Estimate
    """Its score minus that of the leader, with the 95 % interval over seeds."""


@dataclass(frozen=True)
class Recommendation:
    """An answer to `which one for these goals`."""

    goals: Mapping[str, float]
    """Goal -> weight."""
    kind: str
    """recommended | undecided | only"""
    leader: str
    between: tuple[str, ...]
    """Who may be the best; the leader alone where it is recommended."""
    as_good: tuple[str, ...]
    """Others that are in practice as good as the leader."""
    reason: str
    warnings: tuple[str, ...]
    data: str
    data_sha256: str | None
    chosen_on: str
    """The split whose numbers chose: validation, or test where the runs validate on that."""
    is_paired: bool
    resamples: int
    standings: tuple[Standing, ...]
    """Best score first."""
    unfit: tuple[Unfit, ...]
    numbers: tuple[Number, ...]
    """The leader on the test split."""
    front: Front
    untested: Untested
    left_out: tuple[LeftOut, ...]
    config_file: str
    """The leader's config.yaml, of its first run."""
    next_seed: int
    """One that the leader does not have yet."""
    command: str
    """Trains the leader with that seed."""

    def plain(self) -> dict[str, Any]:
        """Everything as plain data, for JSON; `schema` is its version."""
        return {"schema": SCHEMA, **plain_paths(asdict(self))}


def recommend(
    paths: Sequence[str | Path], *, goals: Mapping[str, float] | Sequence[str], where: Sequence[str] = ()
) -> Recommendation:
    """Say which candidate to choose for some goals, or between which it is undecided.

    Args:
        paths: run folders, folders of runs, sweep folders, globs.
        goals: goal -> weight, or texts such as `reconstruction=2,classification=1`; see `goals.GOALS`.
        where: conditions on the config that runs have to meet.

    Raises:
        UsageError: a goal is unknown, no run can be compared, the runs are of several data sets, or no candidate was measured
            for every goal.
    """
    weights = parse_goals(goals)
    collected = collect(paths)
    runs = select_runs(collected.runs, where)
    refuse_several_data(runs)
    factors, candidates = fold(runs)
    contest = make_contest(weights, candidates)
    choice = choose(make_sample(contest, weights))
    leader = contest.candidates[choice.leader]
    scene = Scene(factors, contest.candidates, leader, [term.measure for term in contest.terms], collected.left_out)
    labels = [candidate.label for candidate in contest.candidates]
    return Recommendation(
        goals=weights,
        kind=choice.kind,
        leader=leader.label,
        between=tuple(labels[index] for index in choice.between),
        as_good=tuple(labels[index] for index in choice.as_good),
        reason=give_reason(choice, contest, len(weights)),
        warnings=(
            *warn(contest),
            *unreported(leader, weights),
            *(finding_words(finding) for finding in lint(scene) if finding.code not in SAID_ELSEWHERE),
        ),
        data=describe_data(runs[0]),
        data_sha256=runs[0].data_sha256,
        chosen_on=contest.place,
        is_paired=contest.is_paired,
        resamples=RESAMPLES,
        standings=make_standings(choice, contest, weights),
        unfit=contest.unfit,
        numbers=measure_leader(leader, candidates, weights, TEST),
        front=find_front(contest.candidates, contest.place),
        untested=find_untested(candidates, leader),
        left_out=collected.left_out,
        config_file=str(leader.runs[0].folder.config),
        next_seed=max(leader.seeds) + 1,
        command=training_command(leader.runs[0].folder.config, max(leader.seeds) + 1),
    )


def refuse_several_data(runs: Sequence[RunRecord]) -> None:
    """Numbers of different data are never ranked together.

    Raises:
        UsageError: the runs are of more than one data set.
    """
    split = split_by_data(runs)
    if len(split) > 1:
        named = name_data(split)
        names = [f"{named[key]} ({len(members)} run{'s' * (len(members) != 1)})" for key, members in split.items()]
        condition = separating_condition(list(split.values()))
        how = (
            f"name the runs of one, or choose them with --where, for example --where {condition}"
            if condition
            else "name the run folders of one"
        )
        raise UsageError(
            f"these runs are of {len(split)} data sets, whose numbers cannot be ranked together: {'; '.join(names)}; {how}"
        )


def separating_condition(split: Sequence[Sequence[RunRecord]]) -> str:
    """A condition on the data of the config that all runs of the first data set meet and none of the others; empty if there is none."""
    flats = [[flatten(run.config) for run in members] for members in split]
    for key in (key for key in flats[0][0] if key.startswith("data.")):
        value = flats[0][0][key]
        if not (is_number(value) or (isinstance(value, str) and PLAIN.fullmatch(value))):
            continue
        own, others = (
            {exact(flat.get(key)) for flat in each}
            for each in (flats[0], [flat for members in flats[1:] for flat in members])
        )
        if own == {exact(value)} and exact(value) not in others:
            return f"{key}={value}"
    return ""


def give_reason(choice: Choice, contest: Contest, goals: int) -> str:
    """Why it is recommended, or why not."""
    if choice.kind == ONLY:
        return "it is the only candidate that can be chosen"
    if choice.wins_K is None:
        single = [one.label for one, seeds in zip(contest.candidates, contest.seeds, strict=True) if len(seeds) < 2]
        who = "one seed each" if len(single) == len(contest.candidates) else f"one seed of {', '.join(single)}"
        return f"{who}: nothing is known about the spread, so this compares nets and not what they were trained with"
    drawn = f"{RESAMPLES:,} resamples of the seeds{' and the priorities' if goals > 1 else ''}"
    wins = f"{contest.candidates[choice.leader].label} wins {share_words(choice.wins_K[choice.leader])} of {drawn}"
    kind = "paired " if contest.is_paired else ""
    if choice.kind == RECOMMENDED:
        return f"{wins}, and the {kind}95 % interval of its lead leaves out 0 for every other candidate"
    others = [index for index in choice.between if index != choice.leader]
    unclear = [contest.candidates[index].label for index in others if choice.behind[index].low <= 0]
    return f"{wins}" + (
        f"; the {kind}95 % interval of its lead over {' and '.join(unclear)} includes 0" if unclear else ""
    )


def share_words(share: float) -> str:
    """A share in percent that says 0 and 100 of nothing and everything only.

    Example:
        >>> share_words(0.9995), share_words(1.0), share_words(0.63)
        ('99.9 %', '100 %', '63 %')
    """
    percent = 100 * share
    return f"{min(max(percent, 0.1), 99.9):.1f} %" if 0 < percent < 1 or 99 < percent < 100 else f"{percent:.0f} %"


def warn(contest: Contest) -> list[str]:
    """What weakens the answer."""
    texts = []
    if contest.place == TEST:
        texts.append(
            "chosen on test numbers: these runs validate on the test split, so the numbers reported here are optimistic, and none is "
            "left that did not choose; train with data.validation=5000 to choose on images held out"
        )
    if contest.fewest < 10 and len(contest.candidates) > 1:
        kind = "a smoke test" if contest.fewest < 5 else "a first look"
        texts.append(f"{contest.fewest} seed{'s' * (contest.fewest != 1)}: {kind}; a claim needs 10, a headline 30")
    most = max(len(candidate.runs) for candidate in contest.candidates)
    if contest.is_paired and contest.fewest < most:
        texts.append(
            f"only the seeds count for which every candidate was measured: {', '.join(map(str, contest.seeds[0]))}"
        )
    if not contest.is_paired:
        texts.append(
            "the candidates share too few seeds to be paired, so each one's own were resampled; the same seeds for all would decide sooner"
        )
    return texts


def unreported(leader: Candidate, weights: Mapping[str, float]) -> list[str]:
    """The goals that were chosen for, and of which the leader has no test numbers to report."""
    missing = [goal for goal in weights if not measured_terms(goal, TEST, [leader])]
    commands = {goal: command_for(leader.runs[0], terms_of(goal, TEST)) for goal in missing}
    return [
        f"no test numbers of {goal}, so what is known is what chose; measure them in every run, for example: {commands[goal]}"
        for goal in missing
    ]


def make_standings(choice: Choice, contest: Contest, weights: Mapping[str, float]) -> tuple[Standing, ...]:
    """The candidates, best score first."""
    order = sorted(range(len(contest.candidates)), key=lambda index: choice.score_K[index])
    made = []
    for index in order:
        candidate = contest.candidates[index]
        columns = {goal: [at for at, term in enumerate(contest.terms) if term.goal == goal] for goal in weights}
        made.append(
            Standing(
                candidate.label,
                candidate.settings,
                contest.seeds[index],
                tuple(str(run.path) for run in candidate.runs),
                float(choice.score_K[index]),
                {goal: float(choice.regret_KT[index, at].mean()) for goal, at in columns.items()},
                None if choice.wins_K is None else float(choice.wins_K[index]),
                choice.behind[index],
            )
        )
    return tuple(made)


def plain_paths(value: Any) -> Any:
    """The same data with paths as texts and tuples as lists."""
    if isinstance(value, dict):
        return {key: plain_paths(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain_paths(item) for item in value]
    return str(value) if isinstance(value, Path) else value
