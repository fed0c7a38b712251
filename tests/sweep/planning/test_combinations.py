"""What a sweep varies, as single settings, before anything is resolved."""

import pytest

from aecli.sweep.planning.combinations import agrees, count_trials, outer_first, settings_of
from aecli.sweep.planning.document import load_sweep


def test_there_are_as_many_settings_as_are_counted_and_each_value_knows_its_place(tmp_path):
    text = "seeds: 2\ngrid:\n  a.b: [1, 2, 3]\nzip:\n  c: [4, 5]\n  d: [6, 7]\nlist:\n  - {e: 8}\n  - {e: 9}\n"
    (tmp_path / "s.yaml").write_text(text)
    sweep, document, _ = load_sweep(str(tmp_path / "s.yaml"))
    settings = list(settings_of(sweep, document))
    assert len(settings) * 2 == count_trials(sweep) == 24
    assert settings[0]["a.b"] == (1, f"{tmp_path}/s.yaml:3:9")
    assert {(setting["c"][0], setting["d"][0]) for setting in settings} == {(4, 6), (5, 7)}


@pytest.mark.parametrize(
    ("setting", "key", "value", "expected"),
    [
        ({"loss": "mae"}, "loss", "mae", True),
        ({"loss": "mae"}, "loss.name", "mae", True),
        ({"loss": {"name": "mae"}}, "loss", "mae", True),
        ({"loss": {"name": "huber", "delta": 0.1}}, "loss.delta", 0.1, True),
        ({"loss": {"name": "huber", "delta": 0.1}}, "loss.delta", 0.2, False),
        ({"loss": "mae"}, "loss.delta", 0.1, False),
        ({"seed": 1}, "loss", "mae", False),
    ],
)
def test_a_setting_agrees_with_what_it_sets_and_with_what_is_inside_it(setting, key, value, expected):
    assert agrees({one: (held, "") for one, held in setting.items()}, key, value) is expected


def test_a_section_comes_before_what_is_inside_it_and_a_name_before_its_parameters():
    assert sorted(["a.b.c", "a.name", "a", "a.b"], key=outer_first) == ["a", "a.name", "a.b", "a.b.c"]
