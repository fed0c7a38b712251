"""The dose in a config: what number a key has there, where its absence is 0, and the config without it."""

from collections.abc import Mapping, Sequence

from aecli.comparison.evidence.conditions import is_number
from aecli.comparison.evidence.run_record import RunRecord
from aecli.comparison.evidence.settings import NOWHERE, as_text, flatten, look_up
from aecli.errors import UsageError
from aecli.registry import unknown_name
from aecli.text import printable

TRAIN_SIZE = "data.train_size"


def check_key(runs: Sequence[RunRecord], key: str) -> None:
    """Refuse what is no dose.

    Raises:
        UsageError: the key does not exist, is the seed, or has no number in any of the runs.
    """
    flats = [flatten(run.config) for run in runs]
    values = [flat[key] for flat in flats if key in flat]
    numbers = dict.fromkeys(
        name for flat in flats for name, value in flat.items() if is_number(value) and name != "seed"
    )
    if not values and all(look_up(run.config, key) is None for run in runs):
        raise UsageError(f"--key {unknown_name(printable(key), numbers, 'keys with numbers')}")
    if key == "seed":
        raise UsageError("--key seed: seeds are what a dose is repeated with, and no dose")
    if not any(dose_of(run, key) is not None for run in runs):
        raise UsageError(f"--key {key}: {printable(why_no_number(values))}; keys with numbers: {', '.join(numbers)}")


def why_no_number(values: Sequence[object]) -> str:
    """Why what a key has in the configs is no dose."""
    if any(isinstance(value, Mapping) for value in values):
        return "changes while training"
    return f"is no number here, but {as_text(values[0])}" if values else "has parts, and is no number"


def dose_of(run: RunRecord, key: str) -> float | None:
    """The number a run's config has for the key, None where there is none.

    A train_size of null is all images there are.
    """
    value = flatten(run.config).get(key, NOWHERE)
    if key == TRAIN_SIZE and value is None:
        images = run.data.get("images")
        value = images.get("train") if isinstance(images, dict) else None
    return float(value) if is_number(value) else None


def is_absent(run: RunRecord, key: str) -> bool:
    """Whether a run's config has no such key."""
    return flatten(run.config).get(key, NOWHERE) is NOWHERE
