"""What a goal is made of, and how --for is read."""

import pytest

from aecli.cli.recommend_command import GOAL_NAMES
from aecli.comparison.evidence.collect import collect
from aecli.comparison.opinions import GOALS
from aecli.comparison.recommendation.goals import command_for, parse_goals, terms_of, why_missing
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
        ([""], f"--for: no goal; name one or more, for example --for reconstruction; {CHOICES}"),
        ([], f"--for: no goal; name one or more, for example --for reconstruction; {CHOICES}"),
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


def test_the_command_line_names_every_goal():
    assert tuple(GOALS) == GOAL_NAMES


@pytest.mark.parametrize("place", ["validation", "test"])
@pytest.mark.parametrize("goal", GOALS)
def test_every_measure_of_a_goal_has_a_direction_and_is_of_the_split(goal, place):
    for term in terms_of(goal, place):
        assert term.measure.better in ("lower", "higher")
        assert (term.measure.suite[0] if term.measure.suite else term.measure.path[0]) == place


def test_reconstruction_has_three_referees():
    assert [term.measure.name for term in terms_of("reconstruction", "test")] == ["test.mse", "test.mae", "test.ssim"]


def test_generalization_is_the_held_out_error_over_the_training_error(write_run):
    write_run(validation={"mse": 0.012}, train={"mse": 0.010}, test={"mse": 0.013})
    from aecli.comparison.evidence.candidates import fold

    (candidate,) = fold(collect([write_run(seed=1, validation={"mse": 0.011}, train={"mse": 0.010}).parent]).runs)[1]
    (chosen,), (reported,) = terms_of("generalization", "validation"), terms_of("generalization", "test")
    assert chosen.values(candidate) == pytest.approx({0: 1.2, 1: 1.1})
    assert reported.values(candidate)[0] == pytest.approx(1.3)


def test_what_is_missing_comes_with_the_command_that_measures_it(write_run):
    path = write_run(
        suites={"validation": {"denoising": {"skill": 0.5}, "features": {"skipped": "no labels", "skill": None}}}
    )
    (run,) = collect([path]).runs
    terms = [
        term
        for goal in ("denoising", "classification", "compression", "sparsity", "reconstruction")
        for term in terms_of(goal, "validation")
    ]
    assert why_missing(run, terms) == (
        "features gave no features.linear_probe on the validation split: no labels; "
        "compression.skill was not measured on the validation split; sparsity.skill was not measured on the validation split; "
        "mae was not measured on the validation split; ssim was not measured on the validation split"
    )
    assert (
        command_for(run, terms)
        == f"aecli evaluate {path} --suite compression --suite sparsity --suite reconstruction --split validation"
    )
    assert command_for(run, terms_of("classification", "validation")) == "", "what was skipped would be skipped again"
    assert command_for(run, terms_of("denoising", "test")) == f"aecli evaluate {path} --suite denoising"


def test_weights_that_are_too_far_apart_are_refused():
    with pytest.raises(UsageError) as caught:
        parse_goals(["reconstruction=1e300,classification=1e-300"])
    assert str(caught.value) == (
        "--for: reconstruction=1e+300 is more than 1,000,000 times classification=1e-300, which then decides nothing; leave classification out"
    )
    assert parse_goals(["reconstruction=1e300,classification=1e302"])
