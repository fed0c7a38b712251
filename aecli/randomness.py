"""Named random streams, all derived from the seed of the run.

A stream is a function of the seed, its name and, where it is drawn anew every epoch, the epoch. Nothing else is drawn
from it, so changing the loss changes no batch and no mask; and a resumed run needs no stored generator state.
"""

import hashlib

from aecli.lazy import torch


def stream_seed(seed: int, *name: str | int) -> int:
    """A 63-bit seed for the stream of this name.

    Example:
        >>> stream_seed(0, "order", 1) == stream_seed(0, "order", 1) != stream_seed(0, "order", 2)
        True
    """
    text = "/".join(str(part) for part in (seed, *name))
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") >> 1


def stream(seed: int, *name: str | int, device: str = "cpu") -> "torch.Generator":
    """A generator at the start of the stream of this name."""
    return torch.Generator(device=device).manual_seed(stream_seed(seed, *name))
