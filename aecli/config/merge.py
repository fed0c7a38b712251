"""One config out of several sources: a file, what it extends, and `--set`.

A mapping is merged key by key, anything else is replaced. A mapping whose `name` changes starts afresh: the parameters
of the old loss mean nothing to the new one.
"""

import copy
import io
from collections.abc import Sequence
from pathlib import Path as FilePath
from typing import Any

from aecli.config.implied import IMPLIED
from aecli.config.typed_value import read_value
from aecli.config.yaml_source import MAX_BYTES, MAX_DEPTH, TOO_LARGE, Document, Path, dotted, dump, parse
from aecli.errors import ConfigError, Problem
from aecli.text import each

LISTED = ("regularization",)
"""Keys whose value is a list, and may be written as its only item."""
INSTEAD = {"weight": "target", "target": "weight"}
"""Of an item of such a list: keys of which one stands in place of the other."""


def in_lists(document: Document) -> None:
    """Let what is the only item of a list be a list of one; positions follow."""
    for name in LISTED:
        value = document.data.get(name)
        if isinstance(value, (dict, str)):
            document.data[name] = [value]
            for kind in ("keys", "values"):
                positions = getattr(document, kind)
                for path in [
                    path for path in positions if path[0:1] == (name,) and (len(path) > 1 or kind == "values")
                ]:
                    positions[(name, 0, *path[1:])] = positions[path] if len(path) == 1 else positions.pop(path)


def merge(base: Document, top: Document) -> Document:
    """`top` over `base`; positions follow the values."""
    merged = Document(copy.deepcopy(base.data), top.name, dict(base.keys), dict(base.values))
    merged.values[()] = top.values.get((), top.name)
    merge_into(merged, merged.data, top, top.data, ())
    return merged


def merge_into(merged: Document, below: dict, top: Document, above: dict, path: Path) -> None:
    """Merge the mapping `above`, which stands at `path` of `top`, into the mapping `below` of `merged`."""
    if path and "name" in above and name_at(path, below, above["name"]) != above["name"]:
        below.clear()
        forget_positions(merged, path)
        take_position(merged, top, path)
    for key, value in above.items():
        here = (*path, key)
        old, new = below.get(key), value
        if isinstance(old, str) and isinstance(new, dict):
            old = spell_out(merged, here, old)
        elif is_named(old, here) and isinstance(new, str):
            new = {"name": new}
        if isinstance(old, dict) and isinstance(new, dict):
            below[key] = old
            take_position(merged, top, here)
            merge_into(merged, old, top, new, here)
        else:
            below[key] = copy.deepcopy(value)
            forget_positions(merged, here)
            for kind in ("keys", "values"):
                positions = getattr(top, kind)
                getattr(merged, kind).update({at: where for at, where in positions.items() if at[: len(here)] == here})


def name_at(path: Path, mapping: object, otherwise: object) -> object:
    """The name of the mapping at a path; `otherwise` where it has none and none is implied."""
    held = mapping if isinstance(mapping, dict) else {}
    return held.get("name", IMPLIED.get(path, otherwise) if held else otherwise)


def is_named(value: object, path: Path) -> bool:
    """Whether it is a mapping that a name alone may stand for."""
    return isinstance(value, dict) and ("name" in value or path in IMPLIED)


def spell_out(document: Document, here: Path, value: str) -> dict[str, Any]:
    """`mse` as `{name: mse}`, whose name stands where `mse` stood."""
    document.values[(*here, "name")] = document.locate(here)
    return {"name": value}


def take_position(merged: Document, top: Document, here: Path) -> None:
    """Let the position of a key and its value be that in `top`."""
    for kind in ("keys", "values"):
        if here in getattr(top, kind):
            getattr(merged, kind)[here] = getattr(top, kind)[here]


def forget_positions(document: Document, here: Path) -> None:
    """Drop the positions of a value that is being replaced."""
    for positions in (document.keys, document.values):
        for path in [path for path in positions if path[: len(here)] == here]:
            del positions[path]


def apply_set(document: Document, assignments: str | Sequence[str]) -> Document:
    """Apply `key.path=value` in order.

    A value is read as YAML. In a list a part of the path is the position of an item, or the `name` of one, which is
    appended where there is none: `regularization.l1.weight=1e-7`.

    Raises:
        ConfigError: no `=`, an empty part, a path through something that has no parts, a value that is not YAML.
    """
    problems: list[Problem] = []
    result = Document(copy.deepcopy(document.data), document.name, dict(document.keys), dict(document.values))
    for text in each(assignments):
        key, equals, value_text = text.partition("=")
        parts = key.strip().split(".")
        label = f"--set {text}"
        if not equals or not all(parts) or len(parts) > MAX_DEPTH:
            problems.append(
                Problem(label, "", "write it as --set section.key=value, for example --set loss.name=huber")
            )
            continue
        if parts[0] == "extends":
            problems.append(Problem(label, "extends", "stands in a file only; name that file instead"))
            continue
        try:
            value = read_value(value_text, label)
        except ConfigError as error:
            problems += [Problem(label, key.strip(), problem.message) for problem in error.problems]
            continue
        if problem := assign(result, parts, value, label):
            problems.append(problem)
    if problems:
        raise ConfigError(problems)
    return result


def assign(document: Document, parts: list[str], value: object, label: str) -> Problem | None:
    """Set one value; the problem, if the path cannot be followed."""
    in_lists(document)
    holder = document.data
    path: Path = ()
    for at, part in enumerate(parts[:-1]):
        rest = ".".join(parts[at:])
        if isinstance(holder, dict) and rest in holder:  # a key that has dots itself
            parts = [*parts[:at], rest]
            break
        is_new = False
        index: int | str | None = find_index(holder, part) if isinstance(holder, list) else part
        if isinstance(holder, list) and index is None:
            if part.isdecimal():
                return Problem(label, dotted(path), f"has no item {part}; there are {len(holder)}, counted from 0")
            holder.append({"name": part})
            index, is_new = len(holder) - 1, True
        elif isinstance(holder, dict) and holder.get(part) is None:
            holder[part] = [] if (*path, part) == ("regularization",) else {}
            forget_positions(document, (*path, part))
            is_new = True
        path = (*path, part if index is None else index)
        if is_new:
            document.keys[path] = document.values[path] = label
        if isinstance(holder[index], str):
            holder[index] = spell_out(document, path, holder[index])
            document.values[path] = label
        holder = holder[index]
        if not isinstance(holder, (dict, list)):
            return Problem(
                label, dotted(path), f"has the value {dump(holder, flow=True)}, so nothing can be set inside it"
            )
    last = find_index(holder, parts[-1]) if isinstance(holder, list) else parts[-1]
    if last is None:
        return Problem(label, dotted(path), f'has no item "{parts[-1]}"; give its position or its name')
    held = holder.get(last) if isinstance(holder, dict) else holder[last]
    if isinstance(value, str) and is_named(held, (*path, last)):
        path, holder, last = (*path, last), held, "name"
    elif isinstance(value, dict) and "name" not in value and is_named(held, (*path, last)):
        value = {"name": name_at((*path, last), held, None), **value}
    if last == "name" and path and name_at(path, holder, value) != value:
        keep_what_was_set(document, holder, path)
    holder[last] = value
    forget_positions(document, (*path, last))
    document.keys[(*path, last)] = document.values[(*path, last)] = label
    drop_what_is_replaced(document, (*path, last))
    in_lists(document)
    return None


def drop_what_is_replaced(document: Document, path: Path) -> None:
    """A weight that is set takes the place of a target that comes from elsewhere, and the other way round."""
    if len(path) < 3 or path[0] not in LISTED or path[2] not in INSTEAD:
        return
    item, other = document.data[path[0]][path[1]], INSTEAD[str(path[2])]
    here = (*path[:2], other)
    if isinstance(item, dict) and other in item and not document.locate(here).startswith("--set"):
        del item[other]
        forget_positions(document, here)


def keep_what_was_set(document: Document, holder: dict, path: Path) -> None:
    """Drop everything in a mapping that does not come from --set."""
    for key, value in list(holder.items()):
        here = (*path, key)
        if document.locate(here).startswith("--set"):
            continue
        if isinstance(value, dict):
            keep_what_was_set(document, value, here)
        if not (isinstance(value, dict) and value):
            del holder[key]
            forget_positions(document, here)


def find_index(items: list, part: str) -> int | None:
    """The position of a list's item, given as a number or as the item's name."""
    if part.isdecimal() and len(part) < 10:
        return int(part) if int(part) < len(items) else None
    names = [item.get("name") if isinstance(item, dict) else item for item in items]
    return names.index(part) if part in names else None


def read_file(path: FilePath, name: str) -> Document:
    """Read one YAML file, which must hold a mapping.

    Raises:
        ConfigError: the file cannot be read, is empty, is no text, or holds no mapping.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)  # what is no regular file may have no end
        if len(content) > MAX_BYTES:
            raise ConfigError([Problem(name, "", TOO_LARGE)])
        text = io.TextIOWrapper(io.BytesIO(content), encoding="utf-8-sig").read()
    except UnicodeDecodeError:
        raise ConfigError([Problem(name, "", "is not UTF-8 text, so it is no YAML file")]) from None
    except OSError as error:
        raise ConfigError([Problem(name, "", f"cannot be read: {error.strerror}")]) from None
    document = parse(text, name)
    document.text = text
    if document.data is None:
        raise ConfigError([Problem(name, "", "is empty; `aecli init mse.yaml` writes a config to start from")])
    if isinstance(document.data, dict):
        in_lists(document)
    else:
        kind = "a list" if isinstance(document.data, list) else "a single value"
        raise ConfigError([Problem(document.locate(()), "", f"holds {kind}; expected sections such as `loss:`")])
    return document
