"""Short names for configs that are compared: what sets each apart, and nothing that none needs.

All that differs if that is short; else what is unusual, that is other than in most of them; else as few factors as tell
them apart. The loss always stands where losses differ.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from aecli.comparison.evidence.settings import ABSENT, WHOLE_SECTIONS
from aecli.text import printable

LONG_LABEL = 40
"""Characters; all that differs stands where no label is longer, what is unusual where the mean label is not."""
LONGEST_LABEL = 70
"""Characters; a longer one gives way to the name of its config, where no other has that name."""
TERM = re.compile(r"(\w+)\(([^()]*)\)")
"""`huber(delta=0.1, weight=2)`"""
PARAMETER = re.compile(r", (?=\w+=)")
"""What stands between the parameters of a term."""
NOTHING = ("none", ABSENT)

Row = Mapping[str, str]
"""Factor -> its value as text."""


def make_labels(settings: Mapping[str, Row], configs: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """A short, unique name for each config; a single one is called by its own name."""
    if len(settings) == 1:
        return {key: printable(configs[key].get("name") or "run") for key in settings}
    rows = list(settings.values())
    factors = list(rows[0])
    labels = spell_rows(rows, factors)
    if max(map(len, labels)) > LONG_LABEL:
        labels = spell_rows(rows, factors, find_usual(rows))
    if sum(map(len, labels)) > LONG_LABEL * len(labels):
        labels = spell_rows(rows, fewest_factors(rows), find_usual(rows))
    names = [printable(configs.get(key, {}).get("name") or "run") for key in settings]
    free = Counter([*names, *labels])
    labels = [
        name if len(label) > LONGEST_LABEL and free[name] == 1 else label
        for name, label in zip(names, labels, strict=True)
    ]
    seen: Counter[str] = Counter()
    for at, label in enumerate(labels):
        seen[label] += 1
        labels[at] = label if seen[label] == 1 else f"{label} ({seen[label]})"
    return dict(zip(settings, labels, strict=True))


def quoted(label: str) -> str:
    """A label within a sentence, in quotes where a comma could be taken for the end of it.

    Example:
        >>> quoted("mse"), quoted("mse, l2")
        ('mse', '"mse, l2"')
    """
    return f'"{label}"' if ", " in label else label


def spell_rows(rows: Sequence[Row], factors: Sequence[str], usual: Row | None = None) -> list[str]:
    """`huber, lr=0.01` for each row, without what is usual; a row with nothing is called so, `no regularization`.

    Example:
        >>> rows = [{"loss": "mse", "training.epochs": "5"}, {"loss": "huber(delta=0.1)", "training.epochs": "9"}]
        >>> spell_rows(rows, ["loss", "training.epochs"])
        ['mse, epochs=5', 'huber, epochs=9']
        >>> spell_rows(rows, ["loss", "training.epochs"], {"training.epochs": "5"})
        ['mse', 'huber, epochs=9']
    """
    keys = short_keys(factors)
    short = {factor: shorten([row[factor] for row in rows]) for factor in factors if factor in WHOLE_SECTIONS}
    shared = Counter(text for texts in short.values() for text in set(texts.values()) - set(NOTHING))
    labels = []
    for row in rows:
        parts = []
        for factor in sorted(factors, key=lambda factor: factor != "loss"):
            value, normal = row[factor], (usual or {}).get(factor)
            text = short[factor][value] if factor in short else value
            if value in NOTHING:
                parts += [f"no {keys[factor]}"] if normal not in (None, value) else []
            elif value != normal or factor == "loss":
                parts.append(text if factor in short and shared[text] == 1 else f"{keys[factor]}={text}")
        labels.append(", ".join(parts) or name_plain(row, keys, is_usual=usual is not None))
    return labels


def name_plain(row: Row, keys: Row, *, is_usual: bool) -> str:
    """What a row is called of which there is nothing to tell: after what it lacks, else after its first value."""
    lacks = [f"no {key}" for factor, key in keys.items() if row[factor] in NOTHING]
    first = next(iter(keys))
    return ", ".join(lacks[-1:] if is_usual else lacks) or f"{keys[first]}={row[first]}"


def find_usual(rows: Sequence[Row]) -> Row:
    """Factor -> the value that more than half of the rows have."""
    common = {factor: Counter(row[factor] for row in rows).most_common(1)[0] for factor in rows[0]}
    return {factor: value for factor, (value, number) in common.items() if 2 * number > len(rows)}


def fewest_factors(rows: Sequence[Row]) -> list[str]:
    """Factors that tell all rows apart, in their order: the loss, then what tells most apart, then what helps most."""
    picked = [factor for factor in rows[0] if factor == "loss"]
    while len(picked) < len(rows[0]) and tell_apart(rows, picked) < len(rows):
        picked.append(
            max(
                (factor for factor in rows[0] if factor not in picked),
                key=lambda factor: tell_apart(rows, [*picked, factor]),
            )
        )
    return [factor for factor in rows[0] if factor in picked]


def tell_apart(rows: Sequence[Row], factors: Sequence[str]) -> int:
    """How many rows differ in some of the factors."""
    return len({tuple(row[factor] for factor in factors) for row in rows})


def short_keys(factors: Sequence[str]) -> dict[str, str]:
    """The end of each factor's key that no other has; of a term of a list with the name of the term.

    Example:
        >>> short_keys(["optimization.optimizer.lr", "regularization.l1.weight"])
        {'optimization.optimizer.lr': 'lr', 'regularization.l1.weight': 'l1.weight'}
    """
    short: dict[str, str] = {}
    for factor in factors:
        parts = factor.split(".")
        length = 2 if parts[0] in ("loss", "regularization") and len(parts) == 3 else 1
        while (
            length < len(parts) and sum(f".{other}".endswith(f".{'.'.join(parts[-length:])}") for other in factors) > 1
        ):
            length += 1
        short[factor] = ".".join(parts[-length:])
    return short


def shorten(values: Sequence[str]) -> dict[str, str]:
    """Named terms without the parameters that all of the same name share: `huber` where there is one huber only.

    Example:
        >>> shorten(["mse", "huber(delta=0.1)", "l1(weight=1, on=all)", "l1(weight=2, on=all)"]).values()
        dict_values(['mse', 'huber', 'l1(weight=1)', 'l1(weight=2)'])
    """
    shared: dict[str, list[str]] = {}
    for value in values:
        for name, inner in TERM.findall(value):
            parameters = PARAMETER.split(inner)
            shared[name] = [one for one in shared.get(name, parameters) if one in parameters]

    def shorter(term: re.Match[str]) -> str:
        kept = [one for one in PARAMETER.split(term[2]) if one not in shared[term[1]]]
        return f"{term[1]}({', '.join(kept)})" if kept else term[1]

    return {value: TERM.sub(shorter, value) for value in values}
