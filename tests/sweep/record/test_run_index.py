"""Which run folder stands for a trial, and which are none."""

import json
import os

from fake_sweeps import write_run

from aecli.runs.folder import RunFolder
from aecli.sweep.record.claims import Claims
from aecli.sweep.record.run_index import LATEST, RunIndex, remove_unborn, results, speed_so_far
from aecli.sweep.record.sweep_status import read_sweep


def test_the_run_that_says_most_stands_for_its_trial(planned_sweep, plan_around):
    digests = [trial.digest for trial in plan_around().trials]
    for name, status, digest in [
        ("a", "failed", digests[0]),
        ("b", "completed", digests[0]),
        ("c", "interrupted", digests[0]),
        ("d", "failed", digests[1]),
        ("e", "running", digests[1]),
        ("f", "completed", "of no trial"),
    ]:
        write_run(planned_sweep, name, status, digest)
    found = results(planned_sweep, plan_around().trials)
    assert {digest: (run.path.name, status) for digest, (run, status) in found.items()} == {
        digests[0]: ("b", "completed"),
        digests[1]: ("e", "running"),
    }
    state = read_sweep(planned_sweep.path)
    assert [trial.kind for trial in state.trials] == ["completed", "running", "waiting", "waiting"]
    assert (state.counts, state.strangers) == ({"completed": 1, "running": 1, "waiting": 2}, 1)


def test_a_run_is_found_once_it_has_written_its_status(planned_sweep):
    index = RunIndex(planned_sweep)
    (planned_sweep.runs / "a").mkdir()
    index.refresh()
    assert index.best("abc") == (None, "")
    RunFolder(planned_sweep.runs / "a").write_status("completed", config_sha256="abc")
    index.refresh()
    assert index.best("abc") == (RunFolder(planned_sweep.runs / "a"), "completed")


def test_only_folders_in_which_no_run_began_are_taken_away_and_only_when_nobody_works(planned_sweep):
    for name in ("unborn/checkpoints", "unborn/plots", "other"):
        (planned_sweep.runs / name).mkdir(parents=True)
    (planned_sweep.runs / "unborn/.status.json.77.tmp").touch()
    (planned_sweep.runs / "other/notes.txt").touch()
    (planned_sweep.runs / "file").touch()
    born = write_run(planned_sweep, "born", "interrupted", "abc")
    claims = Claims(planned_sweep.claims)
    claims.take("abc", os.getpid())
    remove_unborn(planned_sweep, claims)
    assert (planned_sweep.runs / "unborn").is_dir()
    claims.release("abc")
    remove_unborn(planned_sweep, claims)
    assert sorted(path.name for path in planned_sweep.runs.iterdir()) == ["born", "file", "other"]
    assert (born / "status.json").is_file()


def test_the_speed_so_far_is_that_of_the_latest_runs_that_are_done(planned_sweep):
    assert speed_so_far(planned_sweep) is None
    for number in range(LATEST + 3):
        path = planned_sweep.runs / f"2026112{number}T000000Z_x"
        path.mkdir(parents=True)
        speed = 50.0 if number < 3 else 1000.0 + number
        (path / "summary.json").write_text(json.dumps({"images_per_s": speed}))
    assert speed_so_far(planned_sweep) > 1000
    (path / "summary.json").write_text("{")
    assert speed_so_far(planned_sweep) > 1000
