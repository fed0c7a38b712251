"""Files of anybody are read only where they are files, of the size that is allowed, and where they seem to be."""

import os
from pathlib import Path

import pytest

from aecli.files.reading import MIB, open_file, read_bytes


@pytest.fixture
def run(tmp_path):
    """A folder with a file, and a file outside."""
    (tmp_path / "run" / "checkpoints").mkdir(parents=True)
    (tmp_path / "run" / "a.json").write_bytes(b"inside")
    (tmp_path / "secret").write_bytes(b"outside")
    return tmp_path / "run"


def reason(path, most=MIB, **where):
    with pytest.raises(OSError) as caught:
        read_bytes(path, most, **where)
    assert caught.value.filename == str(path)
    return caught.value.strerror


def test_a_file_is_read_whole_or_its_head(run):
    assert read_bytes(run / "a.json", 6) == b"inside"
    assert read_bytes(run / "a.json", 6, head=2) == b"in"
    assert read_bytes(run / "a.json", 1, head=2) == b"in"


def test_what_is_no_file_is_refused_at_once(run):
    os.mkfifo(run / "pipe")
    assert reason(run / "pipe") == "is no file"
    assert reason(run) == "is no file"
    assert reason(run / "missing") == "No such file or directory"
    with pytest.raises(FileNotFoundError):
        read_bytes(run / "pipe", MIB)
    assert reason(Path(os.devnull)) == "is no file"


def test_a_file_that_is_too_large_takes_no_memory(run):
    with (run / "huge.json").open("wb") as file:
        file.truncate(6 * 2**30)
    assert reason(run / "huge.json", 32 * MIB) == "is larger than 32 MiB"


def test_a_link_that_leads_out_is_not_followed_and_one_that_stays_inside_is(run, tmp_path):
    (run / "out.json").symlink_to(tmp_path / "secret")
    (run / "in.json").symlink_to("a.json")
    (run / "loop.json").symlink_to("loop.json")
    assert reason(run / "out.json", below=run) == "is a link that leads out of the folder"
    assert read_bytes(run / "in.json", MIB, below=run) == b"inside"
    assert read_bytes(run / "out.json", MIB) == b"outside"
    with pytest.raises(OSError):
        read_bytes(run / "loop.json", MIB, below=run)


def test_a_folder_that_is_a_link_may_not_lead_out_either(run, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "best.pt").write_bytes(b"outside")
    (run / "checkpoints").rmdir()
    (run / "checkpoints").symlink_to(tmp_path / "elsewhere")
    assert reason(run / "checkpoints" / "best.pt", below=run) == "is a link that leads out of the folder"


def test_the_folder_itself_may_be_a_link(run, tmp_path):
    (tmp_path / "to_run").symlink_to(run)
    assert read_bytes(tmp_path / "to_run" / "a.json", MIB, below=tmp_path / "to_run") == b"inside"


def test_a_file_that_is_open_can_be_read_in_parts(run):
    with open_file(run / "a.json", 6) as file:
        assert (file.read(2), file.read()) == (b"in", b"side")
