"""A run told on one screen: what it was, how it went, what it measured beside the baselines, and what to do next."""

from typing import Any

from aecli.runs.folder import RunFolder
from aecli.text import counted, shell_word

BLOCKS = "▁▂▃▄▅▆▇█"


def score_rows(summary: dict[str, Any]) -> tuple[list[str], list[list[Any]]]:
    """The table of metrics: the run's splits, then the baselines on the test split.

    Returns: the metrics that were measured, and rows of a label followed by one value each.
    """
    sections = [(part, summary.get(part)) for part in ("train", "validation", "test")]
    sections.append(("test, corrupted input", summary.get("test_corrupted")))
    for name, row in summary.get("baselines", {}).items():
        sections.append((name.replace("_", " "), row["test"]))
    present = [(label, values) for label, values in sections if values]
    from aecli.components.evaluation.metrics import METRICS  # where it is used: `aecli --help` comes by here

    names = [name for name in METRICS if any(name in values for _, values in present)]
    return names, [[label, *(values.get(name) for name in names)] for label, values in present]


def heading(name: str) -> str:
    """A metric's name with the direction that is better."""
    from aecli.components.evaluation.metrics import METRICS

    return f"{name} {'↑' if METRICS[name].facts.better == 'higher' else '↓'}"


def sparkline(values: list[float]) -> str:
    """A curve in one line of text, from its lowest to its highest value."""
    low, high = min(values), max(values)
    span = high - low or 1.0
    return "".join(BLOCKS[round((value - low) / span * (len(BLOCKS) - 1))] for value in values)


def thin(values: list[float], count: int) -> list[float]:
    """At most `count` of the values, evenly chosen, the last one among them."""
    if len(values) <= count:
        return values
    return [values[round(index * (len(values) - 1) / (count - 1))] for index in range(count)]


def describe_terms(config: dict[str, Any]) -> list[tuple[str, str]]:
    """What was chosen, in a line each."""
    architecture, optimization = config["architecture"], config["optimization"]
    losses = config["loss"] if isinstance(config["loss"], list) else [config["loss"]]
    data = config["data"]
    spoilt = "".join(f", {key} {named(data[key])}" for key in ("corruption", "contamination") if data[key])
    clip = optimization["gradient_clip"]
    return [
        ("data", f"{named(data['dataset'])}, validation {data['validation']}{spoilt}"),
        ("architecture", network_words(architecture)),
        ("loss", " + ".join(named(term) for term in losses)),
        ("regularization", " + ".join(named(term) for term in config["regularization"]) or "none"),
        (
            "optimization",
            f"{named(optimization['optimizer'])}, {named(optimization['schedule'])}{f', clip {clip}' if clip else ''}",
        ),
        (
            "training",
            f"{counted(config['training']['epochs'], 'epoch')} of batches of {config['training']['batch_size']}",
        ),
    ]


def network_words(architecture: dict[str, Any]) -> str:
    """The network in a few words, its family before them unless it is the default one."""
    from aecli.components.architecture import ARCHITECTURES
    from aecli.components.architecture.registration import DEFAULT_FAMILY

    family = architecture.get("name", DEFAULT_FAMILY)
    words = ARCHITECTURES[family].facts.words if family in ARCHITECTURES else None
    if words is None:
        return named({"name": family, **architecture})
    return words(architecture) if family == DEFAULT_FAMILY else f"{family}: {words(architecture)}"


def named(term: dict[str, Any]) -> str:
    """`huber(delta=0.1)`; a weight of 1 and empty values are left out."""
    left_out = {"name": None, "weight": 1.0, "warmup": 0.0}
    params = [
        f"{key}={plain(value)}"
        for key, value in term.items()
        if value is not None and (key not in left_out or (key != "name" and value != left_out[key]))
    ]
    return term["name"] + (f"({', '.join(params)})" if params else "")


def plain(value: object) -> str:
    """A parameter's value in few characters."""
    if isinstance(value, dict) and "start" not in value:
        return " ".join(f"{key} {plain(inner)}" for key, inner in value.items())
    if isinstance(value, dict):
        return f"{value['start']:g}->{value['end']:g} over {value['epochs']} epochs"
    if isinstance(value, list):
        return f"[{', '.join(map(plain, value))}]"
    return f"{value:g}" if isinstance(value, float) else str(value)


def next_step(folder: RunFolder, status: dict[str, Any]) -> str:
    """What one can do with the run now."""
    kind = status.get("status")
    if kind == "interrupted":
        return f"go on with: aecli resume {shell_word(folder.path)}"
    if kind == "diverged":
        return "train again with a lower learning rate, or with --set optimization.gradient_clip=1"
    if status.get("pruned"):
        return f"it was pruned, and cannot go on; train anew with: aecli train --config {shell_word(folder.config)}"
    epoch, epochs = status.get("epoch"), status.get("epochs")
    if kind == "completed" and epoch is not None and epochs is not None and epoch < epochs:
        return f"it stopped early; to go on: aecli resume {shell_word(folder.path)} --set training.early_stopping=null"
    if kind == "completed":
        return f"extend it with: aecli resume {shell_word(folder.path)} --set training.epochs={2 * (epochs or 1)}"
    if kind == "failed":
        return f"look into {folder.log}, then: aecli resume {shell_word(folder.path)}"
    if kind is None:
        return f"{folder.status_file} is broken; train again with: aecli train --config {shell_word(folder.config)}"
    return (
        f"process {status.get('pid')} on {status.get('host')} is training it; last heartbeat {status.get('heartbeat')}"
    )
