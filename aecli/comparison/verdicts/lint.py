"""What is wrong with a comparison: rules that look at the candidates of one data set, and yield the facts they found.

Each rule is one function with a code. Codes may be looked up with `aecli docs messages` and never change their meaning.
What a finding forbids to conclude, and every other word, is told by `telling.finding_words`, which has one function for
each code.
"""

import itertools
import math
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from aecli.comparison.evidence.measures import SPLITS, SUITE_PATH, Measure, measure
from aecli.comparison.evidence.referees import formulas, judges_itself
from aecli.comparison.evidence.run_record import RunRecord
from aecli.comparison.evidence.searches import find_searches
from aecli.comparison.evidence.settings import look_up, names_of
from aecli.comparison.verdicts.looked_before import unplanned_looks
from aecli.comparison.verdicts.lost_seeds import collapse, lost_seeds
from aecli.comparison.verdicts.missed_targets import missed_targets
from aecli.comparison.verdicts.rates import edge_of_range, untuned
from aecli.comparison.verdicts.scene import Facts, Scene
from aecli.components.optimization.schedules import SCHEDULES
from aecli.runs.stored_values import mapping

SELECTION = ("data.validation", "evaluation.select", "evaluation.checkpoint")
"""What decides which checkpoint is judged."""
CLAIM, SMOKE_TEST = 10, 5
"""Seeds below which nothing can be claimed, and below which nothing is even a first look."""
WORTH_NAMING = 4
"""Combinations that were not run are named where a grid has at most so many times as many as were run."""


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong."""

    code: str
    facts: Facts


Rule = Callable[[Scene], Iterator[Facts]]
RULES: list[tuple[str, Rule]] = []


def rule(code: str) -> Callable[[Rule], Rule]:
    """Decorator: enrol a rule under its code."""

    def enrol(function: Rule) -> Rule:
        RULES.append((code, function))
        return function

    return enrol


def lint(scene: Scene) -> list[Finding]:
    """Everything that the rules find."""
    return [Finding(code, facts) for code, check in RULES for facts in check(scene)]


@rule("different-data")
def different_data(scene: Scene) -> Iterator[Facts]:
    """Other runs were judged on something else."""
    if scene.other_data:
        yield {"others": tuple(scene.other_data)}


@rule("two-factors")
def two_factors(scene: Scene) -> Iterator[Facts]:
    """Candidates differ from the baseline in more than one thing, and no others take these apart."""
    there = {tuple(candidate.settings[factor] for factor in scene.factors) for candidate in scene.candidates}
    own = tuple(scene.baseline.settings[factor] for factor in scene.factors)
    mixed: dict[str, list[str]] = {}
    for candidate in scene.candidates:
        theirs = tuple(candidate.settings[factor] for factor in scene.factors)
        changed = [at for at, (one, other) in enumerate(zip(own, theirs, strict=True)) if one != other]
        alone = [(*own[:at], theirs[at], *own[at + 1 :]) in there for at in changed]
        if len(changed) > 1 and not all(alone):
            mixed[candidate.label] = [scene.factors[at] for at in changed]
    if mixed:
        yield {"mixed": mixed, "baseline": scene.baseline.label, "candidates": len(scene.candidates)}


@rule("unequal-epochs")
def unequal_epochs(scene: Scene) -> Iterator[Facts]:
    """Runs were to be trained for different numbers of epochs, and that is not what is compared."""
    epochs = spread(scene, lambda run: None if run.head.get("stopped_early") is True else run.head.get("epochs"))
    if len(epochs) > 1 and list(scene.factors) != ["training.epochs"]:
        yield {"epochs": epochs}


@rule("different-selection")
def different_selection(scene: Scene) -> Iterator[Facts]:
    """The checkpoints that are judged were chosen in different ways, and that is not all that differs."""
    how = [key for key in SELECTION if key in scene.factors]
    if how and len(how) < len(scene.factors):
        yield {"keys": how}


@rule("protocol-differs")
def protocol_differs(scene: Scene) -> Iterator[Facts]:
    """A metric comes from suites of different versions."""
    for metric in scene.metrics:
        if metric.suite:
            protocols = spread(scene, partial(protocol_of, metric=metric))
            if len(protocols) > 1:
                yield {"metric": metric.name, "suite": metric.suite[1], "protocols": protocols}


def protocol_of(run: RunRecord, metric: Measure) -> object:
    """The version of the suite that measured a metric; None where it was not measured."""
    return run.part(metric.path[: len(SUITE_PATH)]).get("protocol") if metric.value(run) is not None else None


@rule("missing-cells")
def missing_cells(scene: Scene) -> Iterator[Facts]:
    """Some combinations of the factors, or some seeds, were not run."""
    there = {tuple(candidate.settings.values()) for candidate in scene.candidates}
    axes = [list(dict.fromkeys(one.settings[factor] for one in scene.candidates)) for factor in scene.factors]
    cells = math.prod(map(len, axes))
    found: dict[str, Any] = {}
    if len(axes) > 1 and len(there) < cells <= WORTH_NAMING * len(there):
        missing = [cell for cell in itertools.product(*axes) if cell not in there]
        found |= {"factors": scene.factors, "cells": cells, "missing": missing}
    seeds = {seed for candidate in scene.candidates for seed in candidate.seeds}
    lacking = {one.label: sorted(seeds - set(one.seeds)) for one in scene.candidates if set(one.seeds) != seeds}
    if lacking:
        found |= {"lacking": lacking}
    if found:
        yield found


@rule("different-machines")
def different_machines(scene: Scene) -> Iterator[Facts]:
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
            yield {"what": what, "values": values}


@rule("selected-on-test")
def selected_on_test(scene: Scene) -> Iterator[Facts]:
    """The test split chose something."""
    number = sum(selects_on_test(run.config) for run in scene.runs)
    if number:
        yield {"chosen": number, "runs": len(scene.runs)}


def selects_on_test(config: Mapping[str, Any]) -> bool:
    """Whether validation is on the test split, and decides on the checkpoint, the end or the learning rate."""
    schedule = str(look_up(config, "optimization.schedule.name"))
    decides = (
        look_up(config, "evaluation.checkpoint") != "last",
        look_up(config, "training.early_stopping") is not None,
        isinstance(schedule, str) and schedule in SCHEDULES and SCHEDULES[schedule].facts.reads_history,
    )
    return look_up(config, "data.validation") == "test" and any(decides)


@rule("own-referee")
def own_referee(scene: Scene) -> Iterator[Facts]:
    """Some candidates were trained on the metric that judges them."""
    for metric in (*scene.metrics, *tuned_by(scene)):
        name = metric.path[-1]
        own = [one for one in scene.candidates if judges_itself(name, names_of(one.config["loss"]))]
        if metric.path[0] in SPLITS and own and len(own) < len(scene.candidates):
            losses = [loss for one in own for loss in names_of(one.config["loss"])]
            yield {"metric": metric.name, "own": [one.label for one in own], "is_same": name in formulas(losses)}


def tuned_by(scene: Scene) -> list[Measure]:
    """What candidates were tuned by, where they are not judged by the same metric."""
    made = [measure(scene.tuned.objective)] if scene.tuned else []
    return [one for one in made if one.path[-1] not in {metric.path[-1] for metric in scene.metrics}]


@rule("duplicate-seed")
def duplicate_seed(scene: Scene) -> Iterator[Facts]:
    """The same config was trained with the same seed more than once."""
    double = {one.label: sorted({run.seed for run in one.duplicates}) for one in scene.candidates if one.duplicates}
    if double:
        yield {"double": double}


@rule("few-seeds")
def few_seeds(scene: Scene) -> Iterator[Facts]:
    """Fewer than ten seeds, or verdicts that rest on fewer."""
    sizes = {len(candidate.runs) for candidate in scene.candidates}
    fewest = min(sizes | {*scene.rests_on})
    if len(scene.candidates) > 1 and fewest < CLAIM:
        yield {
            "fewest": fewest,
            "is_smoke_test": fewest < SMOKE_TEST,
            "of_all": sizes | {*scene.rests_on} == {fewest},
            "of_candidates": fewest in sizes,
        }


@rule("unfinished")
def unfinished(scene: Scene) -> Iterator[Facts]:
    """Some runs are not complete, or cannot be read."""
    kinds = [(one.path.name, one.kind) for one in scene.left_out if one.kind != "foreign"]
    if kinds:
        yield {"kinds": kinds}


@rule("searched")
def searched(scene: Scene) -> Iterator[Facts]:
    """A search chose among the runs by their validation numbers."""
    for search in find_searches(scene.runs):
        yield {"search": search}


RULES += [
    ("untuned", untuned),
    ("edge-of-range", edge_of_range),
    ("target-missed", lambda scene: missed_targets(scene.candidates)),
    ("looks", unplanned_looks),
    ("lost-seeds", lost_seeds),
    ("collapse", collapse),
]


def spread(scene: Scene, read: Callable[[RunRecord], object]) -> dict[object, int]:
    """Each value that is known, with the number of runs that have it."""
    found: dict[object, int] = defaultdict(int)
    for run in scene.runs:
        value = read(run)
        if isinstance(value, (str, int, float)):
            found[value] += 1
    return dict(found)
