"""What a watcher may know of a run is what a run has."""

import dataclasses
from typing import get_type_hints

from aecli.console.watched_run import Prepared, Splits, Step, Trainee
from aecli.training.build import Prepared as PreparedTraining
from aecli.training.loop import StepEvent
from aecli.training.loop import Trainee as TrainedThing


def names_of(contract):
    return {name for name, member in vars(contract).items() if isinstance(member, property)}


def test_every_part_that_is_told_of_is_there():
    for contract, kind in ((Prepared, PreparedTraining), (Trainee, TrainedThing), (Step, StepEvent)):
        assert names_of(contract) and names_of(contract) <= {one.name for one in dataclasses.fields(kind)}, contract
    splits = get_type_hints(PreparedTraining)["splits"]
    assert names_of(Splits) <= {one.name for one in dataclasses.fields(splits)}
