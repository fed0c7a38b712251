"""What is typed behind an equals sign is a value whole, whatever signs are in it."""

import pytest

from aecli.config.load import load_config
from aecli.config.typed_value import read_value
from aecli.errors import ConfigError


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("run #2", "run #2"),
        ("#2", "#2"),
        ("a#b", "a#b"),
        ('"a #b"', "a #b"),
        ("{name: npz, file: data #3.npz}", {"name": "npz", "file": "data #3.npz"}),
        ("[a, #1, b]", ["a", "#1", "b"]),
        ("{#k: 1}", {"#k": 1}),
        ("&a x", "&a x"),
        ("[&a 1, *b]", ["&a 1", "*b"]),
        ("*.npy", "*.npy"),
        ("--- x", "--- x"),
        ("-3", -3),
        ("1e-3", 1e-3),
        ("", None),
    ],
)
def test_no_sign_takes_a_part_of_what_was_typed_away(text, value):
    assert read_value(text, "--set") == value


def test_a_number_with_a_remark_is_no_number():
    with pytest.raises(ConfigError, match=r'expected a whole number, got "5 # few"'):
        load_config("mse.yaml", set=["training.epochs=5 # few"])
    with pytest.raises(ConfigError, match=r'got "run #2"'):
        load_config("mse.yaml", set=["name=run #2"])
