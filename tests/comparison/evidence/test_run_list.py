"""The list of runs: newest first, sorted and selected by columns, metrics and settings, whatever state they are in."""

import json
import os
import subprocess
import sys

import pytest

from aecli.comparison.evidence.read_run import parse_config
from aecli.comparison.evidence.run_list import list_runs, read_config
from aecli.errors import UsageError
from aecli.runs.folder import RunFolder
from aecli.runs.notes import add_note, tag


@pytest.fixture
def root(write_run, tmp_path):
    """Three losses, one of them unfinished, and a broken run."""
    write_run(name="20261122T101501Z_fake_s0_aaaa", test={"mse": 0.02, "ssim": 0.5})
    write_run(name="20261122T101502Z_fake_s1_bbbb", seed=1, set=["loss.name=mae"], test={"mse": 0.01, "ssim": 0.4})
    path = write_run(name="20261122T101503Z_fake_s2_cccc", seed=2, status="interrupted")
    (path / "summary.json").unlink()
    broken = write_run(name="20261122T101504Z_fake_s3_dddd", seed=3)
    for file in ("config.yaml", "status.json", "summary.json"):
        (broken / file).write_text("{")
    tag(path, "paper")
    add_note(path, "look again")
    return tmp_path / "runs"


def ids(found):
    return [one.id for one in found.runs]


def refusal(*arguments, **options):
    with pytest.raises(UsageError) as refused:
        list_runs(*arguments, **options)
    return str(refused.value)


def test_all_runs_are_listed_newest_first_with_what_is_known(root):
    found = list_runs(root)
    assert ids(found) == ["dddd", "cccc", "bbbb", "aaaa"] and found.found == 4
    assert [one.state for one in found.runs] == ["broken", "interrupted", "completed", "completed"]
    assert [one.differs for one in found.runs] == ["", "mse", "mae", "mse"]
    plain = found.runs[1].plain(found.metric)
    assert (plain["test.mse"], plain["tags"], plain["notes"][0]["text"]) == (None, ["paper"], "look again")
    assert plain["bytes"] > 1000 and plain["started"] == "2026-11-22T10:15:03.000Z" and plain["name"] == "fake"


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("test.mse", ["bbbb", "aaaa", "dddd", "cccc"]),
        ("ssim", ["aaaa", "bbbb", "dddd", "cccc"]),
        ("seed", ["aaaa", "bbbb", "cccc", "dddd"]),
        ("state", ["dddd", "bbbb", "aaaa", "cccc"]),
        ("differs", ["dddd", "bbbb", "cccc", "aaaa"]),
        ("loss.name", ["bbbb", "cccc", "aaaa", "dddd"]),
        ("tag", ["cccc", "dddd", "bbbb", "aaaa"]),
        ("id", ["aaaa", "bbbb", "cccc", "dddd"]),
        ("started", ["dddd", "cccc", "bbbb", "aaaa"]),
    ],
)
def test_a_column_a_metric_or_a_key_sorts_best_first(root, sort, order):
    found = list_runs(root, sort=sort)
    assert ids(found) == order
    assert found.metric.name == {"ssim": "test.ssim"}.get(sort, "test.mse")


def test_the_largest_run_is_the_first_by_size(root):
    (root / "20261122T101502Z_fake_s1_bbbb/large").write_bytes(b"x" * 100_000)
    assert ids(list_runs(root, sort="size"))[0] == "bbbb"


@pytest.mark.parametrize(
    ("where", "left"),
    [
        (["state=completed"], ["bbbb", "aaaa"]),
        (["state!=completed"], ["dddd", "cccc"]),
        (["loss.name=mse"], ["cccc", "aaaa"]),
        (["seed<2", "name=fake"], ["bbbb", "aaaa"]),
        (["seed >= 1"], ["cccc", "bbbb"]),
        (["test.mse<0.015"], ["bbbb"]),
        (["tag=paper"], ["cccc"]),
        (["tag != paper", "state=completed"], ["bbbb", "aaaa"]),
        (["size>100000"], []),
    ],
    ids=str,
)
def test_conditions_are_on_columns_metrics_tags_and_keys(root, where, left):
    assert ids(list_runs(root, where=where)) == left


def test_what_cannot_be_asked_is_refused_with_what_can(root, tmp_path):
    assert refusal(root, sort="lose.name").startswith('--sort "lose.name"')
    assert 'did you mean "state"?' in refusal(root, where=["stat=completed"])
    assert "write it as KEY=VALUE" in refusal(root, where=["completed"])
    assert refusal(tmp_path / "none").startswith(f"{tmp_path}/none: no such folder; runs are in ./runs")


def test_an_empty_folder_is_an_empty_list(tmp_path):
    assert list_runs(tmp_path).runs == ()


def test_a_config_read_by_sections_is_the_config(write_run):
    """Also where YAML hangs together across sections, where keys repeat, and where it is none."""
    path = write_run(set=["loss.name=huber", "regularization=[{name: l1, weight: 1e-7}]"])
    text = (path / "config.yaml").read_text()
    anchored = text.replace("  batch_size: 256", "  batch_size: &size 256").replace(
        "  checkpoint: best", "  more: *size"
    )
    assert anchored != text
    for content in (text, f"\ufeff{text}", anchored, "[1]", "a: [", "name: x\n", text.replace("loss:", "lost:"), "\0"):
        (path / "config.yaml").write_text(content)
        expected = parse_config(content.encode(), "config.yaml")
        assert read_config(RunFolder(path)) == (expected or {}), content[:40]


def test_numbers_of_suites_sort_too_though_only_the_head_of_a_summary_is_read(root, write_run):
    write_run(name="20261122T101505Z_fake_s4_eeee", suites={"test": {"features": {"skill": 0.9}}})
    found = list_runs(root, sort="features.skill")
    assert ids(found)[0] == "eeee" and found.metric.value(found.runs[0].record) == 0.9


def test_a_thousand_runs_are_listed_without_torch_in_about_the_time_of_the_start(write_run, tmp_path):
    source = write_run()
    texts = {file: (source / file).read_text() for file in ("config.yaml", "status.json", "summary.json")}
    config = texts["config.yaml"]
    for number in range(1, 1000):
        target = (
            tmp_path / f"runs/20261123T{number // 3600:02}{number // 60 % 60:02}{number % 60:02}Z_n_s0_{number:04x}"
        )
        target.mkdir()
        texts["config.yaml"] = config.replace("lr: 0.001", f"lr: {number}e-5").replace("seed: 0", f"seed: {number}")
        for file, text in texts.items():
            (target / file).write_text(text)
    code = (
        "import sys, json, resource\nfrom aecli.cli import main\nsys.argv = ['aecli', 'runs', '--json']\n"
        "try:\n    main()\nfinally:\n"
        "    print(int('torch' in sys.modules), resource.getrusage(resource.RUSAGE_SELF).ru_utime, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, env=os.environ | {"COLUMNS": "80"}
    )
    has_torch, seconds = done.stderr.split()
    assert len(json.loads(done.stdout)) == 1000 and has_torch == "0"
    assert float(seconds) < 4.0, "under one second on an idle core; a tenth of what reading all YAML anew takes"
