"""A measure by its name, among the runs at hand: found, or refused with what there is instead."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from aecli.comparison.evidence.measures import OBJECTIVE, PLAIN_MEASURES, SPLITS, Measure, measure
from aecli.comparison.evidence.run_record import RunRecord
from aecli.comparison.evidence.settings import exact, names_of
from aecli.components.evaluation.metrics import METRICS
from aecli.components.evaluation.suites import SUITES
from aecli.errors import UsageError
from aecli.registry import unknown_name
from aecli.text import printable


def find_measure(name: str, runs: Iterable[RunRecord]) -> Measure:
    """A measure that at least one of the runs has.

    Raises:
        UsageError: none of them has it; tells which there are.
    """
    runs = list(runs)
    made = locate(name, runs)
    if any(made.value(run) is not None for run in runs):
        return made
    known = measured(runs)
    short = [known_name.removeprefix("test.") for known_name in known] if "." not in name else known
    raise UsageError(
        f"metric {unknown_name(printable(name), short, 'measured in these runs')}{how_to_measure(made, runs)}"
    )


def find_judge(name: str, runs: Sequence[RunRecord]) -> Measure:
    """A measure that can say which of the runs is the better one.

    Raises:
        UsageError: none of them has it, nobody knows its better end, or it is another quantity for each of them.
    """
    made = find_measure(name, runs)
    if made.better is None:
        unknown = "nobody knows whether more or less of it is better"
        raise UsageError(f"{made.name}: {unknown}, so it cannot judge; show it with --columns")
    refuse_objective(made, runs)
    return made


def locate(name: str, runs: Iterable[RunRecord]) -> Measure:
    """The measure of a name, with the keys that lead to it in these runs: a key may have dots in it, `gaussian 0.3`.

    What could be a number of a suite, but is not there, may be one of summary.json itself: `code.units`.
    """
    made, plain_path, runs = measure(name), tuple(name.split(".")), list(runs)
    for path in dict.fromkeys((made.path, plain_path)):
        keys = next((found for run in runs if (found := find_keys(run.summary, path)) is not None), None)
        if keys is not None:
            return replace(made, path=keys) if path == made.path else Measure(name, keys, None)
    return made


def find_keys(data: object, path: Sequence[str]) -> tuple[str, ...] | None:
    """The keys of nested mappings that a path split at its dots means, longest keys first; None if it leads nowhere.

    Example:
        >>> find_keys({"kinds": {"gaussian 0.3": {"mse": 0.04}}}, "kinds.gaussian 0.3.mse".split("."))
        ('kinds', 'gaussian 0.3', 'mse')
    """
    if not path:
        return ()
    if not isinstance(data, dict):
        return None
    for length in range(len(path), 0, -1):
        key = ".".join(path[:length])
        rest = find_keys(data[key], path[length:]) if key in data else None
        if rest is not None:
            return (key, *rest)
    return None


def how_to_measure(made: Measure, runs: Sequence[RunRecord]) -> str:
    """What makes the number of a suite exist, or why it cannot."""
    if made.suite is None:
        return ""
    skipped = next((reason for run in runs if (reason := run.part(("suites", *made.suite)).get("skipped"))), None)
    if skipped is not None:
        return f"; the suite {made.suite[1]} was skipped: {printable(skipped)}"
    split = "" if made.suite[0] == "test" else f" --split {made.suite[0]}"
    return f"; measure it with: aecli evaluate RUN --suite {made.suite[1]}{split}"


def measured(runs: Iterable[RunRecord]) -> list[str]:
    """The names of all measures that at least one run has."""
    runs = list(runs)
    names = [f"{split}.{metric}" for split in SPLITS for metric in METRICS]
    names += [f"{suite}.skill" for suite in SUITES]
    names += [f"{suite}.{short}" for suite, entry in SUITES.items() for short in entry.facts.measures]
    return [
        name
        for name in [*names, *PLAIN_MEASURES]
        if name != OBJECTIVE and any(measure(name).value(run) is not None for run in runs)
    ]


def refuse_objective(measure: Measure, runs: Sequence[RunRecord]) -> None:
    """The objectives of different losses are different quantities.

    Raises:
        UsageError: it is the training objective, and the runs do not share one.
    """
    if measure.name != "objective":
        return
    objectives = {exact([run.config["loss"], run.config["regularization"]]) for run in runs}
    if len(objectives) > 1:
        losses = sorted({" + ".join(names_of(run.config["loss"])) for run in runs})
        many = f"these runs minimized {len(objectives)} different objectives ({printable(', '.join(losses))})"
        raise UsageError(
            f"objective: {many}, whose values are different quantities, so neither can be ranked by the other; "
            "use a neutral metric such as mse, mae or ssim"
        )
