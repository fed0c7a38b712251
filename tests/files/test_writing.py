"""Files are written whole or not at all, and through no link."""

import json
import os
import re
import subprocess
import sys
import textwrap

import pytest

from aecli.errors import RunFolderError, UsageError
from aecli.files.json_files import append_line, read_json, read_lines, write_json
from aecli.files.writing import TEMPORARY, append, remove_leftovers, sync_files, write_atomic, write_output, write_text


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
        from aecli.files.json_files import append_line, write_json
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
        from aecli.files.json_files import write_json
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


def test_a_temporary_name_is_nobodys_and_cannot_be_foreseen(tmp_path):
    seen = []
    for _ in range(2):
        write_atomic(tmp_path / "a.txt", lambda file: seen.append(names(tmp_path)[0]))
    assert len(set(seen)) == 2
    assert all(re.fullmatch(r"\.a\.txt\.[0-9a-f]{16}\.tmp", name) and TEMPORARY.fullmatch(name) for name in seen)


@pytest.mark.parametrize("name", ["status.json", "metrics.jsonl"])
def test_no_link_is_written_through(name, tmp_path):
    """One that is in the way is replaced, and one that is to be appended to is refused."""
    victim = tmp_path / "victim"
    victim.write_text("mine")
    (tmp_path / name).symlink_to(victim)
    if name == "status.json":
        write_json(tmp_path / name, {"new": True})
        assert not (tmp_path / name).is_symlink() and read_json(tmp_path / name) == {"new": True}
    else:
        with pytest.raises(RunFolderError, match="metrics.jsonl: Too many levels of symbolic links"):
            append_line(tmp_path / name, {"epoch": 1})
    assert victim.read_text() == "mine"


def test_no_folder_inside_of_ours_may_be_a_link(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "plots").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(RunFolderError, match="run/plots/a.png: is a link that leads out of the folder; free"):
        write_atomic(tmp_path / "run" / "plots" / "a.png", lambda file: file.write(b"x"), below=tmp_path / "run")
    assert names(tmp_path / "elsewhere") == []
    (tmp_path / "to_run").symlink_to(tmp_path / "run")
    write_atomic(tmp_path / "to_run" / "a.txt", lambda file: file.write(b"x"), below=tmp_path / "to_run")
    assert names(tmp_path / "run") == ["a.txt", "plots"]


def test_a_pipe_and_a_device_are_not_appended_to(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", tmp_path):
        with pytest.raises(OSError):
            append(path, b"x")


def test_a_line_for_which_there_is_no_room_is_taken_back(tmp_path, monkeypatch):
    path = tmp_path / "metrics.jsonl"
    append(path, b"whole\n")
    script = """
        import resource, signal, sys
        from pathlib import Path
        from aecli.files.writing import append
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
        try:
            append(Path(sys.argv[1]), b"y" * 200)
        except OSError as error:
            print(error.strerror)
    """
    command = [sys.executable, "-c", textwrap.dedent(script), str(path)]
    assert subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout == "File too large\n"
    assert path.read_bytes() == b"whole\n"


def test_data_reaches_the_disk_before_its_name_and_the_name_before_the_end(tmp_path, monkeypatch):
    calls = []
    for name in ("fsync", "replace"):
        call = getattr(os, name)
        monkeypatch.setattr(os, name, lambda *args, call=call, name=name: (calls.append(name), call(*args))[1])
    write_atomic(tmp_path / "a.txt", lambda file: file.write(b"x"), durable=True)
    sync_files([tmp_path / "a.txt", tmp_path / "missing"])
    assert calls == ["fsync", "replace", "fsync", "fsync", "fsync"]


def test_what_a_kill_left_behind_is_taken_away_and_nothing_else(tmp_path):
    left = [".status.json.4711.tmp", ".a.txt.0123456789abcdef.tmp"]
    kept = ["status.json", ".hidden", "a.tmp", ".a.txt.0123.456.tmpx", ".b.tmp"]
    for name in (*left, *kept):
        (tmp_path / name).write_text("")
    remove_leftovers([tmp_path, tmp_path / "missing"])
    assert names(tmp_path) == sorted(kept)
