"""What `show`, `list` and `schema` say: the effective config with every meaning, and every registered name."""

import json
import re

import pytest

from aecli.components.catalogue import CATALOGUE
from aecli.components.loss import LOSSES, loss
from aecli.config.explain import COMMENT_COLUMN, describe_registry, explain_config
from aecli.config.load import load_config
from aecli.config.presets import preset_folder, preset_names
from aecli.config.yaml_source import parse

CONFIGS = {
    **{name: (preset_folder() / name, []) for name in preset_names()},
    "text that looks like a number": ("mse.yaml", ["name='1e-3'"]),
    "text that looks like a hexadecimal": ("mse.yaml", ["name='0x1F'"]),
    "text that looks like null": ("mse.yaml", ["name='null'"]),
    "strange path": ("mse.yaml", ["data.dataset={name: idx, folder: 'a: b #c\"\\'\\x1b größe'}".replace("\\'", "''")]),
    "path of two lines": ("mse.yaml", ['data.dataset={name: idx, folder: "a\\n b"}']),
    "long path": ("mse.yaml", [f"data.dataset={{name: idx, folder: {'a b ' * 500}}}"]),
    "infinity": ("mse.yaml", ["loss={name: barron, alpha: -.inf}"]),
    "several losses": ("mse.yaml",
        ["loss=[mse, {name: huber, delta: {start: 1, end: 2, epochs: 3}}]", "regularization=[l1, l2]"]),
    "early stopping": ("mse.yaml", ["training.early_stopping.patience=3"]),
    "noise": ("mse.yaml", ["data.corruption=gaussian", "data.contamination=masking"]),
}  # fmt: skip


@pytest.mark.parametrize(("source", "assignments"), CONFIGS.values(), ids=CONFIGS)
def test_the_explanation_loads_to_the_same_config(source, assignments):
    config = load_config(source, set=assignments)
    again = load_config(parse(explain_config(config), "shown.yaml").data)
    assert again.digest() == config.digest()
    assert again == config


@pytest.mark.parametrize(("source", "assignments"), CONFIGS.values(), ids=CONFIGS)
def test_every_line_has_a_meaning(source, assignments):
    for line in explain_config(load_config(source, set=assignments)).splitlines():
        value, _, meaning = line.rpartition(" # ")
        assert len(meaning) > 8, line
        assert ":" in value


def test_comments_stand_in_one_column_and_values_before_them():
    text = explain_config(load_config("mse.yaml", set=["regularization=[l1, {name: dropout, p: 0.2}]"]))
    lines = text.splitlines()
    assert {line.index(" # ") for line in lines} == {COMMENT_COLUMN}
    assert [line[:COMMENT_COLUMN].rstrip() for line in lines[:6]] == [
        "name: mse", "seed: 0", "data:", "  dataset:", "    name: mnist", "  validation: 5000",
    ]  # fmt: skip
    start = next(number for number, line in enumerate(lines) if line.startswith("regularization:"))
    assert [line[:COMMENT_COLUMN].rstrip() for line in lines[start : start + 6]] == [
        "regularization:", "  - name: l1", "    weight: 1.0e-07", "    parameters: all", "  - name: dropout",
        "    p: 0.2",
    ]  # fmt: skip
    assert text.endswith("\n")
    assert not text.endswith("\n\n")


def test_the_meaning_of_a_parameter_is_that_of_its_docstring():
    text = explain_config(load_config("mse.yaml", set=["loss=huber"]))
    (line,) = [line for line in text.splitlines() if line.strip().startswith("delta:")]
    assert line.endswith(" # where the square becomes a line, in pixel units; at 1 and above it is half of mse.")


@pytest.mark.parametrize("kind", CATALOGUE)
def test_every_entry_of_a_registry_is_described(kind):
    described = describe_registry(kind)
    assert [entry["name"] for entry in described] == list(CATALOGUE[kind])
    assert json.loads(json.dumps(described, allow_nan=False)) == json.loads(json.dumps(described))
    for entry in described:
        assert entry["summary"].endswith(".")
        assert entry["formula"]
        assert all(parameter["range"] and parameter["meaning"] for parameter in entry["parameters"])


def test_a_loss_is_described_with_all_it_has():
    (huber,) = [entry for entry in describe_registry("losses") if entry["name"] == "huber"]
    assert huber == {
        "name": "huber",
        "summary": "Squared for small errors, linear for large ones.",
        "formula": "0.5 e^2 if abs(e) <= delta else delta (abs(e) - 0.5 delta)",
        "parameters": [
            {
                "name": "delta",
                "range": "> 0",
                "default": 0.1,
                "required": False,
                "meaning": "where the square becomes a line, in pixel units; at 1 and above it is half of mse.",
            }
        ],
        "kind": "errors of pixels, from squares to absolute values",
        "use_when": "mse is right but for a few outliers; delta is the error from which on a pixel counts as one.",
        "source": "Huber 1964, doi:10.1214/aoms/1177703732",
        "symbols": "x: an image; x_hat: its reconstruction; e = x_hat - x",
    }


@pytest.mark.parametrize("kind", sorted(set(CATALOGUE) - {"datasets", "architectures"}))
def test_every_entry_says_when_to_use_it(kind):
    assert [entry["name"] for entry in describe_registry(kind) if not entry.get("use_when", "").endswith(".")] == []


@pytest.mark.parametrize("kind", ["losses", "regularizers"])
def test_entries_of_a_kind_stand_together(kind):
    kinds = [entry["kind"] for entry in describe_registry(kind)]
    assert len(set(kinds)) > 2 and kinds == sorted(kinds, key=kinds.index)


@pytest.fixture
def own_losses():
    """Two losses of one's own, registered for one test: of a kind that is known, and of none."""
    kind = LOSSES["cauchy"].facts.kind

    @loss(kind=kind)
    def own_robust(x_hat_BP, x_BP):
        """Of a kind.

        u^4, u = e

        Use when: tested.
        """

    @loss()
    def own_other(x_hat_BP, x_BP):
        """Of none.

        z^4
        """

    yield "own_robust", "own_other"
    LOSSES.forget("own_robust")
    LOSSES.forget("own_other")


def test_a_loss_of_ones_own_stands_among_its_kind_and_one_of_no_kind_at_the_end(own_losses):
    entries = describe_registry("losses")
    assert [entry["name"] for entry in entries if entry.get("kind") == LOSSES["cauchy"].facts.kind][-1] == "own_robust"
    assert entries[-1]["name"] == "own_other" and "kind" not in entries[-1]
    assert [entry["name"] for entry in entries if not entry.get("use_when")] == ["own_other"]
    assert [entry["name"] for entry in entries if undefined(entry)] == ["own_other"]


FUNCTIONS = set("abs sqrt log exp cosh tanh sigmoid max mean if else is F fft2 SSIM C C1 C2 maximum its".split())
PROSE = set("Gaussian window sigma valid region data range orthonormal held constant".split())


def undefined(entry):
    """Letters of a formula that neither it, nor the legend, nor a parameter explains."""
    words = set(re.findall(r"[A-Za-z_]\w*", entry["formula"])) - FUNCTIONS - PROSE
    explained = set(re.findall(r"(\w+)(?: =|:)", f"{entry['formula']}; {entry['symbols']}"))
    return words - explained - {parameter["name"] for parameter in entry["parameters"]} - {"logit", *LOSSES}


def test_every_letter_in_the_formula_of_a_loss_is_explained():
    assert {entry["name"]: found for entry in describe_registry("losses") if (found := undefined(entry))} == {}


def test_what_must_be_given_says_so():
    (idx,) = [entry for entry in describe_registry("datasets") if entry["name"] == "idx"]
    folder = idx["parameters"][0]
    assert (folder["name"], folder["required"], folder["default"], folder["range"]) == ("folder", True, None, "text")
