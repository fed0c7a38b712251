"""A path for a data set: the kind by what it is, or what to write instead."""

import pytest
from idx_bytes import IMAGES, write

from aecli.components.data.guess import looks_like_path, spell_out
from aecli.config.load import load_config
from aecli.errors import ConfigError


def dataset_of(*texts):
    term = load_config({}, set=[f"data.dataset{text}" for text in texts]).data.dataset
    return {key: value for key, value in term.model_dump().items() if key in ("name", "file", "folder", "label")}


@pytest.fixture(autouse=True)
def place(tmp_path, monkeypatch):
    """A folder with a file or folder of each kind; the command runs there."""
    monkeypatch.chdir(tmp_path)
    for name in ("pictures", "bytes"):
        (tmp_path / name).mkdir()
    write(tmp_path / "bytes", train=IMAGES)
    (tmp_path / "x.parquet").touch()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("rows.csv", {"name": "csv", "file": "rows.csv", "label": None}),
        ("far/rows.npz", {"name": "npz", "file": "far/rows.npz"}),
        ("pictures", {"name": "images", "folder": "pictures"}),
        ("./pictures/", {"name": "images", "folder": "./pictures/"}),
        ("bytes", {"name": "idx", "folder": "bytes"}),
        ("mnist", {"name": "mnist"}),
        ("{file: rows.csv}", {"name": "csv", "file": "rows.csv", "label": None}),
    ],
)
def test_a_path_is_the_data_set_that_reads_it(text, found):
    assert dataset_of(f"={text}") == found


def test_parameters_may_be_set_beside_a_path():
    assert dataset_of("=rows.csv", ".label=y") == {"name": "csv", "file": "rows.csv", "label": "y"}
    assert spell_out("x.tsv")["delimiter"] == "\t"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("no/where", "no/where: no such file or folder, and no name of a data set; write {name: images, folder: PATH}"),
        ("x.parquet", "x.parquet: no data set reads .parquet; write {name: images, folder: PATH}"),
        ("{name: images, file: pictures}", "images takes folder, not file: write folder: pictures"),
        ("{name: csv, folder: x.csv}", "csv takes file, not folder: write file: x.csv"),
        ("mnits", 'unknown "mnits"; did you mean "mnist"?'),
    ],
    ids=["nothing there", "another ending", "file for folder", "folder for file", "a name"],
)
def test_what_nothing_reads_is_refused_with_what_to_write(text, message):
    with pytest.raises(ConfigError) as caught:
        dataset_of(f"={text}")
    assert message in str(caught.value)


def test_names_are_no_paths():
    assert not looks_like_path("fashion_mnist") and looks_like_path("~/x")
