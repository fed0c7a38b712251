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
        {"after": 1e-6, "from": 1e-5, "shown_from": 1e-5},
    )
    assert [one["dose"] for one in goal["doses"]] == list(FLAT_THEN_CLIFF)
    assert goal["doses"][0]["verdict"] is None and goal["doses"][5]["verdict"]["verdict"] == "worse"
    assert len(group["doses"][0]["runs"]) == SEEDS
