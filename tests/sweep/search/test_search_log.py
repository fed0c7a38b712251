"""The log of a study: whole lines, whatever the disk does."""

import resource

import pytest
from fake_searches import finish, open_search

from aecli.errors import RunFolderError
from aecli.sweep.search.search_log import drop_torn_line


def test_a_line_that_was_torn_is_cut_off(tmp_path):
    path = tmp_path / "search.log"
    path.write_bytes(b'{"a": 1}\n{"b"')
    drop_torn_line(path)
    assert path.read_bytes() == b'{"a": 1}\n'


def test_a_full_disk_leaves_whole_lines_in_the_log_and_the_search_goes_on_from_them(write_search):
    file = write_search(trials=3)
    source = open_search(file)
    source.begin()
    log = source.folder.path / "search.log"
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(
        resource.RLIMIT_FSIZE, (log.stat().st_size + 20, before[1])
    )  # a file that cannot grow: half a line
    try:
        with pytest.raises(
            RunFolderError, match=f"^cannot write {log}: File too large; free some space or choose another folder"
        ):
            source.more()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert log.read_bytes().endswith(b"}\n")
    assert finish(file).count == 3
