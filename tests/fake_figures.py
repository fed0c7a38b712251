"""What tests of figures share: groups, learning curves, examples of images, and where texts stand."""

import itertools

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

from aecli.comparison.verdicts.compare import compare


def group_of(tmp_path, **options):
    (group,) = compare([tmp_path / "runs"], **options).groups
    return group


def records(*values):
    """Lines of metrics.jsonl with these validation errors."""
    return [{"epoch": epoch, "objective": 1.0, "validation": {"mse": value}} for epoch, value in enumerate(values)]


def examples(path, brightness, *, rows=(3, 5, 8), images=None):
    """Write examples.npz: the originals are black, so that a brightness of b / 255 has an MSE of its square."""
    images = np.zeros((len(rows), 1, 4, 4), np.uint8) if images is None else images
    made = np.zeros_like(images) + np.asarray(brightness, np.uint8).reshape(-1, 1, 1, 1)
    np.savez(path / "examples.npz", rows=np.array(rows), images=images, reconstructions=made)
    return path


def overlaps(boxes):
    """Pairs of boxes that cover each other."""
    return [(one, other) for one, other in itertools.combinations(boxes, 2) if one.overlaps(other)]


def drawn_boxes(figure, texts):
    """Where texts stand, in pixels, once the figure has been laid out."""
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    return [Text.get_window_extent(text, canvas.get_renderer()) for text in texts]  # of an annotation, without its line


def words(drawing):
    """What is written between the images: captions, numbers of images, errors."""
    return [text.get_text() for text in drawing.figure.texts]
