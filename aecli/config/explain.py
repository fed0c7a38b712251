"""The effective config as YAML with the meaning of every field as a comment, and the registries as tables."""

from typing import Any

from aecli.components.catalogue import CATALOGUE
from aecli.config.schema import Config, keep_current
from aecli.config.yaml_source import dump
from aecli.registry import Entry

COMMENT_COLUMN = 44


def explain_config(config: Config) -> str:
    """The effective config as YAML, each field with its meaning behind it; it is a config itself."""
    return "\n".join(explain_section(config, config.plain(), indent=0)) + "\n"


def explain_section(section: Any, plain: dict[str, Any], indent: int) -> list[str]:
    """The lines of one section; `plain` is its dumped form."""
    lines: list[str] = []
    for key, value in plain.items():
        model = getattr(section, key)
        meaning = type(section).model_fields[key].description
        head = " " * indent + f"{key}:"
        models = model if isinstance(model, tuple) else (model,)
        if isinstance(value, dict):
            lines += [comment(head, meaning), *explain_section(models[0], value, indent + 2)]
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            lines.append(comment(head, meaning))
            for item, item_plain in zip(models, value, strict=True):
                first, *rest = explain_section(item, item_plain, indent + 4)
                lines += [" " * (indent + 2) + "- " + first.lstrip(), *rest]
        else:
            lines.append(comment(f"{head} {dump(value, flow=True)}", meaning))
    return lines


def comment(text: str, meaning: str | None) -> str:
    """A line with its meaning in the comment column."""
    return f"{text:<{COMMENT_COLUMN}} # {meaning}" if meaning else text


def describe_entry(entry: Entry[Any]) -> dict[str, Any]:
    """One registered name as plain data."""
    parameters = [
        {
            "name": parameter.name,
            "range": parameter.range,
            "default": None if parameter.required else parameter.default,
            "required": parameter.required,
            "meaning": parameter.doc,
        }
        for parameter in entry.parameters
    ]
    described = {"name": entry.name, "summary": entry.summary, "formula": entry.formula, "parameters": parameters}
    extra = {
        "kind": entry.facts.kind,
        "use_when": entry.use,
        **entry.facts.told(),
        "note": entry.note,
        "source": entry.source,
    }
    return described | {key: value for key, value in extra.items() if value not in (None, "")}


def describe_registry(kind: str) -> list[dict[str, Any]]:
    """Every entry of one of CATALOGUE as plain data, kind after kind; what has none comes last."""
    registry = CATALOGUE[kind]
    kinds = list(dict.fromkeys(entry.facts.kind for entry in registry.values() if entry.facts.kind))
    entries = sorted(
        registry.values(), key=lambda entry: kinds.index(entry.facts.kind) if entry.facts.kind else len(kinds)
    )
    symbols = {"symbols": registry.symbols} if registry.symbols else {}
    return [describe_entry(entry) | symbols for entry in entries]


def json_schema() -> dict[str, Any]:
    """The JSON Schema of a config file, for editors and for other programs."""
    keep_current()
    schema = Config.model_json_schema()
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "aecli config"
    schema["properties"]["extends"] = {"type": "string", "description": "Another YAML file that this one changes."}
    return schema
