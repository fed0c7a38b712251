"""The effective config as YAML with the meaning of every field as a comment, and the registries as tables."""

from typing import Any

from aecli.components.architecture.activations import ACTIVATIONS
from aecli.components.data import DATASETS
from aecli.components.data.corruptions import CORRUPTIONS
from aecli.components.evaluation.metrics import METRICS
from aecli.components.evaluation.suites import SUITES
from aecli.components.loss.losses import LOSSES
from aecli.components.optimization.optimizers import OPTIMIZERS
from aecli.components.optimization.schedules import SCHEDULES
from aecli.components.regularization.regularizers import REGULARIZERS
from aecli.config.schema import Config
from aecli.config.yaml_source import dump
from aecli.registry import Entry, Registry

REGISTRIES: dict[str, Registry] = {
    "losses": LOSSES,
    "regularizers": REGULARIZERS,
    "optimizers": OPTIMIZERS,
    "schedules": SCHEDULES,
    "datasets": DATASETS,
    "corruptions": CORRUPTIONS,
    "activations": ACTIVATIONS,
    "metrics": METRICS,
    "suites": SUITES,
}
"""What `aecli list` can list."""

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


def describe_entry(entry: Entry) -> dict[str, Any]:
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
        "weight": entry.trait("weight"),
        "better": entry.trait("better"),
        "note": entry.note,
        "source": entry.source,
    }
    return described | {key: value for key, value in extra.items() if value not in (None, "")}


def describe_registry(kind: str) -> list[dict[str, Any]]:
    """Every entry of one of REGISTRIES as plain data."""
    return [describe_entry(entry) for entry in REGISTRIES[kind].values()]


def json_schema() -> dict[str, Any]:
    """The JSON Schema of a config file, for editors and for other programs."""
    schema = Config.model_json_schema()
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "aecli config"
    schema["properties"]["extends"] = {"type": "string", "description": "Another YAML file that this one changes."}
    return schema
