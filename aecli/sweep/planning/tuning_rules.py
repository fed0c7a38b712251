"""What a sweep may tune, and by what, checked before anything runs."""

from collections.abc import Iterator, Sequence

from aecli.config.schema import Config
from aecli.config.yaml_source import Document
from aecli.errors import Problem, known
from aecli.sweep.planning.document import Sweep
from aecli.sweep.planning.objectives import TRAIN_S, is_always_measured, metric_of, refuse_objective
from aecli.sweep.planning.points import points_of
from aecli.sweep.planning.tune import Tune
from aecli.text import several

NOT_TUNED = ("name", "data", "evaluation")
"""Sections of the config that say what is judged, and not how it is trained."""


def tuning_problems(sweep: Sweep, document: Document) -> Iterator[Problem]:
    """What is wrong with `tune` by itself: its keys, seeds, trials and objective."""
    tune = known(sweep.tune)
    for key in tune.space:
        section = key.partition(".")[0]
        if section in NOT_TUNED:
            message = (
                f"{section} says what is judged, and candidates are tuned in how they are trained; vary it in grid"
            )
            yield Problem(document.locate(("tune", key), key=True), f"tune.{key}", message)
        if any(key in entry for entry in sweep.list):
            yield Problem(document.locate(("tune", key), key=True), f"tune.{key}", "is varied by list too")
    for index, entry in enumerate(sweep.exclude):
        for key in entry.keys() & tune.space.keys():
            message = f"{key} is tuned, with the same points for every candidate; take it out of here"
            yield Problem(document.locate(("exclude", index, key), key=True), "exclude", message)
    if shared := sorted(set(tune.seeds) & set(sweep.seeds)):
        words = "is a seed that judges" if len(shared) == 1 else "are seeds that judge"
        message = f"{several(shared)} {words} too; a number, such as seeds: {len(set(tune.seeds))}, takes others"
        yield Problem(document.locate(("tune", "seeds")), "tune.seeds", message)
    try:
        points_of(tune)
    except ValueError as error:
        yield Problem(document.locate(("tune", "trials")), "tune.trials", str(error))
    if reason := refuse_tuning_by(tune.objective):
        yield Problem(document.locate(("tune", "objective")), "tune.objective", reason)


def refuse_tuning_by(objective: str) -> str:
    """Why candidates cannot be tuned by something; empty if they can."""
    if objective == TRAIN_S:
        return "train_s says nothing about how good a config is; use validation.mse"
    return refuse_objective(objective).replace("a search", "a tuning").replace(f"{TRAIN_S}, ", "")


def config_problems(tune: Tune, configs: Sequence[Config], document: Document) -> Iterator[Problem]:
    """The validation split is not the test split, and every run will have the objective."""
    metric = metric_of(tune.objective)
    for config in configs:
        if config.data.validation == "test":
            message = (
                "is the test split here, and a tuning must not look at it; hold out training images: "
                "data.validation: 5000"
            )
            yield Problem(config.locate("data", "validation"), "data.validation", message)
        if metric == config.evaluation.select or is_always_measured(metric):
            continue
        if "reconstruction" not in config.evaluation.suites:
            message = (
                f"{tune.objective}: is measured by the suite reconstruction; add it to evaluation.suites of the base"
            )
            yield Problem(document.locate(("tune", "objective")), "tune.objective", message)
