"""A recommendation as JSON."""

import json

import pytest
from chosen_runs import BAD, GOOD, write_candidate

from aecli.comparison.recommendation.recommend import recommend
from aecli.comparison.recommendation.recommend_json import plain_value, recommendation_json


@pytest.fixture
def runs(tmp_path):
    return tmp_path / "runs"


def test_the_plain_form_is_json_with_a_version(write_run, runs):
    write_candidate(write_run, "mse", GOOD)
    write_candidate(write_run, "mae", BAD)
    found = recommend([runs], goals=["reconstruction=2", "generalization"])
    plain = json.loads(json.dumps(recommendation_json(found), allow_nan=False))
    assert (plain["schema"], plain["kind"], plain["leader"]) == (1, "recommended", "mse")
    assert plain["goals"] == {"reconstruction": 2.0, "generalization": 1.0}
    assert plain["standings"][1]["behind"]["low"] > 0
    assert plain["config_file"].endswith("/config.yaml")
    assert plain["command"] == f"aecli train --config {plain['config_file']} --seed 6"


def test_paths_are_texts_and_tuples_are_lists(tmp_path):
    assert plain_value({"a": (tmp_path, [1, None])}) == {"a": [str(tmp_path), [1, None]]}
