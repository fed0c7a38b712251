"""A comparison as a whole: groups, baselines, conditions, bad input, and a thousand runs."""

import gc
import json
import random
import subprocess
import sys

import pytest
from fake_comparisons import refusal

from aecli.comparison.telling.finding_words import finding_words
from aecli.comparison.telling.table import make_table
from aecli.comparison.telling.verdict_words import reason_words
from aecli.comparison.verdicts.compare import compare
from aecli.config.yaml_source import dump, parse
from aecli.errors import AecliError


def labels(comparison):
    return [[candidate.label for candidate in group.candidates] for group in comparison.groups]


def test_the_best_is_the_baseline_if_nobody_names_one(losses):
    (group,) = compare([losses]).groups
    assert (group.baseline.label, group.was_chosen) == ("mse", True)
    assert [(one.candidate, one.baseline) for one in group.verdicts] == [("huber", "mse"), ("mae", "mse")]
    assert group.factors == ("loss",)
    assert (group.data, group.data_sha256) == ("mnist, 10,000 test images", "fe4f6dc3")


def test_one_run_is_compared_with_nothing(write_run, runs):
    write_run()
    (group,) = compare([runs]).groups
    assert (labels(compare([runs])), group.verdicts, group.findings) == ([["fake"]], (), ())


def test_a_metric_that_only_some_runs_have_says_so(write_run, runs):
    write_run(test={"ssim": 0.9})
    write_run(seed=1, summary={"test": {"mse": 0.1, "ssim": None}})
    write_run(set=["loss.name=mae"])
    (group,) = compare([runs], metrics=["ssim"]).groups
    assert group.baseline.label == "mse"
    assert [(one.kind, reason_words(one)) for one in group.verdicts] == [
        ("not measured", "test.ssim was not measured for mae")
    ]


def test_a_group_without_the_metric_is_not_judged(write_run, runs):
    write_run(test={"ssim": 0.9})
    for loss in ("mse", "mae"):
        write_run(set=[f"loss.name={loss}"], environment={"data": {"sha256": "1"}})
    groups = compare([runs], metrics=["ssim"]).groups
    assert [[one.kind for one in group.verdicts] for group in groups] == [[], ["not measured"]]


def test_nan_is_not_measured(write_run, runs):
    write_run()
    path = write_run(set=["loss.name=mae"])
    (path / "summary.json").write_text('{"schema": 1, "test": {"mse": NaN}}')
    (group,) = compare([runs]).groups
    assert [(one.candidate, one.kind) for one in group.verdicts] == [("mae", "not measured")]


def test_names_with_newlines_and_markup_are_shown_and_not_obeyed(write_run, runs):
    write_run(name="a\n[red]b", environment={"data": {"dataset": "<b>\x1b[2J", "images": {"test": 3}}})
    path = write_run(name="c\x1b[31m", status="failed")
    (path / "status.json").write_text(json.dumps({"status": "failed", "reason": "\x1b[2J\n"}))
    comparison = compare([runs])
    assert comparison.groups[0].data == "<b>\\x1b[2J, 3 test images"
    assert [one.reason for one in comparison.left_out] == ["failed: \\x1b[2J\\n"]
    row = make_table(comparison.groups[0], fold=False).rows[0]
    assert all(cell.text.isprintable() for cell in row.cells)


def test_garbage_is_collected_again_afterwards(losses):
    compare([losses])
    assert gc.isenabled()
    refusal(losses, metrics=["nothing"])
    assert gc.isenabled()


JUNK = [
    *(
        None,
        True,
        0,
        -1,
        10**400,
        1e308,
        1e-320,
        float("nan"),
        float("-inf"),
        "",
        "x",
        "a\n\x1b[31m[b]\u202e",
        "2024-01-01",
    ),
    *(
        [],
        [1],
        ["a", None],
        [{"name": "l1"}],
        [{"name": 5}],
        {},
        {"name": "mse"},
        {"name": None},
        {"a": {"b": 1}},
        {"": 1, "a.b": 2},
    ),
    *(
        {"start": 1, "end": 2, "epochs": 3},
        {"start": "a", "end": None, "epochs": {}},
        {"start": 10**400, "end": 1, "epochs": 1},
    ),
]


def paths_in(data, path=()):
    """The path of every node of some data."""
    yield path
    for key, value in data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ():
        yield from paths_in(value, (*path, key))


def spoil(data, chance):
    """The same data with a random node replaced or removed."""
    path = chance.choice(list(paths_in(data)))
    if not path:
        return chance.choice(JUNK)
    holder = data
    for key in path[:-1]:
        holder = holder[key]
    if chance.random() < 0.2:
        del holder[path[-1]]
    else:
        holder[path[-1]] = json.loads(json.dumps(chance.choice(JUNK)))
    return data


@pytest.mark.parametrize("seed", range(4))
def test_whatever_the_files_hold_a_comparison_works_or_tells_why_not(write_seeds, runs, seed):
    """Seeded random damage; 5,000 cases of it were tried when this was written."""
    suites = {
        "test": {
            "features": {
                "protocol": 1,
                "skill": 0.9,
                "code": {"linear_probe": {"accuracy": 0.9}},
                "pca_32": {"linear_probe": {"accuracy": 0.8}},
            }
        }
    }
    extra = [
        "loss=[{name: mse},{name: ssim, weight: 0.1}]",
        "regularization=[{name: l1, weight: {start: 0.0, end: 1e-6, epochs: 5}}]",
        "training.early_stopping={patience: 5}",
    ]
    paths = write_seeds([0.1, 0.2], suites=suites) + write_seeds([0.3, 0.4], set=extra, suites=suites)
    chance = random.Random(seed)
    for _ in range(40):
        path = chance.choice(paths)
        name = chance.choice(["config.yaml", "config.yaml", "summary.json", "environment.json", "status.json"])
        before = (path / name).read_text()
        data = spoil(parse(before, name).data if name == "config.yaml" else json.loads(before), chance)
        (path / name).write_text(dump(data) if name == "config.yaml" else json.dumps(data))
        metric = chance.choice(["mse", "features.linear_probe", "train_s", "objective"])
        try:
            comparison = compare(
                [runs], metrics=[metric], where=chance.choice([[], ["training.epochs>=1"], ["data.corruption=null"]])
            )
            for group in comparison.groups:
                make_table(group)
                assert len({one.label for one in group.candidates}) == len(group.candidates)
                assert all(
                    text.isprintable()
                    for text in (
                        group.data,
                        *map(finding_words, group.findings),
                        *(one.label for one in group.candidates),
                    )
                )
            assert all(one.reason.isprintable() for one in comparison.left_out)
        except AecliError as error:
            assert str(error)
        (path / name).write_text(before)


def write_many(runs, configs, seeds):
    """Copies of one run that differ in learning rate and seed, with a summary as large as all suites make it."""
    template = next(runs.iterdir())
    config = (template / "config.yaml").read_text()
    summary = json.loads((template / "summary.json").read_text())
    summary["suites"]["test"] = {
        f"suite {index}": {"values": [0.0123456789 * number for number in range(300)]} for index in range(9)
    }
    for number in range(configs):
        for seed in range(seeds):
            path = runs / f"r{number:04}_s{seed}"
            path.mkdir()
            for name in ("status.json", "environment.json"):
                (path / name).write_bytes((template / name).read_bytes())
            (path / "config.yaml").write_text(
                config.replace("seed: 0", f"seed: {seed}").replace("lr: 0.001", f"lr: {1e-3 + number * 1e-6:.6f}")
            )
            summary["test"]["mse"] = 0.01 + number * 1e-5 + (seed * 7919 + number) % 13 * 1e-6
            (path / "summary.json").write_text(json.dumps(summary, indent=2))


def test_the_time_grows_with_the_number_of_runs_and_not_faster(write_run, runs):
    """The time is that of the process, so that it depends little on who else is at work."""
    write_run()
    write_many(runs, configs=30, seeds=10)
    code = (
        "import sys, time\n"
        "from aecli.comparison.verdicts.compare import compare\n"
        "(group,) = compare([sys.argv[1]], where=['training.epochs=50'], baseline='lr=0.001').groups\n"
        "print(len(group.runs), len(group.candidates), 'torch' in sys.modules, time.process_time())\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(runs)], capture_output=True, text=True, check=True)
    number, candidates, has_torch, process_s = done.stdout.split()
    assert (int(number), int(candidates), has_torch) == (300, 30, "False")
    assert float(process_s) < 3.0
