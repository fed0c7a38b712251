"""`aecli recommend` as a user meets it: the screen, the JSON, the file, refusals."""

import json
import os

import pytest
from typer.testing import CliRunner

from aecli.cli import app
from aecli.config.load import load_config
from aecli.errors import UsageError


@pytest.fixture
def losses(write_seeds, tmp_path):
    """Six seeds each: mse is better than mae."""
    base = [0.0080, 0.0082, 0.0079, 0.0081, 0.0083, 0.0078]
    write_seeds(base)
    write_seeds([value * 1.5 for value in base], set=["loss.name=mae"])
    return tmp_path / "runs"


def call(*arguments, **options):
    result = CliRunner(**options).invoke(app, ["recommend", *map(str, arguments)])
    assert result.exception is None, result.exception
    return result.stdout


def refusal(*arguments):
    result = CliRunner().invoke(app, ["recommend", *map(str, arguments)])
    assert isinstance(result.exception, UsageError), result.output
    assert result.exception.exit_code == 2
    return str(result.exception)


def test_the_screen_answers_first_and_ends_with_the_command(losses):
    lines = call(losses, "--for", "reconstruction").splitlines()
    assert lines[:2] == ["mnist, 10,000 test images, for reconstruction:", "recommended: mse"]
    assert lines[-1] == f"aecli train --config {sorted(losses.iterdir())[0]}/config.yaml --seed 6"
    text = "\n".join(lines)
    assert "warning: 6 seeds: a first look; a claim needs 10, a headline 30" in lines
    assert "Pareto front over reconstruction, generalization: " in text
    assert "  other data than: mnist" in lines
    assert next(line.split() for line in lines if line.startswith(" mae ")) == [
        "mae",
        "6",
        "0",
        "%",
        "40.55",
        "50.0",
        "±1.2",
    ]
    assert next(line.split() for line in lines if line.startswith(" mse ↓ ")) == [
        "mse",
        "↓",
        "0.00805",
        "±0.00020",
        "0.00805",
        "0.0675",
        "0.0168",
    ]


def test_undecided_is_an_answer_with_exit_code_0(write_seeds, tmp_path):
    write_seeds([0.008, 0.009])
    write_seeds([0.009, 0.008], set=["loss.name=mae"])
    lines = call(tmp_path / "runs", "--for", "reconstruction").splitlines()
    assert lines[1] in ("undecided between mse and mae", "undecided between mae and mse")
    assert "warning: 2 seeds: a smoke test; a claim needs 10, a headline 30" in lines


def test_weights_are_shown_and_each_goal_has_a_column(losses):
    lines = call(losses, "--for", "reconstruction=2,generalization=1").splitlines()
    assert lines[0] == "mnist, 10,000 test images, for reconstruction x 2, generalization x 1:"
    assert any(
        line.split() == ["candidate", "seeds", "wins", "regret", "reconstruction", "generalization", "behind"]
        for line in lines
    )


def test_json_is_the_whole_answer(losses):
    answer = json.loads(call(losses, "--for", "reconstruction", "--json"))
    assert (answer["schema"], answer["kind"], answer["leader"]) == (1, "recommended", "mse")
    assert {"standings", "numbers", "front", "untested", "warnings", "unfit", "left_out", "command"} <= answer.keys()


def test_the_winners_config_is_written_and_runs(losses, tmp_path):
    file = tmp_path / "winner.yaml"
    lines = call(losses, "--for", "reconstruction", "-o", file).splitlines()
    assert lines[-1] == f"aecli train --config {file} --seed 6"
    assert file.read_text().startswith(f"# aecli train --config {file}\n")
    assert load_config(file).plain()["loss"]["name"] == "mse"
    assert (
        refusal(losses, "--for", "reconstruction", "-o", file)
        == f"--out {file}: is there already; name another file, or add --force"
    )
    call(losses, *"--for reconstruction --force -o".split(), file)


def test_bad_calls_are_usage_errors(losses, tmp_path):
    assert refusal(losses, "--for", "reconstuction").startswith(
        '--for: unknown goal "reconstuction"; did you mean "reconstruction"? choices: '
    )
    assert (
        refusal(losses, "--for", "sparsity=0")
        == "--for: sparsity=0: a weight is a finite number above 0, for example sparsity=2"
    )
    assert refusal(losses, "--for", "denoising").startswith("--for denoising: no candidate can be chosen from: ")
    assert refusal(tmp_path / "none", "--for", "denoising").startswith(f"{tmp_path / 'none'}: no such path")


def test_without_a_goal_the_goals_are_told(losses):
    told = refusal(losses)
    assert told.startswith("--for: name one goal or more") and "\n  sparsity " in told


def test_names_with_markup_and_newlines_are_shown_and_not_obeyed(write_run, tmp_path):
    for loss in ("mse", "mae"):
        write_run(set=[f"loss.name={loss}"], environment={"data": {"dataset": "[bold]a\n\x1b[31mb"}})
    lines = call(tmp_path / "runs", "--for", "reconstruction").splitlines()
    assert lines[0] == "[bold]a\\n\\x1b[31mb, for reconstruction:"


def test_help_has_an_example():
    assert "Example: aecli recommend runs/* --for reconstruction" in call(
        "--help", env={"NO_COLOR": "1", "COLUMNS": "120"}
    )


@pytest.mark.filterwarnings("error")
def test_only_the_ratio_of_huge_weights_matters(losses):
    huge, plain = (
        json.loads(call(losses, "--json", "--for", f"reconstruction={weight},generalization={weight}"))
        for weight in ("1e300", "1")
    )
    assert [one["score"] for one in huge["standings"]] == [one["score"] for one in plain["standings"]]


def test_a_device_is_not_replaced_and_a_link_is_written_through(losses, tmp_path):
    pipe, link = tmp_path / "pipe", tmp_path / "link"
    os.mkfifo(pipe)
    link.symlink_to(tmp_path / "winner.yaml")
    for flags in ([], ["--force"]):
        assert (
            refusal(losses, *"--for reconstruction -o".split(), pipe, *flags)
            == f"--out {pipe}: cannot be written: it is no file"
        )
    assert pipe.is_fifo()
    call(losses, "--for", "reconstruction", "-o", link)
    assert link.is_symlink() and load_config(tmp_path / "winner.yaml").plain()["loss"]["name"] == "mse"
