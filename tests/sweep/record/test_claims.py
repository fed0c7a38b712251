"""One trial, one owner: whoever races for it, whoever dies, and whatever the file says."""

import json
import multiprocessing
import os
import socket
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from aecli.runs.processes import birth
from aecli.sweep.record.claims import Claims


@pytest.fixture
def child():
    """A process that waits."""
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    yield process
    process.kill()
    process.wait()


def claim_of(folder, digest):
    return json.loads((folder / f"{digest}.json").read_text())


def test_what_one_has_the_other_cannot_take_until_it_is_released(tmp_path):
    one, other = Claims(tmp_path), Claims(tmp_path)
    assert one.take("abc", os.getpid())
    assert not other.take("abc", os.getpid()) and other.is_taken("abc")
    one.release("abc")
    assert not other.is_taken("abc") and other.take("abc", os.getpid())


def test_what_a_dead_process_has_is_taken_over(tmp_path, child):
    one, other = Claims(tmp_path), Claims(tmp_path)
    assert one.take("abc", child.pid)
    assert not other.take("abc", os.getpid())
    child.kill()
    child.wait()
    assert other.take("abc", os.getpid())


def test_what_was_taken_over_is_neither_touched_nor_released_by_the_one_who_had_it(tmp_path, child):
    one, other = Claims(tmp_path), Claims(tmp_path)
    one.take("abc", child.pid)
    child.kill()
    child.wait()
    other.take("abc", os.getpid())
    one.beat()
    one.release("abc")
    assert claim_of(tmp_path, "abc")["pid"] == os.getpid()
    assert not Claims(tmp_path).take("abc", os.getpid())


def test_a_heartbeat_shows_that_a_claim_lives(tmp_path):
    one = Claims(tmp_path)
    one.take("abc", os.getpid())
    (tmp_path / "abc.json").write_text(json.dumps(claim_of(tmp_path, "abc") | {"heartbeat": "2020-01-01T00:00:00Z"}))
    one.beat()
    assert datetime.now(UTC) - datetime.fromisoformat(claim_of(tmp_path, "abc")["heartbeat"]) < timedelta(seconds=60)


@pytest.mark.parametrize(
    ("age_s", "is_held"),
    [(0, True), (100, True), (200, False), (None, False)],
    ids=["now", "lately", "silent", "no heartbeat"],
)
def test_on_another_host_the_heartbeat_decides(age_s, is_held, tmp_path):
    heartbeat = None if age_s is None else (datetime.now(UTC) - timedelta(seconds=age_s)).isoformat()
    (tmp_path / "abc.json").write_text(json.dumps({"pid": 1, "born": "1", "host": "elsewhere", "heartbeat": heartbeat}))
    assert Claims(tmp_path).take("abc", os.getpid()) is not is_held


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        '{"host": 3}',
        json.dumps({"host": socket.gethostname(), "pid": "x"}),
        json.dumps({"host": socket.gethostname(), "pid": os.getpid(), "born": "0"}),
    ],
    ids=["empty", "cut off", "a list", "no pid", "no number", "the number of another"],
)
def test_a_claim_that_nobody_can_have_written_holds_nothing(content, tmp_path):
    (tmp_path / "abc.json").write_text(content)
    assert Claims(tmp_path).take("abc", os.getpid())


def race(folder, names, start, won):
    """Take what there is, as one of several processes."""
    claims = Claims(folder)
    start.wait()
    won.put([name for name in names if claims.take(name, os.getpid())])
    start.wait()  # nobody leaves before all are done


def test_four_processes_that_race_for_forty_trials_get_each_exactly_once(tmp_path):
    context = multiprocessing.get_context("fork")
    names = [f"{number:02}" for number in range(40)]
    start, won = context.Barrier(4), context.Queue()
    processes = [context.Process(target=race, args=(tmp_path, names, start, won)) for _ in range(4)]
    for process in processes:
        process.start()
    taken = [name for _ in processes for name in won.get(timeout=60)]
    for process in processes:
        process.join()
    assert sorted(taken) == names


def test_nobody_works_once_all_are_dead_and_their_claims_are_cleared(tmp_path, child):
    claims = Claims(tmp_path)
    claims.take("abc", child.pid)
    claims.take("def", os.getpid())
    assert not claims.nobody_works()
    claims.release("def")
    assert not claims.nobody_works()
    child.kill()
    child.wait()
    assert claims.nobody_works()
    assert list(tmp_path.iterdir()) == []
    assert birth(child.pid) is None
