"""Files of a run: written whole or not at all, read back as far as they are whole."""

import json
import math
import os
import subprocess
import sys
import textwrap

import pytest

from aecli.errors import RunFolderError, UsageError
from aecli.runs.files import (
    append_line,
    finite,
    read_json,
    read_lines,
    write_atomic,
    write_json,
    write_output,
    write_text,
)


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def fails_with(error):
    """A writer that raises after half of the content."""

    def write(file):
        file.write(b"half of the new con")
        raise error

    return write


def test_a_file_is_written_and_replaced(tmp_path):
    path = tmp_path / "a.txt"
    write_text(path, "old Ünïcode\n")
    write_text(path, "new Ünïcode\n")
    assert path.read_bytes() == "new Ünïcode\n".encode()
    assert names(tmp_path) == ["a.txt"]


def test_a_durable_file_is_written_too(tmp_path):
    write_atomic(tmp_path / "a.bin", lambda file: file.write(b"\0\1"), durable=True)
    assert (tmp_path / "a.bin").read_bytes() == b"\0\1" and names(tmp_path) == ["a.bin"]


@pytest.mark.parametrize(
    "error", [OSError(28, "No space left on device"), RuntimeError("write failed\nat 0x1")], ids=["OSError", "torch"]
)
def test_a_writer_that_fails_leaves_the_old_file_and_nothing_else(error, tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("old")
    with pytest.raises(RunFolderError) as caught:
        write_atomic(path, fails_with(error))
    reason = "No space left on device" if isinstance(error, OSError) else "write failed"
    assert str(caught.value) == f"cannot write {path}: {reason}; free some space or choose another folder with --out"
    assert caught.value.exit_code == 1 and caught.value.__cause__ is error
    assert path.read_text() == "old" and names(tmp_path) == ["a.txt"]


@pytest.mark.parametrize("error", [ValueError("a bug"), KeyboardInterrupt()], ids=["bug", "Ctrl-C"])
def test_what_is_no_failure_of_the_disk_keeps_its_type_and_leaves_no_temporary_file(error, tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("old")
    with pytest.raises(type(error)):
        write_atomic(path, fails_with(error))
    assert path.read_text() == "old" and names(tmp_path) == ["a.txt"]


def test_a_failure_without_a_text_is_named_by_its_type(tmp_path):
    with pytest.raises(RunFolderError, match="a.txt: RuntimeError; free"):
        write_atomic(tmp_path / "a.txt", fails_with(RuntimeError()))


def test_a_full_disk_leaves_the_old_files_whole_and_no_temporary_file(tmp_path):
    """The system itself refuses to let a file grow beyond 4096 bytes."""
    write_json(tmp_path / "summary.json", {"old": True})
    append_line(tmp_path / "metrics.jsonl", {"epoch": 0})
    script = """
        import resource, signal, sys
        from pathlib import Path
        from aecli.errors import RunFolderError
        from aecli.runs.files import append_line, write_json
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
        folder = Path(sys.argv[1])
        for write, name in ((write_json, "summary.json"), (append_line, "metrics.jsonl")):
            try:
                write(folder / name, {"new": "x" * 20_000})
            except RunFolderError as error:
                print(error)
    """
    command = [sys.executable, "-c", textwrap.dedent(script), str(tmp_path)]
    told = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout.splitlines()
    end = "File too large; free some space or choose another folder with --out"
    assert told == [f"cannot write {tmp_path / name}: {end}" for name in ("summary.json", "metrics.jsonl")]
    assert read_json(tmp_path / "summary.json") == {"old": True}
    assert read_lines(tmp_path / "metrics.jsonl") == [{"epoch": 0}]
    assert names(tmp_path) == ["metrics.jsonl", "summary.json"]


def test_a_reader_never_meets_half_of_a_file(tmp_path):
    """Another process writes as fast as it can, and is killed in the middle."""
    path = tmp_path / "status.json"
    write_json(path, {"n": 0, "fill": ["x" * 50] * 2000})
    script = """
        import sys
        from pathlib import Path
        from aecli.runs.files import write_json
        for n in range(1_000_000):
            write_json(Path(sys.argv[1]), {"n": n, "fill": ["x" * 50] * 2000})
    """
    writer = subprocess.Popen([sys.executable, "-c", textwrap.dedent(script), str(path)])
    try:
        seen = set()
        while len(seen) < 30:
            assert writer.poll() is None
            seen.add(json.loads(path.read_text())["n"])
    finally:
        writer.kill()
        writer.wait()
    assert len(json.loads(path.read_text())["fill"]) == 2000


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


def test_two_processes_do_not_share_a_temporary_file(tmp_path):
    seen = []
    write_atomic(tmp_path / "a.txt", lambda file: seen.append(names(tmp_path)))
    assert seen == [[f".a.txt.{os.getpid()}.tmp"]]


def test_a_file_that_the_user_named_is_written_through_links_and_never_over_a_device(tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "real")
    write_output(tmp_path / "link", b"new", "--out link")
    assert (tmp_path / "link").is_symlink() and (tmp_path / "real").read_bytes() == b"new"
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "to_pipe").symlink_to(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    for name in ("pipe", "to_pipe", "loop", "."):
        with pytest.raises(UsageError) as caught:
            write_output(tmp_path / name, b"new", f"--out {name}")
        assert str(caught.value) == f"--out {name}: cannot be written: it is no file"
    assert (tmp_path / "pipe").is_fifo() and (tmp_path / "loop").is_symlink()


def test_a_file_that_the_user_named_and_that_cannot_be_written_is_told_with_its_flag(tmp_path):
    with pytest.raises(RunFolderError) as caught:
        write_output(tmp_path / "no" / "file", b"", "--out no/file")
    assert str(caught.value) == "--out no/file: cannot be written: No such file or directory"
