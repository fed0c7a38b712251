"""Parts of a data set by the names that people give them: training, test, validation."""

import re
from pathlib import Path

WORDS = {
    "train": ("train", "training", "trainval"),
    "test": ("test", "testing", "t10k"),
    "validation": ("val", "valid", "validation", "dev", "eval", "evaluation"),
}
"""Role -> words that name it, alone or in a longer name."""


def role_of(name: str) -> str | None:
    """The one part of a data set that a name speaks of; nothing where it speaks of none, or of several.

    Example:
        >>> [role_of(name) for name in ("Training", "seg_test", "val2017", "x_dev", "latest", "train_or_test")]
        ['train', 'test', 'validation', 'validation', None, None]
    """
    words = set(re.split(r"[^a-z]+", name.lower())) | ({"t10k"} if "t10k" in name.lower() else set())
    roles = [role for role, known in WORDS.items() if words & set(known)]
    return roles[0] if len(roles) == 1 else None


def is_plain_role(name: str) -> bool:
    """Whether a name is nothing but a word for a part."""
    return any(name.lower() in known for known in WORDS.values())


def parts_beside(path: Path) -> list[str]:
    """Names of files beside a training file that are its test or validation part, to go by what they are called.

    `train.csv` has `test.csv` and `val.csv`, and `digits_train.npy` has `digits_test.npy`.
    """
    if role_of(path.stem) != "train":
        return []
    own = nameless(path.stem)
    try:
        names = sorted(child.name for child in path.parent.iterdir() if child.suffix == path.suffix)
    except OSError:  # a folder whose files may be read by name only
        return []
    return [
        name for name in names if role_of(Path(name).stem) in ("test", "validation") and nameless(name, path) == own
    ]


def nameless(name: str, path: Path | None = None) -> str:
    """A stem without its word for a part."""
    stem = name.removesuffix(path.suffix) if path else name
    kept = [word for word in re.split(r"[^A-Za-z0-9]+", stem) if not is_plain_role(word)]
    return "_".join(kept).lower()
