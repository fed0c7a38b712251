"""The first hour of a newcomer, typed in its order into one folder: what each command has to say, and how it ends."""

import csv
import json

import numpy as np
import pytest
from in_process import call_main
from PIL import Image

pytestmark = pytest.mark.slow

QUICK = "--set training.epochs=1 --set data.train_size=2000 --set data.validation=500"
HOUR = [
    ("train --config smoke.yaml", 0, ["smoke, seed 0: epoch 3 of 3", "runs/"], ["behind the mean image", "24 steps"]),
    ("train mse.yaml", 2, [], ["write it as: aecli train --config mse.yaml"]),
    ("train -c mse.yaml --epochs 3", 2, [], ["it is a key of the config: --set training.epochs=3"]),
    ("train -c mse.yaml --set epochs=3", 2, [], ['unknown key "epochs"; here it is training.epochs']),
    ("train -c mse.yaml --set learning_rate=3", 2, [], ["here it is optimization.optimizer.lr"]),
    ("train -c mse.yaml -c mae.yaml", 2, [], ["--config is given 2 times, and one counts: give one"]),
    (f"train -c mse.yaml {QUICK} --quiet", 0, ["mse, seed 0"], ["warning: this net is behind the mean image"]),
    (f"train -c mae.yaml {QUICK} --quiet", 0, ["mae, seed 0"], ["mae-collapse", "behind the mean image"]),
    (f"train -c huber.yaml {QUICK} --quiet", 0, ["huber, seed 0"], ["behind the mean image"]),
    (f"train -c huber.yaml {QUICK} --quiet --seed 1", 0, ["huber, seed 1"], []),
    (f"train -c mae_trainable.yaml {QUICK} --quiet", 0, ["mae_trainable"], []),
    ("runs", 0, ["id", "state", "mae_trainable", "huber", "smoke", "6 runs"], []),
    ("runs --where loss.name=huber --sort mse", 0, ["2 of 6 runs"], []),
    ("show last", 0, ["status", "completed", "mae_trainable"], ["behind the mean image"]),
    ("show last-4", 0, ["mse, seed 0"], []),
    ("show lats", 2, [], ["did you mean last?"]),
    ("show runs", 0, ["6 runs"], ["aecli show runs/"]),
    ("diff last-1 last-2", 0, ["seed  1  -> 0"], []),
    ("compare", 0, ["nothing", "mean image", "--explain"], ["no runs named: all of ./runs (6 runs)"]),
    ("compare --explain", 0, ["which of them made the difference cannot be said"], []),
    ("compare huber mae mse --baseline loss=mse", 0, ["huber", "single nets"], []),
    ("recommend", 2, [], ["--for: name one goal or more", "reconstruction   new images come back as they were"]),
    ("recommend huber mae mse --for reconstruction", 0, ["undecided", "is behind the mean image"], []),
    ("report huber mae mse", 0, ["report.html"], []),
    ("runs tag last-1 last-2 paper", 0, [], []),
    ("compare tag:paper", 0, ["2 runs, 1 config"], []),
    ("runs note last a|first|try", 0, ["a first try"], []),
    ("evaluate last --suite code", 0, ["code (protocol 1"], ["behind the mean image"]),
    ("resume last --set training.epochs=2 --quiet", 0, ["of 2, "], []),
    ("runs prune --keep best", 0, ["freed in 6 runs"], []),
    ("evaluate last --suite sparsity", 0, ["sparsity (protocol 1"], []),
    ("resume last --set training.epochs=3", 2, [], ["was pruned, and cannot go on without the optimizer's states"]),
    ("runs rm last", 0, ["runs/.trash/"], []),
    ("runs trash", 0, ["mae_trainable"], []),
    ("runs trash --empty", 0, [], []),
    ("list losses", 0, ["use when:", "e = x_hat - x"], []),
    ("docs fvu", 0, ["fraction of variance unexplained"], []),
    ("docs words", 0, ["rope", "skill", "cliff", "excess"], []),
    ("init mse.yaml my.yaml", 0, ["my.yaml"], ["other presets"]),
    ("validate my.yaml", 0, ["my.yaml: ok"], []),
    ("sweep -c losses_fast.yaml --plan", 0, ["48 trials"], []),
    ("train -c mse.yaml --set data.dataset=pictures --set data.validation=4 --set architecture.widths=[auto,8,4] -q", 0,
     ["mse, seed 0"], []),
    ("train -c mse.yaml --set data.dataset=table.csv --set data.validation=4 --set architecture.widths=[auto,3] -q", 0,
     ["mse, seed 0"], ["output-range"]),
    ("train -c mse.yaml --set data.dataset=nowhere/ -q", 2, [], ["nowhere/: no such file or folder"]),
]  # fmt: skip


def write_own_data(folder):
    """A folder of sound pictures of one size and several kinds, and a table with names of columns."""
    rng = np.random.default_rng(0)
    (folder / "pictures").mkdir()
    for number in range(24):
        shape = (8, 8, 3) if number % 3 else (8, 8)
        picture = Image.fromarray(rng.integers(0, 256, shape).astype(np.uint8))
        picture.save(folder / "pictures" / f"{number}.{('png', 'jpg', 'bmp')[number % 3]}")
    with (folder / "table.csv").open("w", newline="") as file:
        rows = rng.normal(5, 2, (30, 6)).round(3).tolist()
        csv.writer(file).writerows([[f"gene {column}" for column in range(6)], *rows])


def test_the_first_hour(tmp_path, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    write_own_data(tmp_path)
    for typed, code, answers, messages in HOUR:
        done = call_main(*(word.replace("|", " ") for word in typed.split()), cwd=tmp_path)
        told = f"{typed}\n{done.stdout}\n{done.stderr}"
        assert done.returncode == code, told
        assert "Traceback" not in done.stderr, told
        for stream, texts in ((done.stdout, answers), (done.stderr, messages)):
            joined = " ".join(stream.split())
            assert [text for text in texts if " ".join(text.split()) not in joined] == [], told
    log = min((tmp_path / "runs").glob("*_mse_*")) / "log.txt"
    assert "epoch 1" in log.read_text() and "behind the mean image" in log.read_text(), "what --quiet did not say"


def test_the_comparison_after_the_first_five_minutes_fits_a_screen(tmp_path, monkeypatch):
    """The README's own commands, shortened: at 80 columns at most 25 lines before the findings, every metric whole."""
    monkeypatch.setenv("COLUMNS", "80")
    for typed in (
        "train --config smoke.yaml -q",
        f"train --config mse.yaml {QUICK} -q",
        f"train --config mse.yaml --set loss.name=huber --set loss.delta=0.05 {QUICK} -q",
    ):
        assert call_main(*typed.split(), cwd=tmp_path).returncode == 0
    runs = sorted(str(path) for path in (tmp_path / "runs").iterdir())
    lines = call_main("compare", *runs, cwd=tmp_path).stdout.splitlines()
    codes = {one["code"] for one in json.loads(call_main("compare", *runs, "--json").stdout)["groups"][0]["findings"]}
    first = next(at for at, line in enumerate(lines) if line.partition(":")[0] in codes)
    screen = sum(1 + max(len(line) - 1, 0) // 80 for line in lines[:first])
    assert screen <= 25 and all(len(line) <= 80 for line in lines[1:12])
    heads = next(at for at, line in enumerate(lines) if line.split()[:2] == ["config", "seeds"])
    assert heads <= 3 and "mse ↓" in lines[heads] and "*" in lines[heads + 2]
