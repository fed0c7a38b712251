"""What is said of the winner of a search."""

from fake_searches import ONE_SEED

from aecli.comparison.evidence.searches import read_search
from aecli.comparison.telling.search_words import luck_words, search_words


def test_a_search_that_is_not_at_its_end_warns_too(tmp_path):
    assert read_search(tmp_path) is None
    (tmp_path / "search.log").touch()
    assert search_words(read_search(tmp_path)) == (
        f"{tmp_path} is a search: its settings were chosen by validation numbers; it is not at its end yet",
        "the winner's validation number is optimistic, and its test number as far as its seeds were lucky; "
        "let it come to its end, which writes a sweep with fresh seeds",
    )


def test_luck_that_could_be_measured_is_told_in_units_of_the_objective():
    assert luck_words({**ONE_SEED, "seeds": 3, "optimism": 0.000312}) == (
        "were all 12 settings equally good, the best of them would look 0.00031 better than it is"
    )
    assert luck_words({**ONE_SEED, "seeds": 3, "optimism": 0.000312, "corrected": 0.0123456}) == (
        "were all 12 settings equally good, the best of them would look 0.00031 better than it is; "
        "without that luck its number is 0.012346"
    )
