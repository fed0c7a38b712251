"""Two nets compared on every test image, where a single seed says nothing about their losses."""

from aecli.comparison.evidence.image_errors import is_error, read_per_image
from aecli.comparison.evidence.measures import Measure
from aecli.comparison.evidence.run_record import RunRecord
from aecli.comparison.statistics.intervals import mean_interval
from aecli.comparison.verdicts.verdict import BETTER, UNDECIDED, WORSE, ImageVerdict
from aecli.lazy import np


def compare_images(metric: Measure, candidate: RunRecord, baseline: RunRecord) -> ImageVerdict | None:
    """Compare two nets on every test image; None where their errors of single images are not both there."""
    quantity = metric.per_image
    if quantity is None:
        return None
    ours, theirs = (read_per_image(run.folder.per_image, quantity) for run in (candidate, baseline))
    if quantity is None or ours is None or theirs is None or ours.shape != theirs.shape or len(ours) < 2:
        return None
    differences = ours - theirs if is_error(quantity) else theirs - ours  # as errors: smaller is better
    difference = mean_interval(differences)
    wins = float(np.mean(differences < 0) + np.mean(differences == 0) / 2)
    kind = UNDECIDED
    low, high = difference.ends
    if high < 0 or low > 0:
        kind = BETTER if difference.mean < 0 else WORSE
    return ImageVerdict(kind, difference, quantity, wins)
