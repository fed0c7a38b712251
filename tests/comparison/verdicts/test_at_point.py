"""Frontiers read where a number is equal: the truth is found, nothing beyond the range, and what is refused."""

import pytest
from fake_frontiers import KS, SEEDS, diverge, write_frontiers
from fake_tunings import write_tuned_sweep

from aecli.comparison.telling.formats.point_json import point_json
from aecli.comparison.telling.point_words import point_lines
from aecli.comparison.verdicts.at_point import compare_at
from aecli.errors import UsageError


def words_of(tmp_path, at, **options):
    return point_lines(compare_at([tmp_path / "runs"], at, **{"metrics": ["mse"], **options}))


def test_the_family_that_is_better_where_they_buy_the_same_is_told(write_run, tmp_path):
    write_frontiers(write_run, lead=1.2)
    found = compare_at([tmp_path / "runs"], "code.l0=20", metrics=["mse"], baseline="activity_l1")
    (verdict,) = found.groups[0].group.verdicts
    assert (verdict.candidate, verdict.kind) == ("k_sparse", "worse")
    assert verdict.relative.mean == pytest.approx(0.2, abs=0.02)
    lines = point_lines(found)
    assert lines[0] == "mnist, 10,000 test images, read at code.l0 = 20:"
    assert lines[1].startswith("  activity_l1: test.mse 0.0")
    assert lines[1].endswith(", 6 seeds, read between weight 0.1 and 1") or "0.01 and 0.1" in lines[1]
    assert "  k_sparse: test.mse" in lines[2] and "read between k 12 and 30" in lines[2]
    assert lines[3].startswith("k_sparse is worse than activity_l1 by test.mse: 19.8 % higher (95 % interval ")


def test_equal_frontiers_are_equal_wherever_they_are_read_although_no_dose_is_shared(write_run, tmp_path):
    write_frontiers(write_run, noise=1e-4)
    for at in ("code.l0=15", "code.l0=25", "mse=0.012"):
        metric = "code.l0" if at.startswith("mse") else "mse"
        found = compare_at([tmp_path / "runs"], at, metrics=[metric])
        (verdict,) = found.groups[0].group.verdicts
        assert verdict.kind == "equivalent"


def test_a_family_that_does_not_reach_the_point_is_named_with_its_range(write_run, tmp_path):
    write_frontiers(write_run)
    lines = words_of(tmp_path, "code.l0=50")
    assert any(
        line.startswith("  k_sparse does not count: its code.l0 is 3.9")
        and line.endswith(" at k 4 to 30, and nothing is read beyond")
        for line in lines
    )
    assert lines[-1] == "no verdict: one reaches it; choose a value that several reach, or train other doses"
    assert words_of(tmp_path, "code.l0=5000")[-1].startswith("no verdict: none reaches it; ")


def test_the_json_has_every_point_and_every_reading(write_run, tmp_path):
    write_frontiers(write_run)
    told = point_json(compare_at([tmp_path / "runs"], "code.l0=20", metrics=["mse"]))
    assert told["at"] == {"metric": "code.l0", "value": 20.0}
    (group,) = told["groups"]
    frontier = next(one for one in group["frontiers"] if one["label"] == "k_sparse")
    assert [point["dose"] for point in frontier["points"]] == list(KS)
    assert frontier["points"][0]["test.mse"]["n"] == SEEDS
    assert {(one["below"], one["above"]) for one in frontier["read"]["test.mse"].values()} == {(12.0, 30.0)}
    assert group["verdicts"][0]["metric"] == "test.mse"


@pytest.mark.parametrize(
    ("at", "options", "reason"),
    [
        ("code.l0", {}, '--at "code.l0": write it as NAME=VALUE, for example --at test.fvu=0.05'),
        ("code.l0=many", {}, '--at "code.l0=many": write it as NAME=VALUE, for example --at test.fvu=0.05'),
        ("code.l0=nan", {}, '--at "code.l0=nan": write it as NAME=VALUE, for example --at test.fvu=0.05'),
        ("mse=0.1", {}, "--at test.mse: is equal there, so it cannot judge; name another one with --metric"),
        ("code.l2=3", {}, 'metric "code.l2"; did you mean "code.l0"? measured in these runs: '),
        ("code.l0=20", {"baseline": "mae"}, '--baseline "mae"; rows: '),
    ],
)
def test_what_cannot_be_read_is_refused(at, options, reason, write_run, tmp_path):
    write_frontiers(write_run, seeds=2)
    with pytest.raises(UsageError) as refused:
        words_of(tmp_path, at, **options)
    assert str(refused.value).startswith(reason)


def test_what_diverged_on_a_frontier_is_named_and_its_seeds_are_lost(write_run, tmp_path):
    write_frontiers(write_run, lead=0.8)
    diverge(tmp_path, "k: 30", [1])
    diverge(tmp_path, "weight: 0.01", range(SEEDS))
    found = compare_at([tmp_path / "runs"], "code.l0=20", metrics=["mse"], baseline="activity_l1")
    lines = point_lines(found)
    assert "  k_sparse diverged at k 30 with seed 1" in lines
    assert any(line.endswith("; seed 1 does not reach it") for line in lines)
    (finding,) = [line for line in lines if line.startswith("lost-seeds: ")]
    assert "k_sparse: seed 1 diverged" in finding and "activity_l1" in finding
    (verdict,) = found.groups[0].group.verdicts
    assert verdict.kind == "undecided", "with its lost seed counted as the worst, five of six are not enough"
    told = point_json(found)["groups"][0]
    assert told["diverged"] == {"k_sparse": {"30": [1]}} and list(told["gone"].values()) == [list(range(SEEDS))]
    alone = words_of(tmp_path, "code.l0=50")
    assert any("is on no frontier: it diverged with seeds 0, 1" in line for line in alone)


def test_runs_that_only_tuned_are_on_no_frontier(tmp_path):
    found = compare_at([write_tuned_sweep(tmp_path)], "validation.mse=0.01", metrics=["mse"])
    seeds = {run.seed for group in found.groups for one in group.frontiers for run in one.family.candidates[0].runs}
    assert seeds <= set(range(10))


def test_a_frontier_that_is_flat_where_it_ends_is_saturated(write_run, tmp_path):
    for weight, units in ((0.01, 60), (0.1, 20), (1.0, 7.02), (10.0, 7.0), (100.0, 7.01)):
        suites = {"test": {"code": {"code": {"active_per_image": units}}}}
        write_run(set=[f"regularization.activity_l1.weight={weight}"], test={"mse": 0.2 / units}, suites=suites)
    (line,) = [one for one in words_of(tmp_path, "code.l0=4") if "does not count" in one]
    assert line.endswith("7 to 60 at weight 0.01 to 100, and nothing is read beyond; saturated above weight 1")
