"""The level of verdicts on a sweep that grew, from its plan.json."""

import json

import pytest

from aecli.comparison.telling.basis_words import basis_words
from aecli.comparison.telling.finding_words import finding_words
from aecli.comparison.verdicts.compare import compare
from aecli.comparison.verdicts.looked_before import unplanned_looks
from aecli.comparison.verdicts.looks import level_of_runs


@pytest.fixture
def group(write_run, tmp_path):
    """A function that compares two losses with five seeds, in a sweep whose plan.json says what is given."""
    for seed in range(5):
        for changed, value in (([], 0.01), (["loss.name=mae"], 0.02)):
            write_run(seed=seed, set=changed, test={"mse": value * (1 + 0.01 * seed)})

    def judge(plan):
        (tmp_path / "plan.json").write_text(plan if isinstance(plan, str) else json.dumps(plan))
        return compare([tmp_path / "runs"]).groups[0]

    return judge


def test_planned_looks_have_their_share_and_say_so(group):
    found = group({"seeds": 5, "looks": [5, 10, 20], "history": []})
    assert {one.level for one in found.verdicts} == {0.0125}
    assert "look 1 of 3 that were planned: a corrected p has to be below 0.0125" in basis_words(found)
    assert list(unplanned_looks(found)) == [], "a group has the look and the candidates that the rule asks for"


def test_an_extension_without_a_plan_is_found(group):
    found = group({"seeds": 5, "history": [{"seeds": 3, "at": "2026-12-01T00:00:00Z"}]})
    assert (found.look.level, found.look.total) == (0.025, 0.1)
    (told,) = [finding_words(one) for one in found.findings if one.code == "looks"]
    assert told == (
        "looks: the sweep was extended to 5 seeds after it could be judged at 3, which was not planned; a corrected p "
        "has to be below 0.025 now, and some verdict of all looks is wrong in up to 10 %; plan them before: "
        "looks: [10, 20, 40]"
    )


@pytest.mark.parametrize("plan", ["", "[]", '{"seeds": "5"}', '{"seeds": 5, "looks": 3, "history": {}}', "{"])
def test_a_plan_that_says_nothing_leaves_the_usual_level(plan, group):
    assert group(plan).look.level == 0.05
    assert level_of_runs([]).level == 0.05
