"""Parts of a data set by the names that people give them: training, test, validation."""

import re
from pathlib import Path

WORDS = {
    "train": ("train", "training", "trainval", "trn"),
    "test": ("test", "testing", "t10k", "tst"),
    "validation": ("val", "valid", "validation", "dev", "eval", "evaluation"),
}
"""Role -> words that name it, alone, with `set` behind it, or in a longer name."""


def role_of(name: str) -> str | None:
    """The one part of a data set that a name speaks of; nothing where it speaks of none, or of several.

    Example:
        >>> [role_of(name) for name in ("Training", "seg_test", "val2017", "x_dev", "latest", "train_or_test")]
        ['train', 'test', 'validation', 'validation', None, None]
        >>> [role_of(name) for name in ("trainset", "TestSet", "trainA", "Xval", "PublicTest", "TRAIN")]
        ['train', 'test', 'train', 'validation', 'test', 'train']
    """
    words = {plain(word) for word in words_in(name)} | ({"t10k"} if "t10k" in name.lower() else set())
    roles = [role for role, known in WORDS.items() if words & set(known)]
    return roles[0] if len(roles) == 1 else None


def words_in(name: str) -> list[str]:
    """The words of a name: train and A for trainA, X and train for Xtrain.

    Example:
        >>> words_in("PublicTest"), words_in("Xtrain"), words_in("MNIST_train2"), words_in("TRAIN")
        (['Public', 'Test'], ['X', 'train'], ['MNIST', 'train'], ['TRAIN'])
    """
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<![A-Za-z])([XY])(?=[a-z])", r"\1 ", name)
    return re.findall(r"[A-Za-z]+", apart)


def plain(word: str) -> str:
    """A word in small letters, without `set` behind it."""
    return word.lower().removesuffix("set")


def is_plain_role(name: str) -> bool:
    """Whether a name is nothing but a word for a part."""
    return any(plain(name) in known for known in WORDS.values())


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
    kept = [part for word in kept for part in (words_in(word) if role_of(word) else [word]) if not is_plain_role(part)]
    return "_".join(kept).lower()
