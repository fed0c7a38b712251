"""Values of files that may hold anything."""

from aecli.runs.stored_values import mapping


def test_what_is_no_mapping_is_an_empty_one():
    assert mapping({"mse": 1}) == {"mse": 1}
    assert [mapping(value) for value in (None, [], "mse", 3)] == [{}] * 4
