"""Advice: each rule speaks on its case, and is silent just beside it."""

import pytest

from aecli.config.advice import RULES, advise
from aecli.config.load import load_config
from aecli.config.presets import preset_names
from aecli.config.yaml_source import parse


def config_of(text):
    return load_config(parse(text, "x.yaml").data or {})


def codes(text):
    return [advice.code for advice in advise(config_of(f"{{{text}}}"))]


LINEAR = "code_activation: linear"  # keeps the note on dead units away
BIASED = "architecture: {output_bias: mean_image}"
FIRES = {
    "half-mse": [
        "loss: {name: huber, delta: 1}", "loss: {name: smooth_l1, beta: 1.5}", "loss: [mse, {name: huber, delta: 2}]",
        "loss: {name: huber, delta: {start: 5, end: 1, epochs: 9}}",
    ],
    "bce-output": [
        "loss: bce, architecture: {output_activation: linear}",
        "loss: [mse, bce], architecture: {output_activation: tanh}",
        "loss: continuous_bernoulli, architecture: {output_activation: relu}",
    ],
    "mae-collapse": [
        "loss: mae", "loss: pinball", "loss: {name: charbonnier, eps: 0.01}", "loss: {name: smooth_l1, beta: 0.005}",
        "loss: {name: charbonnier, eps: {start: 0.01, end: 0.001, epochs: 9}}",
    ],
    "flat-loss": [
        "loss: {name: tukey, c: 0.2}", "loss: {name: welsch, c: 0.09}", "loss: {name: geman_mcclure, c: 0.04}",
        "loss: [mse, {name: tukey, c: {start: 0.1, end: 0.2, epochs: 9}}]",
    ],
    "heavy-penalty": [
        "regularization: [{name: l1, weight: 1e-5}]", "regularization: [l2, {name: l2, weight: 0.01}]",
        "regularization: [{name: l1, weight: {start: 0, end: 0.01, epochs: 9}}]",
    ],
    "no-zeros": ["regularization: [l1]"],
    "l2-adaptive": ["regularization: [l2]", "regularization: [l2], optimization: {optimizer: rmsprop}"],
    "double-decay": ["regularization: [weight_decay], optimization: {optimizer: {name: muon, weight_decay: 0.1}}"],
    "dead-code": ["", "architecture: {code_activation: relu}"],
    "test-selection": [
        "data: {validation: test}",
        "data: {validation: test}, evaluation: {checkpoint: last}, training: {early_stopping: {}}",
        "data: {validation: test}, evaluation: {checkpoint: last}, optimization: {schedule: plateau}",
    ],
    "no-gap": ["regularization: [l1]", "regularization: [dropout]", "regularization: [weight_decay]",
        "regularization: [l2]"],
    "outliers-hardly-matter": ["data: {contamination: outlier_images}"],
    "lambda-not-mean": ["loss: continuous_bernoulli"],
    "self-selection": ["loss: mae, evaluation: {select: mae}", "loss: ssim, evaluation: {select: ssim}"],
    "short-warmup": [
        "optimization: {schedule: {name: constant, warmup: 2}}, training: {epochs: 1}",
        "optimization: {schedule: {name: cosine, warmup: 50}}",
    ],
    "short-annealing": [
        "loss: {name: charbonnier, eps: {start: 0.5, end: 0.01, epochs: 25}}, training: {epochs: 24}",
        "regularization: [{name: l1, weight: {start: 0, end: 1e-7, epochs: 51}}]",
    ],
    "ssim-precision": ["loss: ssim, training: {precision: high}", "loss: [mse, ssim], training: {precision: medium}"],
}  # fmt: skip
SILENT = {
    "half-mse": [
        "loss: {name: huber, delta: 0.99}", "loss: {name: huber, delta: {start: 2, end: 0.5, epochs: 9}}", "loss: mse",
        "loss: {name: huber, delta: 1}, architecture: {output_activation: linear}",
    ],
    "bce-output": ["loss: bce", "loss: mse, architecture: {output_activation: linear}"],
    "mae-collapse": [
        f"loss: mae, {BIASED}", "loss: mae, optimization: {schedule: {name: cosine, warmup: 1}}", "loss: [mae, mse]",
        "loss: mae, optimization: {schedule: one_cycle}", "loss: mae, data: {dataset: cifar10}",
        "loss: {name: charbonnier, eps: {start: 0.5, end: 0.01, epochs: 9}}", "loss: huber",
    ],
    "flat-loss": ["loss: {name: tukey, c: 0.3}", "loss: {name: tukey, c: {start: 0.5, end: 0.1, epochs: 9}}",
        "loss: cauchy"],
    "heavy-penalty": [
        "regularization: [{name: l1, weight: 9e-6}, {name: l2, weight: 9e-4}, l1_proximal, weight_decay]",
    ],
    "no-zeros": ["regularization: [l1_proximal]"],
    "l2-adaptive": ["regularization: [l2], optimization: {optimizer: sgd}", "regularization: [weight_decay]"],
    "double-decay": ["regularization: [weight_decay]", "optimization: {optimizer: adamw}"],
    "dead-code": [f"architecture: {{{LINEAR}}}", "architecture: {code_activation: elu}"],
    "test-selection": ["data: {validation: test}, evaluation: {checkpoint: last}", "training: {early_stopping: {}}"],
    "no-gap": [
        "regularization: [l1], data: {train_size: 500}", "regularization: [l1], data: {dataset: cifar10}", "loss: mse",
        "regularization: [orthogonality]",
    ],
    "outliers-hardly-matter": ["data: {contamination: salt_and_pepper}", "data: {corruption: outlier_images}"],
    "lambda-not-mean": ["loss: bce"],
    "self-selection": [
        "loss: mse, evaluation: {select: mse}", "loss: mse, evaluation: {select: mae}",
        "loss: [mae, mse], evaluation: {select: mae}",
        "loss: mae, evaluation: {select: mae, checkpoint: last}",
    ],
    "short-warmup": ["optimization: {schedule: {name: cosine, warmup: 49.9}}"],
    "short-annealing": ["loss: {name: charbonnier, eps: {start: 0.5, end: 0.01, epochs: 50}}"],
    "ssim-precision": ["loss: ssim", "loss: mse, training: {precision: high}"],
}  # fmt: skip


def test_every_rule_has_a_case_and_a_code_of_its_own():
    listed = [code for code, _, _ in RULES]
    assert len(set(listed)) == len(listed)
    assert set(listed) == set(FIRES) == set(SILENT)
    assert {severity for _, severity, _ in RULES} == {"warning", "note"}


@pytest.mark.parametrize(("code", "text"), [(code, text) for code in FIRES for text in FIRES[code]])
def test_a_rule_speaks_once_on_its_case(code, text):
    assert codes(text).count(code) == 1


@pytest.mark.parametrize(("code", "text"), [(code, text) for code in SILENT for text in SILENT[code]])
def test_a_rule_is_silent_beside_its_case(code, text):
    assert code not in codes(text)


def test_the_main_job_has_one_note():
    assert [advice.code for advice in advise(load_config("mse.yaml"))] == ["dead-code"]


COLLAPSING = {"mae.yaml", "pinball.yaml"}
"""Presets of a loss alone that show what it does to MNIST; the trainable ones are beside them."""


@pytest.mark.parametrize("name", preset_names())
def test_no_preset_deserves_a_warning_but_for_losses_that_collapse_by_themselves(name):
    found = [advice.code for advice in advise(load_config(name)) if advice.severity == "warning"]
    assert found == (["mae-collapse"] if name in COLLAPSING else [])
    if name in COLLAPSING:
        assert f"{name.removesuffix('.yaml')}_trainable.yaml" in preset_names()


def test_warnings_come_before_notes():
    text = "{regularization: [l1, weight_decay], optimization: {optimizer: {name: muon, weight_decay: 0.1}}}"
    assert [advice.code for advice in advise(config_of(text))] == ["double-decay", "no-zeros", "dead-code", "no-gap"]


MESSAGES = {
    "loss: {name: huber, delta: 1}": (
        "warning half-mse: loss.delta: pixels and outputs lie in [0, 1], so no error exceeds delta and huber is "
        "exactly mse up to a factor; choose a delta of 0.02 to 0.5"
    ),
    "loss: [mse, {name: smooth_l1, beta: 2}]": (
        "warning half-mse: loss[1].beta: pixels and outputs lie in [0, 1], so no error exceeds beta and smooth_l1 is "
        "exactly mse up to a factor; choose a beta of 0.02 to 0.5"
    ),
    "loss: bce, architecture: {output_activation: linear}": (
        "warning bce-output: loss: bce trains sigmoid(logit), but the reconstruction is linear(logit), which every "
        "metric sees; set architecture.output_activation: sigmoid"
    ),
    "loss: mae": (
        "warning mae-collapse: loss: mae pulls towards the median and 81 % of MNIST's pixels are black: it tends to "
        "stay near the black image (test MSE .04, against .008 with mse); anneal charbonnier's eps from 0.5 to 0.01, "
        "or set architecture.output_bias: mean_image and a warm-up"
    ),
    "loss: {name: tukey, c: 0.05}": (
        "warning flat-loss: loss.c: tukey hardly pulls at errors far above c, and the training starts with errors of "
        "0.5; start at c = 0.3 or more and anneal: c: {start: 0.5, end: 0.05, epochs: 20}"
    ),
    "optimization: {schedule: {name: cosine, warmup: 2}}, training: {epochs: 1}": (
        "note short-warmup: optimization.schedule.warmup: a warm-up of 2 does not fit into 1 epoch and is shortened "
        "to 0.5; train for longer, or set a shorter warm-up"
    ),
    "loss: {name: charbonnier, eps: {start: 0.5, end: 0.1, epochs: 9}}, training: {epochs: 5}": (
        "note short-annealing: loss.eps: its end 0.1 would come in epoch 9, and the training ends after 5 epochs at "
        "0.3; train for longer, or anneal in fewer epochs"
    ),
    "regularization: [dropout, {name: l1, weight: 0.01}]": (
        "warning heavy-penalty: regularization[1].weight: l1 is a sum over all parameters, about 10,000 at the "
        "start, while the MSE is about .008: this weight erases the net; use 1e-9 to 1e-6"
    ),
}


@pytest.mark.parametrize(
    ("text", "message"), MESSAGES.items(), ids=[f"{m.split()[1]} {t[:30]}" for t, m in MESSAGES.items()]
)
def test_advice_says_this(text, message):
    assert message in map(str, advise(config_of(f"{{{text}}}")))


def test_the_remedies_for_the_warnings_work():
    assert "flat-loss" not in codes("loss: {name: tukey, c: {start: 0.5, end: 0.05, epochs: 20}}")
    assert "mae-collapse" not in codes("loss: {name: charbonnier, eps: {start: 0.5, end: 0.01, epochs: 20}}")
    assert "half-mse" not in codes("loss: {name: huber, delta: 0.5}")
    assert "heavy-penalty" not in codes("regularization: [{name: l1, weight: 1e-6}, {name: l2, weight: 1e-5}]")
