"""Which folders are runs, and when each began."""

import os

from aecli.runs.places import config_name, is_run, runs_in, started


def test_runs_are_found_directly_and_in_sweeps_and_nothing_else_is_one(write_run, tmp_path):
    root = tmp_path / "runs"
    made = [write_run(), write_run(name="sweep/runs/one"), write_run(name="mine")]
    hidden = write_run(name=".trash/gone")
    (root / "sweep/status.json").write_text("{}")
    (root / "empty").mkdir()
    (root / "file").write_text("")
    (root / "circle").symlink_to(root, target_is_directory=True)
    assert sorted(runs_in(root)) == sorted(made) and is_run(hidden) and not is_run(root / "sweep")
    assert runs_in(root / "sweep") == [made[1]]
    assert runs_in(root / "nothing") == runs_in(root / "file") == []


def test_when_a_run_began_is_in_its_status_else_its_name_else_its_folder(tmp_path):
    run = tmp_path / "20261122T101502Z_mse_s0_9f3a"
    run.mkdir()
    assert started(run, {"started": "2026-11-22T10:15:02.123Z"}) == "2026-11-22T10:15:02.123Z"
    assert started(run, {}) == started(run, {"started": 7}) == "2026-11-22T10:15:02.000Z"
    os.utime(tmp_path, (0, 0))
    assert started(tmp_path, {}) == "1970-01-01T00:00:00.000Z"
    assert started(tmp_path / "nothing", {}) == ""


def test_the_configs_name_is_in_the_folders_name_else_in_the_config(tmp_path):
    assert config_name(tmp_path / "20261122T101502Z_mse_s0_big_s0_9f3a") == "mse_s0_big"
    (tmp_path / "config.yaml").write_text("# head\nname: 'my run'\nloss:\n  name: mse\n")
    assert config_name(tmp_path) == "my run" and config_name(tmp_path / "nothing") == ""
