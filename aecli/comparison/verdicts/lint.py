"""What is wrong with a comparison, and what it forbids to conclude.

Each rule is one function with a code; it looks at the candidates of one data set and yields what it found. Codes may be
looked up with `aecli docs messages` and never change their meaning.
"""

import itertools
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aecli.comparison.evidence.candidates import Candidate
from aecli.comparison.evidence.collect import LeftOut, RunRecord, printable
from aecli.comparison.evidence.measures import SPLITS, Measure
from aecli.comparison.evidence.selection import find_selections, selection_words
from aecli.comparison.evidence.settings import look_up, names_of

SHOWN = 4
OWN_REFEREES = {
    "mse": ("mse", "rmse", "psnr_db", "fvu"),
    "mae": ("mae",),
    "ssim": ("ssim",),
    "bce": ("bce_nats", "bce_excess_nats"),
}
"""Loss -> the metrics that are the same formula, the first one as it is, the others up to a monotone function."""


SELECTION = ("data.validation", "evaluation.select", "evaluation.checkpoint")
"""What decides which checkpoint is judged."""


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong."""

    code: str
    what: str
    forbids: str
    """What cannot be concluded because of it."""

    def __str__(self) -> str:
        return f"{self.code}: {self.what}; {self.forbids}"


@dataclass(frozen=True)
class Scene:
    """What the rules look at."""

    factors: Sequence[str]
    candidates: Sequence[Candidate]
    baseline: Candidate
    metrics: Sequence[Measure]
    left_out: Sequence[LeftOut]
    other_data: Sequence[str] = ()
    """What other runs of the comparison were judged on."""
    rests_on: Sequence[int] = ()
    """The number of seeds of each verdict, of the candidate that has fewer where they are not paired."""

    @property
    def runs(self) -> list[RunRecord]:
        """All runs that count."""
        return [run for candidate in self.candidates for run in candidate.runs]


Rule = Callable[[Scene], Iterator[tuple[str, str]]]
RULES: list[tuple[str, Rule]] = []


def rule(code: str) -> Callable[[Rule], Rule]:
    """Decorator: enrol a rule under its code."""

    def enrol(function: Rule) -> Rule:
        RULES.append((code, function))
        return function

    return enrol


def lint(scene: Scene) -> list[Finding]:
    """Everything that the rules find."""
    return [Finding(code, what, forbids) for code, check in RULES for what, forbids in check(scene)]


def several(items: Iterable[object]) -> str:
    """The first few of them, fit to be printed."""
    texts = [printable(item) for item in items]
    return ", ".join(texts[:SHOWN]) + (f" and {len(texts) - SHOWN} more" if len(texts) > SHOWN else "")


def called(candidate: Candidate) -> str:
    """A candidate's label within a sentence, in quotes where it has a comma."""
    return f'"{candidate.label}"' if ", " in candidate.label else candidate.label


@rule("different-data")
def different_data(scene: Scene) -> Iterator[tuple[str, str]]:
    """Other runs were judged on something else."""
    if scene.other_data:
        yield (
            f"other runs were judged on other data, or on the same in another scaling: {several(scene.other_data)}",
            "numbers of different data are different quantities, so no run is compared across",
        )


@rule("two-factors")
def two_factors(scene: Scene) -> Iterator[tuple[str, str]]:
    """Candidates differ from the baseline in more than one thing, and no others take these apart."""
    there = {tuple(candidate.settings[factor] for factor in scene.factors) for candidate in scene.candidates}
    own = tuple(scene.baseline.settings[factor] for factor in scene.factors)
    mixed: list[tuple[str, list[str]]] = []
    for candidate in scene.candidates:
        theirs = tuple(candidate.settings[factor] for factor in scene.factors)
        changed = [at for at, (one, other) in enumerate(zip(own, theirs, strict=True)) if one != other]
        alone = [(*own[:at], theirs[at], *own[at + 1 :]) in there for at in changed]
        if len(changed) > 1 and not all(alone):
            mixed.append((called(candidate), [scene.factors[at] for at in changed]))
    if len(mixed) == 1:
        ((label, factors),) = mixed
        what = f"{label} and {called(scene.baseline)} differ in {len(factors)} things at once: {several(factors)}"
    else:
        what = (
            f"{len(mixed)} of {len(scene.candidates)} differ from {called(scene.baseline)} in several things at once: "
        )
        what += several(f"{label} ({several(factors)})" for label, factors in mixed)
    if mixed:
        yield what, "which of them made the difference cannot be said"


@rule("unequal-epochs")
def unequal_epochs(scene: Scene) -> Iterator[tuple[str, str]]:
    """Runs were to be trained for different numbers of epochs, and that is not what is compared."""
    epochs = spread(scene, lambda run: None if run.head.get("stopped_early") is True else run.head.get("epochs"))
    if len(epochs) > 1 and list(scene.factors) != ["training.epochs"]:
        yield (
            f"trained for different numbers of epochs: {tell_spread(epochs)}",
            "a longer training is a factor of its own",
        )


@rule("different-selection")
def different_selection(scene: Scene) -> Iterator[tuple[str, str]]:
    """The checkpoints that are judged were chosen in different ways, and that is not all that differs."""
    how = [key for key in SELECTION if key in scene.factors]
    if how and len(how) < len(scene.factors):
        yield (
            f"the judged checkpoints were chosen in different ways: {several(how)}",
            "a difference may come from the choice and not from the training",
        )


@rule("protocol-differs")
def protocol_differs(scene: Scene) -> Iterator[tuple[str, str]]:
    """A metric comes from suites of different versions."""
    for metric in scene.metrics:
        if metric.suite:
            protocols = spread(scene, lambda run, metric=metric: protocol_of(run, metric))
            if len(protocols) > 1:
                yield (
                    f"{metric.name} was measured with different versions of the protocol: {tell_spread(protocols)}",
                    f"the numbers are not of one kind; measure anew with: aecli evaluate RUN --suite {metric.suite[1]}",
                )


def protocol_of(run: RunRecord, metric: Measure) -> object:
    """The version of the suite that measured a metric; None where it was not measured."""
    return run.part(metric.path[:3]).get("protocol") if metric.value(run) is not None else None


@rule("missing-cells")
def missing_cells(scene: Scene) -> Iterator[tuple[str, str]]:
    """Some combinations of the factors, or some seeds, were not run."""
    if len(scene.factors) > 1:
        axes = [
            list(dict.fromkeys(candidate.settings[factor] for candidate in scene.candidates))
            for factor in scene.factors
        ]
        there = {tuple(candidate.settings.values()) for candidate in scene.candidates}
        cells = 1
        for axis in axes:
            cells *= len(axis)
        if len(there) < cells <= 4 * len(there):
            missing = [f"({', '.join(cell)})" for cell in itertools.product(*axes) if cell not in there]
            yield (
                f"{len(missing)} of {cells} combinations of {several(scene.factors)} were not run: {several(missing)}",
                "averages over a row or column of the grid mix factors",
            )
    seeds = {seed for candidate in scene.candidates for seed in candidate.seeds}
    short = [candidate for candidate in scene.candidates if set(candidate.seeds) != seeds]
    if short:
        missing = ((called(candidate), sorted(seeds - set(candidate.seeds))) for candidate in short)
        some = (f"{label} lacks seed{'s' if len(lost) > 1 else ''} {several(lost)}" for label, lost in missing)
        yield (
            f"not every candidate has every seed: {several(some)}",
            "means are over different seeds; verdicts pair the common ones where these can decide or are all that one has, else none",
        )


@rule("different-machines")
def different_machines(scene: Scene) -> Iterator[tuple[str, str]]:
    """Runs come from different hosts, processors, devices, thread counts or versions of PyTorch."""
    facts = {
        "hosts": lambda run: run.environment.get("host"),
        "processors": lambda run: run.environment.get("cpu"),
        "devices": lambda run: run.environment.get("device"),
        "thread counts": lambda run: run.environment.get("threads"),
        "versions of PyTorch": lambda run: mapping(run.environment.get("versions")).get("torch"),
        "versions of aecli": lambda run: mapping(run.environment.get("versions")).get("aecli"),
    }
    for what, read in facts.items():
        values = spread(scene, read)
        if len(values) > 1:
            yield (
                f"different {what}: {tell_spread(values)}",
                "times are not comparable, and equal seeds need not give equal weights",
            )


@rule("selected-on-test")
def selected_on_test(scene: Scene) -> Iterator[tuple[str, str]]:
    """The test split chose something."""
    number = sum(selects_on_test(run.config) for run in scene.runs)
    if number:
        yield (
            f"{number} of {count(len(scene.runs), 'run')} validated on the test split and chose by it",
            "their test numbers are optimistic, and a winner among them has no fresh number",
        )


def selects_on_test(config: Mapping[str, Any]) -> bool:
    """Whether validation is on the test split, and decides on the checkpoint, the end or the learning rate."""
    decides = (
        look_up(config, "evaluation.checkpoint") != "last",
        look_up(config, "training.early_stopping") is not None,
        look_up(config, "optimization.schedule.name") == "plateau",
    )
    return look_up(config, "data.validation") == "test" and any(decides)


@rule("own-referee")
def own_referee(scene: Scene) -> Iterator[tuple[str, str]]:
    """Some candidates were trained on the metric that judges them."""
    for metric in scene.metrics:
        name = metric.path[-1] if metric.path[0] in SPLITS else None
        own = [
            called(one)
            for one in scene.candidates
            if any(name in OWN_REFEREES.get(loss, ()) for loss in names_of(one.config["loss"]))
        ]
        if own and len(own) < len(scene.candidates):
            what = "what" if any(name == referees[0] for referees in OWN_REFEREES.values()) else "a function of what"
            yield (
                f"{metric.name} is {what} {several(own)} was trained on",
                "another metric may say otherwise: see the referees (--matrix)",
            )


@rule("duplicate-seed")
def duplicate_seed(scene: Scene) -> Iterator[tuple[str, str]]:
    """The same config was trained with the same seed more than once."""
    double = [one for one in scene.candidates if one.duplicates]
    if double:
        some = [f"{called(one)} (seed {several(sorted({run.seed for run in one.duplicates}))})" for one in double]
        yield (
            f"trained more than once with the same seed: {several(some)}",
            "the same draw cannot count twice, so only the latest run does",
        )


@rule("few-seeds")
def few_seeds(scene: Scene) -> Iterator[tuple[str, str]]:
    """Fewer than ten seeds, or verdicts that rest on fewer."""
    sizes = [len(candidate.runs) for candidate in scene.candidates]
    fewest = min([*sizes, *scene.rests_on])
    if len(scene.candidates) > 1 and fewest < 10:
        kind = "a smoke test" if fewest < 5 else "a first look"
        who = (
            "each"
            if {*sizes, *scene.rests_on} == {fewest}
            else "for some candidates"
            if fewest in sizes
            else "in some verdicts"
        )
        yield f"{count(fewest, 'seed')} {who}: {kind}", "a claim needs 10, a headline 30"


@rule("unfinished")
def unfinished(scene: Scene) -> Iterator[tuple[str, str]]:
    """Some runs are not complete, or cannot be read."""
    kinds = [one for one in scene.left_out if one.kind != "foreign"]
    if kinds:
        yield (
            f"{count(len(kinds), 'run')} left out: {several(f'{one.path.name} ({one.kind})' for one in kinds)}",
            "if bad settings fail more often, what is left looks better than it is",
        )


@rule("searched")
def searched(scene: Scene) -> Iterator[tuple[str, str]]:
    """A search chose among the runs by their validation numbers."""
    yield from map(selection_words, find_selections(scene.runs))


def count(number: int, noun: str) -> str:
    """`1 seed`, `2 seeds`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def mapping(value: object) -> dict:
    """The value if it is a mapping, else an empty one."""
    return value if isinstance(value, dict) else {}


def spread(scene: Scene, read: Callable[[RunRecord], object]) -> dict[object, int]:
    """Each value that is known, with the number of runs that have it."""
    found: dict[object, int] = defaultdict(int)
    for run in scene.runs:
        value = read(run)
        if isinstance(value, (str, int, float)):
            found[value] += 1
    return dict(found)


def tell_spread(values: dict[object, int]) -> str:
    """`50 (10 runs), 5 (2 runs)`."""
    return several(
        f"{value} ({count(number, 'run')})" for value, number in sorted(values.items(), key=lambda item: -item[1])
    )
