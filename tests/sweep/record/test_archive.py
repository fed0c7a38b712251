"""Run folders as bytes: they arrive whole and in place, and nothing else does."""

import io
import tarfile

import pytest

from aecli.errors import RunFolderError
from aecli.sweep.record.archive import pack, unpack


@pytest.fixture
def run(tmp_path):
    folder = tmp_path / "there" / "runs" / "run_a"
    (folder / "checkpoints").mkdir(parents=True)
    (folder / "status.json").write_text('{"status": "completed"}')
    (folder / "checkpoints" / "last.pt").write_bytes(bytes(range(256)) * 100)
    (folder / "checkpoints" / "best.pt").hardlink_to(folder / "checkpoints" / "last.pt")
    (folder / ".status.json.7.tmp").write_text("half")
    (folder / "link").symlink_to("/etc/passwd")
    return folder


def tar(*members: tuple[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, kind in members:
            member = tarfile.TarInfo(name)
            member.type, member.linkname = kind, "/etc/passwd" if kind == tarfile.SYMTYPE else ""
            archive.addfile(member)
    return buffer.getvalue()


def test_a_run_folder_arrives_whole_without_links_and_half_written_files(run, tmp_path):
    arrived = unpack(pack(run), tmp_path / "here" / "runs")
    assert arrived == tmp_path / "here" / "runs" / "run_a"
    names = {path.relative_to(arrived).as_posix() for path in arrived.rglob("*") if path.is_file()}
    assert names == {"status.json", "checkpoints/last.pt", "checkpoints/best.pt"}
    for name in names:
        assert (arrived / name).read_bytes() == (run / name).read_bytes()
    assert [path.name for path in (tmp_path / "here").iterdir()] == ["runs"], "nothing temporary stays"


def test_a_folder_of_the_same_name_is_not_overwritten(run, tmp_path):
    there = tmp_path / "here" / "runs" / "run_a"
    there.mkdir(parents=True)
    (there / "mine").write_text("mine")
    with pytest.raises(RunFolderError) as refused:
        unpack(pack(run), there.parent)
    assert str(refused.value) == f"{there}: is there already, and a run of the same name arrived"
    assert [path.name for path in there.iterdir()] == ["mine"]


def test_the_earlier_state_of_a_run_gives_way(run, tmp_path):
    there = tmp_path / "here" / "runs" / "run_a"
    there.mkdir(parents=True)
    (there / "old").write_text("old")
    unpack(pack(run), there.parent, "run_a")
    assert not (there / "old").exists() and (there / "status.json").exists()


@pytest.mark.parametrize(
    "parcel",
    [
        tar(("../evil/file", tarfile.REGTYPE)),
        tar(("run_a/../../evil", tarfile.REGTYPE)),
        tar(("/evil/file", tarfile.REGTYPE)),
        tar(("run_a/link", tarfile.SYMTYPE)),
        tar(("run_a/a", tarfile.REGTYPE), ("run_b/b", tarfile.REGTYPE)),
        tar(("file", tarfile.REGTYPE)),
        tar(),
    ],
    ids=["parent", "parent inside", "absolute", "link", "two folders", "no folder", "empty"],
)
def test_anything_but_one_run_folder_is_refused(parcel, tmp_path):
    with pytest.raises(RunFolderError, match="^what arrived is not one run folder$"):
        unpack(parcel, tmp_path / "here" / "runs")
    assert {path.name for path in tmp_path.rglob("*")} == {"here", "runs"}


def test_half_a_parcel_is_refused(run, tmp_path):
    with pytest.raises(RunFolderError, match="^cannot store a run in "):
        unpack(pack(run)[:3000], tmp_path / "here" / "runs")
    assert {path.name for path in (tmp_path / "here").rglob("*")} == {"runs"}
