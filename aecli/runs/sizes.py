"""How much room a folder takes, and how that is written."""

import os
from contextlib import suppress
from pathlib import Path

UNITS = ("B", "kB", "MB", "GB", "TB")


def bytes_in(folder: Path | str) -> int:
    """Bytes of all files in a folder, a file with several names counted once; links are not followed."""
    total, seen, left = 0, set(), [str(folder)]
    while left:
        with suppress(OSError), os.scandir(left.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    left.append(entry.path)
                    continue
                facts = entry.stat(follow_symlinks=False)
                if facts.st_nlink > 1 and facts.st_ino in seen:
                    continue
                seen.add(facts.st_ino)
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
