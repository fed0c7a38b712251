"""Learning curves over the seeds."""

from fake_figures import group_of, records

from aecli.comparison.evidence.learning_curves import make_curve


def test_a_curve_is_the_mean_and_the_range_over_the_seeds(write_run, tmp_path):
    write_run(seed=0, records=records(4.0, 2.0, 1.0))
    write_run(seed=1, records=records(6.0, 3.0, 2.0))
    curve = make_curve(group_of(tmp_path).baseline, "mse")
    assert curve.epochs == (0, 1, 2)
    assert curve.mean.tolist() == [5.0, 2.5, 1.5]
    assert curve.low.tolist() == [4.0, 2.0, 1.0] and curve.high.tolist() == [6.0, 3.0, 2.0]


def test_a_curve_ends_where_the_first_seed_stopped(write_run, tmp_path):
    write_run(seed=0, records=records(4.0, 2.0))
    write_run(seed=1, records=records(6.0, 3.0, 2.0, 1.0))
    assert make_curve(group_of(tmp_path).baseline, "mse").epochs == (0, 1)


def test_an_epoch_that_is_no_number_is_left_out(write_run, tmp_path):
    write_run(records=[*records(4.0, float("nan"), 2.0), {"epoch": 3}, {"epoch": 4, "validation": {"mse": "much"}}])
    assert make_curve(group_of(tmp_path).baseline, "mse").epochs == (0, 2)
