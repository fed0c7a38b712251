"""Components from outside of the package: a metric that is in no table of opinions is used by name like any other."""

import json

import pytest

from aecli.comparison.evidence.measures import measure
from aecli.comparison.evidence.referees import formulas, judges_itself, order_of
from aecli.comparison.telling.formats.json_data import as_json
from aecli.comparison.telling.table import make_table
from aecli.comparison.telling.verdict_words import rope_words
from aecli.comparison.verdicts.compare import compare
from aecli.comparison.verdicts.matrix import make_matrix
from aecli.components.evaluation.metrics import METRICS, metric
from aecli.components.evaluation.scales import POINTS, RATIO
from aecli.components.evaluation.suites import SUITES, SuiteMeasure, suite
from aecli.components.loss import LOSSES, loss


@pytest.fixture
def foreign():
    """A bounded metric, a relative of it, a loss of its formula, and a suite with one named number."""

    @metric(better="higher", needs=("squared",), scale=POINTS)
    def likeness(errors):
        """Between 0 and 1."""
        return 1.0

    @metric(better="lower", needs=("squared",), monotone_of="likeness")
    def unlikeness(errors):
        """Its opposite."""
        return 0.0

    @loss(referees=("likeness",))
    def likeness_loss(x_hat_BP, x_BP):
        """What the metric measures."""
        return x_BP.sum(1)

    @suite(version=1, measures={"deep": SuiteMeasure("a.b", "lower", RATIO)})
    def probing(subject):
        """Nothing."""

    yield
    for registry, name in (
        (METRICS, "unlikeness"),
        (METRICS, "likeness"),
        (LOSSES, "likeness_loss"),
        (SUITES, "probing"),
    ):
        registry.forget(name)


@pytest.fixture
def comparison(foreign, write_run, tmp_path):
    """Two configs; the second is 0.05 better by the foreign metric."""
    for seed in range(7):
        write_run(seed=seed, test={"likeness": 0.80 + seed / 1000})
        write_run(seed=seed, test={"likeness": 0.85 + seed / 900}, set=["loss.name=mae"])
    return compare([tmp_path / "runs"], metrics=["likeness"], baseline="mse")


def test_it_has_its_arrow_and_its_scale(foreign):
    made = measure("likeness")
    assert (made.name, made.title, made.scale) == ("test.likeness", "likeness ↑", POINTS)
    assert measure("validation.unlikeness").title == "validation.unlikeness ↓"


def test_it_judges_in_its_own_direction_with_a_band_in_points(comparison):
    (group,) = comparison.groups
    (verdict,) = group.verdicts
    assert (verdict.candidate, verdict.kind, verdict.band, verdict.relative) == ("mae", "better", 0.01, None)
    assert rope_words(comparison.rope, group.metrics) == "0.01"


def test_it_gets_a_column_with_its_best_marked_and_one_of_the_matrix(comparison):
    (group,) = comparison.groups
    table = make_table(group)
    assert table.keys[:3] == ("label", "n", "test.likeness")
    assert {row.label: row.cells[2].is_best for row in table.rows[:2]} == {"mae": True, "mse": False}
    assert "test.likeness" in [one.name for one in make_matrix(group).metrics]
    assert json.loads(json.dumps(as_json(comparison, [table])))["groups"][0]["metrics"]["test.likeness"] == "higher"


def test_a_loss_of_its_formula_is_not_judged_by_it_or_its_relatives(foreign):
    assert order_of("unlikeness") == "likeness"
    assert judges_itself("unlikeness", ["likeness_loss"]) and not judges_itself("mse", ["likeness_loss"])
    assert formulas(["likeness_loss", "nobody registered this"]) == {"likeness"}


def test_a_number_of_its_suite_has_a_short_name(foreign):
    made = measure("probing.deep")
    assert (made.path, made.better, made.scale) == (("suites", "test", "probing", "a", "b"), "lower", RATIO)
    assert measure("probing.skill").scale == POINTS
    assert measure("probing.other").better is None
