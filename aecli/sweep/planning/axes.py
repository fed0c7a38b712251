"""Rules across the parts of a sweep, checked before any setting is made."""

from collections.abc import Iterable, Iterator

from aecli.config.yaml_source import Document
from aecli.errors import ConfigError, Problem
from aecli.registry import unknown_name
from aecli.sweep.planning.combinations import count_trials
from aecli.sweep.planning.document import Sweep
from aecli.sweep.planning.tuning_rules import tuning_problems

MOST_TRIALS = 1_000_000


def check_axes(sweep: Sweep, document: Document) -> None:
    """Rules across the parts of a sweep.

    Raises:
        ConfigError: lists of `zip` have different lengths, the seed is an axis, a key is varied twice, or there would
            be too many trials.
    """
    parts: dict[str, Iterable[str]] = {
        "grid": sweep.grid,
        "zip": sweep.zip,
        "random": sweep.random.space if sweep.random else {},
        "tune": sweep.tune.space if sweep.tune else {},
    }
    axes = [(part, key) for part, keys in parts.items() for key in keys]
    problems = [
        *zip_problems(sweep, document),
        *key_problems(axes, document),
        *exclude_problems(sweep, [key for _, key in axes], document),
        *(tuning_problems(sweep, document) if sweep.tune else ()),
    ]
    if not problems and (count := count_trials(sweep)) > MOST_TRIALS:
        problems = [Problem(document.locate(()), "", f"{count:,} trials; at most {MOST_TRIALS:,} can be planned")]
    if problems:
        raise ConfigError(problems)


def zip_problems(sweep: Sweep, document: Document) -> Iterator[Problem]:
    """Lists that stand side by side are equally long."""
    lengths = {key: len(values) for key, values in sweep.zip.items()}
    if len(set(lengths.values())) > 1:
        told = ", ".join(f"{key} has {length}" for key, length in lengths.items())
        yield Problem(document.locate(("zip",)), "zip", f"all lists must be equally long: {told}")


def key_problems(axes: list[tuple[str, str]], document: Document) -> Iterator[Problem]:
    """No key is varied by two parts, and the seed by none; `axes` are (part, key)."""
    seen: dict[str, str] = {}
    for part, key in axes:
        where = document.locate((part, "space", key) if part == "random" else (part, key), key=True)
        if key == "seed":
            yield Problem(where, f"{part}.seed", "seeds are an axis of their own: seeds: 0-9")
        if key in seen:
            yield Problem(where, f"{part}.{key}", f"is varied by {seen[key]} too")
        seen[key] = part


def exclude_problems(sweep: Sweep, varied: list[str], document: Document) -> Iterator[Problem]:
    """Only what is varied can be excluded."""
    known = list(dict.fromkeys([*varied, *(key for entry in sweep.list for key in entry)]))
    for index, entry in enumerate(sweep.exclude):
        for key in entry:
            if key not in known and key.rpartition(".")[0] not in known:
                where = document.locate(("exclude", index, key), key=True)
                yield Problem(where, "exclude", f"nothing varies {unknown_name(key, known, 'varied')}")
