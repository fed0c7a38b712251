"""Paths of the user's files, and files that cannot be read."""

import gzip
import lzma
from pathlib import Path

import numpy as np
import pytest
from npy_files import save

from aecli.components.data import load_dataset
from aecli.components.data.files import existing_file, existing_folder, expand, read_unpacked, readable
from aecli.errors import DataError


def test_paths_are_relative_to_the_working_directory_and_know_the_home_folder(tmp_path, monkeypatch):
    save(tmp_path / "x.npy", np.zeros((5, 2), np.uint8))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert load_dataset("npy", {"file": "x.npy"}).sha256 == load_dataset("npy", {"file": "~/x.npy"}).sha256


def test_a_wrong_path_is_refused(tmp_path, refusal):
    missing = tmp_path / "missing.npy"
    for name in ("npy", "npz"):
        assert refusal(name, file=missing) == (
            f"{missing}: no such file; relative paths start in the folder the command runs in"
        )
        assert refusal(name, file=tmp_path) == f"{tmp_path}: is a folder; name a file"


def test_a_home_folder_that_nobody_has_is_refused():
    with pytest.raises(DataError, match="; write the path out$"):
        expand("~nobody-of-this-name/x.npy")


@pytest.mark.parametrize("suffix", ["", ".gz", ".GZ", ".xz"])
def test_bytes_come_back_from_plain_and_from_compressed_files(suffix, tmp_path):
    path = tmp_path / f"file{suffix}"
    pack = {".gz": gzip.compress, ".xz": lzma.compress}.get(suffix.lower(), bytes)
    path.write_bytes(pack(b"content"))
    assert read_unpacked(existing_file(str(path))) == b"content"


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (EOFError("too short"), "is damaged or incomplete: too short; copy or download it again"),
        (PermissionError(13, "Permission denied"), "cannot be read: Permission denied"),
    ],
    ids=["damaged", "forbidden"],
)
def test_what_reading_raises_names_the_file(error, message):
    with pytest.raises(DataError) as caught, readable(Path("rows.gz")):
        raise error
    assert str(caught.value) == f"rows.gz: {message}"


def test_other_mistakes_are_not_blamed_on_the_file():
    with pytest.raises(KeyError), readable(Path("rows.gz")):
        raise KeyError("label")


def test_a_folder_is_one_that_is_there(tmp_path):
    assert existing_folder(str(tmp_path)) == tmp_path
    (tmp_path / "file").touch()
    with pytest.raises(DataError, match="is a file; name a folder, such as"):
        existing_folder(str(tmp_path / "file"))
