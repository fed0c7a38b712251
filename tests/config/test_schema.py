"""The schema: annealing, digest, equality, defaults, and the JSON Schema that editors use."""

import hashlib
import itertools
import json
from typing import get_args

import jsonschema
import pytest

from aecli.components.loss import LOSSES
from aecli.components.optimization.optimizers import OPTIMIZERS
from aecli.components.optimization.schedules import SCHEDULES
from aecli.components.regularization import REGULARIZERS
from aecli.config.assemble import Anneal
from aecli.config.explain import json_schema
from aecli.config.load import load_config
from aecli.config.merge import read_file
from aecli.config.presets import preset_folder, preset_names
from aecli.config.schema import Config, LossTerm, RegularizationTerm
from aecli.config.yaml_source import parse

VALIDATOR = jsonschema.Draft202012Validator(json_schema())


def config(text="{}"):
    return load_config(parse(text, "x.yaml").data)


# ------------------------------------------------------------------ annealing


@pytest.mark.parametrize(
    ("anneal", "values"),
    [
        (Anneal(start=1.0, end=0.0, epochs=5), [1.0, 0.75, 0.5, 0.25, 0.0]),
        (Anneal(start=0.0, end=1.0, epochs=2), [0.0, 1.0]),
        (Anneal(start=-2.0, end=2.0, epochs=3), [-2.0, 0.0, 2.0]),
        (Anneal(start=1.0, end=16.0, epochs=5, curve="geometric"), [1.0, 2.0, 4.0, 8.0, 16.0]),
        (Anneal(start=0.5, end=0.005, epochs=3, curve="geometric"), [0.5, 0.05, 0.005]),
        (Anneal(start=0.3, end=0.3, epochs=3, curve="geometric"), [0.3, 0.3, 0.3]),
    ],
    ids=["down", "two epochs", "through 0", "doubling", "tenths", "standing still"],
)
def test_an_annealing_goes_from_start_to_end_and_stays(anneal, values):
    assert [anneal.at(epoch) for epoch in range(1, len(values) + 1)] == pytest.approx(values)
    assert anneal.at(len(values) + 1) == anneal.at(1000) == values[-1]
    assert anneal.at(0) == values[0]


@pytest.mark.parametrize("curve", ["linear", "geometric"])
@pytest.mark.parametrize(("start", "end"), [(0.1, 0.3), (0.7, 1e-7), (3.0, 1e5), (1 / 3, 0.1)])
@pytest.mark.parametrize("epochs", [2, 3, 7, 50])
def test_the_ends_of_an_annealing_are_exact(curve, start, end, epochs):
    anneal = Anneal(start=start, end=end, epochs=epochs, curve=curve)
    assert anneal.at(1) == start
    assert anneal.at(epochs) == end
    steps = [anneal.at(epoch) for epoch in range(1, epochs + 1)]
    assert steps == sorted(steps, reverse=end < start)


# ------------------------------------------------------------------- defaults


def test_a_config_of_nothing_is_the_main_job():
    main, default = load_config("mse.yaml").plain(), config().plain()
    default |= {"name": "mse"}
    default["architecture"]["widths"][0] = 784
    assert default == main


@pytest.mark.parametrize(
    ("registry", "text"),
    [
        (LOSSES, "loss: {}"),
        (REGULARIZERS, "{{regularization: [{}], architecture: {{code_activation: sigmoid}}}}"),
        (OPTIMIZERS, "optimization: {{optimizer: {}}}"),
        (SCHEDULES, "optimization: {{schedule: {}}}"),
    ],
    ids=["losses", "regularizers", "optimizers", "schedules"],
)
def test_every_name_alone_stands_for_its_mapping(registry, text):
    for name in registry:
        assert config(text.format(name)) == config(text.format(f"{{name: {name}}}"))


def test_one_loss_stands_for_a_list_of_one():
    assert config("loss: huber") == config("loss: [huber]") == config("loss: [{name: huber}]")
    assert config("loss: huber").plain()["loss"] == {"name": "huber", "weight": 1.0, "delta": 0.1}


def test_a_config_cannot_be_changed():
    with pytest.raises(ValueError, match="frozen"):
        config().seed = 3


# --------------------------------------------------------- digest and equality

CHANGES = [
    "name: other", "seed: 1", "data: {validation: 4999}", "data: {validation: test}", "data: {train_size: 100}",
    "data: {corruption: gaussian}", "data: {contamination: gaussian}", "data: {dataset: fashion_mnist}",
    "architecture: {widths: [784, 128, 64, 31]}", "architecture: {widths: [784, 64, 128, 32]}",
    "architecture: {activation: tanh}", "architecture: {code_activation: tanh}",
    "architecture: {output_activation: tanh}",
    "architecture: {init: torch}", "architecture: {tied: true}", "architecture: {normalization: batch}",
    "architecture: {output_bias: mean_image}", "loss: huber", "loss: {name: huber, delta: 0.2}",
    "loss: {name: huber, delta: {start: 0.2, end: 0.1, epochs: 5}}", "loss: {name: mse, weight: 2}",
    "loss: [mse, huber]",
    "loss: [huber, mse]", "regularization: [l1]", "regularization: [{name: l1, weight: 1}]",
    "optimization: {gradient_clip: 1}",
    "optimization: {optimizer: {name: adam, lr: 0.002}}", "optimization: {schedule: {name: constant, warmup: 1}}",
    "training: {epochs: 51}", "training: {batch_size: 255}", "training: {device: cpu}", "training: {threads: 1}",
    "training: {precision: high}", "training: {early_stopping: {}}", "evaluation: {suites: []}",
    "evaluation: {select: mae}", "evaluation: {checkpoint: last}",
]  # fmt: skip


def test_any_changed_value_changes_the_digest():
    configs = [config(), *map(config, CHANGES)]
    assert len({one.digest() for one in configs}) == len(configs)
    assert all(one != other for one, other in itertools.combinations(configs, 2))
    assert config() != config().plain()


def test_the_digest_knows_no_order_of_keys_and_no_spelling():
    one = config("seed: 3\nloss: {name: huber, delta: 1, weight: 1}\ntraining: {epochs: 5, batch_size: 7}")
    two = config("training: {batch_size: 7, epochs: 5}\nloss: [{delta: 1.0, name: huber}]\nseed: 0x3")
    assert one.digest() == two.digest()
    assert one == two


def test_the_digest_knows_no_origin(tmp_path):
    (tmp_path / "base.yaml").write_text("name: n\nseed: 3\nloss: huber\n")
    (tmp_path / "top.yaml").write_text("extends: base.yaml\nname: n\nloss: {delta: 0.3}\n")
    (tmp_path / "n.yaml").write_text("loss: {name: huber, delta: 0.3}\nseed: 3\n")
    configs = [
        load_config(tmp_path / "top.yaml"),
        load_config(tmp_path / "n.yaml"),
        load_config(tmp_path / "base.yaml", set=["loss.delta=0.3"]),
        load_config({"name": "n", "loss": {"name": "huber", "delta": 0.3}}, seed=3),
    ]
    assert len({one.digest() for one in configs}) == 1
    assert len(set(configs)) == 1


def test_the_digest_is_a_sha256_of_sorted_json():
    text = json.dumps(config("seed: 3").plain(), sort_keys=True, separators=(",", ":"))
    assert config("seed: 3").digest() == hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize("name", preset_names())
def test_the_plain_form_loads_to_an_equal_config(name):
    one = load_config(preset_folder() / name)
    assert load_config(one.plain()) == one
    assert load_config(one) == one
    assert json.loads(json.dumps(one.plain())) == one.plain()


# ---------------------------------------------------------------- JSON Schema


def test_it_is_a_json_schema():
    jsonschema.Draft202012Validator.check_schema(VALIDATOR.schema)
    assert json.loads(json.dumps(VALIDATOR.schema)) == VALIDATOR.schema
    assert list(VALIDATOR.schema["properties"]) == [*Config.model_fields, "extends"]


def errors_of(data):
    return [f"{error.json_path}: {error.message}" for error in VALIDATOR.iter_errors(data)]


@pytest.mark.parametrize("name", preset_names())
def test_every_preset_is_valid_as_it_stands(name):
    assert errors_of(read_file(preset_folder() / name, name).data) == []


@pytest.mark.parametrize("name", preset_names())
def test_every_preset_is_valid_with_all_defaults(name):
    assert errors_of(load_config(preset_folder() / name).plain()) == []


SOUND = [
    "{}", "loss: huber", "loss: [mse, {name: huber, delta: 1}]",
    "loss: {name: huber, delta: {start: 1, end: 2, epochs: 3}}",
    "regularization: [l1, {name: l2, weight: 0}]", "data: {dataset: mnist, corruption: gaussian, contamination: null}",
    "data: {validation: test}", "optimization: {optimizer: sgd, schedule: cosine}", "training: {early_stopping: {}}",
    "extends: mse.yaml", "architecture: {widths: [auto, 3]}",
]  # fmt: skip
WRONG = [
    "los: mse", "loss: hubber", "loss: []", "loss: 5", "loss: null", "loss: {delta: 1}",
    "loss: {name: huber, dleta: 1}",
    "loss: {name: huber, delta: 0}", "loss: {name: huber, delta: x}", "loss: {name: huber, delta: {start: 1}}",
    "loss: {name: huber, delta: {start: 0, end: 1, epochs: 5}}", "loss: [mse, hubber]", "loss: {name: pinball, tau: 1}",
    "regularization: 5", "regularization: [l3]", "architecture: {tied: no}", "architecture: {widths: [784]}",
    "architecture: {widths: [784, 0]}", "architecture: {activation: rleu}", "data: {validation: tset}", "data: mnist",
    "training: {epochs: 0}", "training: {epochs: 1.5}", "training: {device: gpu}", "seed: -1", "name: a b", "name: 5",
    "optimization: {optimizer: {name: adam, lr: 0}}", "optimization: {optimizer: {name: adam, betas: [0.9]}}",
    "optimization: {optimizer: {name: adam, betas: [0.9, 0.9, 0.9]}}", "evaluation: {select: loss}", "extends: [a]",
    "optimization: {schedule: {name: cosine, warmup: -1}}",
]  # fmt: skip


@pytest.mark.parametrize("text", SOUND)
def test_sound_data_is_valid(text):
    assert errors_of(parse(text, "x.yaml").data) == []


@pytest.mark.parametrize("text", WRONG)
def test_wrong_data_is_not_valid(text):
    assert not VALIDATOR.is_valid(parse(text, "x.yaml").data)


def subschemas(node, path="$"):
    """Every mapping inside the schema, with where it is."""
    if isinstance(node, dict):
        yield path, node
        for key, value in node.items():
            yield from subschemas(value, f"{path}.{key}")
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from subschemas(value, f"{path}[{index}]")


def description_of(schema):
    """Its own, or that of the section it refers to."""
    target = schema.get("$ref", "").removeprefix("#/$defs/")
    return schema.get("description") or VALIDATOR.schema["$defs"].get(target, {}).get("description")


def test_every_property_has_a_description():
    properties = [
        (f"{path}.{name}", schema)
        for path, node in subschemas(VALIDATOR.schema)
        if isinstance(node.get("properties"), dict) and node.get("type") == "object"
        for name, schema in node["properties"].items()
    ]
    assert len(properties) > 150
    assert [path for path, schema in properties if not description_of(schema)] == []


def test_no_mapping_takes_unknown_keys():
    sections = [node for _, node in subschemas(VALIDATOR.schema) if node.get("type") == "object"]
    assert len(sections) > 40
    assert all(node["additionalProperties"] is False for node in sections)


def test_every_name_is_an_alternative():
    text = json.dumps(VALIDATOR.schema)
    for name in itertools.chain(LOSSES, REGULARIZERS, OPTIMIZERS, SCHEDULES):
        assert f'"const": "{name}"' in text


def test_no_source_is_searched_for_the_models_that_registries_make():
    """Their descriptions come from docstrings of functions; the search took most of the start."""
    choices = [get_args(term)[1] for term in (LossTerm, RegularizationTerm)]
    models = [model for choice in choices for model in choice.models().values()]
    assert len(models) == len(LOSSES) + len(REGULARIZERS)
    assert not any(model.model_config["use_attribute_docstrings"] for model in models)
    assert Config.model_config["use_attribute_docstrings"] and Config.model_fields["seed"].description
