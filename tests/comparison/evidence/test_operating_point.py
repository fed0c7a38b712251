"""What --at means."""

from aecli.comparison.evidence.collect import collect
from aecli.comparison.evidence.operating_point import parse_at


def test_a_name_is_that_of_a_metric_and_its_value_a_number(write_run, tmp_path):
    write_run(test={"mse": 0.01})
    measure, value = parse_at(" mse =1e-2", collect([tmp_path / "runs"]).runs, [])
    assert (measure.name, value) == ("test.mse", 0.01)
