"""The story of a run: every part of it, and the whole of it as `aecli show` prints it."""

import os
from pathlib import Path

import pytest

from aecli import console
from aecli.components.evaluation.metrics import METRICS
from aecli.config.load import load_config
from aecli.config.telling import (
    describe_terms,
    heading,
    named,
    next_step,
    plain,
    score_rows,
    sparkline,
    thin,
)
from aecli.files.json_files import append_line, write_json
from aecli.runs.folder import RunFolder, create_run_folder

SCORES = {"mse": 0.00825, "mae": 0.0321, "rmse": 0.0908, "psnr_db": 20.84, "ssim": 0.91, "images": 100}
SUMMARY = {
    "schema": 1,
    "name": "mse",
    "seed": 3,
    "epochs": 2,
    "best_epoch": 1,
    "judged_epoch": 1,
    "selected_by": "validation.mse",
    "train_s": 12.34,
    "train": SCORES,
    "validation": SCORES,
    "test": SCORES | {"mse": 0.00811, "per_class_mse": {"0": 0.1}},
    "code": {"units": 32, "alive": 24},
    "baselines": {"mean_image": {"test": {"mse": 0.06747, "psnr_db": 11.71}}, "pca_32": {"test": {"mse": 0.01683}}},
}


@pytest.mark.parametrize(
    ("term", "text"),
    [
        ({"name": "mse"}, "mse"),
        ({"name": "mse", "weight": 1.0}, "mse"),
        ({"name": "mse", "weight": 0.5}, "mse(weight=0.5)"),
        ({"name": "huber", "weight": 1.0, "delta": 0.1}, "huber(delta=0.1)"),
        ({"name": "l1", "weight": 1e-7, "parameters": "all"}, "l1(weight=1e-07, parameters=all)"),
        ({"name": "constant", "warmup": 0.0}, "constant"),
        ({"name": "cosine", "warmup": 0.5, "end": None}, "cosine(warmup=0.5)"),
        ({"name": "k_sparse", "k": 8}, "k_sparse(k=8)"),
        ({"name": "masking", "share": 0.0}, "masking(share=0)"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_term_is_named_with_what_is_not_a_matter_of_course(term, text):
    assert named(term) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.1, "0.1"),
        (1e-7, "1e-07"),
        (8, "8"),
        ("mean", "mean"),
        ([0.9, 0.999], "[0.9, 0.999]"),
        ({"start": 0.5, "end": 0.01, "epochs": 20, "curve": "linear"}, "0.5->0.01 over 20 epochs"),
    ],
    ids=str,
)
def test_a_value_is_told_in_few_characters(value, text):
    assert plain(value) == text


def test_a_sparkline_runs_from_the_lowest_to_the_highest_block():
    assert sparkline([0, 1, 2, 3, 4, 5, 6, 7]) == "▁▂▃▄▅▆▇█"
    assert sparkline([8.0, 1.0, 3.0]) == "█▁▃"
    assert sparkline([0.5, 0.5]) == "▁▁" and sparkline([7.0]) == "▁"


def test_a_long_curve_is_thinned_evenly_and_keeps_both_ends():
    assert thin([1.0, 2.0], 50) == [1.0, 2.0]
    assert thin(list(range(101)), 5) == [0, 25, 50, 75, 100]
    thinned = thin(list(range(333)), 50)
    assert len(thinned) == 50 and thinned[0] == 0 and thinned[-1] == 332 and thinned == sorted(set(thinned))


def test_the_table_has_the_splits_first_and_then_the_baselines():
    names, rows = score_rows(SUMMARY)
    assert names == ["mse", "mae", "rmse", "psnr_db", "ssim"]
    assert [row[0] for row in rows] == ["train", "validation", "test", "mean image", "pca 32"]
    assert rows[2] == ["test", 0.00811, 0.0321, 0.0908, 20.84, 0.91]
    assert rows[3] == ["mean image", 0.06747, None, None, 11.71, None]


def test_the_table_tells_of_corrupted_input_where_there_was_some():
    summary = SUMMARY | {"test_corrupted": {"mse": 0.02}}
    assert ["test, corrupted input", 0.02, None, None, None, None] in score_rows(summary)[1]


def test_nothing_measured_makes_no_table():
    assert score_rows({}) == ([], []) == score_rows({"name": "mse", "epochs": 3})


def test_a_heading_shows_which_direction_is_better():
    assert [heading(name)[-1] for name in METRICS] == ["↓", "↓", "↓", "↑", "↑", "↓", "↓", "↓"]
    assert heading("mse") == "mse ↓"


def test_what_was_chosen_is_told_in_a_line_each():
    config = {
        "data": {"corruption": {"name": "masking", "share": 0.25}, "train_size": 300, "validation": 100},
        "architecture": {"widths": ["auto", 16, 8], "tied": True, "code_activation": "linear"},
        "loss": [{"name": "mse", "weight": 0.5}, {"name": "huber", "delta": 0.05}],
        "regularization": [{"name": "l2", "weight": 1e-6}],
        "optimization": {"gradient_clip": 1.0},
        "training": {"epochs": 7, "batch_size": 64},
    }
    told = dict(describe_terms(load_config(config).plain()))
    assert list(told) == ["data", "architecture", "loss", "regularization", "optimization", "training"]
    assert told["data"].startswith("mnist, validation 100") and "corruption masking(share=0.25)" in told["data"]
    assert told["architecture"] == "auto-16-8, relu/linear/sigmoid, glorot_uniform, tied"
    assert told["loss"] == "mse(weight=0.5) + huber(delta=0.05)"
    assert told["regularization"].startswith("l2(weight=1e-06")
    assert told["optimization"].startswith("adam(lr=0.001") and told["optimization"].endswith("constant, clip 1.0")
    assert told["training"] == "7 epochs of batches of 64"


def test_a_plain_config_has_no_regularization_and_nothing_spoilt():
    told = dict(describe_terms(load_config({}).plain()))
    assert told["regularization"] == "none" and told["loss"] == "mse" and told["data"] == "mnist, validation 5000"
    assert "clip" not in told["optimization"] and "tied" not in told["architecture"]


@pytest.mark.parametrize(
    ("status", "advice"),
    [
        ({"status": "interrupted"}, "go on with: aecli resume runs/a"),
        (
            {"status": "diverged"},
            "train again with a lower learning rate, or with --set optimization.gradient_clip=1",
        ),
        ({"status": "completed", "epochs": 50}, "extend it with: aecli resume runs/a --set training.epochs=100"),
        ({"status": "failed"}, "look into runs/a/log.txt, then: aecli resume runs/a"),
        (
            {"status": "running", "pid": 7, "host": "here", "heartbeat": "now"},
            "process 7 on here is training it; last heartbeat now",
        ),
        ({}, "runs/a/status.json is broken; train again with: aecli train --config runs/a/config.yaml"),
    ],
    ids=lambda value: value.get("status", "broken") if isinstance(value, dict) else "",
)
def test_every_status_has_a_next_step(status, advice):
    assert next_step(RunFolder(Path("runs/a")), status) == advice


@pytest.fixture
def told(capsys):
    """What `aecli show` prints of a folder, in lines without the spaces around them."""

    def tell(folder, config=None):
        console.stdout.cache_clear()  # its stream is the one of an earlier test
        console.show_run(folder, config or load_config({"name": "mse", "seed": 3}).plain())
        printed = capsys.readouterr()
        assert printed.err == ""
        return [line.strip() for line in printed.out.splitlines()]

    yield tell
    console.stdout.cache_clear()


@pytest.fixture
def folder(tmp_path):
    return create_run_folder(tmp_path, "mse", 3)


def write_metrics(folder):
    term = {"raw": 0.02, "weight": 1.0, "weighted": 0.02, "share": 1.0}
    for epoch, mse in enumerate((0.23, 0.02, 0.03)):
        append_line(
            folder.metrics, {"epoch": epoch, "terms": {"loss.mse": term} if epoch else {}, "validation": {"mse": mse}}
        )


def test_a_finished_run_is_told_on_one_screen(folder, told):
    folder.write_status("completed", epoch=2, epochs=2)
    write_metrics(folder)
    write_json(folder.summary, SUMMARY)
    write_json(folder.environment, {"versions": {"torch": "2.9.0"}, "cpu": "a CPU", "threads": 2, "device": "cpu"})
    lines = told(folder)
    assert lines[0] == str(folder.path)
    assert lines[1] == "status          completed, epoch 2 of 2"
    assert "loss            mse" in lines and "data            mnist, validation 5000" in lines
    assert "validation mse  0.23000 █▁▂ 0.03000" in lines
    assert any(line.split() == ["loss.mse", "0.02", "1", "0.02", "100.0%"] for line in lines)
    assert "mse, seed 3: epoch 1 of 2, 12.3 s of training" in lines
    mse = next(line.split() for line in lines if line.startswith(" mse ↓") or line.startswith("mse ↓"))
    assert mse[4:] == ["0.00811", "0.06747", "0.01683"]
    assert any(line.split()[:2] == ["mae", "↓"] and line.split()[-2:] == ["-", "-"] for line in lines)
    assert "24 of 32 code units alive; best epoch 1 by validation.mse" in lines
    assert "a CPU, 2 threads, cpu; torch 2.9.0" in lines
    assert lines[-1] == f"extend it with: aecli resume {folder.path} --set training.epochs=4"
    assert len(lines) < 40


def test_an_interrupted_run_is_told_with_its_reason_and_how_to_go_on(folder, told):
    folder.write_status("interrupted", reason="stopped by SIGTERM", epoch=1, epochs=50)
    write_metrics(folder)
    lines = told(folder)
    assert lines[1] == "status          interrupted, epoch 1 of 50: stopped by SIGTERM"
    assert lines[-1] == f"go on with: aecli resume {folder.path}"


def test_a_run_that_has_just_begun_is_told_too(folder, told):
    folder.write_status("running", epoch=None, epochs=50)
    lines = told(folder)
    assert lines[1].startswith("status          running") and lines[1].endswith(" of 50")
    assert lines[-1].startswith(f"process {os.getpid()} on ")


def test_a_run_without_suites_is_told_without_scores(folder, told):
    folder.write_status("completed", epoch=2, epochs=2)
    write_metrics(folder)
    write_json(folder.summary, {key: SUMMARY[key] for key in ("schema", "name", "seed", "epochs", "best_epoch")})
    assert not any("code units" in line for line in told(folder))


def test_a_folder_with_nothing_but_broken_files_is_told_all_the_same(folder, told):
    for path in (folder.status_file, folder.metrics, folder.summary, folder.environment):
        path.write_text('{"half": ')
    assert told(folder)[-1].startswith(f"{folder.status_file} is broken")
