import os
from pathlib import Path

import pytest

from aecli.cache import cache_folder, store


@pytest.fixture
def environment(monkeypatch):
    for name in ("AECLI_CACHE", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", "/home/ada")
    return monkeypatch


def test_the_cache_is_in_the_home_folder_if_nothing_else_is_said(environment):
    assert cache_folder() == Path("/home/ada/.cache/aecli")


def test_xdg_cache_home_moves_the_cache_unless_it_is_relative(environment):
    environment.setenv("XDG_CACHE_HOME", "/var/cache")
    assert cache_folder() == Path("/var/cache/aecli")
    environment.setenv("XDG_CACHE_HOME", "cache")
    assert cache_folder() == Path("/home/ada/.cache/aecli")


def test_aecli_cache_goes_before_all_and_empty_is_unset(environment):
    environment.setenv("XDG_CACHE_HOME", "/var/cache")
    environment.setenv("AECLI_CACHE", "~/data")
    assert cache_folder() == Path("/home/ada/data")
    environment.setenv("AECLI_CACHE", "")
    assert cache_folder() == Path("/var/cache/aecli")


def test_no_home_folder_is_an_os_error_like_every_other_cache_that_cannot_be_used(environment):
    environment.delenv("HOME")
    environment.setattr(os, "getuid", lambda: 2**31 - 7)  # a user without an entry, as containers have
    with pytest.raises(OSError, match="Could not determine home directory.; set AECLI_CACHE to a folder"):
        cache_folder()


def test_storing_replaces_a_file_and_leaves_nothing_else(tmp_path):
    path = tmp_path / "deep" / "file"
    store(path, b"old")
    store(path, b"new")
    assert path.read_bytes() == b"new"
    assert [file.name for file in path.parent.iterdir()] == ["file"]
