"""A comparison as data for JSON."""

import json

import pytest
from fake_formats import made

from aecli.comparison.telling.formats.json_data import as_json


def test_json_has_everything_and_its_version(three_losses):
    data = json.loads(json.dumps(as_json(*made(three_losses), matrix=True), allow_nan=False))
    assert data["schema"] == 1
    assert data["rope"] == "1 %"
    (group,) = data["groups"]
    assert group["data"] == {"name": "mnist, 10,000 test images", "sha256": "fe4f6dc3"}
    assert group["factors"] == ["loss"]
    assert group["baseline"] == "mse"
    assert group["baseline_was_chosen"] is True
    assert [candidate["label"] for candidate in group["candidates"]] == ["mse", "huber", "mae"]
    first = group["candidates"][0]
    assert first["metrics"]["test.mse"]["by_seed"] == {"0": 0.0080, "1": 0.0081, "2": 0.0082}
    assert len(first["runs"]) == 3
    assert group["baselines"] == {"mean_image": {"test.mse": 0.0675}, "pca_32": {"test.mse": 0.0168}}
    verdict = group["verdicts"][0]
    assert (verdict["candidate"], verdict["verdict"], verdict["comparisons"], verdict["seeds"]) == (
        "huber",
        "undecided",
        3,
        [0, 1, 2],
    )
    assert 0.01 < verdict["p"] <= verdict["p_corrected"]
    assert (verdict["test"], verdict["level"], verdict["holds_for"]) == ("shared-spread", 0.05, "these-images")
    assert group["best"] == {"members": ["mse", "huber"], "worse": ["mae"], "not_judged": []}
    assert verdict["scale"] == "ratio" and verdict["relative"]["mean"] == pytest.approx(
        0.0123333 / 0.0081 - 1, rel=1e-4
    )
    assert group["matrix"]["huber"]["test.mse"]["regret"] == pytest.approx(0.0123333 / 0.0081 - 1, rel=1e-4)
    assert [finding["code"] for finding in group["findings"]] == ["own-referee", "few-seeds", "untuned"]


def test_json_names_everything_that_was_left_out(three_losses, write_run):
    path = write_run(status="failed")
    data = as_json(*made(three_losses))
    assert data["left_out"] == [{"path": str(path), "kind": "failed", "reason": "failed, epoch 50 of 50"}]
