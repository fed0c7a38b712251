"""A dose-response as JSON."""

from dosed_runs import FLAT_THEN_CLIFF, KEY, SEEDS, respond, write_doses

from aecli.comparison.dose.dose_json import dose_json


def test_the_json_has_all_of_it(write_run, tmp_path):
    write_doses(write_run, FLAT_THEN_CLIFF)
    made = dose_json(respond(tmp_path, metrics=["mse"]))
    (group,) = made["groups"]
    (goal,) = group["goals"]
    assert (made["schema"], made["key"], made["rope"]) == (1, KEY, "1 %")
    assert (goal["free"], goal["no_loss_shown"], goal["cliff"]) == (
        1e-7,
        None,
        {"after": 1e-6, "from": 1e-5},
    )
    assert (goal["cliff_above"], goal["cliff_unit"]) == (0.1, "share of the reference")
    assert (goal["cliff_may_start_at"], goal["cliff_excluded"], goal["goals_corrected_for"]) == (None, False, 1)
    loss = goal["doses"][4]["loss"]
    assert 0.1 < loss["low"] < loss["mean"] < loss["high"] and loss["confidence"] == 0.95
    assert loss["p_above_limit"] == loss["p_above_limit_corrected"] < 1e-6
    assert loss["family"] == {"goals": 1, "doses": 5, "doses_by": "fixed sequence"}
    assert [one["dose"] for one in goal["doses"]] == list(FLAT_THEN_CLIFF)
    assert goal["doses"][0]["verdict"] is None and goal["doses"][5]["verdict"]["verdict"] == "worse"
    assert len(group["doses"][0]["runs"]) == SEEDS
