"""JSON files are read back as far as they are whole."""

import math

import pytest

from aecli.errors import RunFolderError
from aecli.files.json_files import append_line, finite, read_json, read_lines, write_json


@pytest.mark.parametrize("write", [write_json, append_line], ids=["write_json", "append_line"])
def test_a_path_below_a_regular_file_is_refused_with_the_reason(write, tmp_path):
    (tmp_path / "file").write_text("")
    path = tmp_path / "file" / "metrics.jsonl"
    with pytest.raises(RunFolderError) as caught:
        write(path, {"epoch": 1})
    expected = f"cannot write {path}: Not a directory; free some space or choose another folder with --out"
    assert str(caught.value) == expected and caught.value.exit_code == 1


def test_what_json_has_no_number_for_becomes_null(tmp_path):
    data = {"a": math.nan, "b": [math.inf, -math.inf, 1.5, (2, math.nan)], "c": "nan", "d": None, "e": True}
    expected = {"a": None, "b": [None, None, 1.5, [2, None]], "c": "nan", "d": None, "e": True}
    assert finite(data) == expected
    write_json(tmp_path / "a.json", data)
    append_line(tmp_path / "a.jsonl", data)
    assert read_json(tmp_path / "a.json") == read_lines(tmp_path / "a.jsonl")[0] == expected
    assert "NaN" not in (tmp_path / "a.json").read_text() + (tmp_path / "a.jsonl").read_text()


def test_numbers_come_back_bit_by_bit(tmp_path):
    values = [0.1, 1 / 3, 5e-324, 1.7976931348623157e308, 2**53 + 1]
    write_json(tmp_path / "a.json", {"values": values})
    assert read_json(tmp_path / "a.json")["values"] == values


@pytest.mark.parametrize("content", [b"", b'{"a": 1', b"[1, 2]", b"null", b'"text"', b"\xff\xfe\x00"], ids=repr)
def test_a_broken_json_file_reads_as_nothing(content, tmp_path):
    path = tmp_path / "status.json"
    path.write_bytes(content)
    assert read_json(path) is None


def test_a_missing_file_reads_as_nothing(tmp_path):
    assert read_json(tmp_path / "a.json") is None and read_json(tmp_path) is None
    assert read_lines(tmp_path / "a.jsonl") == [] and read_lines(tmp_path) == []


def test_lines_are_appended_one_object_each(tmp_path):
    path = tmp_path / "metrics.jsonl"
    for epoch in range(3):
        append_line(path, {"epoch": epoch, "note": "two\nlines"})
        assert path.read_text().endswith("}\n") and len(path.read_text().splitlines()) == epoch + 1
    assert read_lines(path) == [{"epoch": epoch, "note": "two\nlines"} for epoch in range(3)]


def test_a_file_cut_off_anywhere_gives_the_lines_that_are_whole(tmp_path):
    whole = b'{"epoch": 0, "validation": {"mse": 0.25}}\n{"epoch": 1, "name": "\xc3\xa9"}\n'
    path = tmp_path / "metrics.jsonl"
    for length in range(len(whole) + 1):
        path.write_bytes(whole[:length])
        lines = read_lines(path)
        assert [line["epoch"] for line in lines] == list(range(len(lines)))
        complete = whole[:length].count(b"\n")
        assert len(lines) - complete in (0, 1)  # the last line may lack nothing but its end
        assert len(lines) == complete or whole[:length].endswith(b"}")


@pytest.mark.parametrize("broken", ["{", "12", "[1]", "", "\0\0\0"], ids=repr)
def test_reading_stops_at_the_first_line_that_is_broken(broken, tmp_path):
    path = tmp_path / "metrics.jsonl"
    path.write_text(f'{{"epoch": 0}}\n{broken}\n{{"epoch": 2}}\n')
    assert read_lines(path) == [{"epoch": 0}]


def test_more_values_than_any_of_ours_take_no_memory(tmp_path):
    path = tmp_path / "summary.json"
    path.write_bytes(b'{"a": [' + b"[]," * 5_000_000 + b"[]]}")
    assert read_json(path) is None
    path.write_bytes(b'{"a": [' + b"[]," * 1_000 + b"[]]}\n" * 3)
    assert len(read_lines(path)) == 1


def test_a_history_of_many_lines_is_read_whole(tmp_path):
    path = tmp_path / "metrics.jsonl"
    path.write_bytes(b"".join(b'{"epoch": %d, "validation": {"mse": 0.1, "mae": 0.2}}\n' % at for at in range(100_000)))
    assert [record["epoch"] for record in read_lines(path)] == list(range(100_000))
