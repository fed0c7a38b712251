"""A value that was typed on the command line: YAML on one line, in which # is a sign like any other."""

import re

from aecli.config.yaml_source import parse

HASH = "\ue000"
"""Stands for a # that YAML would take for the beginning of a comment; nobody types it."""


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
    """
    return with_hashes(parse(re.sub(r"(?<![^\s\[{,])#", HASH, text), label).data)


def with_hashes(value: object) -> object:
    """Plain data with every # where it was."""
    if isinstance(value, dict):
        return {with_hashes(key): with_hashes(item) for key, item in value.items()}
    if isinstance(value, list):
        return [with_hashes(item) for item in value]
    return value.replace(HASH, "#") if isinstance(value, str) else value
