"""Whether the files of a data set are still what they were: by sizes and times at once, else by their content."""

import os

import numpy as np
import pytest
from npy_files import save

from aecli.components.data import load_dataset, sources
from aecli.components.data.sources import changed_since, describe_sources, is_as_stamped, stamp
from aecli.errors import DataError


@pytest.fixture
def begun(tmp_path):
    """Parameters of a data set, and what a run on it wrote down."""
    parameters = {"file": save(tmp_path / "x.npy", np.eye(6)), "labels": None, "scaling": "auto"}
    digest = load_dataset("npy", parameters).sha256
    return parameters, {"dataset": "npy", "sha256": digest, "sources": describe_sources(parameters)}


def test_what_is_as_it_was_is_told_without_reading_it(begun, monkeypatch):
    monkeypatch.setattr(sources, "load_dataset", None)
    parameters, data = begun
    assert is_as_stamped(data["sources"]) and changed_since(data, parameters) is None


def test_a_file_that_was_only_touched_is_the_same(begun):
    parameters, data = begun
    os.utime(parameters["file"], (1, 1))
    assert not is_as_stamped(data["sources"]) and changed_since(data, parameters) is None


def test_other_content_of_the_same_size_and_time_is_named(begun, tmp_path):
    parameters, data = begun
    told = (tmp_path / "x.npy").stat()
    save(tmp_path / "x.npy", np.eye(6)[::-1])
    os.utime(parameters["file"], ns=(told.st_atime_ns, told.st_mtime_ns))
    assert changed_since(data, parameters) == parameters["file"]


def test_runs_of_before_have_no_stamps_and_are_told_by_the_digest(begun, tmp_path):
    parameters, data = begun
    del data["sources"]
    assert changed_since(data, parameters) is None
    save(tmp_path / "x.npy", np.ones((6, 6)))
    assert changed_since(data, parameters) == parameters["file"]


def test_what_is_gone_cannot_be_read_and_what_comes_without_files_cannot_change(begun, tmp_path):
    parameters, data = begun
    (tmp_path / "x.npy").unlink()
    with pytest.raises(DataError, match="no such file"):
        changed_since(data, parameters)
    assert changed_since({"dataset": "mnist", "sha256": "0"}, {}) is None
    assert changed_since({"dataset": "nobody's", "sha256": "0"}, {"file": "x"}) is None
    assert changed_since({}, parameters) is None


def test_relative_paths_start_where_the_run_did(begun, tmp_path, monkeypatch):
    _, data = begun
    monkeypatch.chdir("/")
    parameters = {"file": "x.npy", "scaling": "auto"}
    assert changed_since(data | {"sources": {}}, parameters, tmp_path) is None


def test_the_stamp_of_a_folder_changes_with_any_file_in_it(tmp_path):
    (tmp_path / "a").mkdir()
    seen = {stamp(tmp_path)}
    for path, text in (("a/1", "x"), ("a/1", "y"), ("2", "")):
        (tmp_path / path).write_text(text)
        seen.add(stamp(tmp_path))
    assert len(seen) == 4 and stamp(tmp_path / "none") == ""
