"""Rows whose weight did not buy what it was to buy are named, with their seeds."""

from aecli.comparison.telling.finding_words import finding_words
from aecli.comparison.verdicts.compare import compare
from aecli.comparison.verdicts.missed_targets import missed_targets

BOUGHT = {"measure": "code.l0", "target": 8.0, "value": 8.1, "weight": 0.1, "excess": 0.01, "is_reached": True}
MISSED = BOUGHT | {"value": 16.0, "excess": 0.69, "is_reached": False}


def test_a_target_that_was_missed_is_a_finding(write_run, tmp_path):
    write_run()
    for seed, one in enumerate((BOUGHT, MISSED, MISSED)):
        summary = {"targets": {"regularization.activity_l1": one}}
        write_run(seed=seed, set=["regularization.activity_l1.target.code.l0=8"], summary=summary)
    (group,) = compare([tmp_path / "runs"]).groups
    (finding,) = [one for one in group.findings if one.code == "target-missed"]
    assert finding_words(finding) == (
        "target-missed: the target of the weight was not reached: activity_l1 (seed 1, 2); these stand elsewhere "
        "than they say: train them longer, or compare with --at, which reads what was measured"
    )
    assert list(missed_targets([one for one in group.candidates if one.label != "activity_l1"])) == []
