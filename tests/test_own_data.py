"""The first training on one's own data: the commands of the pages, as they are printed."""

import re
import shlex
from pathlib import Path

import pytest
from own_data import write_own_data

import aecli
from aecli.config.load import load_config
from aecli.errors import DataError
from aecli.training.build import prepare

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("own")
    write_own_data(folder)
    return folder


def commands_of(page):
    path = ROOT / "README.md" if page == "README" else ROOT / "aecli" / "docs" / f"{page}.md"
    text = path.read_text().replace("\\\n", "")
    found = re.findall(r"^aecli train --config mse.yaml (--set data.dataset=\S+/?.*)$", text, re.M)
    return [[text for text in shlex.split(line) if text != "--set"] for line in found]


@pytest.mark.parametrize("page", ["README", "data"])
def test_the_page_has_one_command_for_pictures_and_one_for_a_table(page):
    assert [texts[0] for texts in commands_of(page)] == ["data.dataset=pictures/", "data.dataset=rows.csv"]


@pytest.mark.parametrize("index", [0, 1], ids=["pictures", "table"])
def test_one_command_trains_on_own_data(index, place, monkeypatch):
    monkeypatch.chdir(place)
    run = aecli.train("mse.yaml", set=[*commands_of("README")[index], "training.epochs=1", "training.threads=1"])
    assert run.status["status"] == "completed" and run.summary["test"]["images"] == 160


def test_a_table_with_words_in_it_says_what_to_do(place, monkeypatch, tmp_path):
    (tmp_path / "rows.csv").write_text("\n".join(["a,kind", *(f"{number},x{number % 3}" for number in range(60))]))
    monkeypatch.chdir(tmp_path)
    given = commands_of("README")[1]
    with pytest.raises(
        DataError, match='column "kind": no cell is a number, such as "x0"; if these are classes: label'
    ):
        prepare(load_config("mse.yaml", set=given))
    prepare(load_config("mse.yaml", set=[*given, "data.dataset.label=kind"]))
