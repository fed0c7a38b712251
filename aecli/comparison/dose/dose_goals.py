"""The goals that a dose may cost something: the measures of a comparison, and the gap between test and training."""

from collections.abc import Sequence

from aecli.comparison.dose.doses import DoseGroup
from aecli.comparison.evidence.lookup import find_measure, refuse_objective
from aecli.comparison.evidence.measures import Measure, measure
from aecli.comparison.evidence.run_record import RunRecord
from aecli.comparison.opinions import DOSE_GOALS
from aecli.errors import UsageError


def read_gap(run: RunRecord) -> float | None:
    """Test MSE over training MSE: 1 where unseen images are reconstructed as well as seen ones."""
    test, train = run.number(("test", "mse")), run.number(("train", "mse"))
    return test / train if test is not None and train else None


GAP = Measure(name="gap", path=("test", "mse"), better="lower", read=read_gap)


def find_goals(names: Sequence[str], runs: Sequence[RunRecord]) -> list[Measure]:
    """The measures of some names, each once.

    Raises:
        UsageError: one was not measured, or cannot judge.
    """
    return list({goal.name: goal for goal in (find_goal(name, runs) for name in names)}.values())


def find_goal(name: str, runs: Sequence[RunRecord]) -> Measure:
    """The measure of a name, `gap` among them.

    Raises:
        UsageError: it was not measured, or it cannot judge.
    """
    if name == GAP.name:
        return GAP
    made = find_measure(name, runs)
    if made.better is None:
        raise UsageError(
            f"{made.name}: nobody knows whether more or less of it is better, so it cannot say what is free"
        )
    refuse_objective(made, runs)
    return made


def measured_goals(group: DoseGroup, asked: Sequence[Measure]) -> list[Measure]:
    """The goals that were asked for, else the usual ones, as far as two doses of a group have them."""
    goals = asked or [GAP if name == GAP.name else measure(name) for name in DOSE_GOALS]
    return [goal for goal in goals if sum(bool(one.values(goal)) for one in group.candidates) > 1]
