"""What is collected: runs, folders of runs, sweeps, globs; and why the rest is left out."""

import os
import shutil
import subprocess
import sys

import pytest

from aecli.comparison.evidence.collect import collect
from aecli.errors import UsageError

NOT_HERE = "no such path, and ./runs is not here; give a run's folder, or go to the folder where it was trained"


def names(collected):
    return [run.path.name for run in collected.runs]


def left_out(collected):
    return [(one.path.name, one.kind, one.reason) for one in collected.left_out]


@pytest.fixture
def runs(write_run, tmp_path):
    """Two complete runs, a and b."""
    write_run(name="a")
    write_run(name="b", seed=1)
    return tmp_path / "runs"


def test_run_folders_folders_of_runs_sweep_folders_and_globs_are_found(runs, tmp_path):
    for paths in ([runs / "a", runs / "b"], [runs], [tmp_path], [f"{runs}/*"], [f"{tmp_path}/r*s"]):
        assert names(collect(paths)) == ["a", "b"]


def test_a_run_that_is_named_twice_counts_once(runs, tmp_path, monkeypatch):
    (tmp_path / "link").symlink_to(runs / "a")
    monkeypatch.chdir(tmp_path)
    found = collect([runs, f"{runs}/*", "runs/a", "runs/../runs/b/", tmp_path / "link", tmp_path])
    assert names(found) == ["a", "b"]
    assert found.left_out == ()


def test_what_is_left_out_is_told_once(runs):
    (runs / "report.html").write_text("<html>")
    assert left_out(collect([f"{runs}/*", f"{runs}/*", runs / "report.html"])) == [
        ("report.html", "foreign", "is a file, not a folder")
    ]


def test_foreign_files_folders_and_links_that_lead_nowhere_are_left_out(runs):
    (runs / "notes").mkdir()
    (runs / "report.html").write_text("<html>")
    (runs / "gone").symlink_to("nowhere")
    (runs / "loop").symlink_to("loop")
    assert left_out(collect([f"{runs}/*"])) == [
        ("gone", "foreign", "is no folder"),
        ("loop", "foreign", "is no folder"),
        ("notes", "foreign", "is no run folder: it has no config.yaml and status.json"),
        ("report.html", "foreign", "is a file, not a folder"),
    ]


@pytest.mark.parametrize(
    ("kept", "kind", "reason"),
    [
        (["config.yaml"], "foreign", "is no run folder: it has no config.yaml and status.json"),
        (["config.yaml", "metrics.jsonl"], "broken", "has no status.json"),
        (["status.json", "summary.json"], "broken", "has no config.yaml"),
    ],
)
def test_a_folder_with_two_of_the_files_of_a_run_is_a_broken_run(runs, kept, kind, reason):
    for file in (runs / "a").iterdir():
        if file.name not in kept:
            file.unlink()
    assert left_out(collect([f"{runs}/*"])) == [("a", kind, reason)]


def test_a_path_with_brackets_in_its_name_is_no_glob_if_it_exists(write_run):
    path = write_run(name="run[1]")
    assert names(collect([path])) == ["run[1]"]


@pytest.mark.parametrize(
    ("paths", "message"),
    [
        ([], "no runs; name run folders, for example: aecli compare runs/*"),
        (["nothing"], f"nothing: {NOT_HERE}"),
        (["no*thing"], "no*thing: no folder matches; `aecli runs` lists the runs there are"),
        (["a\nb"], f"a\\nb: {NOT_HERE}"),
        (["a\0*"], "a\\x00*: no folder matches; `aecli runs` lists the runs there are"),
        (["x" * 300], f"{'x' * 300}: cannot be read: File name too long"),
    ],
    ids=["nothing named", "no folder", "no match", "newline", "NUL", "too long"],
)
def test_paths_that_lead_to_nothing_are_refused(paths, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError) as refused:
        collect(paths)
    assert str(refused.value) == message


def test_no_complete_run_is_an_error_with_the_first_reasons(write_run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for number in range(10):
        write_run(name=f"r{number}", status="diverged", seed=number)
    with pytest.raises(UsageError) as refused:
        collect(["runs"])
    lines = str(refused.value).splitlines()
    assert lines[:2] == ["no run here can be compared:", "  runs/r0: diverged, epoch 50 of 50"]
    assert lines[8:] == ["  runs/r7: diverged, epoch 50 of 50", "  and 2 more"]


def test_a_folder_that_vanishes_after_it_was_listed_is_left_out(runs, monkeypatch):
    import aecli.comparison.evidence.collect as module

    def list_then_remove(path, others):
        found = module_runs_within(path, others)
        shutil.rmtree(runs / "b")
        return found

    module_runs_within = module.runs_within
    monkeypatch.setattr(module, "runs_within", list_then_remove)
    assert left_out(collect([runs])) == [("b", "broken", "has no status.json")]


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="no users here")
def test_a_folder_without_permission_is_left_out_and_its_neighbours_are_not(runs, write_run):
    """Root may read everything, so it becomes another user in a process of its own, which is in the folder already."""
    write_run(name="c", seed=2)
    (runs / "a").chmod(0)
    (runs / "c" / "summary.json").chmod(0)
    code = (
        "import os\n"
        "from aecli.comparison.evidence.collect import collect\n"
        "collect(['b'])  # imports whatever is needed, while it can\n"
        "if os.geteuid() == 0: os.setgroups([]); os.setgid(65534); os.setuid(65534)\n"
        "for paths in (['.'], ['*']):\n"
        "    found = collect(paths)\n"
        "    print([run.path.name for run in found.runs], [(one.path.name, one.kind, one.reason) for one in "
        "found.left_out])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=runs)
    (runs / "a").chmod(0o755)
    if "os.set" in done.stderr:
        pytest.skip("cannot become another user here")
    locked, closed = (
        ("a", "unreadable", "cannot be read: Permission denied"),
        ("c", "unreadable", "summary.json cannot be read: Permission denied"),
    )
    assert [sorted(eval(line.partition("] ")[2])) for line in done.stdout.splitlines()] == [[locked, closed]] * 2, (
        done.stderr
    )
    assert [line.partition(" ")[0] for line in done.stdout.splitlines()] == ["['b']"] * 2
