"""Runs on different data are kept apart, and their data is named so that it can be told apart."""

from aecli.comparison.evidence.datasets import describe_data, split_by_data
from aecli.comparison.evidence.read_run import read_run
from aecli.comparison.verdicts.compare import compare


def test_runs_on_different_data_are_never_ranked_together(write_run, runs):
    data = {
        "dataset": "mnist",
        "sha256": "fe4f6dc3",
        "images": {"test": 10000},
        "scaling": {"kind": "bytes", "divide_by": 255},
    }
    kinds = [
        data,
        data | {"sha256": "0"},
        data | {"scaling": {"kind": "minmax"}},
        data | {"images": {"test": 5}},
        data | {"dataset": "other name"},
        [1],
    ]
    for seed, kind in enumerate(kinds):
        for loss in ("mse", "mae"):
            write_run(seed=seed, environment={"data": kind}, set=[f"loss.name={loss}"])
    groups = compare([runs]).groups
    assert [len(group.runs) for group in groups] == [4, 2, 2, 2, 2]
    assert [len(group.verdicts) for group in groups] == [1] * 5
    assert (groups[-1].data, groups[-1].data_sha256) == ("data that environment.json does not name", None)


def test_data_of_one_name_are_told_apart_by_their_digests_then_by_their_scaling(write_run, tmp_path):
    for digest, scale in (("aaaaaaaaaa", 1), ("bbbbbbbbbb", 1), ("bbbbbbbbbb", 2)):
        write_run(
            environment={
                "data": {"dataset": "mine", "sha256": digest, "images": {"test": 50}, "scaling": {"divide_by": scale}}
            }
        )
    assert [group.data for group in compare([tmp_path / "runs"]).groups] == [
        "mine, 50 test images (SHA-256 aaaaaaaa)",
        'mine, 50 test images (SHA-256 bbbbbbbb) (scaling {"divide_by": 1})',
        'mine, 50 test images (SHA-256 bbbbbbbb) (scaling {"divide_by": 2})',
    ]


def test_data_are_described_as_far_as_they_are_known(write_run):
    known = read_run(write_run())
    unknown = read_run(write_run(environment={"data": {"images": "many"}}))
    assert describe_data(known) == "mnist, 10,000 test images"
    assert describe_data(unknown) == "data that environment.json does not name"
    assert list(map(len, split_by_data([known, unknown, known]).values())) == [2, 1]
