"""A config or a run, whichever a text means."""

from pathlib import Path

import pytest

from aecli.config.target import find_target, resolved_config
from aecli.errors import UsageError


def test_a_folder_comes_first_then_a_config_then_a_run(write_run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run = Path("runs") / write_run(name="20261122T101502Z_mse_s0_9f3a").name
    assert find_target("mse") is None and find_target("mse.yaml") is None and find_target("no.yaml") is None
    assert find_target("mse_s0") == find_target("last") == find_target(str(run)) == run
    assert find_target("runs") == Path("runs")
    (tmp_path / "mse").mkdir()
    assert find_target("mse") == Path("mse")
    with pytest.raises(UsageError) as refused:
        find_target("hubr")
    assert str(refused.value).startswith('no config "hubr"; ')
    assert str(refused.value).splitlines()[1].startswith("hubr: no such path, and no run in ./runs")
    for text in ("last-9", "tag:x", "no/thing"):
        with pytest.raises(UsageError) as refused:
            find_target(text)
        assert "no config" not in str(refused.value)


def test_a_config_is_resolved_and_a_run_is_told_by_its_folder(write_run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run = write_run()
    assert resolved_config("last")[0] == f"runs/{run.name}"
    assert resolved_config("smoke")[1]["training"]["precision"] == "highest"
