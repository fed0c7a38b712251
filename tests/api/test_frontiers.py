"""Frontiers from Python are those of the command line."""

import json

import pytest
from in_process import call_main

import aecli
from aecli.api.frontiers import Frontiers


@pytest.fixture
def frontiers(write_run, tmp_path):
    """Two strengths with three doses each, two seeds."""
    for seed in range(2):
        for units in (4, 12, 30):
            for chosen, factor in ((f"k_sparse.k={units}", 1.0), (f"activity_l1.weight={1 / units}", 1.3)):
                suites = {"test": {"code": {"code": {"active_per_image": units + 0.1 * seed}}}}
                write_run(seed=seed, set=[f"regularization.{chosen}"], test={"mse": factor / units}, suites=suites)
    return tmp_path / "runs"


def test_frontiers_say_what_the_command_says(frontiers):
    found = aecli.compare_at(frontiers, "code.l0=20", metrics="mse", baseline="k_sparse")
    command = ["compare", str(frontiers), "--at", "code.l0=20", "--metric", "mse", "--baseline", "k_sparse"]
    assert isinstance(found, Frontiers)
    assert repr(found) == "Frontiers(code.l0 = 20: 2 frontiers)"
    assert str(found) == call_main(*command).stdout.rstrip("\n")
    assert found.plain() == json.loads(call_main(*command, "--json").stdout)


@pytest.mark.parametrize("option", [["--matrix"], ["--format", "csv"], ["--top", "3"]])
def test_what_only_tables_have_is_refused_beside_it(option, frontiers):
    done = call_main("compare", str(frontiers), "--at", "code.l0=20", *option)
    assert done.returncode == 2
    name = " ".join(option) if option[0] == "--format" else option[0]
    assert f"--at and {name}: frontiers are told in words or with --json; leave {name} out" in done.stderr
