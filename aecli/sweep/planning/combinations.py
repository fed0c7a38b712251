"""What a sweep varies as single settings: written out, side by side, drawn, multiplied, and some of them left out.

Nothing is checked against the schema here; a setting is keys with values and where each stands in the file.
"""

import itertools
import random
from collections.abc import Callable, Iterator

from aecli.config.yaml_source import Document
from aecli.sweep.planning.document import Sweep
from aecli.sweep.planning.points import points_of

Setting = dict[str, tuple[object, str]]
"""Key -> (value, where it stands)."""


def count_trials(sweep: Sweep) -> int:
    """How many trials there are; of a sweep that tunes, also those that come after it."""
    runs = len(sweep.seeds)
    if sweep.tune:
        runs += runs + len(points_of(sweep.tune)) * len(sweep.tune.seeds)
    total = runs * max(len(sweep.list), 1) * (sweep.random.count if sweep.random else 1)
    total *= len(next(iter(sweep.zip.values()), [None]))
    for values in sweep.grid.values():
        total *= len(values)
    return total


def settings_of(sweep: Sweep, document: Document) -> Iterator[Setting]:
    """Every combination of what is written out, put side by side, drawn, and multiplied, seeds left out."""

    def at(*path: str | int) -> str:
        return document.locate(path)

    listed: list[Setting] = [
        {key: (value, at("list", index, key)) for key, value in entry.items()} for index, entry in enumerate(sweep.list)
    ]
    rows = range(len(next(iter(sweep.zip.values()), [])))
    zipped: list[Setting] = [
        {key: (values[row], at("zip", key, row)) for key, values in sweep.zip.items()} for row in rows
    ]
    grid = [
        [{key: (value, at("grid", key, index))} for index, value in enumerate(values)]
        for key, values in sweep.grid.items()
    ]
    for parts in itertools.product(listed or [{}], zipped or [{}], draw(sweep, at), *grid):
        yield in_order({key: value for part in parts for key, value in part.items()})


def in_order(setting: Setting) -> Setting:
    """A setting in the order in which its values are to be set."""
    return dict(sorted(setting.items(), key=lambda item: outer_first(item[0])))


def outer_first(key: str) -> tuple[int, bool]:
    """Sorts a section before what is set inside it, and its name before its parameters, which a new name clears."""
    return key.count("."), not key.endswith(".name")


def draw(sweep: Sweep, at: Callable[..., str]) -> list[Setting]:
    """The settings of `random`; each key has a generator of its own, so that another key changes nothing."""
    if sweep.random is None:
        return [{}]
    generators = {key: random.Random(f"{sweep.random.seed} {key}") for key in sweep.random.space}
    return [
        {key: (space.draw(generators[key]), at("random", "space", key)) for key, space in sweep.random.space.items()}
        for _ in range(sweep.random.count)
    ]


def excluding(sweep: Sweep, setting: Setting) -> set[int]:
    """The entries of `exclude` with all of whose keys the setting agrees."""
    return {
        index
        for index, entry in enumerate(sweep.exclude)
        if all(agrees(setting, key, value) for key, value in entry.items())
    }


def agrees(setting: Setting, key: str, value: object) -> bool:
    """Whether a setting gives a key this value, also where it sets the section around it: `loss.name` by `loss`."""
    if key in setting:
        held = setting[key][0]
        return held == value or (isinstance(held, dict) and held.get("name") == value)
    parent, _, last = key.rpartition(".")
    if parent not in setting:
        return False
    held = setting[parent][0]
    return (
        held == value
        if last == "name" and isinstance(held, str)
        else isinstance(held, dict) and held.get(last) == value
    )
