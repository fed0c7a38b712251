"""`aecli dose` as a user meets it: the screen at two widths, the JSON, the picture, refusals."""

import json
import os

import pytest
from typer.testing import CliRunner

from aecli.cli import app
from aecli.errors import UsageError

KEY = "regularization.l1_proximal.weight"


@pytest.fixture
def doses(write_run, tmp_path):
    """Eight seeds of three doses: the second is free, the third is behind the cliff."""
    for dose, factor, zeros in ((0, 1.0, 0.0), (1e-4, 1.0, 0.2), (1e-3, 1.5, 0.7)):
        for seed in range(8):
            chosen = [f"regularization=[{{name: l1_proximal, weight: {dose}}}]"] if dose else []
            suites = {"test": {"sparsity": {"all_matrices": {"exact_zeros": zeros + 0.01 * zeros * (seed % 3)}}}}
            mse = 0.008 * (1 + 0.01 * seed) * factor * (1 + 0.0001 * (seed % 2))
            write_run(seed=seed, set=chosen, test={"mse": mse}, suites=suites)
    return tmp_path / "runs"


def call(*arguments, **options):
    result = CliRunner(**options).invoke(app, ["dose", *map(str, arguments)])
    assert result.exception is None, result.exception
    return result.stdout


def refusal(*arguments):
    result = CliRunner().invoke(app, ["dose", *map(str, arguments)])
    assert isinstance(result.exception, UsageError), result.output
    assert result.exception.exit_code == 2
    return str(result.exception)


def test_the_screen_answers_first(doses):
    lines = call(doses, "--key", KEY).splitlines()
    assert lines[0] == f"{KEY} on mnist, 10,000 test images: 3 doses, 24 runs"
    first = " ".join(" ".join(lines[1:4]).split())
    assert first.startswith(
        "test.mse: free up to 0.0001 (equivalent to 0); cliff between 0.0001 and 0.001: 50 % worse (96.7 % interval"
    )
    text = "\n".join(lines)
    assert "  more exact zeros in the matrices, at 0.0001: yes (" in text
    assert "  more exact zeros in the matrices, at 0.001: yes (" in text
    row = next(line.split() for line in lines if line.startswith(" 0.001 "))
    assert row[:2] + row[3:7] == ["0.001", "0.01242", "8", "+50", "%", "worse"]


def test_a_narrow_screen_keeps_the_verdict(doses, monkeypatch):
    monkeypatch.setattr("aecli.console.printing.PLAIN_WIDTH", 80)
    lines = call(doses, "--key", KEY).splitlines()
    assert max(len(line.rstrip()) for line in lines) <= 80
    assert [line for line in lines if line.startswith(" 0.001 ") and "worse" in line]


def test_a_run_folder_or_a_sweep_folder_is_taken_alike(doses):
    assert call(doses, "--key", KEY) == call(doses.parent, "--key", KEY) == call(f"{doses}/*", "--key", KEY)


def test_json_is_the_whole_answer(doses):
    answer = json.loads(call(doses, "--key", KEY, *"--json --metric mse".split()))
    (goal,) = answer["groups"][0]["goals"]
    assert (answer["schema"], goal["free"], goal["cliff"]["from"]) == (1, 1e-4, 1e-3)
    assert [one["answer"] for one in answer["groups"][0]["promises"]] == ["yes", "yes"]


def test_the_picture_is_written_and_named(doses, tmp_path):
    result = CliRunner().invoke(app, ["dose", str(doses), "--key", KEY, "--plot", str(tmp_path / "dose.png")])
    assert result.exit_code == 0
    assert (tmp_path / "dose.png").stat().st_size > 20_000
    assert result.stderr == f"wrote {tmp_path / 'dose.png'}\n"


def test_where_chooses_runs(doses):
    assert "2 doses, 16 runs" in call(doses, "--key", KEY, "--where", f"{KEY}!=0.001")


def test_bad_calls_are_usage_errors(doses, tmp_path):
    assert refusal(doses, "--key", "regularization.l1_proximal.wieght").startswith(
        f'--key "regularization.l1_proximal.wieght"; did you mean "{KEY}"? keys with numbers: '
    )
    assert refusal(doses, "--key", KEY, "--rope", "x").startswith('--rope "x": write a share')
    assert refusal(doses, "--key", KEY, "--metric", "features.linear_probe").endswith(
        "measure it with: aecli evaluate RUN --suite features"
    )
    assert refusal(tmp_path / "none", "--key", KEY).startswith(f"{tmp_path / 'none'}: no such path")
    assert (
        refusal(doses, "--key", KEY, "--plot", "dose.svg")
        == "--plot dose.svg: the picture is a PNG; write a name that ends in .png"
    )


def test_help_has_an_example():
    text = call("--help", env={"NO_COLOR": "1", "COLUMNS": "140"})
    assert (
        "Example: aecli dose runs/regularization --key regularization.l1_proximal.weight --plot dose.png"
        in " ".join(text.split())
    )


def test_a_picture_does_not_replace_a_device_and_is_written_through_a_link(doses, tmp_path):
    pipe, link = tmp_path / "pipe.png", tmp_path / "link.png"
    os.mkfifo(pipe)
    link.symlink_to(tmp_path / "real.png")
    assert refusal(doses, "--key", KEY, "--plot", pipe) == f"--plot {pipe}: cannot be written: it is no file"
    assert pipe.is_fifo()
    call(doses, "--key", KEY, "--plot", link)
    assert link.is_symlink() and (tmp_path / "real.png").read_bytes().startswith(b"\x89PNG")
