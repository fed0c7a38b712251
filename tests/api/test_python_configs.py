"""Configs and names from Python."""

import copy
import json
import pickle
from pathlib import Path

import pytest
from in_process import call_main

import aecli
from aecli.api import configs, names, shown
from aecli.components.catalogue import CATALOGUE


def printed(*arguments):
    """What a command prints on stdout."""
    done = call_main(*map(str, arguments))
    assert done.returncode == 0, done.stderr
    return done.stdout.rstrip("\n")


def test_a_config_is_shown_with_its_meanings():
    found = aecli.show("smoke.yaml", set="seed=3")
    assert repr(found) == found.text == printed("show", "smoke.yaml", "--set", "seed=3")
    assert found.plain() == json.loads(printed("show", "smoke.yaml", "--set", "seed=3", "--json"))
    assert found._repr_html_().startswith("<pre") and aecli.show({"seed": 3}).plain()["seed"] == 3


def test_a_run_is_shown_as_its_story(write_run):
    path = write_run(test={"mse": 0.0079})
    found = aecli.show(aecli.load(path))
    assert found.text == printed("show", path)
    assert found.plain() == json.loads(printed("show", path, "--json"))
    with pytest.raises(aecli.UsageError, match="is a run, and what it was cannot be changed; show its config.yaml"):
        aecli.show(path, set=["seed=3"])


@pytest.mark.parametrize("kind", CATALOGUE)
def test_the_names_of_a_kind_are_a_list(kind):
    found = aecli.list(kind)
    assert isinstance(found, list) and found == json.loads(json.dumps(found))
    assert found == json.loads(printed("list", kind, "--json"))
    assert str(found) == printed("list", kind)
    assert repr(found).startswith(f"{kind}: {found[0]['name']}") and "\n" not in repr(found)
    assert found._repr_html_().count("<tr>") == len(found) + 1


def test_an_unknown_kind_is_refused():
    with pytest.raises(aecli.UsageError, match='^unknown kind "loss"; did you mean "losses"'):
        names.list("loss")


def test_a_config_that_is_sound_has_advice_and_one_that_is_not_raises(small):
    found = aecli.validate(small, set=["architecture.code_activation=relu"])
    assert [one.code for one in found] == ["dead-code"]
    assert configs.validate(small, set="architecture.code_activation=linear") == []
    with pytest.raises(aecli.ConfigError, match="unknown"):
        aecli.validate(small, set="loss=hubber")


def test_validating_leaves_the_threads_as_they_are(small):
    import torch

    before = torch.get_num_threads()
    aecli.validate(small, set=f"training.threads={before + 1}")
    assert torch.get_num_threads() == before


def test_the_schema_and_a_preset_are_those_of_the_commands(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert aecli.schema() == json.loads(printed("schema"))
    assert aecli.init("smoke.yaml", "mine.yaml") == Path("mine.yaml")
    assert aecli.load_config("mine.yaml").name == "mine"
    with pytest.raises(aecli.UsageError, match="is there already"):
        aecli.init("smoke.yaml", tmp_path / "mine.yaml")


def test_a_config_is_short_whole_in_print_and_can_be_carried(small):
    config = aecli.load_config(small, set=["loss={name: huber, delta: 0.2}", "regularization=[l1]"])
    assert repr(config).startswith("Config(name='small', seed=0, data='mnist, validation 100', ")
    assert "loss='huber(delta=0.2)'" in repr(config) and len(repr(config)) < 250
    assert str(config).startswith("name: small\n")
    assert config._repr_html_().startswith("<pre>name: small\n")
    for other in (pickle.loads(pickle.dumps(config)), copy.copy(config), copy.deepcopy(config)):
        assert other == config and other.digest() == config.digest() and other.loss_terms[0].delta == 0.2


def test_a_text_that_was_shown_is_all_that_it_shows():
    assert repr(shown.Shown("a\nb", {})) == "a\nb"
    assert shown.Shown("<b>", {})._repr_html_().endswith("&lt;b&gt;</pre>")
