"""Where a key belongs that stands in the wrong place, and what other programs call the keys."""

import pytest

from aecli.config.keys import KEY_OF, SYNONYMS, chosen_keys, places_of
from aecli.config.load import load_config
from aecli.config.schema import Config
from aecli.config.yaml_source import dotted
from aecli.errors import ConfigError

KEYS = [dotted(path) for path in chosen_keys(Config, {}, ())]


def test_the_keys_of_a_config_are_those_of_its_sections_and_of_what_is_chosen_in_it():
    assert {"seed", "training.epochs", "optimization.optimizer.lr", "training.early_stopping.patience"} <= set(KEYS)
    assert not {"loss.delta", "loss.name", "training.early_stopping.name"} & set(KEYS)
    chosen = [dotted(path) for path in chosen_keys(Config, {"loss": "huber"}, ())]
    assert set(chosen) - set(KEYS) == {"loss.delta"}


def test_every_synonym_leads_to_a_key_and_is_none_itself():
    last_parts = {key.rpartition(".")[2] for key in KEYS}
    assert not set(KEY_OF) & (last_parts | set(Config.model_fields))
    assert len(KEY_OF) == sum(len(words.split()) for words in SYNONYMS.values()), "a word stands twice"
    assert {key for key in SYNONYMS if not key.startswith("regularization.")} <= set(KEYS)
    load_config({"regularization": []}, set=[f"{key}=0.5" for key in SYNONYMS if key.startswith("regularization.")])


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("epochs=3", 'epochs: unknown key "epochs"; here it is training.epochs'),
        ("training.lr=3", 'training.lr: unknown key "lr"; here it is optimization.optimizer.lr'),
        ("learning_rate=3", 'learning_rate: unknown key "learning_rate"; here it is optimization.optimizer.lr'),
        ("Batch-Size=3", 'Batch-Size: unknown key "Batch-Size"; here it is training.batch_size'),
        ("latent_dim=3", 'latent_dim: unknown key "latent_dim"; here it is architecture.widths'),
        ("weight_decay=3", 'weight_decay: unknown key "weight_decay"; here it is regularization.weight_decay.weight'),
        ("dropout=3", 'dropout: unknown key "dropout"; here it is regularization.dropout.p'),
        ("momentum=3", 'momentum: unknown key "momentum"; here it is optimization.optimizer.momentum'),
        ("delta=3", 'delta: unknown key "delta"; here it is loss.delta'),
        ("loss.delta=3", 'loss.delta: unknown key "delta" of mse; it belongs to huber'),
        ("data.dataset.files=x", 'data.dataset.files: unknown key "files"; keys: name'),
    ],
)
def test_a_key_in_the_wrong_place_is_told_its_own(typed, message):
    with pytest.raises(ConfigError) as caught:
        load_config("mse.yaml", set=[typed])
    assert str(caught.value) == f"--set {typed}: {message}"


def test_what_nobody_knows_has_no_place():
    assert places_of("colour", {}) == []
