"""The configs that come with the package: all of them, counted, sound; and how a name finds its file."""

import re
from pathlib import Path

import pytest
import yaml

import aecli
from aecli.config.checks import check
from aecli.config.load import load_config
from aecli.config.merge import read_file
from aecli.config.presets import find_config, find_sweep, preset_file, preset_folder, preset_names, sweep_names
from aecli.errors import ConfigError

FILES = [preset_folder() / name for name in preset_names()]
EVERY_FILE = pytest.mark.parametrize("path", FILES, ids=preset_names())
SWEEPS = [preset_folder() / "sweeps" / name for name in sweep_names()]
EVERY_FILE_AND_SWEEP = pytest.mark.parametrize("path", [*FILES, *SWEEPS], ids=[*preset_names(), *sweep_names()])


def test_every_yaml_file_is_a_preset_or_a_sweep_and_there_are_many():
    counted = sorted(Path(aecli.__file__).parents[1].glob("configs/**/*.y*ml"))
    assert counted == sorted([*FILES, *SWEEPS])
    assert len(FILES) >= 30 and len(SWEEPS) >= 5


def test_the_names_are_sorted_and_have_no_folder_of_this_machine():
    assert list(preset_names()) == sorted(preset_names())
    assert {"mse.yaml", "mae.yaml", "huber.yaml", "keras.yaml", "smoke.yaml"} <= set(preset_names())


@EVERY_FILE_AND_SWEEP
def test_the_first_line_is_the_command_that_runs_it(path, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    command, name = re.fullmatch(
        r"# aecli (train|sweep) --config (\S+)( --\S+)*", path.read_text().splitlines()[0]
    ).groups()[:2]
    assert (command == "sweep") == (path in SWEEPS)
    assert (find_sweep if command == "sweep" else find_config)(name) == path


@EVERY_FILE_AND_SWEEP
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


@EVERY_FILE_AND_SWEEP
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


def test_a_sweep_is_found_by_its_path_then_among_the_sweeps_and_last_among_the_configs(here):
    shipped = preset_folder() / "sweeps/smoke.yaml"
    write(here / "configs/smoke.yaml")
    assert find_sweep("smoke.yaml") == find_sweep("smoke") == find_sweep("sweeps/smoke") == shipped
    write(here / "configs/sweeps/smoke.yaml")
    assert find_sweep("smoke").resolve() == here / "configs/sweeps/smoke.yaml"
    write(here / "smoke.yaml")
    assert find_sweep("smoke").resolve() == here / "smoke.yaml"
    write(here / "configs/mine.yaml")
    assert find_sweep("mine").resolve() == here / "configs/mine.yaml"


def test_a_sweep_without_a_file_is_refused_and_the_shipped_sweeps_are_named(here):
    with pytest.raises(ConfigError) as caught:
        find_sweep("loses.yaml")
    looked = "looked here, in ./configs/ and among the shipped sweeps"
    assert (
        str(caught.value) == f'no sweep "loses.yaml"; did you mean "losses.yaml"? {looked}: {", ".join(sweep_names())}'
    )


@pytest.mark.parametrize("name", ["losses.yaml", "losses"])
def test_a_sweep_that_is_asked_for_as_a_config_is_named_as_a_sweep(name, here):
    with pytest.raises(ConfigError) as caught:
        find_config(name)
    assert str(caught.value) == f'no config "{name}", but a sweep: aecli sweep --config losses.yaml'


def test_a_preset_is_found_without_its_ending_too():
    assert preset_file("mse") == preset_file("mse.yaml") == preset_folder() / "mse.yaml"


@pytest.mark.parametrize("name", ["../pyproject.toml", "/etc/hostname", "", "nothing", "configs/mse.yaml"])
def test_only_presets_are_presets(name):
    with pytest.raises(ConfigError, match=f'^unknown preset "{re.escape(name)}";.* presets: activity_l1.yaml, '):
        preset_file(name)
