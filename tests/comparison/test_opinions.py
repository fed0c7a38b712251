"""Opinions name what exists: every metric in them has a direction, and every one of a goal too."""

import pytest

from aecli.comparison import opinions
from aecli.comparison.evidence.measures import measure

TABLES = {name: value for name, value in vars(opinions).items() if name.isupper()}


def test_nothing_but_tables_is_an_opinion():
    assert set(TABLES) == {"DEFAULT_COLUMNS", "REFEREES", "PARTNERS", "GOALS", "DOSE_GOALS"}


@pytest.mark.parametrize("table", ["DEFAULT_COLUMNS", "REFEREES", "PARTNERS"])
def test_every_metric_of_a_table_is_known_and_stands_there_once(table):
    names = TABLES[table]
    assert len(set(names)) == len(names) > 1
    assert [name for name in names if measure(name).better is None or measure(name).name != name] == []


def test_every_goal_is_made_of_measures_with_a_direction():
    names = [name.strip() for terms in opinions.GOALS.values() for term in terms for name in term.split("/")]
    assert [name for name in names if measure(name).better is None] == []
