"""Run folders that are broken, unfinished or edited end in a record, or in a reason why not."""

import json
import os

import pytest

from aecli.comparison.evidence.read_run import parse_config, read_run
from aecli.comparison.evidence.run_record import LeftOut

DEEP = "[" * 30_000


@pytest.mark.parametrize(
    ("file", "text", "kind", "reason"),
    [
        ("status.json", None, "broken", "has no status.json"),
        ("status.json", "", "broken", "status.json is damaged"),
        ("status.json", "[1]", "broken", "status.json is damaged"),
        ("status.json", '{"status": "done"}', "broken", "status.json is damaged"),
        ("status.json", '{"status": ["completed"]}', "broken", "status.json is damaged"),
        ("summary.json", None, "broken", "has no summary.json"),
        (
            "summary.json",
            '{"schema": 1, "test": {"ms',
            "broken",
            "summary.json is damaged; write it anew with: aecli resume",
        ),
        ("summary.json", "\x00\x01\xff", "broken", "summary.json is damaged; write it anew with: aecli resume"),
        ("summary.json", "[]", "broken", "summary.json is damaged; write it anew with: aecli resume"),
        ("summary.json", DEEP, "broken", "summary.json is damaged; write it anew with: aecli resume"),
        ("summary.json", '{"schema": 2}', "broken", "summary.json has schema 2, and this aecli knows 1"),
        ("summary.json", '{"schema": "a\\nb"}', "broken", "summary.json has schema a\\nb, and this aecli knows 1"),
        ("summary.json", "{}", "broken", "summary.json has schema None, and this aecli knows 1"),
        ("config.yaml", None, "broken", "has no config.yaml"),
        ("config.yaml", "", "broken", "config.yaml is damaged"),
        ("config.yaml", "\xff\xfe\x00", "broken", "config.yaml is damaged"),
        ("config.yaml", "- 1\n- 2\n", "broken", "config.yaml is damaged"),
        ("config.yaml", "seed: 0\n", "broken", "config.yaml is damaged"),
        ("config.yaml", DEEP, "broken", "config.yaml is damaged"),
        ("config.yaml", "- " * 3_000 + "1", "broken", "config.yaml is damaged"),
        ("config.yaml", "a: 1\n" * 100_000, "broken", "config.yaml is damaged"),
    ],
)
def test_broken_files_leave_a_run_out(write_run, file, text, kind, reason):
    path = write_run()
    (path / file).unlink()
    if text is not None:
        (path / file).write_bytes(text.encode("latin-1"))
    assert read_run(path) == LeftOut(path, kind, reason)


@pytest.mark.parametrize(
    ("status", "kind", "reason"),
    [
        ({"status": "interrupted", "epoch": 3, "epochs": 50}, "unfinished", "interrupted, epoch 3 of 50"),
        (
            {"status": "running", "pid": 2**62, "host": "elsewhere"},
            "unfinished",
            "interrupted: its process 4611686018427387904 is gone",
        ),
        (
            {"status": "failed", "epoch": 3, "epochs": 50, "reason": "no space"},
            "failed",
            "failed, epoch 3 of 50: no space",
        ),
        (
            {"status": "diverged", "epoch": 3, "epochs": 50, "reason": "a\n\x1b[31mb"},
            "failed",
            "diverged, epoch 3 of 50: a\\n\\x1b[31mb",
        ),
        ({"status": "failed", "reason": "x" * 900}, "failed", "failed: " + "x" * 292),
    ],
    ids=["interrupted", "running and gone", "failed", "diverged, with control characters", "a long reason"],
)
def test_runs_that_are_not_complete_are_left_out_with_their_reason(write_run, status, kind, reason):
    path = write_run()
    (path / "status.json").write_text(json.dumps(status))
    assert read_run(path) == LeftOut(path, kind, reason)


def test_a_run_that_is_still_running_is_left_out(write_run):
    import socket

    path = write_run()
    (path / "status.json").write_text(
        json.dumps({"status": "running", "pid": os.getpid(), "host": socket.gethostname(), "epoch": 1, "epochs": 5})
    )
    from aecli.runs.folder import timestamp

    status = json.loads((path / "status.json").read_text()) | {"heartbeat": timestamp()}
    (path / "status.json").write_text(json.dumps(status))
    assert read_run(path) == LeftOut(path, "unfinished", "running, epoch 1 of 5")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_in_place_of_a_file_is_not_waited_for(write_run):
    path = write_run()
    (path / "summary.json").unlink()
    os.mkfifo(path / "summary.json")
    assert read_run(path) == LeftOut(path, "broken", "has no summary.json")


def edited(path, old, new):
    """config.yaml with a change by hand, read."""
    text = (path / "config.yaml").read_text()
    assert old in text
    (path / "config.yaml").write_text(text.replace(old, new))
    return parse_config((path / "config.yaml").read_bytes(), "config.yaml")


@pytest.mark.parametrize(
    ("old", "new", "key", "value"),
    [
        ("gradient_clip: null", "gradient_clip: 1e-3", "gradient_clip", 0.001),
        ("gradient_clip: null", "gradient_clip: .nan", "gradient_clip", "nan"),
        ("gradient_clip: null", "gradient_clip: 2024-01-01", "gradient_clip", "2024-01-01"),
        ("gradient_clip: null", "gradient_clip: no", "gradient_clip", "no"),
        ("gradient_clip: null", "gradient_clip: '5'", "gradient_clip", "5"),
        ("gradient_clip: null", "gradient_clip: &a 5\n  more: *a", "more", 5),
    ],
    ids=["1e-3", "nan", "date", "no", "quoted", "alias"],
)
def test_a_config_that_was_edited_means_what_it_means_to_train(write_run, old, new, key, value):
    read = edited(write_run(), old, new)["optimization"][key]
    assert str(read) == value if value == "nan" else (read == value and type(read) is type(value))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("gradient_clip: null", "gradient_clip: null\n  gradient_clip: 1"),
        ("gradient_clip: null", "gradient_clip: !!timestamp 5"),
        ("gradient_clip: null", "gradient_clip: &a [*a]"),
        (
            "gradient_clip: null",
            "gradient_clip: [&a [1,1,1,1,1,1,1,1,1], &b [*a,*a,*a,*a,*a,*a,*a,*a,*a], &c "
            "[*b,*b,*b,*b,*b,*b,*b,*b,*b], &d [*c,*c,*c,*c,*c,*c,*c,*c,*c], [*d,*d,*d,*d,*d,*d,*d,*d,*d]]",
        ),
        ("gradient_clip: null", "gradient_clip: " + "[" * 60 + "]" * 60),
        ("gradient_clip: null", "? [1, 2]\n  : 3"),
        ("seed: 0", "seed: true"),
        ("seed: 0", "seed: [0]"),
        ("seed: 0", "seeds: 0"),
        ("regularization: []", "regularization: null"),
        ("regularization: []", "regularization: [l1]"),
        ("regularization: []", "regularization: [{name: 5}]"),
        ("training:", "trainings:"),
        ("  name: mse\n", "  names: mse\n"),
        ("  name: mnist\n", "  name: null\n"),
    ],
)
def test_a_config_that_cannot_be_trusted_is_damaged(write_run, old, new):
    assert edited(write_run(), old, new) is None
