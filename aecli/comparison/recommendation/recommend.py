"""From runs and goals to a recommendation: chosen on validation numbers, reported on test numbers.

"Undecided between A and B" is an answer. A recommendation says what it rests on, what the winner costs in other goals,
and what nobody tried. It is plain data, so that its JSON is the thing itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from aecli.comparison.evidence.candidates import Candidate, fold
from aecli.comparison.evidence.collect import collect
from aecli.comparison.evidence.conditions import select_runs
from aecli.comparison.evidence.datasets import describe_data, split_by_data
from aecli.comparison.evidence.lost_runs import GoneConfig, add_lost, of_same_data, read_lost
from aecli.comparison.evidence.measures import DEFAULT_METRIC, measure
from aecli.comparison.evidence.run_record import LeftOut
from aecli.comparison.evidence.tunings import set_apart
from aecli.comparison.recommendation.choice import ScoredChoice, choose
from aecli.comparison.recommendation.corrected import correct
from aecli.comparison.recommendation.cost import GoalNumber, measure_leader
from aecli.comparison.recommendation.eligible import TEST, Contest, make_contest, make_sample
from aecli.comparison.recommendation.goal_front import GoalFront, find_goal_front
from aecli.comparison.recommendation.goals import parse_goals
from aecli.comparison.recommendation.one_data_set import refuse_several_data
from aecli.comparison.recommendation.recommend_words import contest_warnings, reason_words, unreported
from aecli.comparison.recommendation.unfit import Unfit
from aecli.comparison.recommendation.untested import Untested, find_untested
from aecli.comparison.recommendation.winners_config import training_command
from aecli.comparison.statistics.certainty import DRAWS
from aecli.comparison.statistics.intervals import Estimate
from aecli.comparison.telling.finding_words import finding_words
from aecli.comparison.telling.untrained_words import leader_warning
from aecli.comparison.verdicts.lint import lint
from aecli.comparison.verdicts.looks import level_of_runs
from aecli.comparison.verdicts.scene import Scene

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
    """Weighted mean of the regrets, on the split that chose; 0 is best in everything. The regret in an error is the
    logarithm of its ratio to the best, so that no third candidate changes how far two are apart."""
    goals: Mapping[str, float]
    """Goal that was asked for -> regret."""
    wins: float | None
    """Share of the draws that it wins; None with one seed each."""
    behind: Estimate
    """Behind the leader, in shares of the leader's errors and in points, with the 95 % interval over seeds."""
    p: float | None
    """Of its distance to the leader, corrected for all pairs; None for the leader, and with one seed each."""


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
    draws: int
    standings: tuple[Standing, ...]
    """Best score first."""
    unfit: tuple[Unfit, ...]
    numbers: tuple[GoalNumber, ...]
    """The leader on the test split."""
    front: GoalFront
    untested: Untested
    left_out: tuple[LeftOut, ...]
    config_file: str
    """The leader's config.yaml, of its first run."""
    next_seed: int
    """One that the leader does not have yet."""
    command: str
    """Trains the leader with that seed."""


def recommend(
    paths: str | Path | Sequence[str | Path],
    *,
    goals: Mapping[str, float] | str | Sequence[str],
    where: str | Sequence[str] = (),
) -> Recommendation:
    """Say which candidate to choose for some goals, or between which it is undecided.

    Args:
        paths: run folders, folders of runs, sweep folders, globs.
        goals: goal -> weight, or texts such as `reconstruction=2,classification=1`; see `goals.GOALS`.
        where: conditions on the config that runs have to meet.

    Raises:
        UsageError: a goal is unknown, no run can be compared, the runs are of several data sets, or no candidate was
            measured for every goal.
    """
    weights = parse_goals(goals)
    collected = collect(paths)
    runs = set_apart(select_runs(collected.runs, where)).judged
    refuse_several_data(runs)
    factors, candidates = fold(runs)
    lost = read_lost(collected.left_out, collected.runs, where)
    candidates, gone = add_lost(candidates, of_same_data(lost, next(iter(split_by_data(runs))), 1))
    contest = make_contest(weights, candidates)
    sample = make_sample(contest, weights)
    choice = choose(sample, level_of_runs(runs).level)
    leader = contest.candidates[choice.leader]
    labels = [candidate.label for candidate in contest.candidates]
    return Recommendation(
        goals=weights,
        kind=choice.kind,
        leader=leader.label,
        between=tuple(labels[index] for index in choice.between),
        as_good=tuple(labels[index] for index in choice.as_good),
        reason=reason_words(choice, contest, len(weights)),
        warnings=(
            *filter(None, [leader_warning(leader, measure(DEFAULT_METRIC))]),
            *contest_warnings(contest),
            *unreported(leader, weights),
            *lint_warnings(factors, contest, leader, collected.left_out, gone),
        ),
        data=describe_data(runs[0]),
        data_sha256=runs[0].data_sha256,
        chosen_on=contest.place,
        is_paired=contest.is_paired,
        draws=DRAWS,
        standings=make_standings(choice, contest, weights),
        unfit=contest.unfit,
        numbers=correct(measure_leader(leader, candidates, weights, TEST), contest, sample, choice.leader),
        front=find_goal_front(contest.candidates, contest.place),
        untested=find_untested(candidates, leader),
        left_out=collected.left_out,
        config_file=str(leader.runs[0].folder.config),
        next_seed=max(leader.seeds) + 1,
        command=training_command(leader.runs[0].folder.config, max(leader.seeds) + 1),
    )


def lint_warnings(
    factors: Sequence[str],
    contest: Contest,
    leader: Candidate,
    left_out: Sequence[LeftOut],
    gone: Sequence[GoneConfig],
) -> list[str]:
    """What the lint finds and a recommendation does not say in its own words."""
    scene = Scene(
        factors=factors,
        candidates=contest.candidates,
        baseline=leader,
        metrics=[term.measure for term in contest.terms],
        left_out=left_out,
        gone=gone,
    )
    return [finding_words(finding) for finding in lint(scene) if finding.code not in SAID_ELSEWHERE]


def make_standings(choice: ScoredChoice, contest: Contest, weights: Mapping[str, float]) -> tuple[Standing, ...]:
    """The candidates, best score first."""
    order = sorted(range(len(contest.candidates)), key=lambda index: choice.score_K[index])
    made = []
    for index in order:
        candidate = contest.candidates[index]
        columns = {goal: [at for at, term in enumerate(contest.terms) if term.goal == goal] for goal in weights}
        made.append(
            Standing(
                label=candidate.label,
                settings=candidate.settings,
                seeds=contest.seeds[index],
                runs=tuple(str(run.path) for run in candidate.runs),
                score=float(choice.score_K[index]),
                goals={goal: float(choice.regret_KT[index, at].mean()) for goal, at in columns.items()},
                wins=None if choice.wins_K is None else float(choice.wins_K[index]),
                behind=choice.behind[index],
                p=choice.p_K[index] if choice.p_K else None,
            )
        )
    return tuple(made)
