"""The winner's config as a file."""

from pathlib import Path

import pytest

from aecli.comparison.recommendation.winners_config import training_command, winner_yaml, write_winner
from aecli.config.load import load_config
from aecli.errors import UsageError


def test_the_first_comment_runs_the_file_and_the_rest_stays(tmp_path):
    source = tmp_path / "config.yaml"
    source.write_text("# aecli train --config config.yaml\n# sha256 of the resolved content: 0f8f\nname: mse\n")
    text = winner_yaml(source, Path("my winner.yaml"))
    assert text == "# aecli train --config 'my winner.yaml'\n# sha256 of the resolved content: 0f8f\nname: mse\n"


def test_the_file_is_a_config_with_the_same_content(write_run, tmp_path):
    run = write_run(set=["loss.name=huber"])
    write_winner(run / "config.yaml", tmp_path / "winner.yaml")
    assert load_config(tmp_path / "winner.yaml").plain() == load_config(run / "config.yaml").plain()


def test_a_file_that_is_there_stays_unless_forced(write_run, tmp_path):
    config, file = write_run() / "config.yaml", tmp_path / "winner.yaml"
    file.write_text("mine")
    with pytest.raises(UsageError) as caught:
        write_winner(config, file)
    assert str(caught.value) == f"--out {file}: is there already; name another file, or add --force"
    assert file.read_text() == "mine"
    write_winner(config, file, force=True)
    assert file.read_text().startswith("# aecli train --config ")


def test_a_folder_or_a_folder_that_is_not_there_is_refused(write_run, tmp_path):
    config = write_run() / "config.yaml"
    for file, message in [
        (tmp_path, f"--out {tmp_path}: is a folder; name a file, for example {tmp_path / 'winner.yaml'}"),
        (tmp_path / "no" / "x.yaml", f"--out {tmp_path / 'no' / 'x.yaml'}: there is no folder {tmp_path / 'no'}"),
        (Path("x" * 300), f"--out {'x' * 300}: cannot be written: File name too long"),
    ]:
        with pytest.raises(UsageError) as caught:
            write_winner(config, file, force=True)
        assert str(caught.value) == message


def test_the_command_is_quoted_for_the_shell():
    assert training_command("my runs/config.yaml", 5) == "aecli train --config 'my runs/config.yaml' --seed 5"
