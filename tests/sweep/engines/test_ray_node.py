"""Runs whose process is gone are marked so, and those of the living are left alone."""

import json
import os
import socket
import subprocess
import sys

import pytest

from aecli.runs.folder import RunFolder, timestamp
from aecli.sweep.engines.ray_node import write_off


def dead_pid() -> int:
    done = subprocess.Popen([sys.executable, "-c", ""])
    done.wait()
    return done.pid


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"host": "another", "pid": 1}, "interrupted"),
        ({"pid": dead_pid}, "interrupted"),
        ({}, "running"),
        ({"config_sha256": "other", "host": "another"}, "running"),
        ({"status": "completed", "host": "another"}, "completed"),
    ],
    ids=["node lost", "process died", "alive here", "another trial", "complete"],
)
def test_only_runs_of_the_trial_whose_process_is_gone_are_written_off(tmp_path, changes, expected):
    status = {
        "status": "running",
        "config_sha256": "abc",
        "host": socket.gethostname(),
        "pid": os.getpid(),
        "heartbeat": timestamp(),
    }
    status |= {key: value() if callable(value) else value for key, value in changes.items()}
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "status.json").write_text(json.dumps(status))
    write_off(tmp_path, "abc")
    left = json.loads((tmp_path / "run" / "status.json").read_text())
    assert left["status"] == expected
    if expected == "interrupted":
        assert left["reason"] == f"its process {status['pid']} on {status['host']} is gone"
        assert RunFolder(tmp_path / "run").read_status()["status"] == "interrupted"
