"""Test images as a random factor beside the seeds: numbers alone."""

from aecli.lazy import np


def variance_of_images(differences_NI: "np.ndarray") -> float:
    """What the draw of the images adds to the variance of a mean difference over seeds and images.

    Two candidates were trained with N seeds each and judged on the same I images. Seeds and images are both drawn; the
    variance over the seeds holds that of the seeds and of what seeds and images do together, so that what is left is
    the variance of the images' means less what the latter put into it.

    Args:
        differences_NI: of the error of each image, pair by pair of seeds.

    Returns: at least 0.

    Source: Brennan 2001, Generalizability Theory, chapter 3
    Example:
        >>> variance_of_images(np.array([[1.0, 3.0], [1.0, 3.0]]))  # the seeds agree: all of it is the images'
        1.0
    """
    seeds, images = differences_NI.shape
    if images < 2:
        return 0.0
    of_images_I = differences_NI.mean(axis=0)
    variance: float = of_images_I.var(ddof=1) / images
    if seeds < 2:
        return float(variance)
    rest_NI = differences_NI - of_images_I - differences_NI.mean(axis=1, keepdims=True) + differences_NI.mean()
    together: float = float((rest_NI**2).sum()) / ((seeds - 1) * (images - 1))
    return float(max(variance - together / (seeds * images), 0.0))
