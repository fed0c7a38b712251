"""Which folders of a folder of pictures are its parts, and which are classes.

A folder of a split that is taken for a class would put its test images among the training images, so whatever looks
like a part and cannot be one is refused.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from aecli.components.data.roles import is_plain_role, role_of
from aecli.errors import DataError
from aecli.text import several

Inside = tuple[str, ...]
"""A file or folder by the parts of its path from the folder that the user named."""


class PictureParts(NamedTuple):
    """The folders of the parts, and what is left beside them."""

    train: Inside
    test: Inside | None
    unused: list[str]


def find_parts(root: Path, pictures: Sequence[Inside]) -> PictureParts:
    """The folders of training and test pictures; all are training pictures where no folder is called so.

    Args:
        root: the folder that the user named.
        pictures: all pictures in it.

    Raises:
        DataError: folders look like parts and cannot be told apart from classes.
    """
    folders = list(dict.fromkeys(inside[0] for inside in pictures if len(inside) > 1))
    train, test, validation = (
        [name for name in folders if role_of(name) == role] for role in ("train", "test", "validation")
    )
    others = [name for name in folders if role_of(name) is None]
    if not train and any(map(is_plain_role, test)):
        raise DataError(f"{root}: has a folder {test[0]} but no folder train; add it, or rename {test[0]}")
    if not train or not (test or validation or all(map(is_plain_role, train))):
        refuse_parts_within(root, (), pictures)
        return PictureParts((), None, [])
    if double := next((names for names in (train, test) if len(names) > 1), None):
        raise DataError(f"{root}: {several(double)} look like the same part; keep one, or rename what is none")
    named = [*train, *test, *validation]
    if others and not ((test or validation) and all(map(is_plain_role, named))):
        raise DataError(
            f"{root}: {several(named)} {'look' if len(named) > 1 else 'looks'} like part of a data set and "
            f"{several(others)} {'do' if len(others) > 1 else 'does'} not; call the parts train and test and move the "
            "rest away, or rename what is a class"
        )
    places = [innermost((name,), pictures) for name in (*train, *test)]
    for place in places:
        refuse_parts_within(root, place, pictures)
    loose = [inside[0] for inside in pictures if len(inside) == 1]
    unused = [*(f"{name}/" for name in (*validation, *others)), *loose]
    return PictureParts(places[0], places[1] if test else None, unused)


def within(place: Inside, pictures: Sequence[Inside]) -> list[Inside]:
    """The pictures in a folder, from there."""
    return [inside[len(place) :] for inside in pictures if inside[: len(place)] == place]


def innermost(place: Inside, pictures: Sequence[Inside]) -> Inside:
    """The folder of a part; archives often hold it twice, as in training_set/training_set."""
    firsts = {inside[0] if len(inside) > 1 else "" for inside in within(place, pictures)}
    only = firsts.pop() if len(firsts) == 1 else ""
    return innermost((*place, only), pictures) if only and role_of(only) == role_of(place[-1]) else place


def refuse_parts_within(root: Path, place: Inside, pictures: Sequence[Inside]) -> None:
    """Refuse parts deeper inside, whose test images would be mixed with training images.

    Raises:
        DataError: with the folder that holds them.
    """
    roles: dict[Inside, dict[str | None, str]] = {}
    for inside in within(place, pictures):
        for depth in range(len(inside) - 1):
            roles.setdefault(inside[:depth], {}).setdefault(role_of(inside[depth]), inside[depth])
    for folder, found in roles.items():
        if "train" in found and ("test" in found or "validation" in found):
            names = [name for role, name in found.items() if role is not None]
            path = root.joinpath(*place, *folder)
            raise DataError(
                f"{path}: holds the parts {several(names)}, which are no classes; name this folder as "
                "data.dataset.folder, or put the parts on top and the classes into them"
            )
