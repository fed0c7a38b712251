"""`aecli compare` as a user meets it: the screen, the formats, refusals, exit codes, speed."""

import json
import os
import pty
import re
import resource
import signal
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from aecli.cli import app
from aecli.errors import UsageError


@pytest.fixture
def losses(write_seeds, tmp_path):
    """Six seeds each: mae far off, huber as good as mse, bce undecided."""
    base = [0.0080, 0.0082, 0.0079, 0.0081, 0.0083, 0.0078]
    extra = {"per_image": None}
    write_seeds(base, **extra)
    write_seeds([value * 2 for value in base], set=["loss.name=mae"])
    write_seeds(
        [value * (1 + shift) for value, shift in zip(base, (1e-4, -1e-4) * 3, strict=True)], set=["loss.name=huber"]
    )
    write_seeds(
        [value * (1 + shift) for value, shift in zip(base, (0.2, -0.1) * 3, strict=True)], set=["loss.name=bce"]
    )
    return tmp_path / "runs"


def call(*arguments):
    result = CliRunner().invoke(app, ["compare", *map(str, arguments)])
    assert result.exception is None, result.exception
    return result.stdout


def refusal(*arguments):
    result = CliRunner().invoke(app, ["compare", *map(str, arguments)])
    assert isinstance(result.exception, UsageError), result.output
    assert result.exception.exit_code == 2
    return str(result.exception)


def test_the_screen_has_table_verdicts_and_lint(losses):
    lines = call(losses, "--baseline", "mse").splitlines()
    assert lines[0].strip() == "mnist, 10,000 test images: 24 runs, 4 configs"
    assert lines[2].split() == ["config", "seeds", "mse", "↓", "ahead", "of", "loss"]
    assert [line.split()[0] for line in lines[4:8]] == ["mse", "huber", "bce", "mae"]
    head = "against mse (as asked), equivalent within 1 %; p corrected for 3 comparisons:"
    verdicts = {line.split()[0]: line.split()[1] for line in lines[lines.index(head) + 4 :] if len(line.split()) > 1}
    assert (verdicts["huber"], verdicts["bce"], verdicts["mae"]) == ("equivalent", "undecided", "worse")
    assert any(line.startswith("few-seeds: 6 seeds each: a first look") for line in lines)


def test_a_verdict_falls_where_the_seeds_allow_it(losses):
    lines = call(losses, *"--baseline mse --where loss.name!=bce --where loss.name!=huber".split()).splitlines()
    (verdict,) = [line for line in lines if line.split()[:2] == ["mae", "worse"]]
    assert verdict.split()[2:] == ["+100", "%", "+100", "%", "to", "+100", "%", "0", "%", "<", "0.0001", "6"]


def test_decibels_are_shown_as_decibels(write_run, tmp_path):
    for seed in range(8):
        for psnr, changed in ((20 + seed / 100, []), (19.8 + seed / 90, ["loss.name=mae"])):
            write_run(seed=seed, test={"mse": 10 ** (-psnr / 10), "psnr_db": psnr}, set=changed)
    lines = call(tmp_path / "runs", "--metric", "psnr_db").splitlines()
    assert "against mse (the best), equivalent within 0.0432 dB:" in lines
    (verdict,) = [line for line in lines if line.split()[:2] == ["mae", "worse"]]
    assert verdict.split()[2:] == ["-0.196", "dB", "-0.198", "dB", "to", "-0.194", "dB", "0", "%", "<", "0.0001", "8"]


def test_the_matrix_is_shown_when_asked_for(losses):
    assert "referees: mean and regret" not in call(losses)
    assert "referees: mean and regret" in call(losses, "--matrix")


def test_json_is_versioned_and_the_same_with_either_flag(losses):
    data = json.loads(call(losses, "--json"))
    assert data["schema"] == 1
    assert json.loads(call(losses, "--format", "json")) == data


@pytest.mark.parametrize(
    ("arguments", "start"),
    [
        (["--format", "csv"], "data,kind,label,n,ahead_of,loss,test.mse"),
        (["--format", "md"], "**mnist"),
        (["--format", "latex"], r"\paragraph"),
    ]
    + [(["--format", "html"], "<h2>mnist")],
    ids=["csv", "md", "latex", "html"],
)
def test_every_format_is_printed(losses, arguments, start):
    assert call(losses, *arguments).startswith(start)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--format", "xml"], '--format "xml"; choices: table, csv, json, md, latex, html'),
        (["--json", "--format", "md"], "--json and --format md: give one of them"),
        (["--json", "--format", "table"], "--json and --format table: give one of them"),
        (
            ["--matrix", "--format", "csv"],
            "--matrix: a CSV is one table, and the matrix is another; use --format json, md, latex or html",
        ),
        (["--sort", "mse", "--max", "mse"], "--sort, --min and --max: give one of them"),
        (
            ["--rope", "one"],
            '--rope "one": write a share of the baseline such as 1%, or a number above 0 in units of the metric',
        ),
        (["--baseline", "mes"], '--baseline "mes"; did you mean "mse"? rows: mse, mae, huber, bce'),
        (
            ["--metric", "test.msee"],
            'metric "test.msee"; did you mean "test.mse"? measured in these runs: test.mse, validation.mse, '
            "train.mse, train_s, epochs",
        ),
        (
            ["--metric", "epochs"],
            "epochs: nobody knows whether more or less of it is better, so it cannot judge; show it with --columns",
        ),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_refusals_say_what_to_write(losses, arguments, message):
    assert refusal(losses, *arguments) == message


def test_the_objective_of_different_losses_ranks_nothing(losses):
    message = refusal(losses, "--metric", "objective")
    assert message.startswith(
        "objective: these runs minimized 4 different objectives (bce, huber, mae, mse), whose values are different"
    )
    assert refusal(losses, "--sort", "objective") == message
    assert call(losses, "--where", "loss.name=mae", "--sort", "objective")


def test_one_config_is_shown_without_a_verdict(write_run):
    assert "one config: nothing to compare; train another" in call(write_run())


def test_left_out_folders_are_counted_and_named(losses, write_run, tmp_path):
    write_run(status="failed")
    (losses / "notes.txt").write_text("")
    text = call(*losses.iterdir())
    assert "left out: 1 failed, 1 foreign" in text or "left out: 1 foreign, 1 failed" in text
    assert "notes.txt: is a file, not a folder" in text


def test_different_data_are_never_ranked_together(losses, write_run):
    write_run(test={"mse": 1e-9}, environment={"data": {"dataset": "other", "sha256": "1", "images": {"test": 5}}})
    text = call(losses)
    assert "mnist, 10,000 test images: 24 runs, 4 configs" in text
    assert "other, 5 test images: 1 run, 1 config" in text


def test_only_rows_that_are_shown_are_judged(losses):
    text = call(losses, *"--baseline mse --max mse --top 2".split())
    rows = [line.split()[0] for line in text.splitlines() if line.split()[1:2] == ["6"]]
    judged = [
        line.split()[0] for line in text.splitlines() if line.split()[1:2] in (["worse"], ["undecided"], ["equivalent"])
    ]
    assert (rows[:2], judged[:2]) == (["mae", "bce"], ["bce", "mae"])
    assert "huber" not in " ".join(rows + judged)


def test_a_pipe_is_as_wide_as_columns_says(losses):
    widths = {}
    for columns in ("40", "150"):
        done = subprocess.run(
            [
                sys.executable,
                "-m",
                "aecli",
                "compare",
                str(losses),
                "--columns",
                "mse",
                "--columns",
                "validation.mse",
                "--columns",
                "train.mse",
            ],
            capture_output=True,
            text=True,
            env=os.environ | {"COLUMNS": columns},
        )
        widths[columns] = "set COLUMNS to" in done.stdout
    assert widths == {"40": True, "150": False}


def test_pictures_are_written_where_asked(losses, tmp_path):
    call(losses, "--plots", tmp_path / "pictures")
    assert {path.suffix for path in (tmp_path / "pictures").iterdir()} == {".png"}


def test_a_folder_for_pictures_that_cannot_be_made_is_refused_before_the_answer(losses, tmp_path):
    (tmp_path / "file").write_text("")
    for path, reason in (
        (tmp_path / "file", "it is a file"),
        (tmp_path / "file" / "in", f"{tmp_path / 'file'} is a file"),
    ):
        result = CliRunner().invoke(app, ["compare", str(losses), "--plots", str(path)])
        assert (str(result.exception), result.stdout) == (
            f"{path}: cannot be made: {reason}; name another directory",
            "",
        )


def test_a_picture_does_not_replace_a_device_and_is_written_through_a_link(losses, tmp_path):
    folder = tmp_path / "pictures"
    folder.mkdir()
    (folder / "curves.png").symlink_to(tmp_path / "real.png")
    call(losses, "--plots", folder)
    assert (folder / "curves.png").is_symlink() and (tmp_path / "real.png").read_bytes().startswith(b"\x89PNG")
    (folder / "curves.png").unlink()
    os.mkfifo(folder / "curves.png")
    assert refusal(losses, "--plots", folder) == f"--plots {folder / 'curves.png'}: cannot be written: it is no file"
    assert (folder / "curves.png").is_fifo()


def test_names_of_rows_are_on_the_screen_where_the_settings_do_not_tell_them_apart(losses):
    lines = call(losses, "--columns", "data.validation").splitlines()
    assert lines[2].split() == ["config", "seeds", "data.validation"]
    assert [line.split() for line in lines[4:6]] == [["mse", "6", "5000"], ["huber", "6", "5000"]]


@pytest.mark.parametrize(
    "arguments",
    [
        ["compare", "RUNS"],
        ["compare", "RUNS", "--json"],
        ["recommend", "RUNS", "--for", "reconstruction"],
        ["--help"],
        ["--version"],
    ],
    ids=" ".join,
)
def test_a_full_disk_is_one_line_and_a_closed_pipe_none(losses, tmp_path, arguments):
    """The system itself refuses to let a file grow beyond 2 bytes."""
    command = [sys.executable, "-m", "aecli", *(str(losses) if word == "RUNS" else word for word in arguments)]

    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (2, 2))

    with (tmp_path / "answer").open("wb") as file:
        done = subprocess.run(command, stdout=file, stderr=subprocess.PIPE, text=True, preexec_fn=limit, timeout=60)
    assert (done.returncode, done.stderr) == (1, "error: stdout: cannot be written: File too large\n")
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, text=True, timeout=60)
    os.close(write)
    assert (done.returncode, done.stderr) == (1, "")


def test_the_process_ends_with_the_right_code_and_without_torch(losses, tmp_path):
    code = (
        "import sys, aecli.cli; sys.argv = ['aecli', 'compare', sys.argv[1]]\n"
        "try:\n    aecli.cli.main()\n"
        "finally:\n    print('torch' in sys.modules, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(losses)], capture_output=True, text=True)
    assert done.stderr.splitlines()[-1] == "False"
    assert "mnist" in done.stdout
    done = subprocess.run(
        [sys.executable, "-m", "aecli", "compare", str(tmp_path / "no*thing")], capture_output=True, text=True
    )
    assert done.returncode == 2
    assert done.stderr == f"error: {tmp_path}/no*thing: no folder matches; `aecli runs` lists the runs there are\n"


def test_a_narrow_terminal_shows_whole_cells_and_says_what_is_missing(losses, write_run):
    numbers = {"mae": 0.01, "psnr_db": 20.0, "ssim": 0.9}
    write_run(test=numbers, set=["loss.name=cauchy", "regularization.l2.weight=1e-5"])
    lines = on_a_terminal(["compare", str(losses)], columns=48).splitlines()
    assert lines[0] == "mnist, 10,000 test images: 25 runs, 5 configs"
    end = next(index for index, line in enumerate(lines) if line.startswith("too narrow for "))
    assert max(len(line) for line in lines) <= 48
    assert ["huber", "6", "0.00805", "±0.00020"] in [line.split()[:4] for line in lines[:end]]
    assert ["huber", "equivalent"] in [line.split()[:2] for line in lines[end:]]


def on_a_terminal(arguments, columns):
    """What a command prints on a terminal of so many columns, without its styles."""
    main, end = pty.openpty()
    environment = os.environ | {"COLUMNS": str(columns), "NO_COLOR": "1", "TERM": "xterm"}
    process = subprocess.Popen([sys.executable, "-m", "aecli", *arguments], stdout=end, stderr=end, env=environment)
    os.close(end)
    text = b""
    while True:
        try:
            part = os.read(main, 65536)
        except OSError:
            break
        if not part:
            break
        text += part
    process.wait()
    os.close(main)
    return re.sub(r"\x1b\[[0-9;]*m", "", text.decode()).replace("\r\n", "\n")


@pytest.mark.slow
def test_a_thousand_runs_are_compared_in_seconds(write_run, tmp_path):
    source = write_run()
    seedless = (source / "config.yaml").read_text()
    files = {name: (source / name).read_text() for name in ("status.json", "environment.json", "metrics.jsonl")}
    summary = json.loads((source / "summary.json").read_text()) | {
        "suites": {"test": {"code": {"values": list(range(15_000))}}}
    }
    for number in range(999):
        path = tmp_path / "runs" / f"run_{number:04}"
        path.mkdir()
        text = seedless.replace("seed: 0", f"seed: {number % 10}").replace("lr: 0.001", f"lr: 0.{number // 10 + 1:03}")
        (path / "config.yaml").write_text(text)
        for name, content in files.items():
            (path / name).write_text(content)
        summary["test"]["mse"] = 0.01 + number % 10 / 1e4 + number // 10 / 1e3
        (path / "summary.json").write_text(json.dumps(summary))
    begin = os.times()
    done = subprocess.run(
        [sys.executable, "-m", "aecli", "compare", str(tmp_path / "runs")], capture_output=True, text=True
    )
    end = os.times()  # of processor time, which other work on the machine hardly changes
    seconds = end.children_user + end.children_system - begin.children_user - begin.children_system
    assert done.returncode == 0, done.stderr
    assert "999 runs, 100 configs" in done.stdout
    assert seconds < 8, "2 without other work on the machine"
