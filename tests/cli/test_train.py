"""`aecli train`, `resume`, `show` and `validate` as real processes on real MNIST."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from in_process import call_main

SMALL = ("--set", "data.train_size=300", "--set", "data.validation=100", "--set", "architecture.widths=[784, 16, 8]")


def aecli(*arguments: str, **options) -> subprocess.CompletedProcess:
    """Run the command to its end."""
    command = [sys.executable, "-m", "aecli", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, **options)


@pytest.fixture(scope="module")
def smoke(tmp_path_factory):
    """One run of smoke.yaml, from a folder that is not the checkout: the process and the run folder."""
    folder = tmp_path_factory.mktemp("elsewhere")
    done = aecli("train", "--config", "smoke.yaml", "--out", "my runs", cwd=folder)
    return done, folder, folder / done.stdout.splitlines()[-1]


def test_the_smoke_run_writes_the_whole_run_folder(smoke):
    done, _, run = smoke
    assert done.returncode == 0, done.stderr
    files = sorted(path.relative_to(run).as_posix() for path in run.rglob("*") if path.is_file())
    assert files == [
        "checkpoints/best.pt",
        "checkpoints/last.pt",
        "checkpoints/previous.pt",
        "config.yaml",
        "environment.json",
        "examples.npz",
        "log.txt",
        "metrics.jsonl",
        "per_image.npz",
        "plots/error_histogram.png",
        "plots/extremes.png",
        "plots/learning_curves.png",
        "plots/reconstructions.png",
        "status.json",
        "summary.json",
    ]
    assert re.fullmatch(r"\d{8}T\d{6}Z_smoke_s0_[0-9a-f]{4}", run.name)


def test_the_metrics_have_one_line_per_epoch_before_and_after_training(smoke):
    records = [json.loads(line) for line in (smoke[2] / "metrics.jsonl").read_text().splitlines()]
    assert [record["epoch"] for record in records] == [0, 1, 2, 3]
    assert records[0]["objective"] is None
    for before, after in zip(records, records[1:], strict=False):
        assert after["train_s"] > before["train_s"]
        assert after["elapsed_s"] > before["elapsed_s"]
        assert after["validation"]["mse"] < before["validation"]["mse"]
        term = after["terms"]["loss.mse"]
        assert term["weighted"] == term["raw"] * term["weight"]
        assert term["share"] == 1.0


def test_the_summary_has_every_metric_on_every_split_beside_the_baselines(smoke):
    summary = json.loads((smoke[2] / "summary.json").read_text())
    metrics = {"mse", "mae", "rmse", "psnr_db", "ssim", "bce_nats", "bce_excess_nats", "fvu"}
    for part, images in (("train", 2000), ("validation", 500), ("test", 10000)):
        assert metrics <= summary[part].keys()
        assert summary[part]["images"] == images
    assert sorted(summary["test"]["per_class_mse"]) == [str(digit) for digit in range(10)]
    assert sorted(summary["baselines"]) == ["mean_image", "pca_32", "pca_32_clipped"]
    assert summary["baselines"]["mean_image"]["test"]["fvu"] == pytest.approx(1.0, abs=1e-4)
    assert (summary["schema"], summary["parameters"], summary["seed"]) == (1, 222384, 0)
    floor = summary["test"]["bce_nats"] - summary["test"]["bce_excess_nats"]
    assert floor == pytest.approx(0.05808, abs=5e-6)


def test_the_per_image_errors_average_to_the_summary(smoke):
    summary = json.loads((smoke[2] / "summary.json").read_text())
    with np.load(smoke[2] / "per_image.npz", allow_pickle=False) as errors:
        assert len(errors["squared"]) == len(errors["labels"]) == 10000
        assert errors["squared"].mean() == pytest.approx(summary["test"]["mse"], rel=1e-12)
        assert errors["ssim"].mean() == pytest.approx(summary["test"]["ssim"], rel=1e-12)


def test_the_environment_tells_what_the_run_depended_on(smoke):
    environment = json.loads((smoke[2] / "environment.json").read_text())
    assert environment["versions"]["torch"]
    assert environment["data"]["dataset"] == "mnist"
    assert re.fullmatch(r"[0-9a-f]{64}", environment["data"]["sha256"])
    assert environment["data"]["images"] == {"train": 2000, "validation": 500, "test": 10000}
    assert environment["command"][1:] == ["train", "--config", "smoke.yaml", "--out", "my runs"]


def test_outside_a_terminal_there_is_one_plain_line_per_epoch_on_stderr(smoke):
    lines = [line for line in smoke[0].stderr.splitlines() if line.startswith("epoch ")]
    assert len(lines) == 4
    assert re.fullmatch(r"epoch 0/3  before training  validation mse 0\.\d{6} \*", lines[0])
    assert re.fullmatch(r"epoch 3/3  loss 0\.\d{6}  validation mse 0\.\d{6} \*  [\d,]+ images/s  0:00 left", lines[3])
    assert "\x1b" not in smoke[0].stderr


def test_the_stored_config_runs_again_and_gives_the_same_metrics(smoke):
    _, folder, run = smoke
    again = call_main("train", "--config", str(run / "config.yaml"), *"--out again --quiet".split(), cwd=folder)
    assert again.returncode == 0
    (warning,) = again.stderr.splitlines()
    assert warning.startswith("warning: this net is behind the mean image, which needs no training: test mse 0.07")
    second = folder / again.stdout.splitlines()[-1]
    summaries = [json.loads((path / "summary.json").read_text()) for path in (run, second)]
    for part in ("train", "validation", "test", "baselines", "code", "config_sha256"):
        assert summaries[0][part] == summaries[1][part]


def test_show_tells_the_story_of_the_run_without_torch(smoke):
    _, folder, run = smoke
    code = f"import sys; sys.argv = ['aecli', 'show', {str(run)!r}]\n"
    code += "from aecli.cli import app\ntry:\n    app()\nfinally:\n    print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.splitlines()[-1] == "False"
    for expected in ("completed, epoch 3 of 3", "784-128-64-32, relu/relu/sigmoid", "pca 32 clipped", "aecli resume"):
        assert expected in done.stdout


def test_json_prints_the_summary_alone(tmp_path):
    done = call_main(*"train -c smoke.yaml --json --quiet".split(), *SMALL, "--out", str(tmp_path))
    answer = json.loads(done.stdout)
    assert Path(answer["run"]).is_dir()
    assert answer["test"]["mse"] > 0


@pytest.mark.parametrize(
    ("number", "code"),
    [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)],
    ids=["SIGINT", "SIGTERM", "SIGHUP"],
)
def test_a_signal_ends_with_its_code_and_resume_completes_bitwise(tmp_path, number, code):
    long = (*SMALL, "--set", "training.epochs=400", "--set", "evaluation.suites=[]", "--out", str(tmp_path))
    process = subprocess.Popen(
        [sys.executable, "-m", "aecli", "train", "-c", "smoke.yaml", *long],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 60
    while not (found := list(tmp_path.glob("*/metrics.jsonl"))) or found[0].read_text().count("\n") < 3:
        assert time.monotonic() < deadline and process.poll() is None, process.communicate()
        time.sleep(0.01)
    for _ in range(4):  # as a wrapper gives them that forwards signals: the first one counts
        process.send_signal(number)
        time.sleep(0.001)
    _, stderr = process.communicate(timeout=60)
    assert process.returncode == code
    run = found[0].parent
    assert stderr.splitlines()[-1] == f"error: stopped by {number.name}; go on with: aecli resume {run}"
    epoch = json.loads((run / "status.json").read_text())["epoch"]
    done = call_main("resume", str(run), "--set", f"training.epochs={epoch + 2}", "--quiet")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == str(run)
    straight = call_main(*"train -c smoke.yaml --quiet".split(), *long, "--set", f"training.epochs={epoch + 2}")
    from aecli.experiment.checkpoint import load_checkpoint

    states = [
        load_checkpoint(Path(path) / "checkpoints" / "last.pt")["model"] for path in (run, straight.stdout.strip())
    ]
    assert all(states[0][name].equal(states[1][name]) for name in states[1])


REFUSALS = {
    "missing file": (("-c", "nowhere.yaml"), 2, 'no config "nowhere.yaml";'),
    "unknown name": (
        ("-c", "smoke.yaml", "--set", "loss.name=hubber"),
        2,
        'loss.name: unknown "hubber"; did you mean "huber"?',
    ),
    "unknown path": (
        ("-c", "smoke.yaml", "--set", "los.name=mse"),
        2,
        '--set los.name=mse: los: unknown key "los"; did you mean "loss"?',
    ),
    "bad seed": (("-c", "smoke.yaml", "--seed", "-1"), 2, "--seed -1: seed: must be >= 0, got -1"),
    "widths": (
        ("-c", "smoke.yaml", "--set", "architecture.widths=[700, 32]"),
        2,
        "architecture.widths[0]: must be 784, the size of mnist's rows, or auto; got 700",
    ),
    "too large a train_size": (
        ("-c", "smoke.yaml", "--set", "data.train_size=60000"),
        2,
        "data.train_size: must be at most 59500: mnist has 60000 training images and 500 are held out; got 60000",
    ),
    "no such device": (
        ("-c", "smoke.yaml", "--device", "cuda:99"),
        2,
        "--device cuda:99: training.device: this machine has no cuda:99",
    ),
    "missing data": (
        ("-c", "smoke.yaml", "--set", "data.dataset={name: csv, file: nowhere.csv}"),
        4,
        "nowhere.csv",
    ),
}


@pytest.mark.parametrize(("arguments", "code", "message"), REFUSALS.values(), ids=REFUSALS)
def test_a_refusal_has_its_message_and_code_and_leaves_no_folder(tmp_path, arguments, code, message):
    done = call_main("train", *arguments, "--out", str(tmp_path / "runs"))
    assert done.returncode == code
    assert message in done.stderr
    assert done.stdout == ""
    assert not (tmp_path / "runs").exists()


def test_a_run_folder_that_cannot_be_made_is_refused(tmp_path):
    (tmp_path / "file").write_text("")
    done = call_main(*"train -c smoke.yaml".split(), *SMALL, "--out", str(tmp_path / "file" / "runs"))
    assert done.returncode == 2
    expected = f"error: cannot make a run folder in {tmp_path}/file/runs: Not a directory; choose another with --out"
    assert done.stderr.splitlines()[-1] == expected


def test_a_disk_that_fills_up_is_an_error_and_not_a_traceback(tmp_path):
    """A limit on the size of files stands in for the disk: the first checkpoint does not fit."""
    code = "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (20000, 20000))\n"
    code += "from aecli.cli import main; main()"
    command = [sys.executable, "-c", code, "train", "-c", "smoke.yaml", *SMALL, "--out", str(tmp_path)]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    (run,) = tmp_path.iterdir()
    expected = (
        f"error: cannot write {run}/checkpoints/next.pt: File too large; free some space or choose another folder "
        "with --out"
    )
    assert done.stderr.splitlines()[-1] == expected
    assert json.loads((run / "status.json").read_text())["status"] == "failed"


def test_a_divergence_exits_with_5(tmp_path):
    sets = ("--set", "optimization.optimizer={name: sgd, lr: 1e30}", "--set", "architecture.output_activation=linear")
    done = call_main(*"train -c smoke.yaml --quiet".split(), *SMALL, *sets, "--out", str(tmp_path))
    assert done.returncode == 5
    assert done.stderr.startswith("error: the loss became ")
    assert "Traceback" not in done.stderr


def test_resume_refuses_a_folder_that_is_no_run(tmp_path):
    done = call_main("resume", str(tmp_path))
    assert done.returncode == 2
    assert done.stderr == f"error: {tmp_path}: is no run folder: it has no config.yaml and status.json\n"


def test_validate_builds_and_probes_as_train_does(tmp_path):
    done = call_main("validate", "smoke.yaml", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "smoke.yaml: ok\n")
    refused = call_main("validate", "smoke.yaml", "--set", "architecture.widths=[700, 32]", cwd=tmp_path)
    assert refused.returncode == 2
    assert "must be 784" in refused.stderr
    assert list(tmp_path.iterdir()) == []
