"""Every question to runs as a function: the JSON of the command, one line as repr, the screen in print, safe HTML."""

import json
from pathlib import Path

import pytest
from fake_reports import EVIL
from in_process import call_main

import aecli
from aecli.api import answers, html, questions
from aecli.api.answer import Answer
from aecli.comparison.verdicts.group import Comparison

KEY = "regularization.l1_proximal.weight"


@pytest.fixture
def doses(write_run, tmp_path):
    """Three seeds of three doses."""
    for dose, factor in ((0, 1.0), (1e-4, 1.0), (1e-3, 1.5)):
        for seed in range(3):
            chosen = [f"regularization=[{{name: l1_proximal, weight: {dose}}}]"] if dose else []
            write_run(seed=seed, set=chosen, test={"mse": 0.008 * (1 + 0.01 * seed) * factor})
    return tmp_path / "runs"


def printed(*arguments):
    """What a command prints on stdout."""
    done = call_main(*map(str, arguments))
    assert done.returncode in (0, 3), done.stderr
    return done.stdout.rstrip("\n")


def is_short(answer):
    """Whether it is one line of an answer's own class."""
    line = repr(answer)
    return "\n" not in line and len(line) < 200 and line.startswith(type(answer).__name__ + "(")


def test_a_comparison_says_what_the_command_says(losses):
    found = aecli.compare(losses, metrics="mse", baseline="mse", where="seed<2")
    command = ["compare", losses, "--metric", "mse", "--baseline", "mse", "--where", "seed<2"]
    assert isinstance(found, Comparison) and is_short(found)
    assert found.plain() == json.loads(printed(*command, "--json"))
    assert found.plain(matrix=True) == json.loads(printed(*command, "--json", "--matrix"))
    assert str(found) == printed(*command)
    for form in answers.FORMS:
        assert found.written(form, sort="validation.mse").rstrip("\n") == printed(
            *command, "--format", form, "--sort", "validation.mse"
        )
    command += ["--format", "csv", "--no-fold", "--top", 2]
    assert found.written("csv", fold=False, top=2).rstrip("\n") == printed(*command)
    assert found._repr_html_().count("<table>") == 1


def test_runs_may_be_one_several_paths_and_globs(losses):
    first = sorted(losses.iterdir())[0]
    for runs in (losses, str(losses), [losses], f"{losses}/*", (aecli.load(path) for path in losses.iterdir())):
        assert len(aecli.compare(runs).groups[0].runs) == 9
    assert aecli.compare(aecli.load(first), baseline=first).groups[0].baseline.label
    for wrong in (3, [3], None):
        with pytest.raises(aecli.UsageError, match="^expected runs: paths, globs or Runs, one or a list of them, got"):
            aecli.compare(wrong)
    with pytest.raises(aecli.UsageError, match="^expected a run: a path or a Run, got int$"):
        aecli.check(3, "mse<1")
    with pytest.raises(TypeError, match='^expected a text such as "seed=3", or several in a list, got'):
        aecli.compare(losses, metrics=[3])


def test_what_a_comparison_cannot_write_is_refused(losses):
    found = aecli.compare(losses)
    with pytest.raises(aecli.UsageError, match='^unknown format "xls"; choices: csv, md, latex, html$'):
        found.written("xls")
    with pytest.raises(aecli.UsageError, match="^sort, lowest and highest: give one of them$"):
        found.tables(sort="mse", lowest="mae")


def test_its_pictures_are_files(losses, tmp_path):
    (tmp_path / "p").mkdir()
    files = aecli.compare(losses).plots(tmp_path / "p")
    assert files and all(path.is_file() for path in files)


def test_a_report_stands_for_its_file(losses, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    made = aecli.report(losses, "r.html", title="A title", metrics=["mse", "validation.mse"])
    assert Path(made).read_text().count("A title") and made.comparison.groups[0].metrics[1].name == "validation.mse"
    assert repr(made) == "Report('r.html')" and '<a href="r.html"' in made._repr_html_()
    (tmp_path / "notes.html").write_text("mine")
    with pytest.raises(aecli.UsageError, match="exists and is no report of aecli"):
        aecli.report(losses, "notes.html")


def test_a_recommendation_says_what_the_command_says(losses, tmp_path):
    found = aecli.recommend(losses, "reconstruction")
    assert is_short(found) and found.leader == "mse"
    assert found.plain() == json.loads(printed("recommend", losses, "--for", "reconstruction", "--json"))
    assert str(found) == printed("recommend", losses, "--for", "reconstruction")
    assert aecli.load_config(found.write(tmp_path / "winner.yaml")).loss_terms[0].name == "mse"
    assert aecli.recommend(losses, {"reconstruction": 2.0}).goals == {"reconstruction": 2.0}


def test_a_dose_response_says_what_the_command_says(doses, tmp_path):
    found = aecli.dose(doses, KEY)
    assert is_short(found)
    assert found.plain() == json.loads(printed("dose", doses, "--key", KEY, "--json"))
    assert str(found) == printed("dose", doses, "--key", KEY)
    assert found.plot(tmp_path / "dose.png") == [tmp_path / "dose.png"]


def test_a_check_returns_what_does_not_hold(write_run, tmp_path):
    run = write_run(test={"mse": 0.0079})
    found = aecli.check(run, ["test.mse<=0.009", "test.mse<0.001"])
    command = ["check", run, "--assert", "test.mse<=0.009", "--assert", "test.mse<0.001"]
    assert not found.holds and [one.metric for one in found.failed] == ["test.mse"]
    assert repr(found) == "Check(1 of 2 hold; FAIL test.mse < 0.001: 0.0079)"
    assert found.plain() == json.loads(printed(*command, "--json"))
    assert str(found) == printed(*command)
    assert "<td>test.mse &lt; 0.001</td>" in found._repr_html_()
    assert found.junit(tmp_path / "junit.xml").read_text().count("<testcase") == 2
    assert aecli.check(run, "test.mse<=0.009").holds


def test_hostile_names_stay_text_in_a_notebook(hostile):
    shown = aecli.compare(hostile, metrics=["mse", "ssim"])._repr_html_()
    assert "<script" not in shown and EVIL not in shown
    assert html.escaped(EVIL) not in ("", EVIL)
    assert html.text_html("<b>\n\x1b[31m").endswith("&lt;b&gt;\n\\x1b[31m</pre>")


def test_nothing_is_printed(losses, capfd):
    aecli.compare(losses), aecli.recommend(losses, "reconstruction")
    assert capfd.readouterr() == ("", "")


def test_an_answer_has_to_say_what_it_is():
    class Nothing(Answer):
        """Says nothing."""

    for ask in (Nothing().brief, Nothing().show, Nothing().plain):
        with pytest.raises(NotImplementedError):
            ask()
    assert questions.DEFAULT_METRICS == ("test.mse",)
