"""A dose-response as JSON."""

from aecli.comparison.dose.dose import dose_response
from aecli.comparison.dose.dose_json import dose_json

SEEDS = 10

KEY = "regularization.l1.weight"


def respond(tmp_path, **options):
    return dose_response([tmp_path / "runs"], key=KEY, **options)


FLAT_THEN_CLIFF = {0: 1.0, 1e-8: 1.0, 1e-7: 1.001, 1e-6: 1.04, 1e-5: 1.5, 1e-4: 3.0}


def test_the_json_has_all_of_it(write_doses, tmp_path):
    write_doses(FLAT_THEN_CLIFF)
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
