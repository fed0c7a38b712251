"""Frontiers read where a number is equal: the truth is found, nothing beyond the range, and what is refused."""

import numpy as np
import pytest

from aecli.comparison.telling.formats.point_json import point_json
from aecli.comparison.telling.point_words import point_lines
from aecli.comparison.verdicts.at_point import compare_at
from aecli.errors import UsageError

SEEDS = 6
WEIGHTS, KS = (0.01, 0.1, 1.0), (4, 12, 30)


def write_frontiers(write_run, *, lead=1.0, noise=0.002, seeds=SEEDS):
    """Two families on power laws of units and error; the second one needs `lead` times as much error."""
    random = np.random.default_rng(5)
    bases = np.exp(0.04 * random.normal(size=seeds))

    def write(chosen, units, error, seed):
        units, error = (x * np.exp(noise * random.normal()) for x in (units, error * bases[seed]))
        suites = {"test": {"code": {"protocol": 1, "code": {"active_per_image": float(units)}}}}
        write_run(seed=seed, set=[chosen], test={"mse": float(error)}, suites=suites)

    for seed in range(seeds):
        for weight in WEIGHTS:
            units = 10 * weight**-0.4
            write(f"regularization.activity_l1.weight={weight}", units, 0.2 / units, seed)
        for k in KS:
            write(f"regularization.k_sparse.k={k}", k, lead * 0.2 / k, seed)


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
