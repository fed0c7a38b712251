"""A run beside baseline runs: by each metric it may be at most so much worse, and only what can be compared is."""

from collections.abc import Sequence

from aecli.comparison.check.alarm_words import alarm_words
from aecli.comparison.check.alarms import Reference, refer
from aecli.comparison.check.check_words import baseline_condition, baseline_numbers
from aecli.comparison.check.checked import CheckedCondition
from aecli.comparison.check.one_run import read_number
from aecli.comparison.evidence.datasets import describe_data, split_by_data
from aecli.comparison.evidence.lookup import refuse_objective
from aecli.comparison.evidence.measures import Measure
from aecli.comparison.evidence.rope import Rope
from aecli.comparison.evidence.run_record import RunRecord
from aecli.comparison.verdicts.lint import protocol_of
from aecli.errors import UsageError
from aecli.text import printable


def hold_against(
    run: RunRecord, baselines: Sequence[RunRecord], names: Sequence[str], tolerance: Rope
) -> list[CheckedCondition]:
    """Whether a run is, by each metric, at most so much worse than a baseline, or than several seeds of one.

    Raises:
        UsageError: they were judged on different data or by different protocols, or nobody knows which direction is
            worse.
    """
    for baseline in baselines:
        refuse_other_data(run, baseline)
    conditions = []
    for name in names:
        made, value = read_number(name, run)
        refuse_no_direction(made)
        refuse_objective(made, [run, *baselines])
        reference = refer([number_of_baseline(name, baseline) for baseline in baselines])
        for baseline in baselines:
            refuse_other_images(made, run, baseline)
            refuse_other_protocol(made, run, baseline)
        conditions.append(at_most_worse(made, value, reference, tolerance, len(names)))
    return conditions


def number_of_baseline(name: str, baseline: RunRecord) -> float | None:
    """The baseline's number.

    Raises:
        UsageError: it was not measured, or is no number; says that the baseline lacks it.
    """
    try:
        return read_number(name, baseline)[1]
    except UsageError as error:
        raise UsageError(f"--baseline {printable(baseline.path)}: {error}") from None


def at_most_worse(
    made: Measure, value: float | None, reference: Reference | None, tolerance: Rope, metrics: int
) -> CheckedCondition:
    """Whether a value is at most so much worse than that of the baseline.

    Of several baseline runs the limit is beyond the tolerance by as far as a new run may be off by its seed.
    """
    op, sign = ("<=", 1) if made.better == "lower" else (">=", -1)
    limit, note = None, ""
    if reference is not None:
        allowed = tolerance.half_width(reference.mean, made.scale)
        reach = reference.reach(metrics)
        limit = reference.mean + sign * (allowed + reach)
        note = alarm_words(made, reference, allowed, reach)
    return CheckedCondition(
        condition=baseline_condition(made, tolerance),
        metric=made.name,
        op=op,
        value=value,
        limit=limit,
        measured=baseline_numbers(value, limit, reference),
        note=note,
    )


def refuse_no_direction(made: Measure) -> None:
    """Refuse a metric of which nobody knows which direction is worse.

    Raises:
        UsageError: it is one.
    """
    if made.better is None:
        raise UsageError(
            f"{made.name}: nobody knows whether more or less of it is better, so it cannot be held against a baseline; "
            "name what can, for example --assert test.mse"
        )


def refuse_other_data(run: RunRecord, baseline: RunRecord) -> None:
    """Refuse runs that were judged on different test images.

    Raises:
        UsageError: they were.
    """
    if len(split_by_data([run, baseline])) < 2:
        return
    ours, theirs = describe_data(run), describe_data(baseline)
    other = (
        f"{theirs}; the run on {ours}" if ours != theirs else f"{theirs}, with other content or scaling than the run"
    )
    raise UsageError(
        f"--baseline {printable(baseline.path)}: was judged on {other}; numbers of different data cannot be compared"
    )


def refuse_other_images(made: Measure, run: RunRecord, baseline: RunRecord) -> None:
    """Refuse a metric of other images of the same data; that the test images are the same is known already.

    Raises:
        UsageError: the two runs have different numbers of the images that it was measured on.
    """
    split = made.suite[0] if made.suite else made.path[0]
    ours, theirs = (count_images(one, split) for one in (run, baseline))
    if split in ("train", "validation") and ours != theirs:
        raise UsageError(
            f"{made.name}: measured on {ours} images, for the baseline on {theirs}; "
            "numbers of different data cannot be compared"
        )


def count_images(run: RunRecord, split: str) -> object:
    """How many images a split of a run has; None where that is not known."""
    images = run.data.get("images")
    return images.get(split) if isinstance(images, dict) else None


def refuse_other_protocol(made: Measure, run: RunRecord, baseline: RunRecord) -> None:
    """Refuse a metric by another version of a suite's protocol.

    Raises:
        UsageError: the two runs differ in it.
    """
    if made.suite is None:
        return
    ours, theirs = (protocol_of(one, made) for one in (run, baseline))
    if ours != theirs and None not in (ours, theirs):
        raise UsageError(
            f"{made.name}: measured with version {ours} of the protocol, for the baseline with version {theirs}; "
            f"measure the older one anew with: aecli evaluate RUN --suite {made.suite[1]}"
        )
