"""Rules that involve several fields at once."""

import pytest

from aecli.config.load import load_config, validate
from aecli.config.yaml_source import parse
from aecli.errors import ConfigError

KL = "kl_sparsity compares shares, so it needs architecture.code_activation: sigmoid, got"
TIED = "with tied weights the decoder has no matrices of its own"
ZERO = "all weights are 0, so nothing would be learned"
AUTO = "only the first width can be auto: the size of the data"
BROKEN = {
    "auto in the middle": ("architecture: {widths: [auto, auto, 3]}", f"1:31: architecture.widths[1]: {AUTO}"),
    "auto as the code": ("architecture: {widths: [784, auto]}", f"1:30: architecture.widths[1]: {AUTO}"),
    "k as large as the code": (
        "architecture: {widths: [784, 8]}\nregularization: [{name: k_sparse, k: 8}]",
        "2:38: regularization[0].k: must be less than the code size 8, got 8",
    ),
    "k larger than the default code": (
        "regularization: [l1, {name: k_sparse, k: 33}]",
        "1:42: regularization[1].k: must be less than the code size 32, got 33",
    ),
    "default k as large as the code": (
        "architecture: {widths: [784, 8]}\nregularization: [k_sparse]",
        "2:18: regularization[0].k: must be less than the code size 8, got 8",
    ),
    "kl_sparsity on a relu": ("regularization: [kl_sparsity]", f"1:18: regularization[0]: {KL} relu"),
    "kl_sparsity on a linear code": (
        "architecture: {code_activation: linear}\nregularization:\n- name: kl_sparsity",
        f"3:3: regularization[0]: {KL} linear"
    ),
    "decoder of tied weights": (
        "architecture: {tied: true}\nregularization: [{name: l1, parameters: decoder}]",
        f"2:41: regularization[0].parameters: {TIED}",
    ),
    "one loss of weight 0": ("loss: {name: mse, weight: 0}", f"1:7: loss: {ZERO}"),
    "two losses of weight 0": ("loss:\n- {name: mse, weight: 0}\n- {name: mae, weight: 0.0}", f"2:1: loss: {ZERO}"),
    "weights annealed from 0 to 0": ("loss: {name: mse, weight: {start: 0, end: 0, epochs: 5}}", f"1:7: loss: {ZERO}"),
}  # fmt: skip
SOUND = {
    "auto first": "architecture: {widths: [auto, 3]}",
    "k below the code": "architecture: {widths: [784, 8]}\nregularization: [{name: k_sparse, k: 7}]",
    "kl_sparsity on a sigmoid": "architecture: {code_activation: sigmoid}\nregularization: [kl_sparsity]",
    "decoder of weights that are not tied": "regularization: [{name: l1, parameters: decoder}]",
    "encoder of tied weights": "architecture: {tied: true}\nregularization: [{name: l1, parameters: encoder}]",
    "warm-up longer than the training": "training: {epochs: 5}\noptimization: {schedule: {name: cosine, warmup: 9}}",
    "one of two weights is 0": "loss: [{name: mse, weight: 0}, mae]",
    "weight annealed from 0": "loss: {name: mse, weight: {start: 0, end: 1, epochs: 5}}",
    "weight annealed to 0": "loss: {name: mse, weight: {start: 1, end: 0, epochs: 5}}",
}


@pytest.mark.parametrize(("text", "line"), BROKEN.values(), ids=BROKEN)
def test_a_broken_rule_is_refused(text, line):
    with pytest.raises(ConfigError) as caught:
        validate(parse(text, "x.yaml"))
    assert str(caught.value) == f"x.yaml:{line}"


@pytest.mark.parametrize("text", SOUND.values(), ids=SOUND)
def test_what_just_keeps_the_rule_is_accepted(text):
    validate(parse(text, "x.yaml"))


def test_all_broken_rules_are_reported_at_once_and_in_order():
    text = """\
loss: {name: mse, weight: 0}
regularization: [kl_sparsity, {name: k_sparse, k: 40}]
architecture: {widths: [784, auto, 32]}
"""
    with pytest.raises(ConfigError) as caught:
        validate(parse(text, "x.yaml"))
    assert [problem.where for problem in caught.value.problems] == [
        "x.yaml:1:7", "x.yaml:2:18", "x.yaml:2:51", "x.yaml:3:30"
    ]  # fmt: skip


def test_the_size_of_an_auto_code_is_only_said_once():
    with pytest.raises(ConfigError) as caught:
        validate(parse("architecture: {widths: [784, auto]}\nregularization: [{name: k_sparse, k: 40}]", "x.yaml"))
    assert str(caught.value) == f"x.yaml:1:30: architecture.widths[1]: {AUTO}"


def test_contractive_refuses_batch_normalization():
    with pytest.raises(ConfigError) as error:
        load_config({"regularization": ["contractive"], "architecture": {"normalization": "batch"}})
    assert error.value.problems[0].message == (
        "contractive needs the Jacobian of each image by itself, which batch normalization mixes; "
        "use architecture.normalization: layer"
    )
