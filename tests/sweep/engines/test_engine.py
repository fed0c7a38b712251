"""What a sweep needs of whoever trains its trials: every engine has it."""

import inspect

import pytest

from aecli.sweep.engines.engine import Engine
from aecli.sweep.engines.local import LocalEngine
from aecli.sweep.engines.ray_engine import RayEngine


@pytest.mark.parametrize("kind", [LocalEngine, RayEngine])
def test_every_engine_keeps_the_contract(kind):
    for name, member in vars(Engine).items():
        if isinstance(member, property):
            assert isinstance(getattr(kind, name), property), name
        elif inspect.isfunction(member) and not name.startswith("_"):
            asked, there = (list(inspect.signature(one).parameters.values()) for one in (member, getattr(kind, name)))
            assert [one.name for one in there[: len(asked)]] == [one.name for one in asked], name
            assert all(one.default is not one.empty for one in there[len(asked) :]), name
