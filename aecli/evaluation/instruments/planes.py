"""Rows of pixels as images and back, lengths that grow with them, and lines drawn over them.

Shapes: N images, P pixels, C channels, H rows, W columns, K lines. All images are float32 in [0, 1].
"""

from aecli.lazy import np

Shape = tuple[int, int, int]
"""Channels, height, width."""

SIDE = 28
"""Lengths are given in pixels of an image whose shorter side is this."""
LINE_PIXELS = 1.45


def planes(x_NP: "np.ndarray", image_shape: Shape) -> "np.ndarray":
    """Rows of pixels as images, (N, C, H, W)."""
    return x_NP.reshape(-1, *image_shape)


def flat(x_NCHW: "np.ndarray") -> "np.ndarray":
    """Images as rows of pixels, (N, P)."""
    return x_NCHW.reshape(len(x_NCHW), -1)


def pixels(length: float, image_shape: Shape) -> float:
    """A length given for images of 28 pixels, in the pixels of these images."""
    return length * min(image_shape[1:]) / SIDE


def interpolation(length: int, nodes: int) -> "np.ndarray":
    """The matrix that interpolates evenly spaced nodes linearly at so many pixels, (length, nodes)."""
    place_H = np.linspace(0, nodes - 1, length)[:, None]
    return np.maximum(0, 1 - np.abs(place_H - np.arange(nodes)))


def draw_lines(x_NP: "np.ndarray", rows_NKW: "np.ndarray", drawn_W: "np.ndarray", image_shape: Shape) -> "np.ndarray":
    """White lines over images.

    Args:
        x_NP: images in [0, 1].
        rows_NKW: the row that each of K lines has in every column.
        drawn_W: in which columns it is visible.
        image_shape: of the images.
    """
    reach = max(0.75, LINE_PIXELS * pixels(1, image_shape))  # a thinner line would pass between the rows
    row_H1 = np.arange(image_shape[1])[:, None]
    out_NCHW = planes(x_NP, image_shape)
    for index in range(rows_NKW.shape[1]):
        line_NHW = np.maximum(0, 1 - np.abs(row_H1 - rows_NKW[:, index, None, :]) / reach) * drawn_W
        out_NCHW = np.minimum(out_NCHW + line_NHW[:, None], 1)
    return flat(out_NCHW)
