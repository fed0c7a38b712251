"""How many seeds an open verdict needs, judged at the level of the next look."""

from aecli.comparison.statistics.differences import Difference, error_of_images
from aecli.comparison.statistics.intervals import Estimate
from aecli.comparison.statistics.sample_size import Needed, Seen, range_of_needed


def find_needed(
    difference: Difference, band: float, edges: tuple[Estimate, Estimate] | None, *, level: float, inner: float
) -> Needed:
    """How many seeds would decide, in all, more than there are.

    Args:
        difference: of three seeds or more.
        band: half width of the band of practical equivalence.
        edges: how far the candidate is above the two edges of the band, where these are uncertain.
        level: of the test at the next look, after the correction for others of its family.
        inner: one minus the confidence of the interval that has to fit into the band there.
    """
    estimate, sd, widening = difference.estimate, difference.sd or 0.0, 1.0
    if edges and estimate.half_width:
        widening = max(edge.half_width or 0.0 for edge in edges) / estimate.half_width
    of_images, degrees = error_of_images(difference)
    seen = Seen(
        difference=estimate.mean,
        sd=sd,
        band=band,
        level=level,
        inner=inner,
        edge_sd=sd * widening,
        is_paired=difference.paired,
        degrees_each=round(degrees / (estimate.n - 1), 1),
        image_error=of_images,
    )
    return range_of_needed(seen, estimate.n, degrees)
