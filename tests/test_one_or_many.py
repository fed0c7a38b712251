"""From Python one text or path stands for a list of one wherever several may be given: it is never taken apart."""

import pytest

import aecli
from aecli.comparison.check.check import check
from aecli.comparison.dose.dose import dose_response
from aecli.comparison.recommendation.recommend import recommend
from aecli.errors import AecliError, UsageError
from aecli.sweep.planning.document import load_sweep


def told(call, *arguments, **options):
    """What a refusal says."""
    with pytest.raises(AecliError) as caught:
        call(*arguments, **options)
    return str(caught.value)


def test_one_override_is_one():
    assert aecli.load_config("mse.yaml", set="seed=3").seed == 3
    assert load_sweep("smoke.yaml", set="training.epochs=2")[0].base_set == ("training.epochs=2",)
    assert told(aecli.train, "mse.yaml", set="seed=x").startswith("--set seed=x: seed: expected a whole number")


@pytest.mark.parametrize("wrong", [{"seed": 3}, b"seed=3", [3]], ids=["mapping", "bytes", "number"])
def test_what_is_no_text_is_told_by_its_type(wrong):
    with pytest.raises(TypeError, match='expected a text such as "seed=3", or several in a list, got'):
        aecli.load_config("mse.yaml", set=wrong)


def test_one_folder_is_one(losses, tmp_path):
    for runs in (losses, str(losses)):
        (group,) = aecli.compare(runs, metrics="mse", where="loss.name=mae").groups
        assert {run.config["loss"]["name"] for run in group.runs} == {"mae"}
    assert told(aecli.compare, str(tmp_path / "nowhere")).startswith(f"{tmp_path}/nowhere: no such path")
    with pytest.raises(UsageError, match="nothing else|doses|--key"):
        dose_response(losses, key="seed", metrics="mse", where="loss.name=mae")


def test_one_goal_and_one_condition_are_one(losses):
    assert recommend(losses, goals="generalization", where="loss.name=mae") is not None
    (run, *_) = sorted(losses.iterdir())
    assert len(check(run, "test.mse<=9").conditions) == 1


def test_one_suite_is_one(losses):
    (run, *_) = sorted(losses.iterdir())
    assert "nonsense" in told(aecli.evaluate, run, suites="nonsense")
    assert told(aecli.resume, run, set="seed=1").count("--set") <= 1
