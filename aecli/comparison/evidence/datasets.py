"""Which runs were judged on the same data, and how to name that data."""

from collections import Counter
from collections.abc import Mapping, Sequence

from aecli.comparison.evidence.run_record import RunRecord
from aecli.comparison.evidence.settings import exact
from aecli.text import counted, printable


def split_by_data(runs: Sequence[RunRecord]) -> dict[str, list[RunRecord]]:
    """Runs by what they were judged on: the content of the data, its scaling, and the number of test images."""
    split: dict[str, list[RunRecord]] = {}
    for run in runs:
        images = run.data.get("images")
        judged_on = (
            run.data.get("sha256"),
            scaling_key(run.data.get("scaling")),
            images.get("test") if isinstance(images, dict) else None,
        )
        split.setdefault(exact(judged_on), []).append(run)
    return split


def scaling_key(scaling: object) -> object:
    """What tells one scaling from another: its numbers, or the rule where it was fitted on rows that the seed draws."""
    if isinstance(scaling, dict) and "fitted_rows" in scaling:
        return [scaling.get("kind"), scaling["fitted_rows"]]
    return scaling


def describe_data(run: RunRecord) -> str:
    """`mnist, 10,000 test images`."""
    name = run.data.get("dataset")
    images = run.data.get("images")
    test = images.get("test") if isinstance(images, dict) else None
    return f"{printable(name or 'data that environment.json does not name')}" + (
        f", {test:,} test images" if isinstance(test, int) else ""
    )


def name_data(split: Mapping[str, Sequence[RunRecord]]) -> dict[str, str]:
    """The data of each group in words, with the beginning of its digest, and its scaling, where others share them."""
    names = {key: describe_data(runs[0]) for key, runs in split.items()}
    for more in (digest_words, scaling_words):
        shared = {name for name, number in Counter(names.values()).items() if number > 1}
        names = {
            key: f"{name} ({printable(more(split[key][0]))})" if name in shared else name for key, name in names.items()
        }
    return names


def digest_words(run: RunRecord) -> str:
    """The beginning of the digest of what a run was judged on."""
    return f"SHA-256 {(run.data_sha256 or 'unknown')[:8]}"


def scaling_words(run: RunRecord) -> str:
    """How that was scaled."""
    return f"scaling {exact(scaling_key(run.data.get('scaling')))}"


def describe_others(split: Mapping[str, Sequence[RunRecord]], own: str) -> list[str]:
    """`mnist, 10,000 test images (SHA-256 fe4f6dc3, 5 runs)` for the data of each other group."""
    return [
        f"{describe_data(runs[0])} ({digest_words(runs[0])}, {counted(len(runs), 'run')})"
        for key, runs in split.items()
        if key != own
    ]
