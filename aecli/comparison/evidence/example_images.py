"""The test images that runs keep in examples.npz with what their nets made of them.

Shapes: N examples, C channels, H height, W width.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from aecli.comparison.evidence.candidates import Candidate
from aecli.comparison.evidence.image_errors import read_per_image
from aecli.comparison.evidence.run_record import RunRecord
from aecli.files.arrays import BadArrays, read_archive
from aecli.lazy import np


@dataclass(frozen=True)
class Examples:
    """examples.npz of one run."""

    rows_N: "np.ndarray"
    """Which test images."""
    images_NCHW: "np.ndarray"
    reconstructions_NCHW: "np.ndarray"
    mse_N: "np.ndarray"
    """Of the reconstructions; from per_image.npz where that is there, else from the bytes."""


def read_examples(run: RunRecord) -> Examples | None:
    """The examples of a run; None if there are none, or they cannot be read."""
    path = run.folder.examples
    try:
        arrays = read_archive(path, ("rows", "images", "reconstructions"), below=path.parent)
    except (OSError, BadArrays):
        return None
    rows_N, images_NCHW, reconstructions_NCHW = arrays.values()
    fits = (
        images_NCHW.ndim == 4
        and images_NCHW.shape == reconstructions_NCHW.shape
        and rows_N.shape == images_NCHW.shape[:1]
    )
    if not fits or not len(rows_N) or images_NCHW.shape[1] not in (1, 3) or images_NCHW.dtype != np.uint8:
        return None
    all_mse_M = read_per_image(run.folder.per_image, "squared")
    if all_mse_M is not None and len(all_mse_M) > rows_N.max():
        mse_N = all_mse_M[rows_N]
    else:
        mse_N = np.square((images_NCHW.astype(float) - reconstructions_NCHW) / 255).mean((1, 2, 3))
    return Examples(rows_N, images_NCHW, reconstructions_NCHW, mse_N)


def same_images(one: Examples, other: Examples) -> bool:
    """Whether both are of the same test images."""
    return np.array_equal(one.rows_N, other.rows_N) and np.array_equal(one.images_NCHW, other.images_NCHW)


def choose_runs(candidates: Sequence[Candidate]) -> dict[str, tuple[int, Examples]]:
    """Label -> (seed, examples) of one run of each candidate: of the first seed that all of them have, if there is one.

    Candidates without examples, or with other images than the first one, are left out.
    """
    having = {one.label: {run.seed: run for run in one.runs if run.folder.examples.is_file()} for one in candidates}
    having = {label: runs for label, runs in having.items() if runs}
    common = sorted(set.intersection(*(set(runs) for runs in having.values()))) if having else []
    chosen: dict[str, tuple[int, Examples]] = {}
    for label, runs in having.items():
        seed = common[0] if common else min(runs)
        examples = read_examples(runs[seed])
        if examples and (not chosen or same_images(examples, next(iter(chosen.values()))[1])):
            chosen[label] = (seed, examples)
    return chosen
