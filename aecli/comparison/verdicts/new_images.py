"""The test images as a second draw beside the seeds: whether a verdict would hold on other images of the same kind.

With ten thousand images it makes no matter; with three hundred, two losses that are equal differ on these images by
more than their seeds explain. Where the test set is small, what the draw of the images adds to the variance of a
difference is taken from per_image.npz, and the verdict is about new images too.
"""

from collections.abc import Sequence
from typing import TypeAlias

from aecli.comparison.evidence.candidates import Candidate
from aecli.comparison.evidence.image_errors import read_per_image
from aecli.comparison.evidence.measures import Measure
from aecli.comparison.evidence.run_record import RunRecord
from aecli.comparison.statistics.images import variance_of_images
from aecli.comparison.statistics.pairing import common_seeds
from aecli.lazy import np

THESE_IMAGES, NEW_IMAGES = "these-images", "new-images"
"""What a verdict holds for beside new seeds: the test images that are there, or others of their kind too."""
ErrorsBySeed: TypeAlias = "dict[int, np.ndarray]"
SMALL = 3000
"""Test images from which on their draw is left out: its standard error is a small part of that over the seeds."""


def scope_of(metric: Measure, candidate: Candidate, is_wide: bool) -> str:
    """Whether a verdict is about new images too, or about those that are there; empty where no test images judge."""
    if metric.path[0] != "test":
        return ""
    return NEW_IMAGES if is_wide else THESE_IMAGES


def image_variances(metric: Measure, others: Sequence[Candidate], baseline: Candidate) -> list[float] | None:
    """What the draw of the test images adds to the variance of each mean difference from the baseline.

    Returns: None where the test set is not small, or where errors of single images are lacking.
    """
    quantity = metric.per_image
    if quantity is None or not is_small(baseline):
        return None
    arrays = {one.label: errors_by_seed(one, quantity) for one in (baseline, *others)}
    if any(found is None for found in arrays.values()):
        return None
    theirs = arrays[baseline.label] or {}
    found = []
    for other in others:
        ours = arrays[other.label] or {}
        seeds = common_seeds(ours, theirs)
        found.append(variance_of_images(np.stack([ours[seed] - theirs[seed] for seed in seeds])) if seeds else 0.0)
    return found


def is_small(candidate: Candidate) -> bool:
    """Whether the test set is so small that the draw of its images matters."""
    images = candidate.runs[0].data.get("images") if candidate.runs else None
    number = images.get("test") if isinstance(images, dict) else None
    return isinstance(number, int) and 1 < number <= SMALL


def errors_by_seed(candidate: Candidate, quantity: str) -> "ErrorsBySeed | None":
    """Seed -> the errors of single test images, (N,); None where one run lacks them or has another number of them."""
    found = {run.seed: read_errors(run, quantity) for run in candidate.runs}
    arrays = {seed: errors for seed, errors in found.items() if errors is not None}
    is_whole = len(arrays) == len(found) and len({len(errors) for errors in arrays.values()}) == 1
    return arrays if is_whole else None


def read_errors(run: RunRecord, quantity: str) -> "np.ndarray | None":
    """The errors of single test images of one run, (N,); None where they cannot be read."""
    return read_per_image(run.folder.per_image, quantity)
