"""Notes and tags of a run, in a file of their own."""

import json

import pytest

from aecli.errors import UsageError
from aecli.runs.notes import FILE, Notes, add_note, check_tag, read_notes, remove_notes, tag


def test_notes_are_added_and_taken_away_and_tags_stay(tmp_path):
    add_note(tmp_path, " one\n")
    add_note(tmp_path, "two")
    assert tag(tmp_path, "b") and tag(tmp_path, "a") and not tag(tmp_path, "a")
    found = read_notes(tmp_path)
    assert [note["text"] for note in found.notes] == ["one", "two"] and found.tags == ("a", "b")
    assert json.loads((tmp_path / FILE).read_text())["schema"] == 1
    assert remove_notes(tmp_path) == 2 and read_notes(tmp_path).tags == ("a", "b")
    assert tag(tmp_path, "a", remove=True) and not tag(tmp_path, "a", remove=True)
    tag(tmp_path, "b", remove=True)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", ["", "[]", '{"notes": 3, "tags": [1, "x"]}', '{"notes": [{"text": 1}, "x"]}'])
def test_a_broken_file_says_what_it_can(content, tmp_path):
    (tmp_path / FILE).write_text(content)
    assert read_notes(tmp_path) in (Notes(), Notes(tags=("x",)))


def test_empty_notes_and_strange_tags_are_refused(tmp_path):
    with pytest.raises(UsageError, match="an empty note"):
        add_note(tmp_path, " ")
    for name in ("", "a b", "-x", "a,b", "x\n"):
        with pytest.raises(UsageError, match="letters, digits"):
            check_tag(name)
    assert check_tag("v1.0-b") == "v1.0-b"
