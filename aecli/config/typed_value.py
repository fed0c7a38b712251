"""A value that was typed on the command line: YAML on one line, in which #, & and * are signs like any other."""

import re

from aecli.config.yaml_source import parse

STAND_INS = {"#": "\ue000", "&": "\ue001", "*": "\ue002", "-": "\ue003"}
"""For signs that YAML would take for a comment, an anchor, an alias or the start of a document; nobody types them."""
TAKEN_AWAY = re.compile(r"(?<![^\s\[{,])[#&*]|^\s*-(?=--(\s|$))", re.MULTILINE)
"""Where YAML would leave out a part of what was typed."""


def read_value(text: str, label: str) -> object:
    """The value of `KEY=VALUE`: all of what was typed.

    Args:
        text: what stands behind the equals sign.
        label: what to call it in messages.

    Raises:
        ConfigError: it is no YAML.
    Example:
        >>> read_value("run #2", "--set"), read_value("{file: '#1.npy'}", "--set"), read_value("1e-3", "--set")
        ('run #2', {'file': '#1.npy'}, 0.001)
        >>> read_value("&a x", "--set"), read_value("*.npy", "--set"), read_value("--- x", "--set")
        ('&a x', '*.npy', '--- x')
    """
    kept = TAKEN_AWAY.sub(lambda found: found[0][:-1] + STAND_INS[found[0][-1]], text)
    return with_signs(parse(kept, label).data)


def with_signs(value: object) -> object:
    """Plain data with every sign where it was."""
    if isinstance(value, dict):
        return {with_signs(key): with_signs(item) for key, item in value.items()}
    if isinstance(value, list):
        return [with_signs(item) for item in value]
    if isinstance(value, str):
        for sign, stand_in in STAND_INS.items():
            value = value.replace(stand_in, sign)
    return value
