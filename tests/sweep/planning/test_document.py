"""The YAML of a sweep: what may be written, and what is refused where it stands."""

import pytest

from aecli.config.load import SWEEP_KEYS, load_config
from aecli.errors import ConfigError
from aecli.sweep.planning.document import Sweep, load_sweep
from aecli.sweep.planning.plan import make_plan
from aecli.sweep.planning.seeds import read_seeds


def write(folder, text, name="s.yaml"):
    path = folder / name
    path.write_text(text)
    return path


@pytest.fixture
def here(tmp_path, monkeypatch):
    """An empty working folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("written", "seeds"),
    [
        ("0-9", list(range(10))),
        ("0-2,7", [0, 1, 2, 7]),
        (" 3 - 4 ", [3, 4]),
        ("5", [5]),
        (3, [0, 1, 2]),
        ([0, 3, 7], [0, 3, 7]),
    ],
)
def test_seeds_are_a_range_a_number_or_a_list(written, seeds):
    assert read_seeds(written) == seeds


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("seeds: 9-0", '8: seeds: expected seeds such as 0-9, 0-4,10, 5 or [0, 3, 7], got "9-0"'),
        ("seeds: 0", "8: seeds: a number of seeds, and 0 are none to run; [0] is seed 0 alone, 10 is 0-9"),
        ("seeds: -2", "8: seeds: a number of seeds must be 1 to 100,000, got -2"),
        ("seeds: 0-999999999", '8: seeds: more than 100,000 seeds in "0-999999999"'),
        ("seeds: []", "8: seeds: needs at least 1 item, got 0"),
        ("seeds: [-1]", "9: seeds[0]: must be >= 0, got -1"),
        ("grid: {}", "7: grid: needs at least 1 item, got 0"),
        ("grid: {loss: []}", "14: grid.loss: needs at least 1 item, got 0"),
        ("grid: {loss: mse}", '14: grid.loss: expected a list, got "mse"'),
        ("random: {count: 0, space: {seed: {int: [0, 1]}}}", "17: random.count: must be >= 1, got 0"),
        ("name: ../elsewhere", None),
        ("looks: [20, 10]", "8: looks: expected rising numbers of seeds from 3 on, such as [10, 20, 40], got [20, 10]"),
        ("looks: [2, 4]", "8: looks: expected rising numbers of seeds from 3 on, such as [10, 20, 40], got [2, 4]"),
        (
            "seeds: 15\nlooks: [10, 20]",
            "8: seeds: 15 seeds are none of the planned looks 10, 20; train as many as the first of them, then more",
        ),
        (
            "search: {space: {training.epochs: {int: [1, 3]}}}\nlooks: [3, 9]",
            None,
        ),
        (
            "gird: {loss: [mse]}",
            '1: gird: unknown key "gird"; did you mean "grid"? keys: name, base, seeds, looks, grid, zip, list, '
            "random, search, tune, exclude",
        ),
    ],
)
def test_what_is_wrong_is_named_with_its_place(text, problem, here):
    write(here, f"base: mse.yaml\n{text}\n")
    with pytest.raises(ConfigError) as caught:
        load_sweep("s.yaml")
    assert problem is None or str(caught.value) == f"s.yaml:2:{problem}"


def test_the_config_of_a_run_is_no_sweep(here):
    write(here, "loss: mse\n")
    with pytest.raises(ConfigError) as caught:
        load_sweep("s.yaml")
    hint = "aecli train --config s.yaml, or base: s.yaml in a sweep"
    assert str(caught.value) == f"s.yaml: is the config of one run, not a sweep: {hint}"


def test_a_sweep_is_no_config_of_a_run(here):
    write(here, "base: mse.yaml\nseeds: 3\n")
    with pytest.raises(ConfigError) as caught:
        load_config("s.yaml")
    assert str(caught.value) == "s.yaml: is a sweep, not the config of one run: aecli sweep --config s.yaml"


def test_the_keys_that_tell_a_sweep_from_a_run_are_those_of_a_sweep():
    assert set(Sweep.model_fields) - {"name"} == SWEEP_KEYS


def test_a_sweep_is_called_like_its_file_unless_it_says_otherwise(here):
    write(here, "seeds: 2\n", "mine.yaml")
    assert load_sweep("mine")[0].name == "mine"
    write(here, "name: other\n", "mine.yaml")
    assert load_sweep("mine.yaml")[0].name == "other"


def test_set_changes_the_base_and_is_told_with_it(here):
    write(here, "base: smoke.yaml\nseeds: 2\ngrid: {loss: [mse, bce]}\n")
    sweep, document, path = load_sweep("s.yaml", set=["training.epochs=7", "optimization.optimizer.lr=0.01"])
    assert sweep.around == "smoke.yaml with training.epochs=7, optimization.optimizer.lr=0.01"
    configs = [trial.config for trial in make_plan(sweep, document, path).trials]
    told = [(config.training.epochs, config.optimization.optimizer.lr) for config in configs]
    assert told == [(7, 0.01)] * 4


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("loss=mae", "grid in s.yaml sets loss in the trials; change it there"),
        ("loss.delta=2", "grid in s.yaml sets loss in the trials; change it there"),
        (
            "optimization.schedule=cosine",
            "list in s.yaml sets optimization.schedule.name in the trials; change it there",
        ),
        ("training.epochs=3", "zip in s.yaml sets training.epochs in the trials; change it there"),
        ("seed=3", "seeds in s.yaml sets seed in the trials; change it there"),
        ("training.batch_size=64", "random.space in s.yaml sets training.batch_size in the trials; change it there"),
    ],
)
def test_set_does_not_clash_with_what_a_sweep_varies(text, message, here):
    parts = "zip: {training.epochs: [1, 2]}\nlist: [{optimization.schedule.name: linear}]\ngrid: {loss: [mse]}\n"
    write(here, f"{parts}random: {{count: 2, space: {{training.batch_size: {{int: [2, 9]}}}}}}\n")
    with pytest.raises(ConfigError) as caught:
        load_sweep("s.yaml", set=["optimization={gradient_clip: 1}", text])
    assert [str(problem) for problem in caught.value.problems] == [f"--set {text}: {message}"]


def test_set_does_not_clash_with_a_space_beside_it(here):
    write(here, "search: {space: {optimization.optimizer.lr: {uniform: [0.1, 0.2]}}}\n")
    assert load_sweep("s.yaml", set=["optimization.optimizer=sgd"])
    with pytest.raises(ConfigError, match=r"search\.space in s\.yaml sets optimization\.optimizer\.lr in the trials"):
        load_sweep("s.yaml", set=["optimization.optimizer.lr=1"])
