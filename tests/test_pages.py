"""The pages by name."""

import pytest

import aecli
from aecli.errors import UsageError
from aecli.pages import FOLDER, docs, page_titles


def test_every_file_of_the_folder_is_a_page_with_its_title():
    titles = page_titles()
    assert list(titles) == sorted(path.stem for path in FOLDER.glob("*.md"))
    for name, title in titles.items():
        assert docs(name).startswith(f"# {title}\n\n")


def test_it_is_a_function_of_aecli():
    assert aecli.docs is docs
    assert aecli.docs("sweeps") == (FOLDER / "sweeps.md").read_text() == aecli.docs("sweeps.md")


def test_the_list_has_a_line_for_every_page():
    lines = docs().splitlines()
    assert [line.split()[0] for line in lines] == list(page_titles())
    assert max(map(len, lines)) < 80


@pytest.mark.parametrize("name", ["nothing", "", "../README", "configs.md.md"])
def test_an_unknown_page_is_refused(name):
    with pytest.raises(UsageError, match="^unknown page "):
        docs(name)
