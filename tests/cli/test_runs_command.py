"""`aecli runs` and what it does to runs, and runs named by ids in every command."""

import json
import shutil
import subprocess
import sys

import pytest
from in_process import call_main

from aecli.cli.runs_command import group
from aecli.runs.folder import RunFolder

FIRST, SECOND = "20261122T101501Z_fake_s0_aaaa", "20261122T101502Z_fake_s1_bbbb"


@pytest.fixture
def here(write_run, tmp_path, monkeypatch):
    """A folder with two runs of one config and one of another."""
    monkeypatch.chdir(tmp_path)
    write_run(name=FIRST, test={"mse": 0.02})
    write_run(name=SECOND, seed=1, test={"mse": 0.021})
    write_run(name="20261122T101503Z_other_s0_cccc", set=["loss.name=mae"], test={"mse": 0.01})
    return tmp_path


def out(*arguments):
    done = call_main(*arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


def refusal(*arguments, code=2):
    done = call_main(*arguments)
    assert (done.returncode, done.stdout) == (code, ""), done.stdout
    return done.stderr


def test_the_list_is_the_default_and_takes_a_folder_and_options(here):
    text = out("runs")
    assert [line.split()[0] for line in text.splitlines()] == ["id", "cccc", "bbbb", "aaaa", "3"]
    assert text == out("runs", "list") == out("runs", "runs") == out("runs", str(here / "runs"))
    assert out(*"runs --sort test.mse --where loss.name=mse".split()).split("\n")[1].startswith("aaaa")
    assert [one["id"] for one in json.loads(out("runs", "--json"))] == ["cccc", "bbbb", "aaaa"]
    assert "rm" in out("runs", "--help") and "--sort" in out("runs", "list", "--help")
    assert "No such command 'remove'" in refusal("runs", "remove", "last")
    assert refusal("runs", "elsewhere").startswith("error: elsewhere: no such folder; runs are in ./runs of the folder")


def test_a_folder_of_runs_is_shown_as_its_list(here):
    done = call_main("show", "runs")
    assert done.stdout == out("runs")
    assert done.stderr == "note: runs holds runs; one of them: aecli show runs/20261122T101503Z_other_s0_cccc\n"
    assert len(json.loads(out("show", "runs", "--json"))) == 3


@pytest.mark.parametrize("text", ["last", "last-0", "cccc", "2026112", "20261122T101503", "other_s0"])
def test_show_and_check_take_what_can_be_typed_for_a_run(here, text):
    if text == "2026112":
        assert "the beginning of 3 runs" in refusal("show", text)
        return
    assert out("show", text).startswith("runs/20261122T101503Z_other_s0_cccc\n")
    assert out("check", text, *"--assert mse<=0.01 --baseline aaaa --tolerance 1".split())


def test_comparisons_take_names_tags_and_all_of_runs(here):
    whole = out("compare", "runs/*", "--json")
    done = call_main("compare", "--json")
    assert done.stdout == whole
    assert done.stderr == "no runs named: all of ./runs (3 runs), as aecli compare runs/* does\n"
    assert out("compare", "fake", "other", "--json") == whole
    out("runs", "tag", "fake", "last", "mine")
    assert out("compare", "tag:mine", "--json") == whole
    assert out("compare", "--baseline", "cccc") == out("compare", "--baseline", "loss.name=mae")
    goal = ["--for", "reconstruction", "--json"]
    assert out("recommend", "tag:mine", *goal) == out("recommend", *goal) == out("recommend", "runs/*", *goal)
    key = ["--key", "seed", "--json"]
    assert refusal("dose", *key).splitlines()[1:] == refusal("dose", "runs/*", *key).splitlines()
    assert out("report", "tag:mine") == out("report", "-o", "report.html") == "report.html\n"


def test_without_runs_a_comparison_says_what_to_type(tmp_path, monkeypatch, here):
    monkeypatch.chdir(here / "runs")
    assert refusal("compare") == "error: no runs named, and no ./runs here, but 3 runs: aecli compare *\n"
    (here / "empty").mkdir()
    monkeypatch.chdir(here / "empty")
    train = "train some, for example: aecli sweep --config losses.yaml, then:"
    for command in ("compare", "report", "recommend --for reconstruction", "dose --key seed"):
        message = f"error: no runs named, and none in ./runs; {train} aecli {command} runs/losses\n"
        assert refusal(*command.split()) == message


def test_runs_go_to_the_trash_and_come_back_and_are_deleted_on_purpose(here):
    done = call_main("runs", "rm", "last", "aaaa")
    assert [line.split()[0] for line in done.stdout.splitlines()] == [
        "runs/.trash/20261122T101503Z_other_s0_cccc",
        f"runs/.trash/{FIRST}",
    ]
    assert done.stderr == "note: still on the disk; back: aecli runs trash --restore NAME; gone: --empty\n"
    assert [line.split()[0] for line in out("runs", "trash").splitlines()][0] == FIRST
    assert out("runs", "trash", "--restore", "aaaa") == f"runs/{FIRST}\n"
    done = call_main("runs", "trash", "--empty")
    assert done.stderr.startswith("freed ") and not (here / "runs/.trash").exists()
    assert call_main("runs", "trash").stderr == "the trash of runs is empty\n"
    assert refusal("runs", "trash", "--empty", "--restore", "x") == "error: --empty and --restore: give one of them\n"


def test_what_is_in_use_or_means_several_is_not_removed(here):
    assert "the config of 2 runs" in refusal("runs", "rm", "fake")
    RunFolder(here / "runs" / FIRST).write_status("running")
    assert "is being trained by process" in refusal("runs", "rm", "last", "aaaa")
    assert len(list((here / "runs").iterdir())) == 3


def test_notes_and_tags_are_written_shown_and_taken_away(here):
    assert out("runs", "note", "last", "look again").splitlines()[0].startswith("note            look again (")
    assert out("runs", "tag", "last", "bbbb", "paper").splitlines()[1] == f"runs/{SECOND}"
    assert call_main("runs", "tag", "last", "paper").stderr == "note: 1 of them had it already\n"
    shown = out("show", "last").splitlines()
    assert shown[2] == "tags            paper" and shown[3].startswith("note            look again")
    assert json.loads(out("show", "last", "--json"))["tags"] == ["paper"]
    assert len(json.loads(out("runs", "--where", "tag=paper", "--json"))) == 2
    assert out("runs").splitlines()[1].endswith("paper  look again")
    out("runs", "tag", "tag:paper", "paper", "--remove")
    assert out("runs", "note", "last", "--remove") == "runs/20261122T101503Z_other_s0_cccc\n"
    assert not list((here / "runs").rglob("notes.json"))
    assert "letters, digits" in refusal("runs", "tag", "last", "a b")
    assert "give a TEXT or --remove" in refusal("runs", "note", "last", "x", "--remove")


def test_prune_goes_on_after_a_run_that_cannot_be_pruned_and_says_so(here):
    done = call_main("runs", "prune", "--keep", "none", "--dry-run")
    assert done.stdout.splitlines()[-1] == "0 B would be freed in 3 runs"
    RunFolder(here / "runs" / FIRST).write_status("interrupted")
    done = call_main("runs", "prune", "--keep", "none")
    assert done.returncode == 0 and "is interrupted" in done.stderr and "in 2 runs" in done.stdout
    assert call_main("runs", "prune", "--keep", "none", "aaaa").returncode == 2


def test_every_command_of_the_group_has_an_example():
    commands = {command.name or command.callback.__name__: command.callback for command in group.registered_commands}
    assert set(commands) == {"list", "rm", "trash", "prune", "note", "tag"}
    assert all("Example: [bold]aecli runs " in callback.__doc__ for callback in commands.values())


def test_completion_offers_ids_without_torch(here):
    code = (
        "import sys\nfrom aecli.cli.shared_options import complete_run\n"
        "print(*complete_run('la'), *complete_run('aa'), 'torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "last last-1 last-2 aaaa False\n"


def test_names_of_runs_do_not_hide_configs(here):
    shutil.copytree(here / "runs" / FIRST, here / "runs/20261122T101504Z_smoke_s0_dddd")
    assert out("show", "smoke") == out("show", "smoke.yaml")
    assert out("show", "smoke_s0").startswith("runs/20261122T101504Z_smoke_s0_dddd\n")
