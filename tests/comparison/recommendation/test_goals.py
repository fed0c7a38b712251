"""What a goal is made of, and how --for is read."""

import pytest

from aecli.cli.recommend_command import GOAL_NAMES
from aecli.comparison.opinions import GOALS
from aecli.comparison.recommendation.goals import MEANINGS, parse_goals
from aecli.errors import UsageError

CHOICES = (
    "choices: reconstruction, generalization, robustness, denoising, classification, clustering, compression, sparsity"
)


@pytest.mark.parametrize(
    ("goals", "expected"),
    [
        (["reconstruction"], {"reconstruction": 1.0}),
        (["reconstruction=2,classification=1"], {"reconstruction": 2.0, "classification": 1.0}),
        (["reconstruction=2", "sparsity = 5e-1"], {"reconstruction": 2.0, "sparsity": 0.5}),
        ("clustering", {"clustering": 1.0}),
        ({"denoising": 3}, {"denoising": 3.0}),
    ],
    ids=["one", "weights", "repeated", "a text", "a mapping"],
)
def test_goals_are_read(goals, expected):
    assert parse_goals(goals) == expected


@pytest.mark.parametrize(
    ("goals", "message"),
    [
        (["reconstuction"], f'--for: unknown goal "reconstuction"; did you mean "reconstruction"? {CHOICES}'),
        (["a\nb"], '--for "a\\nb": write GOAL or GOAL=WEIGHT, for example --for reconstruction=2,classification=1'),
        ({"a\x1b[0m": 1}, f'--for: unknown goal "a\\x1b[0m"; {CHOICES}'),
        ([""], f"--for: name one goal or more, for example --for reconstruction=2,sparsity=1\n{MEANINGS}"),
        ([], f"--for: name one goal or more, for example --for reconstruction=2,sparsity=1\n{MEANINGS}"),
        (["sparsity,sparsity=2"], "--for: sparsity is named twice; one weight says it all"),
        (["sparsity=0"], "--for: sparsity=0: a weight is a finite number above 0, for example sparsity=2"),
        (["sparsity=-1"], "--for: sparsity=-1: a weight is a finite number above 0, for example sparsity=2"),
        (["sparsity=inf"], "--for: sparsity=inf: a weight is a finite number above 0, for example sparsity=2"),
        (["sparsity=nan"], "--for: sparsity=nan: a weight is a finite number above 0, for example sparsity=2"),
        (["sparsity="], "--for: sparsity=: a weight is a finite number above 0, for example sparsity=2"),
        (["sparsity=two"], "--for: sparsity=two: a weight is a finite number above 0, for example sparsity=2"),
        ({"sparsity": None}, "--for: sparsity=None: a weight is a finite number above 0, for example sparsity=2"),
    ],
    ids=[
        "unknown",
        "newline",
        "escape",
        "empty",
        "none",
        "twice",
        "zero",
        "negative",
        "infinite",
        "nan",
        "no weight",
        "word",
        "None",
    ],
)
def test_what_is_no_goal_is_refused(goals, message):
    with pytest.raises(UsageError) as caught:
        parse_goals(goals)
    assert str(caught.value) == message
    assert caught.value.exit_code == 2


def test_every_goal_has_a_line_of_its_own():
    assert [line.split()[0] for line in MEANINGS.splitlines()] == list(GOALS)
    assert max(map(len, MEANINGS.splitlines())) < 80


def test_the_command_line_names_every_goal():
    assert tuple(GOALS) == GOAL_NAMES


def test_weights_that_are_too_far_apart_are_refused():
    with pytest.raises(UsageError) as caught:
        parse_goals(["reconstruction=1e300,classification=1e-300"])
    assert str(caught.value) == (
        "--for: reconstruction=1e+300 is more than 1,000,000 times classification=1e-300, "
        "which then decides nothing; leave classification out"
    )
    assert parse_goals(["reconstruction=1e300,classification=1e302"])
