"""Every YAML that ships, found and counted, takes two steps and learns something finite."""

from pathlib import Path

import pytest

from aecli.config.load import load_config
from aecli.experiment.losses import LOSSES
from aecli.experiment.prepare import prepare
from aecli.experiment.regularization import REGULARIZERS
from aecli.experiment.training import EpochEvent, fit

FOLDER = Path(__file__).parents[1] / "configs"
CONFIGS = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.yaml"))


def test_all_of_them_are_seen():
    assert len(CONFIGS) == 34


def test_every_loss_and_every_regularizer_has_an_example():
    configs = [load_config(path) for path in CONFIGS]
    assert {term.name for config in configs for term in config.loss_terms} == set(LOSSES)
    assert {term.name for config in configs for term in config.regularization} == set(REGULARIZERS)


@pytest.mark.parametrize("path", CONFIGS)
def test_it_takes_two_steps(path):
    validation = [] if load_config(path).data.validation == "test" else ["data.validation=64"]
    sets = ["data.train_size=512", "training.batch_size=256", *validation]
    prepared = prepare(load_config(path, set=sets))
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
