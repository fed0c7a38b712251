"""Removed runs: moved, brought back, deleted on purpose; never what a link leads to."""

from pathlib import Path

import pytest

from aecli.errors import RunFolderError, UsageError
from aecli.runs.folder import RunFolder
from aecli.runs.locks import locked
from aecli.runs.places import runs_in
from aecli.runs.trash import empty_trash, list_trash, remove, restore


@pytest.fixture
def root(write_run, tmp_path):
    """Two runs, and one of a sweep."""
    for name in ("one", "two", "sweep/runs/three"):
        write_run(name=name)
    return tmp_path / "runs"


def refused(*runs):
    with pytest.raises(UsageError) as caught:
        remove(runs)
    return str(caught.value)


def content(root):
    return {path.relative_to(root): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_runs_are_moved_as_they_are_and_brought_back(root):
    before = content(root)
    moved = remove([root / "one", root / "sweep/runs/three"])
    assert [one.path for one in moved] == [root / ".trash/one", root / "sweep/runs/.trash/three"]
    assert [one.path.name for one in list_trash(root)] == ["one", "three"] and runs_in(root) == [root / "two"]
    assert restore(root, "one") == root / "one" and restore(root, "thr") == root / "sweep/runs/three"
    assert content(root) == before and not (root / ".trash").exists()


def test_a_run_in_the_folder_where_one_stands_is_moved(root, monkeypatch):
    monkeypatch.chdir(root / "one")
    assert remove([Path()])[0].path == root / ".trash/one"


def test_a_name_that_is_in_the_trash_already_gets_a_number(root, write_run):
    remove([root / "one"])
    write_run(name="one")
    assert remove([root / "one"])[0].path == root / ".trash/one~2"
    assert restore(root, "one") == root / "one"


def test_all_or_none_are_moved(root):
    RunFolder(root / "two").write_status("running")
    assert refused(root / "one", root / "two").startswith(f"{root}/two: is being trained by process ")
    with locked(root / "sweep/runs/three"):
        assert refused(root / "one", root / "sweep/runs/three").endswith("another process is working on this run")
    assert (root / "one").is_dir() and not (root / ".trash").exists()


def test_what_is_no_run_is_not_moved(root, tmp_path):
    inside = f"; its runs: {root}/one, {root}/two"
    assert refused(root) == f"{root}: is no run folder, and nothing was moved{inside}"
    assert refused(root / "sweep").startswith(f"{root}/sweep: is no run folder")
    (root / "link").symlink_to(root / "one", target_is_directory=True)
    assert refused(root / "link") == f"{root}/link: is a link; take the link itself away with: rm {root}/link"
    remove([root / "two"])
    assert "is in the trash already" in refused(root / ".trash/two")


def test_a_trash_that_is_a_link_is_not_written_to_and_not_emptied(root, tmp_path):
    (tmp_path / "precious").mkdir()
    (tmp_path / "precious/file").write_text("x")
    (root / ".trash").symlink_to(tmp_path / "precious", target_is_directory=True)
    assert "is a link" in refused(root / "one")
    assert list_trash(root) == empty_trash(root) == []
    assert (tmp_path / "precious/file").exists() and (root / "one").is_dir()


def test_emptying_deletes_what_is_in_the_trash_and_nothing_that_links_lead_to(root, tmp_path):
    (tmp_path / "precious").mkdir()
    (tmp_path / "precious/file").write_text("x")
    (root / "one/plots").mkdir(exist_ok=True)
    (root / "one/plots/away").symlink_to(tmp_path / "precious", target_is_directory=True)
    remove([root / "one"])
    (root / ".trash/away").symlink_to(tmp_path / "precious", target_is_directory=True)
    (root / ".trash/stray").write_text("x")
    assert len(empty_trash(root)) == 3
    assert not (root / ".trash").exists() and (tmp_path / "precious/file").exists() and (root / "two").is_dir()


def test_nothing_is_restored_over_something_else(root, write_run):
    remove([root / "one"])
    write_run(name="one")
    with pytest.raises(UsageError, match="something lies there now"):
        restore(root, "one")
    with pytest.raises(UsageError, match="nothing: is not in the trash; there: one"):
        restore(root, "nothing")


def test_what_the_system_refuses_is_one_message(root, monkeypatch):
    def refuse(self, target):
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(RunFolderError, match=r"one: cannot be moved to .*\.trash: Read-only file system"):
        remove([root / "one"])
