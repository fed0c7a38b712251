"""Every refusal of the schema in the words the user reads, and where it points to."""

import math

import pytest

from aecli.components.architecture.activations import ACTIVATIONS
from aecli.components.data import DATASETS
from aecli.components.data.corruptions import CORRUPTIONS
from aecli.components.evaluation.metrics import METRICS
from aecli.components.evaluation.suites import SUITES
from aecli.components.loss import LOSSES
from aecli.components.optimization.optimizers import OPTIMIZERS
from aecli.components.optimization.schedules import SCHEDULES
from aecli.components.regularization import REGULARIZERS
from aecli.config.load import load_config, validate
from aecli.config.problems import in_order, join, shown
from aecli.config.schema import Config
from aecli.config.yaml_source import parse
from aecli.errors import ConfigError, Problem


def refused(text):
    """The lines of the refusal of a config called x.yaml."""
    with pytest.raises(ConfigError) as caught:
        validate(parse(text, "x.yaml"))
    return str(caught.value).splitlines()


def names(registry):
    return ", ".join(registry)


SECTIONS = f"{names(Config.model_fields)}, extends"
TEXT = "(in quotes it is text)"
WORDS = "(no, off, yes and on are text here)"
NAMED = "expected a name or a mapping with a name, got"

UNKNOWN = {
    "section": ("los: mse", f'1:1: los: unknown key "los"; did you mean "loss"? keys: {SECTIONS}'),
    "extends": ("extend: mse", f'1:1: extend: unknown key "extend"; did you mean "extends"? keys: {SECTIONS}'),
    "number as key": ("1: x", f'1:1: 1: unknown key "1"; keys: {SECTIONS}'),
    "null as key": ("null: x", f'1:1: null: unknown key "null"; keys: {SECTIONS}'),
    "key": (
        "data: {train_sise: 5}",
        '1:8: data.train_sise: unknown key "train_sise"; did you mean "train_size"? '
        "keys: dataset, validation, train_size, corruption, contamination",
    ),
    "key of a loss": (
        "loss: {name: huber, dleta: 1}",
        '1:21: loss.dleta: unknown key "dleta"; did you mean "delta"? keys: name, weight, delta',
    ),
    "key of a loss in a list": (
        "loss:\n  - mse\n  - {name: tukey, d: 1}", '3:19: loss[1].d: unknown key "d"; keys: name, weight, c'
    ),
    "key like the loss": (
        "loss: {name: huber, huber: 1}", '1:21: loss.huber: unknown key "huber"; keys: name, weight, delta'
    ),
    "key of a loss without parameters": (
        "loss: {name: mse, delta: 1}", '1:19: loss.delta: unknown key "delta" of mse; it belongs to huber'
    ),
    "weight of what has none": (
        "regularization: [{name: dropout, weight: 1}]",
        '1:34: regularization[0].weight: unknown key "weight"; keys: name, p',
    ),
    "key of the optimizer": (
        "optimization:\n  optimizer: {name: adam, learning_rate: 1}",
        '2:27: optimization.optimizer.learning_rate: unknown key "learning_rate"; here it is '
        "optimization.optimizer.lr",
    ),
    "key of an annealing": (
        "loss: {name: huber, delta: {start: 1, end: 2, epochs: 5, curves: linear}}",
        '1:58: loss.delta.curves: unknown key "curves"; did you mean "curve"? keys: start, end, epochs, curve',
    ),
    "loss": ("loss: {name: hubber}",
        f'1:14: loss.name: unknown "hubber"; did you mean "huber"? choices: {names(LOSSES)}'),
    "loss alone": ("loss: hubber", f'1:7: loss: unknown "hubber"; did you mean "huber"? choices: {names(LOSSES)}'),
    "loss like nothing else": ("loss: zzz", f'1:7: loss: unknown "zzz"; choices: {names(LOSSES)}'),
    "loss in a list": (
        "loss: [mse, hubber]", f'1:13: loss[1]: unknown "hubber"; did you mean "huber"? choices: {names(LOSSES)}'
    ),
    "regularizer": (
        "regularization:\n- name: dropot",
        f'2:9: regularization[0].name: unknown "dropot"; did you mean "dropout"? choices: {names(REGULARIZERS)}',
    ),
    "optimizer": (
        "optimization: {optimizer: adma}",
        f'1:27: optimization.optimizer: unknown "adma"; did you mean "adam"? choices: {names(OPTIMIZERS)}',
    ),
    "schedule": (
        "optimization: {schedule: {name: cosin}}",
        f'1:33: optimization.schedule.name: unknown "cosin"; did you mean "cosine"? choices: {names(SCHEDULES)}',
    ),
    "data set": (
        "data: {dataset: mnits}",
        f'1:17: data.dataset: unknown "mnits"; did you mean "mnist"? choices: {names(DATASETS)}'
    ),
    "corruption": (
        "data: {corruption: gausian}",
        f'1:20: data.corruption: unknown "gausian"; did you mean "gaussian"? choices: {names(CORRUPTIONS)}',
    ),
    "activation": (
        "architecture: {activation: rleu}",
        f'1:28: architecture.activation: unknown "rleu"; did you mean "relu"? choices: {names(ACTIVATIONS)}',
    ),
    "metric": ("evaluation: {select: loss}", f'1:22: evaluation.select: unknown "loss"; choices: {names(METRICS)}'),
    "choice": ("training: {precision: low}",
        '1:23: training.precision: unknown "low"; choices: highest, high, medium, bf16'),
    "choice of a parameter": (
        "regularization: [{name: l1, parameters: encodr}]",
        '1:41: regularization[0].parameters: unknown "encodr"; did you mean "encoder"? choices: all, weights, '
        'encoder, decoder',
    ),
    "choice or null": ("architecture: {normalization: ba}",
        '1:31: architecture.normalization: unknown "ba"; choices: batch, layer'),
    "curve": (
        "loss: {name: huber, delta: {start: 1, end: 2, epochs: 5, curve: square}}",
        '1:65: loss.delta.curve: unknown "square"; choices: linear, geometric',
    ),
}  # fmt: skip

WRONG_TYPES = {
    "number, text": ("loss: {name: huber, delta: x}", '1:28: loss.delta: expected a number, got "x"'),
    "number, quoted": (
        'optimization: {optimizer: {name: adam, lr: "1e-3"}}',
        '1:44: optimization.optimizer.lr: expected a number, got "1e-3"',
    ),
    "number, with underscores": ("loss: {name: huber, delta: 1_0}", '1:28: loss.delta: expected a number, got "1_0"'),
    "number, boolean": ("loss: {name: huber, delta: true}", "1:28: loss.delta: expected a number, got true"),
    "number, null": ("loss: {name: huber, delta: }", "1:27: loss.delta: expected a number, got null"),
    "number, list": ("loss: {name: huber, delta: [1]}", "1:28: loss.delta: expected a number, got a list"),
    "number, mapping": (
        "optimization: {optimizer: {name: adam, lr: {start: 1}}}",
        "1:44: optimization.optimizer.lr: expected a number, got a mapping",
    ),
    "number or null": ("optimization: {gradient_clip: x}",
        '1:31: optimization.gradient_clip: expected a number, got "x"'),
    "whole number, fraction": ("training: {epochs: 1.5}", "1:20: training.epochs: expected a whole number, got 1.5"),
    "whole number, exponent": ("training: {epochs: 1e3}", "1:20: training.epochs: expected a whole number, got 1000.0"),
    "whole number, boolean": ("training: {epochs: true}", "1:20: training.epochs: expected a whole number, got true"),
    "whole number, text": ("training: {epochs: 5 epochs}",
        '1:20: training.epochs: expected a whole number, got "5 epochs"'),
    "whole number, null": ("seed:", "1:6: seed: expected a whole number, got null"),
    "whole number or null": ("data: {train_size: all}", '1:20: data.train_size: expected a whole number, got "all"'),
    "whole number or test": ("data: {validation: tset}",
        '1:20: data.validation: expected a whole number or test, got "tset"'),
    "whole number or test, null": ("data: {validation: ~}",
        "1:20: data.validation: expected a whole number or test, got null"),
    "boolean, no": ("architecture: {tied: no}", f'1:22: architecture.tied: expected true or false, got "no" {WORDS}'),
    "boolean, YES": ("architecture: {tied: YES}",
        f'1:22: architecture.tied: expected true or false, got "YES" {WORDS}'),
    "boolean, y": ("architecture: {tied: y}", f'1:22: architecture.tied: expected true or false, got "y" {WORDS}'),
    "boolean, other text": ("architecture: {tied: maybe}",
        '1:22: architecture.tied: expected true or false, got "maybe"'),
    "boolean, 1": ("architecture: {tied: 1}", "1:22: architecture.tied: expected true or false, got 1"),
    "boolean, null": ("architecture: {tied: null}", "1:22: architecture.tied: expected true or false, got null"),
    "text, number": ("name: 5", f"1:7: name: expected text, got 5 {TEXT}"),
    "text, exponent": ("name: 1e-3", f"1:7: name: expected text, got 0.001 {TEXT}"),
    "text, boolean": ("name: true", f"1:7: name: expected text, got true {TEXT}"),
    "text, null": ("name: null", "1:7: name: expected text, got null"),
    "text, list": ("name: [a]", "1:7: name: expected text, got a list"),
    "choice, number": (
        "architecture: {normalization: 3}", "1:31: architecture.normalization: expected one of batch, layer, got 3"
    ),
    "choice, mapping": (
        "architecture: {activation: {name: relu}}",
        f"1:28: architecture.activation: expected one of {names(ACTIVATIONS)}, got a mapping",
    ),
    "list, text": ("evaluation: {suites: code}", '1:22: evaluation.suites: expected a list, got "code"'),
    "list, mapping": ("evaluation: {suites: {}}", "1:22: evaluation.suites: expected a list, got a mapping"),
    "list, number": ("architecture: {widths: 784}", "1:24: architecture.widths: expected a list, got 784"),
    "list, null": ("regularization:", "1:16: regularization: expected a list, got null"),
    "section, text": ("training: fast", '1:11: training: expected a mapping, got "fast"'),
    "section, null": ("training:", "1:10: training: expected a mapping, got null"),
    "section, list": ("training: [1]", "1:11: training: expected a mapping, got a list"),
    "section or null": ("training: {early_stopping: true}",
        "1:28: training.early_stopping: expected a mapping, got true"),
    "name, number": ("loss: 5", f"1:7: loss: {NAMED} 5"),
    "name, null": ("loss:", f"1:6: loss: {NAMED} null"),
    "name, list in a list": ("loss: [mse, [mae]]", f"1:13: loss[1]: {NAMED} a list"),
    "name, list": ("data: {dataset: [mnist]}", f"1:17: data.dataset: {NAMED} a list"),
    "number as name": ("loss: {name: 5}", f"1:14: loss.name: expected one of {names(LOSSES)}, got 5"),
    "null as name": ("loss: {name: }", f"1:13: loss.name: expected one of {names(LOSSES)}, got null"),
    "list as name": ("loss: {name: [mse]}", f"1:14: loss.name: expected one of {names(LOSSES)}, got a list"),
    "long text": (
        f"training: {{epochs: {'x' * 99}}}", f'1:20: training.epochs: expected a whole number, got "{"x" * 56}...'
    ),
    "text of two lines": ('seed: "a\\nb"', '1:7: seed: expected a whole number, got "a\\nb"'),
}  # fmt: skip

RANGES = {
    ">": ("loss: {name: huber, delta: 0}", "1:28: loss.delta: must be > 0, got 0"),
    "> with a negative": ("loss: {name: huber, delta: -1.5}", "1:28: loss.delta: must be > 0, got -1.5"),
    ">=": ("loss: {name: mse, weight: -1}", "1:27: loss.weight: must be >= 0, got -1"),
    "<": ("loss: {name: pinball, tau: 1}", "1:28: loss.tau: must be < 1, got 1"),
    "<=": ("loss: {name: barron, alpha: 2.1}", "1:29: loss.alpha: must be <= 2, got 2.1"),
    "share": ("data: {corruption: {name: masking, share: 1.5}}", "1:43: data.corruption.share: must be <= 1, got 1.5"),
    "open share": ("regularization: [{name: dropout, p: 1}]", "1:37: regularization[0].p: must be < 1, got 1"),
    "whole number": ("training: {epochs: 0}", "1:20: training.epochs: must be >= 1, got 0"),
    "whole number or test": ("data: {validation: 0}", "1:20: data.validation: must be >= 1 or test, got 0"),
    "whole number or null": ("data: {train_size: 0}", "1:20: data.train_size: must be >= 1, got 0"),
    "seed": ("seed: -1", "1:7: seed: must be >= 0, got -1"),
    "large seed": (
        "seed: 9223372036854775808", "1:7: seed: must be <= 9223372036854775807, got 9223372036854775808"
    ),
    "k": ("regularization: [{name: k_sparse, k: 0}]", "1:38: regularization[0].k: must be >= 1, got 0"),
    "item of a pair": (
        "optimization: {optimizer: {name: adam, betas: [0.9, 1]}}",
        "1:53: optimization.optimizer.betas[1]: must be < 1, got 1",
    ),
    "warm-up": (
        "optimization: {schedule: {name: cosine, warmup: -1}}",
        "1:49: optimization.schedule.warmup: must be >= 0, got -1"
    ),
    "infinite": ("loss: {name: huber, delta: .inf}", "1:28: loss.delta: must be a finite number, got .inf"),
    "too large for a float": ("loss: {name: huber, delta: 1e999}",
        "1:28: loss.delta: must be a finite number, got .inf"),
    "minus infinite": ("optimization: {gradient_clip: -.inf}",
        "1:31: optimization.gradient_clip: must be a finite number, got -.inf"),
    "nan": ("loss: {name: huber, delta: .nan}", "1:28: loss.delta: must be a finite number, got .nan"),
    "nan where infinity is allowed": ("loss: {name: barron, alpha: .nan}", "1:29: loss.alpha: must be <= 2, got .nan"),
    "infinity of the wrong sign": ("loss: {name: barron, alpha: .inf}", "1:29: loss.alpha: must be <= 2, got .inf"),
    "widths without a code": ("architecture: {widths: [784]}",
        "1:24: architecture.widths: needs at least 2 items, got 1"),
    "no widths": ("architecture: {widths: []}", "1:24: architecture.widths: needs at least 2 items, got 0"),
    "width of 0": ("architecture: {widths: [784, 0]}", "1:30: architecture.widths[1]: must be >= 1 or auto, got 0"),
    "width of -3": ("architecture: {widths: [-3, 5]}", "1:25: architecture.widths[0]: must be >= 1 or auto, got -3"),
    "width of 3.5": (
        "architecture: {widths: [784, 3.5]}", "1:30: architecture.widths[1]: expected auto or a whole number, got 3.5"
    ),
    "width of text": (
        "architecture:\n  widths:\n  - 784\n  - x",
        '4:5: architecture.widths[1]: expected auto or a whole number, got "x"'
    ),
    "no loss": ("loss: []", "1:7: loss: needs at least 1 item, got 0"),
    "pair of one": (
        "optimization: {optimizer: {name: adam, betas: [0.9]}}", "1:47: optimization.optimizer.betas[1]: is required"
    ),
    "pair of three": (
        "optimization: {optimizer: {name: adam, betas: [0.9, 0.9, 0.9]}}",
        "1:47: optimization.optimizer.betas: takes at most 2 items, got 3",
    ),
    "name with a space": (
        "name: a b",
        "1:7: name: expected letters, digits, dot, dash and underscore, at most 64, starting with a letter or digit, "
        'got "a b"',
    ),
    "device": ("training: {device: gpu}", '1:20: training.device: expected auto, cpu, cuda, cuda:N or mps, got "gpu"'),
}  # fmt: skip

REQUIRED = {
    "name of a loss in a list": ("loss: [mse, {weight: 1}]", "1:13: loss[1].name: is required: which one?"),
    "name of a corruption": ("data: {corruption: {share: 1}}",
        "1:20: data.corruption.name: is required: which one?"),
    "end of an annealing": (
        "loss: {name: huber, delta: {start: 1, epochs: 5}}", "1:28: loss.delta.end: is required"
    ),
    "epochs of an annealing": ("loss: {name: huber, delta: {start: 1, end: 5}}",
        "1:28: loss.delta.epochs: is required"),
    "folder of a data set": ("data:\n  dataset: idx", "2:12: data.dataset.folder: is required"),
}  # fmt: skip

GEOMETRIC = "a geometric curve needs start and end above 0; use curve: linear"
ANNEALED = {
    "start out of range": (
        "loss: {name: huber, delta: {start: 0, end: 1, epochs: 5}}", "1:36: loss.delta.start: must be > 0, got 0"
    ),
    "end out of range": (
        "loss: {name: pinball, tau: {start: 0.5, end: 1, epochs: 5}}", "1:46: loss.tau.end: must be < 1, got 1"
    ),
    "start is text": (
        "loss: {name: huber, delta: {start: x, end: 1, epochs: 5}}",
        '1:36: loss.delta.start: expected a number, got "x"'
    ),
    "one epoch": (
        "loss: {name: huber, delta: {start: 1, end: 2, epochs: 1}}", "1:55: loss.delta.epochs: must be >= 2, got 1"
    ),
    "geometric from 0": (
        "loss: {name: mse, weight: {start: 0, end: 1, epochs: 5, curve: geometric}}", f"1:27: loss.weight: {GEOMETRIC}"
    ),
    "geometric to 0": (
        "regularization:\n- {name: l1, weight: {start: 1, end: 0, epochs: 5, curve: geometric}}",
        f"2:22: regularization[0].weight: {GEOMETRIC}",
    ),
    "to infinity": (
        "loss: {name: barron, alpha: {start: 2, end: -.inf, epochs: 5}}",
        "1:29: loss.alpha: start and end must be finite numbers",
    ),
}  # fmt: skip

TABLES = {"unknown": UNKNOWN, "type": WRONG_TYPES, "range": RANGES, "required": REQUIRED, "annealed": ANNEALED}
ROWS = {f"{kind}: {what}": row for kind, table in TABLES.items() for what, row in table.items()}


@pytest.mark.parametrize(("text", "line"), ROWS.values(), ids=ROWS)
def test_a_mistake_is_refused_in_these_words(text, line):
    assert refused(text) == [f"x.yaml:{line}"]


def test_an_unknown_suite_is_refused():
    (line,) = refused("evaluation: {suites: [reconstrution]}")
    assert line.startswith("x.yaml:1:23: evaluation.suites[0]: ")
    assert all(suite in line for suite in SUITES)


def test_every_mistake_is_reported_at_once_and_in_order():
    text = """\
seed: -1
loss: [{name: huber, delta: 0}, hubber]
nonsense: 1
data: {validation: 0, train_size: x}
architecture:
  tied: no
  widths: [784, 0]
regularization: [{name: l1, weigth: 1}]
training: {epochs: 0}
name: a b
"""
    lines = refused(text)
    assert [line.split(": ")[:2] for line in lines] == [
        ["x.yaml:1:7", "seed"], ["x.yaml:2:29", "loss[0].delta"], ["x.yaml:2:33", "loss[1]"],
        ["x.yaml:3:1", "nonsense"],
        ["x.yaml:4:20", "data.validation"], ["x.yaml:4:35", "data.train_size"], ["x.yaml:6:9", "architecture.tied"],
        ["x.yaml:7:17", "architecture.widths[1]"], ["x.yaml:8:29", "regularization[0].weigth"],
        ["x.yaml:9:20", "training.epochs"], ["x.yaml:10:7", "name"],
    ]  # fmt: skip


def test_a_parameter_called_like_its_regularizer_does_not_hide_the_others():
    assert refused("regularization: [{name: l1, l1: 1, weight: -1}]") == [
        'x.yaml:1:29: regularization[0].l1: unknown key "l1"; keys: name, weight, target, parameters',
        "x.yaml:1:44: regularization[0].weight: must be >= 0, got -1",
    ]


@pytest.mark.parametrize("name", ["data", "training", "loss", "name"])
def test_a_run_called_like_a_section_does_not_hide_it(name):
    assert refused(f"name: {name}\ntraining: {{epochs: 0}}\nloss: zzz")[0] == (
        "x.yaml:2:20: training.epochs: must be >= 1, got 0"
    )


def test_the_message_of_the_exception_is_all_of_its_problems():
    with pytest.raises(ConfigError) as caught:
        load_config({"seed": -1, "training": {"epochs": 0}})
    assert caught.value.problems == [
        Problem("config", "seed", "must be >= 0, got -1"), Problem("config", "training.epochs", "must be >= 1, got 0")
    ]  # fmt: skip
    assert str(caught.value) == "config: seed: must be >= 0, got -1\nconfig: training.epochs: must be >= 1, got 0"


# --------------------------------------------------------------------- pieces


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"), (True, "true"), (False, "false"), (0, "0"), (1.0, "1.0"), (1e-7, "1.0e-07"), ("", '""'),
        ("5", '"5"'), ('a"b', '"a\\"b"'), ("größe", '"größe"'), ({}, "a mapping"), ([], "a list"), ((), "a list"),
        (math.inf, ".inf"), (-math.inf, "-.inf"), (math.nan, ".nan"), ("x" * 60, '"' + "x" * 56 + "..."),
        ("\x1b[31m", '"\\u001b[31m"'), (10**100, "1" + "0" * 56 + "..."),
    ],
    ids=repr,
)  # fmt: skip
def test_a_value_is_shown_as_in_yaml_on_one_short_line(value, text):
    assert shown(value) == text


@pytest.mark.parametrize(
    ("messages", "joined"),
    [
        (["is required"], "is required"),
        (["expected a number, got x"], "expected a number, got x"),
        (
            ["expected a number, got 3", "expected text, got 3 (in quotes it is text)"],
            "expected a number or text, got 3",
        ),
        (["expected test, got 0", "must be >= 1, got 0"], "must be >= 1 or test, got 0"),
        (["is required", "expected a number, got x"], "is required; or expected a number, got x"),
    ],
    ids=["alone", "alone with a value", "types", "range and choice", "different ends"],
)
def test_what_alternatives_say_is_put_together(messages, joined):
    assert join(messages) == joined


def test_problems_are_ordered_by_file_line_and_column_and_flags_come_last():
    wheres = [
        "x.yaml:2:1",
        "x.yaml:2:10",
        "x.yaml:10:1",
        "a.yaml:1:1",
        "c:\\b.yaml:1:2",
        "--set a=1:2:3",
        "--seed 1",
        "",
    ]
    problems = [Problem(where, "", "") for where in wheres]
    for start in range(len(wheres)):
        turned = problems[start:5] + problems[:start] + problems[5:] if start < 5 else problems
        assert [problem.where for problem in in_order(turned, "x.yaml")] == wheres


def test_what_is_suggested_for_a_path_is_a_config():
    assert load_config("mse.yaml", set=["data.dataset={name: images, folder: /a/folder}"])
