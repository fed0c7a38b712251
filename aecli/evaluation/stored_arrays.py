"""Baselines kept on disk: they depend on the data alone, and every run on the same data asks for them again."""

import hashlib
import io
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import numpy as np

from aecli.cache import cache_folder, store
from aecli.files.arrays import BadArrays, read_members
from aecli.files.reading import NO_LIMIT, read_bytes


def cached_arrays(key: str, compute: Callable[[], dict[str, np.ndarray]]) -> dict[str, np.ndarray]:
    """Arrays from the cache folder, or computed and put there.

    A file that cannot be read is computed anew; where nothing can be written, nothing is kept. It may be deleted at any
    time.

    Args:
        key: everything the arrays depend on.
        compute: computes them.
    """
    try:
        path = cache_folder() / "baselines" / f"{hashlib.sha256(key.encode()).hexdigest()[:32]}.arrays"
    except OSError:  # no home folder
        return compute()
    if (arrays := read(path)) is not None:
        return arrays
    arrays = compute()
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)  # type: ignore[arg-type]  # its types take any keyword for `allow_pickle`
    content = buffer.getvalue()
    with suppress(OSError):
        store(path, hashlib.sha256(content).digest() + content)
    return arrays


def read(path: Path) -> dict[str, np.ndarray] | None:
    """What a file holds: a SHA-256 digest, then an npz of what it is the digest of; None for anything else."""
    with suppress(OSError, BadArrays):
        content = read_bytes(path, NO_LIMIT)
        if hashlib.sha256(content[32:]).digest() == content[:32]:
            return read_members(io.BytesIO(content[32:]), None, len(content))
    return None
