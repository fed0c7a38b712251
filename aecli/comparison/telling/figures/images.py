"""The same test images as several nets reconstruct them: side by side, and where two nets differ most.

Shapes: N examples, C channels, H height, W width.
"""

from collections.abc import Sequence

from aecli.comparison.evidence.candidates import Candidate
from aecli.comparison.evidence.example_images import Examples, choose_runs
from aecli.comparison.telling.figures.figure_parts import Drawing, choose_drawn, figure_labels, not_drawn
from aecli.comparison.verdicts.group import Group
from aecli.drawing import ImageRow, draw_image_rows
from aecli.lazy import np

SHOWN = 12
"""The first examples are the first test images of each class."""
MOST = 8
"""Candidates in one figure."""
EXTREMES = 6
"""Images on each side where two nets differ most."""
NO_EXAMPLES = (
    "these runs have no examples.npz (data that are no images in [0, 1] never have one; "
    "older runs get one from: aecli evaluate RUN --suite reconstruction --again)"
)


def draw_reconstructions(group: Group) -> Drawing:
    """Test images over the reconstructions of one net of each candidate, the best candidate first."""
    drawn, why = choose_drawn(group, MOST)
    chosen = choose_runs(drawn)
    if not chosen:
        return not_drawn(f"no reconstructions: {NO_EXAMPLES}")
    first = next(iter(chosen.values()))[1]
    columns = list(range(min(SHOWN, len(first.rows_N))))
    labels = figure_labels(drawn)
    rows = [ImageRow("original", as_images(first.images_NCHW, columns))]
    best_N = np.min([examples.mse_N for _, examples in chosen.values()], 0)
    for label, (_, examples) in chosen.items():
        rows.append(reconstructions(labels[label], examples, columns, best_N))
    seeds = {seed for seed, _ in chosen.values()}
    of = f"one net each, seed {seeds.pop()}" if len(seeds) == 1 else "one net each, of different seeds"
    lost = len(drawn) - len(chosen)
    missing = f" {lost} without these images {'is' if lost == 1 else 'are'} left out." if lost else ""
    caption = f"The same test images, {of}; below each its MSE, the lowest of a column in bold.{missing}{why}"
    return Drawing(draw_image_rows(rows), caption, is_photo=True)


def draw_differences(first: Candidate, second: Candidate) -> list[Drawing]:
    """The test images where two candidates differ most: first those where the first is better, then the others."""
    chosen = choose_runs([first, second])
    if len(chosen) < 2:
        return [not_drawn(f"no images where {first.label} and {second.label} differ most: {NO_EXAMPLES}")]
    (seed, one), (other_seed, other) = chosen.values()
    order = np.argsort(one.mse_N - other.mse_N, kind="stable")
    seeds = f"seed {seed}" if seed == other_seed else f"seeds {seed} and {other_seed}"
    of = f"of {len(order)} test images that the runs keep; {seeds}"
    found = []
    for winner, loser, ranked in ((first, second, order), (second, first, order[::-1])):
        sign = 1 if winner is first else -1
        rows = [int(at) for at in ranked[:EXTREMES] if sign * (one.mse_N[at] - other.mse_N[at]) < 0]
        if rows:
            lines = compare_rows((first.label, one), (second.label, other), rows)
            is_colour = one.images_NCHW.shape[1] == 3
            error = "grey where there is none" if is_colour else "red too bright, blue too dark"
            caption = f"Where {winner.label} is better than {loser.label} by most, {of}. Error: {error}."
            found.append(Drawing(draw_image_rows(lines), caption, is_photo=True))
    return found or [
        not_drawn(
            f"{first.label} and {second.label} reconstruct all {len(order)} test images that the runs keep equally well"
        )
    ]


def compare_rows(first: tuple[str, Examples], second: tuple[str, Examples], shown: Sequence[int]) -> list[ImageRow]:
    """Originals, both reconstructions with their numbers, both errors."""
    from aecli.comparison.telling.figures.figure_parts import fold_label

    one, other = first[1], second[1]
    best_N = np.minimum(one.mse_N, other.mse_N)
    originals = as_images(one.images_NCHW, shown)
    rows = [ImageRow("original", originals, above=[f"#{one.rows_N[at]}" for at in shown])]
    parts = [reconstructions(fold_label(label), examples, shown, best_N) for label, examples in (first, second)]
    for part in parts:
        errors = [image - original for image, original in zip(part.images, originals, strict=True)]
        rows.append(ImageRow(f"error of\n{part.caption}", errors, is_error=True))
    return [rows[0], *parts, *rows[1:]]


def reconstructions(caption: str, examples: Examples, shown: Sequence[int], best_N: "np.ndarray") -> ImageRow:
    """What one net makes of the images, its error below each, in bold where it is the lowest."""
    mse = [f"{examples.mse_N[at]:#.3g}" for at in shown]
    is_best = [bool(examples.mse_N[at] == best_N[at]) for at in shown]
    return ImageRow(caption, as_images(examples.reconstructions_NCHW, shown), below=mse, is_bold=is_best)


def as_images(bytes_NCHW: "np.ndarray", shown: Sequence[int]) -> "list[np.ndarray]":
    """Some of the images, (H, W, C) each, in [0, 1]."""
    return [bytes_NCHW[at].transpose(1, 2, 0) / 255 for at in shown]
