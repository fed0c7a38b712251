"""Rules across the parts of a sweep; test_plan.py has the messages as a user meets them."""

import pytest

from aecli.errors import ConfigError
from aecli.sweep.planning.axes import MOST_TRIALS, check_axes
from aecli.sweep.planning.document import load_sweep


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        ("grid: {seed: [1]}\nzip: {a: [1, 2], b: [1]}", ["all lists must be equally long", "seeds are an axis"]),
        ("grid: {a: [1]}\nrandom: {count: 1, space: {a: {int: [1, 2]}}}", ["is varied by grid too"]),
        ("grid: {loss: [mse]}\nexclude: [{loss.name: mse, los: mae}]", ['"los"; did you mean "loss"? varied: loss']),
        (f"seeds: 1000\nrandom: {{count: {MOST_TRIALS}, space: {{a: {{int: [1, 2]}}}}}}", ["1,000,000,000 trials"]),
    ],
    ids=["lengths and the seed", "twice", "excluded", "too many"],
)
def test_everything_that_is_wrong_is_named(text, messages, tmp_path):
    (tmp_path / "s.yaml").write_text(text)
    sweep, document, _ = load_sweep(str(tmp_path / "s.yaml"))
    with pytest.raises(ConfigError) as caught:
        check_axes(sweep, document)
    assert len(caught.value.problems) == len(messages)
    for problem, message in zip(caught.value.problems, messages, strict=True):
        assert message in problem.message
