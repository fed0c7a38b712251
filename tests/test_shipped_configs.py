"""Every YAML that ships, found and counted, takes two steps and learns something finite."""

import math
from pathlib import Path

import pytest
import yaml

from aecli.components.loss import LOSSES
from aecli.components.regularization import REGULARIZERS
from aecli.config.load import load_config
from aecli.config.presets import preset_names, sweep_names
from aecli.sweep.planning.document import load_sweep
from aecli.sweep.planning.plan import make_plan
from aecli.training.build import prepare
from aecli.training.loop import EpochEvent, fit

FOLDER = Path(__file__).parents[1] / "configs"
SWEEPS = sorted(path.name for path in (FOLDER / "sweeps").glob("*.yaml"))
CONFIGS = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.yaml") if path.parent.name != "sweeps")
PLANNED = [name for name in SWEEPS if not load_sweep(f"sweeps/{name}")[0].search]
"""The sweeps whose trials are known before the first one is trained."""


def test_all_of_them_are_seen():
    assert {"mse.yaml", "smoke.yaml"} < set(CONFIGS) and {"losses.yaml", "smoke.yaml"} < set(SWEEPS)
    assert list(preset_names()) == CONFIGS
    assert list(sweep_names()) == SWEEPS
    assert 0 < len(PLANNED) < len(SWEEPS)


def test_every_loss_and_every_regularizer_has_an_example():
    configs = [load_config(path) for path in CONFIGS]
    assert {term.name for config in configs for term in config.loss_terms} == set(LOSSES)
    assert {term.name for config in configs for term in config.regularization} == set(REGULARIZERS)


@pytest.mark.parametrize("name", [name for name in CONFIGS if Path(name).stem in LOSSES])
def test_a_preset_named_after_a_loss_differs_from_the_main_job_in_its_loss_alone(name):
    preset, main = (load_config(path).plain() for path in (name, "mse.yaml"))
    assert {key for key in main if preset[key] != main[key]} <= {"name", "loss"}
    assert (preset["name"], preset["loss"]["name"]) == (Path(name).stem, Path(name).stem)


def test_every_loss_has_a_preset_of_its_name():
    assert {f"{name}.yaml" for name in LOSSES} <= set(CONFIGS)


@pytest.mark.parametrize("path", CONFIGS)
def test_it_takes_two_steps(path):
    takes_two_steps(path)


def planned(name):
    """The plan of a shipped sweep."""
    return make_plan(*load_sweep(f"sweeps/{name}"))


@pytest.mark.parametrize("name", PLANNED)
def test_a_sweep_is_every_combination_with_every_seed_and_has_none_twice(name):
    plan = planned(name)
    data = yaml.safe_load((FOLDER / "sweeps" / name).read_text())
    first, last = map(int, data["seeds"].split("-"))
    axes = [*data.get("grid", {}).values(), *list(data.get("zip", {}).values())[:1]]
    tune = data.get("tune", {"trials": 0, "seeds": 0})
    assert len(plan.trials) == math.prod(map(len, axes)) * (last - first + 1 + tune["trials"] * tune["seeds"])
    assert plan.doubles == plan.excluded == 0


@pytest.mark.parametrize("name", ["losses.yaml", "losses_fast.yaml"])
def test_a_sweep_of_the_losses_has_every_loss(name):
    assert {term.name for trial in planned(name).trials for term in trial.config.loss_terms} == set(LOSSES)


@pytest.mark.parametrize("name", PLANNED)
def test_the_first_trial_of_a_sweep_takes_two_steps(name):
    takes_two_steps(planned(name).trials[0].config)


@pytest.mark.parametrize("name", PLANNED)
def test_every_setting_of_a_sweep_builds_and_survives_a_probe_batch(name):
    seen = set()
    for trial in planned(name).trials:
        config = trial.config
        key = str((config.loss, config.regularization, config.data.contamination, config.evaluation))
        if key not in seen:
            prepare(load_config(config, set=["data.train_size=256", "data.validation=64"]))
        seen.add(key)


def takes_two_steps(source):
    """Train a config for two steps on few images: everything stays finite, and something is learned."""
    validation = [] if load_config(source).data.validation == "test" else ["data.validation=64"]
    sets = ["data.train_size=512", "training.batch_size=256", *validation]
    prepared = prepare(load_config(source, set=sets))
    before = {name: value.clone() for name, value in prepared.trainee.model.state_dict().items()}
    events = []

    def stop_after_one_epoch(event):
        events.append(event)
        return isinstance(event, EpochEvent)

    fit(prepared.trainee, 1, stop_after_one_epoch)
    after = prepared.trainee.model.state_dict()
    assert all(value.isfinite().all() for value in after.values())
    assert any(not value.equal(before[name]) for name, value in after.items())
    assert len(events) == 2 and events[1].epoch == 1
