"""The index of run folders: it saves time and changes nothing, whatever becomes of it."""

import hashlib
import json
import os
import shutil
import threading
import time

import pytest

from aecli.comparison.evidence import index
from aecli.comparison.evidence.collect import collect
from aecli.comparison.evidence.index import FORMAT, KEPT, WORTH, content_digest, open_index
from aecli.comparison.evidence.read_run import parse_run


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """The folder of the indexes, in a cache of this test's own."""
    monkeypatch.setenv("AECLI_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache" / "index"


@pytest.fixture
def runs(write_run, tmp_path, cache):
    """A folder with as many runs as are worth an index."""
    for seed in range(WORTH):
        write_run(
            seed=seed,
            name=f"run{seed}",
            test={"mse": 0.01 + seed / 1000},
            suites={"test": {"features": {"skill": 0.5}}},
        )
    return tmp_path / "runs"


@pytest.fixture
def parsed(monkeypatch):
    """The names of the runs whose files were parsed."""
    names = []

    def parse(folder, *contents):
        names.append(folder.path.name)
        return parse_run(folder, *contents)

    monkeypatch.setattr("aecli.comparison.evidence.read_run.parse_run", parse)
    return names


def read(runs):
    """All that a comparison can see of the runs."""
    found = collect([runs]).runs
    return [
        (
            run.path.name,
            run.config,
            run.summary,
            run.status,
            run.environment,
            run.number(("suites", "test", "features", "skill")),
        )
        for run in found
    ]


def rewrite(file, change):
    """Put an index with changed data in the place of one, with the digest that it should have."""
    data = json.loads(file.read_bytes().partition(b"\n")[2])
    change(data)
    content = json.dumps(data).encode()
    file.write_bytes(hashlib.sha256(content).hexdigest().encode() + b"\n" + content)


def test_runs_are_parsed_once_and_read_the_same_from_the_index(runs, cache, parsed):
    first = read(runs)
    assert len(parsed) == len(first) == WORTH
    assert len(list(cache.iterdir())) == 1
    parsed.clear()
    assert read(runs) == first and first[0][-1] == 0.5
    assert parsed == []


def test_few_runs_are_not_worth_an_index(write_run, tmp_path, cache):
    write_run()
    collect([tmp_path / "runs"])
    assert not cache.exists()


@pytest.mark.parametrize("way", ["glob", "link", "relative"])
def test_another_name_of_the_folder_finds_the_same_index(runs, cache, parsed, tmp_path, monkeypatch, way):
    read(runs)
    parsed.clear()
    (tmp_path / "link").symlink_to(runs)
    monkeypatch.chdir(tmp_path)
    collect([{"glob": f"{runs}/*", "link": tmp_path / "link", "relative": "runs"}[way]])
    assert parsed == []


def test_a_changed_summary_is_seen_at_once_whatever_its_size_and_time(runs, cache, parsed):
    read(runs)
    parsed.clear()
    file = runs / "run3" / "summary.json"
    before, text = file.stat(), file.read_text()
    changed = text.replace("0.013", "0.017")
    assert len(changed) == len(text) and changed != text
    with file.open("r+") as stream:  # in place: the inode stays
        stream.write(changed)
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    after = file.stat()
    assert (after.st_size, after.st_mtime_ns, after.st_ino) == (before.st_size, before.st_mtime_ns, before.st_ino)
    found = {run.path.name: run.number(("test", "mse")) for run in collect([runs]).runs}
    assert parsed == ["run3"] and found["run3"] == 0.017


def test_a_changed_config_status_or_environment_is_seen_at_once(runs, cache, parsed):
    read(runs)
    parsed.clear()
    config, status, environment = (
        runs / f"run{n}" / name for n, name in ((1, "config.yaml"), (2, "status.json"), (3, "environment.json"))
    )
    config.write_text(config.read_text().replace("batch_size: 256", "batch_size: 128"))
    status.write_text(json.dumps({"status": "failed"}))
    environment.write_text(environment.read_text().replace("fe4f6dc3", "00000000"))
    found = {run.path.name: run for run in collect([runs]).runs}
    assert found["run1"].config["training"]["batch_size"] == 128
    assert "run2" not in found
    assert found["run3"].data_sha256 == "00000000"


def test_a_run_under_the_name_of_another_is_read_anew(runs, cache):
    read(runs)
    numbers = {run.path.name: run.number(("test", "mse")) for run in collect([runs]).runs}
    (runs / "run1").rename(runs / "away")
    (runs / "run2").rename(runs / "run1")
    found = {run.path.name: run.number(("test", "mse")) for run in collect([runs]).runs}
    assert found["run1"] == numbers["run2"] and found["away"] == numbers["run1"] and "run2" not in found


def cut(file):
    file.write_bytes(file.read_bytes()[:-100])


def flip(file):
    file.write_bytes(file.read_bytes().replace(b"0.013", b"0.113"))


def nest(file):
    content = b"[" * 100_000
    file.write_bytes(hashlib.sha256(content).hexdigest().encode() + b"\n" + content)


def make_pipe(file):
    file.unlink()
    os.mkfifo(file)


DAMAGES = {
    "deleted": lambda file: file.unlink(),
    "emptied": lambda file: file.write_bytes(b""),
    "cut off": cut,
    "a number changed": flip,
    "binary": lambda file: file.write_bytes(os.urandom(1000)),
    "nested too deep": nest,
    "a folder": lambda file: (file.unlink(), file.mkdir()),
    "a pipe": make_pipe,
    "of another version": lambda file: rewrite(file, lambda data: data.update(format="aecli 0.0.1, index 0")),
    "no mapping": lambda file: rewrite(file, lambda data: data.update(runs=[1, 2])),
    "entries of other kinds": lambda file: rewrite(
        file, lambda data: data["runs"].update(run0=5, run1=[], run2={"a": 1}, run3=None)
    ),
    "no digest": lambda file: rewrite(file, lambda data: data["runs"]["run0"].pop(0)),
    "unsound configs": lambda file: rewrite(
        file,
        lambda data: [
            entry.__setitem__(1, value)
            for entry, value in zip(data["runs"].values(), ([], {}, None, {"seed": 0}), strict=False)
        ],
    ),
    "unsound summaries": lambda file: rewrite(
        file,
        lambda data: [
            entry.__setitem__(2, value)
            for entry, value in zip(data["runs"].values(), ([], {}, None, {"schema": 2}), strict=False)
        ],
    ),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
def test_an_index_that_cannot_be_used_changes_nothing(runs, cache, damage):
    before = read(runs)
    (file,) = cache.iterdir()
    damage(file)
    assert read(runs) == before == read(runs)


def test_where_nothing_can_be_kept_all_is_read(runs, cache, tmp_path, monkeypatch):
    (tmp_path / "cache").write_text("a file, so no folder can be made here")
    before = read(runs)
    monkeypatch.delenv("AECLI_CACHE")
    monkeypatch.setattr(index, "cache_folder", lambda: (_ for _ in ()).throw(OSError("no home")))
    assert read(runs) == before


def test_broken_runs_are_told_of_each_time(runs, cache):
    (runs / "run0" / "summary.json").write_text("{")
    told = [collect([runs]).left_out for _ in range(3)]
    assert told[0] == told[1] == told[2] and told[0][0].kind == "broken"


def test_a_folder_that_is_gone_leaves_the_index_and_others_stay(runs, cache, write_run):
    read(runs)
    (runs / "run0").rename(runs.parent / "elsewhere")
    for seed in range(100, 100 + WORTH):
        write_run(seed=seed)
    collect([f"{runs}/2026*"])
    assert "run0" not in open_index(runs).known and "run1" in open_index(runs).known
    assert len(open_index(runs).known) == 2 * WORTH - 1


def test_only_the_indexes_written_last_are_kept(runs, cache):
    cache.mkdir(parents=True)
    for number in range(KEPT + 3):
        (cache / f"{number:02}.json").write_text("x")
        os.utime(cache / f"{number:02}.json", (number, number))
    read(runs)
    assert len(list(cache.iterdir())) == KEPT
    assert not (cache / "00.json").exists() and (cache / f"{KEPT + 2:02}.json").exists()


def test_readers_and_writers_at_once_see_the_same(runs, cache):
    before, wrong = read(runs), []

    def work():
        for _ in range(3):
            for file in cache.glob("*.json"):
                file.unlink(missing_ok=True)
            if read(runs) != before:
                wrong.append(1)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong and not list(cache.glob(".*"))


def test_the_digest_of_files_knows_where_one_ends():
    assert content_digest(b"ab", b"c") != content_digest(b"a", b"bc")
    assert FORMAT.startswith("aecli ")


def test_indexed_runs_are_read_in_less_than_half_the_time(write_run, tmp_path, cache):
    """Of summaries as long as all suites make them, by the time of the process."""
    curves = {f"suite{n}": {f"key {m}": [m / 7] * 40 for m in range(12)} for n in range(8)}
    path = write_run(suites={"test": curves}, name="first")
    assert 70_000 < (path / "summary.json").stat().st_size < 200_000
    for number in range(WORTH):
        shutil.copytree(path, tmp_path / "runs" / f"run{number}")

    def seconds():
        begin = time.process_time()
        collect([tmp_path / "runs"])
        return time.process_time() - begin

    without = seconds()
    assert min(seconds() for _ in range(3)) < without / 2
