"""Runs suites on one subject and keeps what they found, after each of them, so that a kill loses nothing.

Numbers go to summary.json, figures to plots/; errors of single test images and examples to per_image.npz and
examples.npz.
"""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from aecli.components.evaluation.suites import SUITES, Findings, Skipped
from aecli.drawing import save_figure
from aecli.evaluation.examples import make_examples
from aecli.evaluation.subject import Subject
from aecli.files.json_files import write_json
from aecli.files.writing import write_atomic
from aecli.precision import exact_products
from aecli.registry import Entry
from aecli.runs.folder import RunFolder
from aecli.runs.locks import alone_with

HEADS = ("protocol", "judged_epoch", "data_sha256")
"""What has to be equal for stored numbers to be the numbers that would be measured now."""


def judge_suites(
    subject: Subject,
    names: Sequence[str],
    folder: RunFolder,
    *,
    place: str,
    head: dict[str, Any],
    is_default: bool,
    again: bool = False,
    tell: Callable[[str], None] = lambda text: None,
    between: Callable[[], None] = lambda: None,
) -> dict[str, Findings | None]:
    """Run suites in order and store each as soon as it is done.

    Args:
        subject: what is judged.
        names: of the suites.
        folder: takes the findings.
        place: the key under `suites` in the summary: `test`, `validation`, or one that also names other data.
        head: `judged_epoch` and `data_sha256`, stored with each suite.
        is_default: the run is judged as its config says, so top-level sections of the summary are written too, and
            per_image.npz and examples.npz once a suite has measured the test images.
        again: measure anew what is stored already.
        tell: is told what is being measured.
        between: called after every suite; may raise.

    Returns: the findings of each suite; None for one that was stored already.
    """
    found: dict[str, Findings | None] = {}
    must_keep = is_default
    for name in names:
        heads = {"protocol": SUITES[name].facts.version, **head}
        if not again and is_stored(folder, place, name, heads):
            tell(f"{name}: measured before; --again measures anew")
            found[name] = None
            continue
        tell(f"{name} ...")
        begin = time.perf_counter()
        findings = run_suite(SUITES[name], subject)
        numbers = with_heads(name, findings, heads, time.perf_counter() - begin)
        if must_keep and "test" in subject.per_image:  # before the summary says that this suite is done
            keep_test_images(subject, folder)
            must_keep = False
        save_pictures(folder, findings, "" if is_default else f"@{place}")
        store(folder, place, name, numbers, sections=findings.sections if is_default else {})
        if "skipped" in findings.numbers:
            tell(f"{name}: skipped: {findings.numbers['skipped']}")
        found[name] = findings
        between()
    return found


def is_stored(folder: RunFolder, place: str, name: str, heads: dict[str, Any]) -> bool:
    """Whether the summary holds these very numbers; a suite that was skipped may not have to be any more."""
    stored = folder.read_summary().get("suites", {}).get(place, {}).get(name, {})
    return "skipped" not in stored and all(stored.get(key) == heads[key] for key in HEADS)


def with_heads(name: str, findings: Findings, heads: dict[str, Any], elapsed_s: float) -> dict[str, Any]:
    """What the summary keeps of a suite: by which protocol and on what it was measured, and its numbers.

    Raises:
        ValueError: the suite has numbers of the same names.
    """
    own = {**heads, "elapsed_s": round(elapsed_s, 2), "skill": findings.skill}
    if clash := own.keys() & findings.numbers.keys():
        raise ValueError(f"suite {name} has numbers with reserved names: {sorted(clash)}")
    return own | findings.numbers


def run_suite(entry: Entry, subject: Subject) -> Findings:
    """One suite, or why it does not apply."""
    if "labels" in entry.facts.requires and subject.target.labels_N is None:
        return Findings({"skipped": "the data has no labels"})
    try:
        with exact_products():
            return entry.function(subject)
    except Skipped as reason:
        return Findings({"skipped": str(reason)})


def keep_test_images(subject: Subject, folder: RunFolder) -> None:
    """Write the measured errors of every test image, and the examples, for whoever compares runs image by image."""
    labels_N = subject.splits.test.labels_N
    save_arrays(folder.per_image, subject.per_image["test"] | ({} if labels_N is None else {"labels": labels_N}))
    if examples := make_examples(subject):
        save_arrays(folder.examples, examples)


def save_arrays(path: Path, arrays: dict[str, np.ndarray]) -> None:
    """Write named arrays, the whole file or nothing."""
    write_atomic(
        path,
        lambda file: np.savez_compressed(file, **arrays),  # type: ignore[arg-type]  # see stored_arrays.py
    )


def save_pictures(folder: RunFolder, findings: Findings, suffix: str) -> None:
    """Write a suite's figures to plots/."""
    for title, figure in findings.pictures.items():
        save_figure(figure, folder.plots / f"{title}{suffix}.png", below=folder.path)


def store(folder: RunFolder, place: str, name: str, numbers: dict[str, Any], *, sections: dict[str, Any]) -> None:
    """Add one suite's numbers to the summary, and what belongs at its top level."""
    with alone_with(folder.config):
        summary = folder.read_summary() | sections
        summary.setdefault("suites", {}).setdefault(place, {})[name] = numbers
        write_json(folder.summary, summary)
