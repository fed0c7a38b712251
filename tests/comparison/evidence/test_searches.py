"""Runs among which a search chose: what is said of its winner, and the sweeps with fresh seeds that are offered."""

import json

import pytest
from fake_searches import ONE_SEED

from aecli.comparison.evidence.searches import read_search
from aecli.comparison.telling.search_words import luck_words, search_words


def write_search(folder, *names, **more):
    """search.json and the sweeps it offers, as a search leaves them that ran in another place."""
    for name in names:
        (folder / name).write_text(f"# aecli sweep --config elsewhere/{name}\nbase: runs/a/config.yaml\nseeds:\n- 1\n")
    best = [{"fresh_seeds": f"elsewhere/{name}"} for name in names] + [{"fresh_seeds": None}]
    (folder / "search.json").write_text(
        json.dumps({"objectives": ["validation.mse"], "best": best, "luck": ONE_SEED, **more})
    )
    return folder


def test_the_winner_is_said_to_be_lucky_and_fresh_seeds_are_offered_by_command_and_yaml(tmp_path):
    found = read_search(write_search(tmp_path, "winner.yaml"))
    assert found.fresh == ((f"aecli sweep --config {tmp_path}/winner.yaml", "base: runs/a/config.yaml\nseeds:\n- 1"),)
    assert search_words(found) == (
        f"{tmp_path} is a search: its settings were chosen by validation.mse; were all 12 settings equally good, the "
        f"best of them "
        "would look better than it is by 1.6 standard deviations of the spread over seeds, which one seed each cannot "
        "show",
        "the winner's validation number is optimistic, and its test number as far as its seeds were lucky; "
        f"fresh seeds for it: aecli sweep --config {tmp_path}/winner.yaml",
    )


def test_every_member_of_a_front_is_offered_and_no_stale_one(tmp_path):
    (tmp_path / "winner-7.yaml").write_text("base: old.yaml\n")
    folder = write_search(tmp_path, "winner-1.yaml", "winner-4.yaml", luck=None)
    what, so = search_words(read_search(folder))
    assert what.endswith("; the best of many is partly the luckiest")
    assert so.endswith(
        f": aecli sweep --config {tmp_path}/winner-1.yaml and aecli sweep --config {tmp_path}/winner-4.yaml"
    )


@pytest.mark.parametrize(
    "content",
    ["{}", '{"best": 3, "objectives": 3, "luck": [1]}', '{"best": [3, {"fresh_seeds": 3}], "luck": {"settings": "a"}}'],
)
def test_a_damaged_record_of_a_search_still_warns(content, tmp_path):
    (tmp_path / "search.json").write_text(content)
    found = read_search(tmp_path)
    assert (luck_words(found.luck), found.fresh) == ("the best of many is partly the luckiest", ())
