"""From a sweep to its trials: which there are, what names them, and what is refused before any is trained."""

import time

import pytest

from aecli.config.load import load_config
from aecli.errors import ConfigError
from aecli.sweep.planning.document import load_sweep
from aecli.sweep.planning.plan import make_plan


@pytest.fixture
def plan_of(tmp_path, monkeypatch):
    """A function from the text of a sweep to its plan."""
    monkeypatch.chdir(tmp_path)

    def make(text):
        (tmp_path / "s.yaml").write_text(text)
        return make_plan(*load_sweep("s.yaml"))

    return make


def labels(plan):
    return [trial.label for trial in plan.trials]


def test_a_grid_is_every_combination_and_seeds_are_an_axis(plan_of):
    plan = plan_of("seeds: 0-1\ngrid: {loss: [mse, mae], training.epochs: [3, 5]}")
    assert labels(plan) == [
        f"loss={loss}, training.epochs={epochs}, seed={seed}"
        for loss in ("mse", "mae")
        for epochs in (3, 5)
        for seed in (0, 1)
    ]
    last = plan.trials[-1].config
    assert (last.loss_terms[0].name, last.training.epochs, last.seed) == ("mae", 5, 1)


def test_zip_goes_side_by_side_and_all_parts_are_multiplied(plan_of):
    plan = plan_of(
        "seeds: 2\nzip: {data.train_size: [250, 1000], training.epochs: [40, 10]}\n"
        "list: [{loss: mse}, {loss: mae, name: other}]\ngrid: {optimization.optimizer.lr: [1e-3, 1e-2, 1e-1]}"
    )
    assert len(plan.trials) == 2 * 2 * 2 * 3
    sizes = {(trial.config.data.train_size, trial.config.training.epochs) for trial in plan.trials}
    assert sizes == {(250, 40), (1000, 10)}
    assert {(trial.config.loss_terms[0].name, trial.config.name) for trial in plan.trials} == {
        ("mse", "mse"),
        ("mae", "other"),
    }


def test_a_value_may_be_a_whole_section_and_what_is_set_inside_it_comes_after_it(plan_of):
    plan = plan_of(
        "grid:\n  loss.weight: [2.0]\n  loss: [{name: huber, delta: 0.1}]\n"
        "  regularization: [[], [{name: l1, weight: 1e-7}]]"
    )
    assert [len(trial.config.regularization) for trial in plan.trials] == [0, 1]
    assert {(trial.config.loss_terms[0].delta, trial.config.loss_terms[0].weight) for trial in plan.trials} == {
        (0.1, 2.0)
    }
    assert labels(plan)[1] == "loss=huber(delta=0.1), regularization=l1(weight=1e-07), loss.weight=2, seed=0"


def test_what_is_set_inside_a_section_stays_in_its_trial(plan_of):
    plan = plan_of("grid: {loss: [{name: huber, delta: 0.1}]}\nlist: [{loss.weight: 2.0}, {training.epochs: 3}]")
    assert [trial.config.loss_terms[0].weight for trial in plan.trials] == [2.0, 1.0]


def test_a_name_that_changes_does_not_clear_the_parameters_that_are_varied_with_it(plan_of):
    plan = plan_of("grid: {loss.delta: [0.2], loss.name: [huber]}")
    assert plan.trials[0].config.loss_terms[0].delta == 0.2


def test_a_trial_is_the_config_that_set_would_make(plan_of):
    trial = plan_of("seeds: [7]\ngrid: {loss: [huber], loss.delta: [0.2]}").trials[0]
    assert trial.config == load_config("mse.yaml", set=["loss=huber", "loss.delta=0.2"], seed=7)
    assert trial.digest == trial.config.digest()


def test_more_seeds_and_more_values_leave_the_trials_that_were_there(plan_of):
    before = {trial.digest for trial in plan_of("seeds: 0-1\ngrid: {loss: [mse, mae]}").trials}
    after = {trial.digest for trial in plan_of("seeds: 0-2\ngrid: {loss: [huber, mae, mse]}").trials}
    assert before < after and len(after) == 9


def test_the_same_config_twice_is_one_trial(plan_of):
    plan = plan_of("seeds: [0, 0]\ngrid: {loss: [mse, {name: mse}, {name: mse, weight: 1.0}]}")
    assert (len(plan.trials), plan.doubles) == (1, 2)


@pytest.mark.parametrize(
    ("entry", "left"),
    [
        ("{loss: mae}", 4),
        ("{loss.name: mae}", 4),
        ("{loss.name: huber}", 4),
        ("{loss: mae, training.epochs: 3}", 5),
        ("{loss.delta: 0.1}", 4),
        ("{loss.delta: 0.1, training.epochs: 5}", 5),
    ],
)
def test_what_agrees_with_every_key_of_an_entry_is_excluded(entry, left, plan_of):
    plan = plan_of(
        f"grid: {{loss: [mse, mae, {{name: huber, delta: 0.1}}], training.epochs: [3, 5]}}\nexclude: [{entry}]"
    )
    assert (len(plan.trials), plan.excluded) == (left, 6 - left)


RANDOM = "random: {count: 30, seed: %d, space: {%s}}"
LR = "optimization.optimizer.lr: {log_uniform: [1e-5, 1e-1]}"
REST = (
    ", training.epochs: {int: [3, 5]}, loss: {choice: [mse, {name: huber, delta: 0.2}]}, "
    "data.train_size: {log_int: [10, 1000]}"
)


def test_random_settings_stay_in_their_bounds_and_reach_all_of_them(plan_of):
    configs = [trial.config for trial in plan_of(RANDOM % (0, LR + REST)).trials]
    assert len(configs) == 30
    rates = [config.optimization.optimizer.lr for config in configs]
    assert min(rates) < 1e-4 and max(rates) > 1e-2 and all(1e-5 <= rate <= 1e-1 for rate in rates)
    assert {config.training.epochs for config in configs} == {3, 4, 5}
    assert {config.loss_terms[0].name for config in configs} == {"mse", "huber"}
    assert all(10 <= config.data.train_size <= 1000 for config in configs)


def test_random_settings_depend_on_their_seed_alone_and_not_on_the_other_keys(plan_of):
    def rates(text):
        return [trial.config.optimization.optimizer.lr for trial in plan_of(text).trials]

    assert rates(RANDOM % (0, LR)) == rates(RANDOM % (0, LR)) == rates(RANDOM % (0, LR + REST))
    assert rates(RANDOM % (0, LR)) != rates(RANDOM % (1, LR))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            "grid: {loss.nam: [mse]}",
            '19: loss.nam: unknown key "nam"; did you mean "name"? keys: name, weight (first in the trial '
            "loss.nam=mse)",
        ),
        (
            "grid: {loss: [mse], training.epochs: [0]}",
            "39: training.epochs: must be >= 1, got 0 (first in the trial loss=mse, training.epochs=0)",
        ),
        (
            "list: [{loss.delta: 1}]",
            '21: loss.delta: unknown key "delta" of mse; it belongs to huber (first in the trial loss.delta=1)',
        ),
        (
            "zip: {loss: [mse, mae], training.epochs: [3]}",
            "6: zip: all lists must be equally long: loss has 2, training.epochs has 1",
        ),
        ("grid: {seed: [1, 2]}", "8: grid.seed: seeds are an axis of their own: seeds: 0-9"),
        ("{grid: {loss: [mse]}, zip: {loss: [mae]}}", "29: zip.loss: is varied by grid too"),
        (
            "{grid: {loss: [mse, mae]}, exclude: [{loss.nam: mae}]}",
            "38: exclude: agrees with no combination; correct it, or take it out",
        ),
        ("{grid: {loss: [mse]}, exclude: [{loss: mse}]}", "32: exclude: leaves no trial; take something out of it"),
        (
            "{grid: {training.epochs: [3]}, exclude: [{trainig.epochs: 3}]}",
            '43: exclude: nothing varies "trainig.epochs"; did you mean "training.epochs"? varied: training.epochs',
        ),
        (
            "{seeds: 0-99999, random: {count: 11, space: {loss: {choice: [mse]}}}}",
            "1: 1,100,000 trials; at most 1,000,000 can be planned",
        ),
        ("random: {count: 1, space: {loss: {uniform: [2, 1]}}}", None),
    ],
)
def test_what_is_wrong_is_named_with_its_place_and_its_trial(text, problem, plan_of):
    with pytest.raises(ConfigError) as caught:
        plan_of(text)
    assert problem is None or str(caught.value) == f"s.yaml:1:{problem}"


def test_everything_that_is_wrong_is_said_at_once(plan_of):
    with pytest.raises(ConfigError) as caught:
        plan_of("seeds: 0-9\ngrid: {training.epochs: [0, 3, -1], loss: [mse, hubber]}")
    assert [problem.path for problem in caught.value.problems] == ["training.epochs", "loss.name", "training.epochs"]


def test_the_base_is_looked_for_beside_the_sweep_first(plan_of, tmp_path):
    (tmp_path / "mse.yaml").write_text("training: {epochs: 3}\n")
    assert plan_of("base: mse.yaml").trials[0].config.training.epochs == 3


@pytest.mark.parametrize(
    ("base", "problem"),
    [
        (None, 's.yaml:1:7: base: no config "b.yaml"; '),
        ("training: {epochs: 0}\n", "b.yaml:1:20: training.epochs: must be >= 1, got 0"),
        ("seeds: 0-9\n", "b.yaml: is a sweep, not the config of one run: aecli sweep --config b.yaml"),
    ],
    ids=["missing", "refused", "a sweep"],
)
def test_a_base_that_is_wrong_is_refused_by_itself(base, problem, plan_of, tmp_path):
    if base:
        (tmp_path / "b.yaml").write_text(base)
    with pytest.raises(ConfigError) as caught:
        plan_of("base: b.yaml\ngrid: {loss: [mse]}")
    assert str(caught.value).startswith(problem)


def test_ten_thousand_trials_are_planned_in_a_moment(plan_of):
    begin = time.process_time()
    rates = ", ".join(f"{1e-4 * (1 + index / 10):.6f}" for index in range(500))
    plan = plan_of(f"seeds: 0-9\ngrid: {{loss: [mse, mae], optimization.optimizer.lr: [{rates}]}}")
    assert len(plan.trials) == 10_000
    assert time.process_time() - begin < 5


def test_a_sweep_may_vary_one_value_of_a_section_that_is_at_its_default(plan_of):
    plan = plan_of("grid: {optimization.schedule.warmup: [0.5, 1], loss.weight: [1, 2]}")
    assert [trial.config.optimization.schedule.name for trial in plan.trials] == ["constant"] * 4
