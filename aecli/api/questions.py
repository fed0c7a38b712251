"""aecli from Python: what is asked of runs that are there. Nothing here imports torch."""

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from aecli.api.folders import AnyRun, many_runs, one_or_more, one_run

if TYPE_CHECKING:
    from aecli.api.answers import Check, Comparison, DoseResponse, Recommendation, Report
    from aecli.api.frontiers import Frontiers

DEFAULT_METRICS = ("test.mse",)


def compare(
    runs: AnyRun | Iterable[AnyRun],
    *,
    metrics: str | Sequence[str] = DEFAULT_METRICS,
    baseline: AnyRun | None = None,
    rope: str = "1%",
    where: str | Sequence[str] = (),
) -> "Comparison":
    """Compare finished runs: fold seeds, judge against a baseline, and say what cannot be concluded.

    Args:
        runs: run folders, folders of runs, sweep folders, globs, Runs; one or several.
        metrics: what the configs are judged by; the first one ranks them.
        baseline: a run, a condition such as `loss.name=mse`, or the label of a row; the best by the first metric if
            not given.
        rope: band of practical equivalence, `1%` of the baseline or a number in units of the metric.
        where: conditions on the config that runs have to meet, such as `seed<5`.

    Raises:
        UsageError: no run can be compared, or a metric, the baseline or a condition is not known.
    """
    from aecli.api.answers import Comparison
    from aecli.comparison.verdicts.compare import compare as compare_runs

    against = None if baseline is None else os.fspath(baseline)
    found = compare_runs(
        many_runs(runs), metrics=one_or_more(metrics), baseline=against, rope=rope, where=one_or_more(where)
    )
    return Comparison(**vars(found))


def compare_at(
    runs: AnyRun | Iterable[AnyRun],
    at: str,
    *,
    metrics: str | Sequence[str] = DEFAULT_METRICS,
    baseline: AnyRun | None = None,
    rope: str = "1%",
    where: str | Sequence[str] = (),
) -> "Frontiers":
    """Compare strengths in different units where they buy the same.

    Args:
        runs, metrics, baseline, rope, where: see `compare`.
        at: what is equal there, `test.fvu=0.05`.

    Raises:
        UsageError: see `compare`, or `at` is no number with a value.
    """
    from aecli.api.frontiers import Frontiers
    from aecli.comparison.verdicts.at_point import compare_at as compare_runs_at

    against = None if baseline is None else os.fspath(baseline)
    found = compare_runs_at(
        many_runs(runs), at, metrics=one_or_more(metrics), baseline=against, rope=rope, where=one_or_more(where)
    )
    return Frontiers(**vars(found))


def report(
    runs: AnyRun | Iterable[AnyRun],
    output: str | os.PathLike[str] = "report.html",
    *,
    metrics: str | Sequence[str] = DEFAULT_METRICS,
    baseline: AnyRun | None = None,
    rope: str = "1%",
    where: str | Sequence[str] = (),
    at: str | None = None,
    title: str | None = None,
    force: bool = False,
) -> "Report":
    """Write a comparison as one HTML file that needs nothing else.

    Args:
        runs, metrics, baseline, rope, where: see `compare`.
        output: the file; an earlier report is replaced.
        at: also tell what frontiers have where a number is equal, see `compare_at`.
        title: its heading.
        force: replace the file even if it is no report.

    Raises:
        UsageError: see `compare`, or the file cannot be written.
    """
    from datetime import UTC, datetime

    from aecli.api.answers import Report
    from aecli.comparison.telling.report.report import check_target, write_report

    path = check_target(Path(output), force=force)
    comparison = compare(runs, metrics=metrics, baseline=baseline, rope=rope, where=where)
    points = None if at is None else compare_at(runs, at, metrics=metrics, rope=rope, where=where)
    written = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    write_report(comparison, path, title=title, written=written, points=points)
    return Report(path, comparison)


def recommend(
    runs: AnyRun | Iterable[AnyRun],
    goals: str | Mapping[str, float] | Sequence[str],
    *,
    where: str | Sequence[str] = (),
) -> "Recommendation":
    """Say which config to choose for some goals, what it costs elsewhere, and how sure that is.

    Args:
        runs, where: see `compare`.
        goals: goal -> weight, or texts such as `reconstruction=2,classification=1`; `aecli recommend --help` has their
            names.

    Raises:
        UsageError: a goal is unknown, or no config was measured for every goal.
    """
    from aecli.api.answers import Recommendation
    from aecli.comparison.recommendation.recommend import recommend as recommend_runs

    asked = [goals] if isinstance(goals, str) else goals
    return Recommendation(**vars(recommend_runs(many_runs(runs), goals=asked, where=one_or_more(where))))


def dose(
    runs: AnyRun | Iterable[AnyRun],
    key: str,
    *,
    metrics: str | Sequence[str] = (),
    rope: str = "1%",
    where: str | Sequence[str] = (),
) -> "DoseResponse":
    """Show how each goal moves with a strength: where it is free, where the cliff is, if it kept its promise.

    Args:
        runs, rope, where: see `compare`.
        key: a number of the config, `regularization.l1.weight`.
        metrics: the goals, `gap` among them; what was measured if not given.

    Raises:
        UsageError: the key is no dose, nowhere do two doses differ in nothing else, or a metric was not measured.
    """
    from aecli.api.answers import DoseResponse
    from aecli.comparison.dose.dose import dose_response

    return DoseResponse(
        **vars(
            dose_response(many_runs(runs), key=key, metrics=one_or_more(metrics), rope=rope, where=one_or_more(where))
        )
    )


def check(
    run: AnyRun,
    assertions: str | Sequence[str] = (),
    *,
    baseline: AnyRun | Iterable[AnyRun] | None = None,
    tolerance: str | None = None,
) -> "Check":
    """Check conditions on a finished run; one that does not hold is no error: see `holds` of what is returned.

    Args:
        run: a run folder, or a Run.
        assertions: such as `test.mse<=0.009`; with a baseline also metrics alone.
        baseline: a run that must not be better by more than the tolerance, or several seeds of it: the limit then is
            also as far off as a new run may be by its seed.
        tolerance: `2%` of the baseline's value, or a number; 0 % if not given.

    Raises:
        UsageError: a condition cannot be read, a run is not complete, or a metric was not measured.
    """
    from aecli.api.answers import Check
    from aecli.comparison.check.check import check as check_run

    other = None if baseline is None else many_runs(baseline)
    return Check(**vars(check_run(one_run(run), one_or_more(assertions), baseline=other, tolerance=tolerance)))
