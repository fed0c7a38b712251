"""How much room a folder takes, and how that is written."""

import os
from contextlib import suppress
from pathlib import Path

UNITS = ("B", "kB", "MB", "GB", "TB")


def bytes_in(path: Path, seen: set[tuple[int, int]] | None = None) -> int:
    """Bytes of all files in a folder, a file with several names counted once; links are not followed."""
    seen = set() if seen is None else seen
    total = 0
    with suppress(OSError), os.scandir(path) as entries:
        for entry in entries:
            with suppress(OSError):
                if entry.is_dir(follow_symlinks=False):
                    total += bytes_in(path / entry.name, seen)
                    continue
                facts = entry.stat(follow_symlinks=False)
                if facts.st_nlink == 1 or (facts.st_dev, facts.st_ino) not in seen:
                    seen.add((facts.st_dev, facts.st_ino))
                    total += facts.st_size
    return total


def size_words(size: float) -> str:
    """A number of bytes in three digits.

    Example:
        >>> size_words(0), size_words(999), size_words(5_830_000), size_words(64_200_000_000)
        ('0 B', '999 B', '5.8 MB', '64 GB')
    """
    at = 0
    while size >= 999.5 and at < len(UNITS) - 1:
        size, at = size / 1000, at + 1
    return f"{size:.1f} {UNITS[at]}" if at and size < 9.95 else f"{size:.0f} {UNITS[at]}"
