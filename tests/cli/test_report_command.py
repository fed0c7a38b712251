"""`aecli report` as a user meets it."""

import os

import pytest
from typer.testing import CliRunner

from aecli.cli import app
from aecli.errors import RunFolderError, UsageError


@pytest.fixture
def runs(write_seeds, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_seeds([0.0080, 0.0082])
    write_seeds([0.0090, 0.0091], set=["loss.name=mae"])
    return tmp_path / "runs"


def call(*arguments):
    return CliRunner().invoke(app, ["report", *map(str, arguments)])


def test_the_last_line_is_the_file(runs, tmp_path):
    done = call(runs, "-o", tmp_path / "my report.html")
    assert done.exception is None and done.stdout == f"{tmp_path / 'my report.html'}\n"
    assert (tmp_path / "my report.html").read_text().startswith("<!DOCTYPE html>")


def test_the_file_is_report_html_if_not_named_and_is_written_anew(runs, tmp_path):
    assert call(runs, "--title", "one").stdout == "report.html\n"
    assert call(runs, "--title", "two").stdout == "report.html\n"
    assert "<title>two</title>" in (tmp_path / "report.html").read_text()


def test_the_options_reach_the_comparison(runs, tmp_path):
    done = call(runs, *"--metric mse --baseline loss.name=mae --rope 3% --where seed<1".split())
    assert done.exception is None
    text = (tmp_path / "report.html").read_text()
    assert "Verdicts against mae" in text and "within ±3 %" in text and "1 seed for each config: 0" in text


def test_where_there_is_no_browser_the_page_is_named_and_the_answer_is_the_same(runs, tmp_path, monkeypatch):
    for name in ("BROWSER", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    done = call(runs, "--open")
    assert done.exception is None and done.stdout == "report.html\n"
    assert " ".join(done.stderr.split()) == (
        f"note: there is no browser to show it in; open file://{tmp_path}/report.html"
    )


def test_a_file_of_someone_else_is_kept(runs, tmp_path):
    (tmp_path / "report.html").write_text("mine")
    refused = call(runs)
    assert isinstance(refused.exception, UsageError) and refused.exception.exit_code == 2
    assert (
        str(refused.exception)
        == "report.html: exists and is no report of aecli; name another file, or replace it with --force"
    )
    assert (tmp_path / "report.html").read_text() == "mine"
    assert call(runs, "--force").exception is None
    assert "<!DOCTYPE html>" in (tmp_path / "report.html").read_text()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere"], "nowhere: no such path, and no run in ./runs has such a name"),
        (["runs", "--metric", "objective"], "objective: these runs minimized 2 different objectives"),
        (["runs", "--rope", "much"], '--rope "much": write a share'),
        (["runs", "-o", "runs"], "runs: is a directory; name the file in it, for example runs/report.html"),
    ],
    ids=["no run", "objective", "rope", "directory"],
)
def test_a_refusal_leaves_no_file(runs, tmp_path, arguments, message):
    refused = call(*arguments)
    assert isinstance(refused.exception, UsageError) and str(refused.exception).startswith(message)
    assert [path.name for path in tmp_path.iterdir()] == ["runs"]


def test_the_help_has_an_example_and_says_what_is_replaced():
    text = " ".join(call("--help").stdout.split())
    assert "aecli report runs/*" in text and "An earlier report is replaced" in text


def test_a_device_is_neither_read_nor_replaced_and_a_link_is_written_through(runs, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for flags in ([], ["--force"]):
        refused = call(runs, "-o", "pipe", *flags)
        assert (
            isinstance(refused.exception, UsageError)
            and str(refused.exception) == "pipe: cannot be written: it is no file"
        )
    assert (tmp_path / "pipe").is_fifo()
    (tmp_path / "link.html").symlink_to(tmp_path / "real.html")
    assert call(runs, "-o", "link.html").stdout == "link.html\n"
    assert (tmp_path / "link.html").is_symlink() and (tmp_path / "real.html").read_text().startswith("<!DOCTYPE html>")


def test_a_report_that_cannot_be_written_says_why_in_its_own_words(runs, monkeypatch):
    monkeypatch.chdir(runs.parent)
    name = "x" * 250 + ".html"  # the temporary name beside it is too long for the system
    refused = call(runs, "-o", name)
    assert isinstance(refused.exception, RunFolderError)
    assert str(refused.exception) == f"{name}: cannot be written: File name too long"
