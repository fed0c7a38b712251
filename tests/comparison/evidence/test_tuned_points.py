"""Runs of a sweep that tunes by the point whose values they have."""

from fake_runs import make_writer
from fake_tunings import POINTS, SEEDS, write_at

from aecli.comparison.evidence.collect import collect
from aecli.comparison.evidence.tuned_points import runs_at_points
from aecli.comparison.evidence.tunings import set_apart


def test_fresh_seeds_at_a_point_are_found_whatever_plan_had_them(tuned_sweep):
    write_at(make_writer(tuned_sweep), "loss=huber", POINTS[0], 3, 0.03)
    runs = collect([tuned_sweep]).runs
    found = runs_at_points(runs, set_apart(runs).tunings, runs)
    places = {(number, point): sorted(run.seed for run in own) for ((_, number), point), own in found.items()}
    tried, judged = [1_000_000, 1_000_001], list(range(SEEDS))
    assert places == {
        (0, 0): judged + tried, (0, 1): tried, (0, 2): tried, (1, 0): [3, *tried], (1, 1): tried, (1, 2): judged + tried
    }  # fmt: skip
    assert runs_at_points(runs, {}, runs) == {}
