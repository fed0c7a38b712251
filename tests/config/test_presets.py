"""The configs that come with the package: all of them, counted, sound; and how a name finds its file."""

import re
from pathlib import Path

import pytest
import yaml

import aecli
from aecli.config.checks import check
from aecli.config.load import load_config
from aecli.config.merge import read_file
from aecli.config.presets import find_config, preset_file, preset_folder, preset_names
from aecli.errors import ConfigError

FILES = sorted(preset_folder().rglob("*.yaml"))
EVERY_FILE = pytest.mark.parametrize("path", FILES, ids=[path.relative_to(preset_folder()).as_posix() for path in FILES])


def test_every_yaml_file_is_a_preset_and_there_are_many():
    counted = list(Path(aecli.__file__).parents[1].glob("configs/**/*.y*ml"))
    assert len(counted) == len(preset_names()) == len(FILES) >= 30


def test_the_names_are_sorted_and_have_no_folder_of_this_machine():
    assert list(preset_names()) == sorted(preset_names())
    assert {"mse.yaml", "mae.yaml", "huber.yaml", "keras.yaml", "smoke.yaml"} <= set(preset_names())


@EVERY_FILE
def test_the_first_line_is_the_command_that_runs_it(path):
    name = path.relative_to(preset_folder()).as_posix()
    assert re.fullmatch(rf"# aecli (train|sweep) --config {re.escape(name)}( --\S+)*", path.read_text().splitlines()[0])


@EVERY_FILE
def test_the_second_line_says_what_it_is_for(path):
    assert re.fullmatch(r"# [A-Z].{10,}", path.read_text().splitlines()[1])


@EVERY_FILE
def test_the_name_is_that_of_the_file(path):
    assert read_file(path, path.name).data["name"] == path.stem


@EVERY_FILE
def test_it_loads_and_keeps_every_rule(path):
    config = load_config(path)
    assert config.name == path.stem
    assert check(config) == []


@EVERY_FILE
def test_yaml_1_1_and_1_2_agree_on_its_booleans_and_nulls(path):
    """A `no` or an `on` would be a boolean to other tools and text here."""

    def words(value):
        if isinstance(value, dict):
            return [word for key in value for word in [*words(key), *words(value[key])]]
        if isinstance(value, list):
            return [word for item in value for word in words(item)]
        return [value] if isinstance(value, bool) or value is None else []

    assert words(read_file(path, path.name).data) == words(yaml.safe_load(path.read_text()))


def test_no_two_presets_say_the_same():
    seen = {}
    for name in preset_names():
        plain = load_config(preset_folder() / name).plain()
        plain.pop("name")
        assert str(plain) not in seen, f"{name} is {seen.get(str(plain))} under another name"
        seen[str(plain)] = name


# -------------------------------------------------------------------- finding


@pytest.fixture
def here(tmp_path, monkeypatch):
    """An empty working folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(path, text="loss: mse\n"):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_a_path_comes_before_the_configs_folder_and_that_before_the_presets(here):
    assert find_config("mse.yaml") == preset_folder() / "mse.yaml"
    write(here / "configs/mse.yaml")
    assert find_config("mse.yaml").resolve() == here / "configs/mse.yaml"
    write(here / "mse.yaml")
    assert find_config("mse.yaml").resolve() == here / "mse.yaml"
    write(here / "deep/mse.yaml")
    assert find_config("mse.yaml", beside=here / "deep") == here / "deep/mse.yaml"


def test_the_ending_may_be_left_out(here):
    assert find_config("mse") == preset_folder() / "mse.yaml"
    write(here / "deep/mine.yaml")
    assert find_config("deep/mine").resolve() == here / "deep/mine.yaml"
    assert find_config(str(here / "deep/mine.yaml")) == here / "deep/mine.yaml"
    write(here / "mse")
    assert find_config("mse").resolve() == here / "mse"


def test_a_folder_is_no_config(here):
    (here / "mse.yaml").mkdir()
    assert find_config("mse.yaml") == preset_folder() / "mse.yaml"


LOOKED = "looked here, in ./configs/ and among the presets"


@pytest.mark.parametrize(
    ("name", "hint"),
    [("hubre.yaml", ' did you mean "huber.yaml"?'), ("zzz", ""), ("", ""), (".", ""), ("a\x00b", ""), ("x" * 5000, "")],
    ids=["typo", "unknown", "nothing", "folder", "null character", "too long for the file system"],
)
def test_a_name_without_a_file_is_refused(name, hint, here):
    with pytest.raises(ConfigError) as caught:
        find_config(name)
    assert str(caught.value) == f'no config "{name}";{hint} {LOOKED}: {", ".join(preset_names())}'


def test_a_preset_is_found_without_its_ending_too():
    assert preset_file("mse") == preset_file("mse.yaml") == preset_folder() / "mse.yaml"


@pytest.mark.parametrize("name", ["../pyproject.toml", "/etc/hostname", "", "nothing", "configs/mse.yaml"])
def test_only_presets_are_presets(name):
    with pytest.raises(ConfigError, match=f'^unknown preset "{re.escape(name)}";.* presets: activity_l1.yaml, '):
        preset_file(name)
