"""What can be typed for a run: last, a beginning, a config's name, a tag; a path always wins."""

import shutil
from pathlib import Path

import pytest

from aecli.errors import UsageError
from aecli.runs.folder import open_run_folder
from aecli.runs.ids import find_run, find_runs, known_ids, short_ids
from aecli.runs.notes import tag
from aecli.runs.places import newest_first, runs_in

FIRST, SECOND, THIRD = (
    "20261122T101502Z_mse_s0_9f3a",
    "20261122T101502Z_mse_s1_9f77",
    "20261122T101503Z_mse_l1_s0_0c1d",
)
SWEPT = "20261121T000000Z_mae_s0_5eed"


@pytest.fixture(autouse=True)
def runs(write_run, tmp_path, monkeypatch):
    """Three runs and one of a sweep, here."""
    monkeypatch.chdir(tmp_path)
    write_run(name=FIRST)
    write_run(name=SECOND, seed=1)
    write_run(name=THIRD, set=["loss.name=mae"])
    write_run(name=f"swept/runs/{SWEPT}")
    return Path("runs")


def refusal(text, find=find_run, **options):
    with pytest.raises(UsageError) as refused:
        find(text, **options)
    return str(refused.value)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("last", THIRD),
        ("last-1", SECOND),
        ("last-2", FIRST),
        ("last-3", SWEPT),
        (FIRST, FIRST),
        ("20261122T101503", THIRD),
        ("9f3", FIRST),
        ("s1_9f77", SECOND),
        ("mse_s1", SECOND),
        ("l1_s0", THIRD),
        ("mse_l1", THIRD),
        ("5eed", SWEPT),
        ("mae", SWEPT),
        ("runs/last", THIRD),
        ("runs/9f77", SECOND),
        ("runs/swept/last", SWEPT),
        ("./last", THIRD),
    ],
)
def test_a_run_is_found_by_what_people_type(text, name, runs):
    if text == "./last":
        shutil.copytree(runs / THIRD, Path(THIRD))  # a folder that holds runs itself
    assert find_run(text).name == name
    assert open_run_folder(text).path.name == name
    assert [run.name for run in find_runs(text)] == [name]


def test_a_path_that_exists_always_wins(runs):
    shutil.copytree(runs / FIRST, Path("last"))
    shutil.copytree(runs / FIRST, Path("mse"))
    assert find_run("last") == Path("last") and find_runs("mse") == [Path("mse")]


def test_a_configs_name_is_its_newest_run_if_only_the_seeds_differ_and_all_its_runs_for_a_comparison(runs):
    assert find_run("mse") == runs / SECOND
    assert find_runs("mse") == [runs / FIRST, runs / SECOND]
    shutil.copytree(runs / THIRD, runs / "20261123T000000Z_mse_s0_0000")
    newest = "runs/20261123T000000Z_mse_s0_0000"
    candidates = f"{newest}, runs/{SECOND}, runs/{FIRST}"
    assert refusal("mse") == f"mse: the config of 3 runs, newest first; name one: {candidates}"
    assert len(find_runs("mse")) == 3
    assert refusal("mse", find_runs, strict=True) == refusal("mse")


def test_the_name_of_a_config_is_known_though_somebody_named_the_folder(runs):
    (runs / FIRST).rename(runs / "paper")
    (runs / "paper/config.yaml").write_text(
        (runs / "paper/config.yaml").read_text().replace("name: fake", "name: mine")
    )
    assert find_run("mine") == find_run("pap") == runs / "paper"


def test_the_beginning_of_several_names_is_refused_with_all_of_them(runs):
    text = f"9f: the beginning of 2 runs, newest first; name one: runs/{SECOND}, runs/{FIRST}"
    assert refusal("9f") == refusal("9f", find_runs) == text


def test_what_is_not_there_is_refused_with_where_it_was_looked_for(runs):
    looked = "no such path, and no run in ./runs has such a name, beginning of a name, config or tag"
    assert refusal("bce") == f"bce: {looked}; `aecli runs` lists the runs there are"
    assert refusal("lats") == f"lats: {looked}; did you mean last?; `aecli runs` lists the runs there are"
    assert refusal("tag:x", find_runs).startswith(f"tag:x: {looked}")
    assert refusal("last-9") == "last-9: ./runs has only 4 runs; `aecli runs` lists them"
    hint = "give a run's folder, or go to the folder where it was trained"
    shutil.rmtree(runs)
    assert refusal("last") == f"last: no such path, and ./runs is not here; {hint}"
    runs.mkdir()
    assert refusal("last") == f"last: no such path, and ./runs has no runs; {hint}"
    assert refusal("no/such") == f"no/such: no such path, and ./no is not here; {hint}"


@pytest.mark.parametrize("text", ["a\0b", "x" * 300, "*", "-", "_", "..x", "tag:", "last-", "last--1"], ids=repr)
def test_text_that_means_nothing_is_a_refusal_and_no_traceback(text):
    assert "no such path" in refusal(text)


def test_a_tag_stands_for_all_runs_that_have_it(runs):
    tag(runs / SECOND, "paper")
    tag(runs / "swept/runs" / SWEPT, "paper")
    assert find_runs("tag:paper") == [runs / SECOND, runs / "swept/runs" / SWEPT]
    assert refusal("tag:paper").startswith("tag:paper: the tag of 2 runs")


def test_the_last_run_is_the_one_that_began_last_by_its_status(runs, tmp_path):
    status = runs / FIRST / "status.json"
    status.write_text(status.read_text().replace('"schema"', '"started": "2026-11-22T10:15:03.500Z", "schema"'))
    assert [run.name for run in newest_first(runs_in(runs))] == [FIRST, THIRD, SECOND, SWEPT]


def test_short_ids_are_unique_and_lead_back(runs):
    shutil.copytree(runs / FIRST, runs / "20261122T101502Z_mse_s2_9f3a")
    shutil.copytree(runs / FIRST, runs / "mine")
    shutil.copytree(runs / FIRST, runs / "swept/runs" / FIRST)
    found = runs_in(runs)
    ids = dict(zip((run.as_posix() for run in found), short_ids(found), strict=True))
    assert ids.pop(f"runs/{FIRST}") == f"runs/{FIRST}" and ids.pop(f"runs/swept/runs/{FIRST}")
    assert set(ids.values()) == {"9f77", "0c1d", "5eed", "s2_9f3a", "mine"}
    assert all(find_run(short).as_posix() == path for path, short in ids.items())


def test_tab_offers_what_can_be_typed(runs):
    tag(runs / FIRST, "paper")
    assert known_ids("") == sorted([f"runs/{FIRST}", f"runs/{SECOND}", f"runs/{THIRD}", f"runs/swept/runs/{SWEPT}"])
    assert known_ids("las") == ["last", "last-1", "last-2", "last-3"]
    assert known_ids("ta") == ["tag:paper"] and known_ids("ms") == ["mse_l1", "mse"] and known_ids("9f3") == ["9f3a"]
    assert known_ids("nothing") == []
