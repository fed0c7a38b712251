"""Two configs as a diff of what they resolve to."""

import pytest

from aecli.comparison.evidence.config_diff import diff_configs
from aecli.errors import AecliError


def test_only_what_differs_is_told_by_resolved_values(write_run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.yaml").write_text("name: fake\nloss: {name: huber, delta: 0.2}\nregularization: [l1]\n")
    run = write_run(name="20261122T101502Z_fake_s0_9f3a")
    found = diff_configs("mine.yaml", "9f3a")
    assert found.names == ("mine.yaml", f"runs/{run.name}")
    rows = dict((key, (one, other)) for key, one, other in found.rows())
    assert rows["loss.name"] == ("huber", "mse") and rows["loss.delta"] == ("0.2", "-")
    assert rows["regularization.l1.name"] == ("l1", "-")
    assert not [key for key in rows if not key.startswith(("loss.", "regularization"))]
    assert found.plain()["differs"]["loss.delta"] == {"one": 0.2}
    assert diff_configs("last", "last").keys == []


def test_defaults_that_a_run_of_before_did_not_write_are_no_difference(write_run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    one, other = write_run(), write_run()
    config = other / "config.yaml"
    config.write_text(config.read_text().replace("  gradient_clip: null\n", ""))
    assert diff_configs(str(one), str(other)).keys == []


def test_a_config_that_is_refused_today_is_taken_as_it_was_written(write_run):
    one, other = write_run(), write_run()
    config = other / "config.yaml"
    config.write_text(config.read_text() + "later: 1\n")
    assert diff_configs(str(one), str(other)).keys == ["later"]


def test_what_is_neither_is_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for text in ("nothing", "nothing.yaml", str(tmp_path)):
        with pytest.raises(AecliError) as refused:
            diff_configs(text, "mse.yaml")
        assert refused.value.exit_code == 2
