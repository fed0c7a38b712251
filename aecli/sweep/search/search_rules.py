"""What a search may ask for, checked before anything runs; Optuna is not needed for it."""

from importlib.util import find_spec
from pathlib import Path

from aecli.config.schema import Config
from aecli.config.yaml_source import Document
from aecli.errors import ConfigError, Problem, UsageError
from aecli.sweep.planning.combinations import Setting
from aecli.sweep.planning.distributions import Choice
from aecli.sweep.planning.document import Search, Sweep, search_of
from aecli.sweep.planning.objectives import TRAIN_S, is_always_measured, metric_of, refuse_objective
from aecli.sweep.planning.plan import base_digest, in_trial, read_base, resolve
from aecli.sweep.planning.trial import Plan


def require_packages(search: Search) -> None:
    """Refuse a search without the packages it needs.

    Raises:
        UsageError: one is not installed.
    """
    for package in ("optuna", *(["cmaes"] if search.sampler == "cmaes" else [])):
        if find_spec(package) is None:
            raise UsageError(f"search needs the package {package}: pip install 'aecli[optuna]'")


def plan_search(sweep: Sweep, document: Document, path: Path) -> Plan:
    """The plan of a search, which has no trials yet: they are made as it goes.

    Raises:
        UsageError: the extra is not installed.
        ConfigError: the base, an objective, a key or a value of the space is refused.
    """
    require_packages(search_of(sweep))
    base = read_base(sweep, document, path)
    if problems := [
        *check_parts(sweep, document),
        *check_objectives(search_of(sweep), document),
        *check_method(sweep, document),
    ]:
        raise ConfigError(problems)
    check_space(sweep, document, base)
    return Plan((), base_digest(base), 0, 0)


def check_parts(sweep: Sweep, document: Document) -> list[Problem]:
    """A search stands alone: what else is varied belongs into its space, and what it tries is tuned by it."""
    instead = dict.fromkeys(("grid", "zip", "list", "random", "exclude"), "put what it varies into search.space")
    instead["tune"] = "to tune each candidate alike, write the candidates as a grid or a list in place of the search"
    return [
        Problem(document.locate((part,), key=True), part, f"cannot be combined with search; {words}")
        for part, words in instead.items()
        if getattr(sweep, part)
    ]


def check_objectives(search: Search, document: Document) -> list[Problem]:
    """Each objective is known, honest, and named once."""
    problems = []
    for index, name in enumerate(search.objective):
        reason = refuse_objective(name) or ("is named twice" if name in search.objective[:index] else "")
        if reason:
            problems.append(
                Problem(document.locate(("search", "objective", index)), "search", f"objective {name}: {reason}")
            )
    return problems


def check_method(sweep: Sweep, document: Document) -> list[Problem]:
    """The sampler and the pruner can do what is asked of them."""
    search, problems = search_of(sweep), []
    if search.sampler == "cmaes" and len(search.objective) > 1:
        where = document.locate(("search", "sampler"))
        problems.append(Problem(where, "search.sampler", "cmaes has one objective; for several use nsga2 or tpe"))
    if search.sampler == "cmaes" and (reason := refuse_cmaes(search)):
        problems.append(Problem(document.locate(("search", "sampler")), "search.sampler", reason))
    if search.pruner != "none" and (reason := refuse_pruner(sweep)):
        problems.append(Problem(document.locate(("search", "pruner")), "search.pruner", reason))
    return problems


def refuse_cmaes(search: Search) -> str:
    """Why CMA-ES would do something else than its name says, which Optuna leaves unsaid; empty if it would not."""
    choices = [key for key, space in search.space.items() if isinstance(space, Choice)]
    if choices:
        return f"cmaes searches numbers, and {choices[0]} is a choice; use tpe"
    return "" if len(search.space) > 1 else "cmaes needs two numbers at least; use tpe"


def refuse_pruner(sweep: Sweep) -> str:
    """Why nothing can be pruned; empty if it can be."""
    if len(search_of(sweep).objective) > 1:
        return "with several objectives no trial is worse than the median; use pruner: none"
    if search_of(sweep).objective == [TRAIN_S]:
        return "train_s says nothing about a trial that is stopped; use pruner: none"
    if len(set(sweep.seeds)) > 1:
        seeds = len(set(sweep.seeds))
        return f"a pruner watches one run, and each setting has {seeds} seeds; use one seed, or pruner: none"
    return ""


def check_space(sweep: Sweep, document: Document, base: Document) -> None:
    """Every choice and both ends of every range make a config, whatever the others are at first.

    Raises:
        ConfigError: an unknown key, or a value that the schema refuses.
    """
    problems: dict[str, Problem] = {}
    if "seed" in search_of(sweep).space:
        where = document.locate(("search", "space", "seed"), key=True)
        raise ConfigError([Problem(where, "search.space.seed", "seeds are an axis of their own: seeds: 0-9")])
    for setting in corners(search_of(sweep), document):
        try:
            found = check_config(search_of(sweep), resolve(base, setting), document)
        except ConfigError as error:
            found = error.problems
        for problem in found:
            problems.setdefault(str(problem), in_trial(problem, setting))
    if problems:
        raise ConfigError(list(problems.values()))


def corners(search: Search, document: Document) -> list[Setting]:
    """Settings at the ends of the space: each value of a choice and each end of a range once."""
    ends = {
        key: space.choice if isinstance(space, Choice) else list(space.bounds) for key, space in search.space.items()
    }
    first = {key: values[0] for key, values in ends.items()}
    varied = [first, *(first | {key: value} for key, values in ends.items() for value in values[1:])]
    return [place(search, document, changes) for changes in varied]


def place(search: Search, document: Document, changes: dict[str, object]) -> Setting:
    """A setting with the position of each value; a section before what is set inside it."""
    where = {key: document.locate(("search", "space", key)) for key in search.space}
    return {key: (changes[key], where[key]) for key in sorted(changes, key=lambda key: key.count("."))}


def check_config(search: Search, config: Config, document: Document) -> list[Problem]:
    """The validation split is not the test split, and a pruner gets its number after every epoch."""
    problems = []
    if config.data.validation == "test":
        message = (
            "is the test split here, and a search must not look at it; hold out training images: data.validation: 5000"
        )
        problems.append(Problem(config.locate("data", "validation"), "data.validation", message))
    for metric in map(metric_of, search.objective):
        if metric in ("mse", TRAIN_S, config.evaluation.select) or is_always_measured(metric):
            continue
        if search.pruner != "none":
            message = (
                f"{metric} is not measured after every epoch; set evaluation.select: {metric} in the base, "
                "or use pruner: none"
            )
            problems.append(Problem(document.locate(("search", "pruner")), "search.pruner", message))
        elif "reconstruction" not in config.evaluation.suites:
            message = (
                f"objective validation.{metric}: is measured by the suite reconstruction; "
                "add it to evaluation.suites of the base"
            )
            problems.append(Problem(document.locate(("search", "objective")), "search", message))
    return problems
