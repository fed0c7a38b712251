"""A comparison as a whole: groups, baselines, conditions, bad input, and a thousand runs."""

import gc
import json
import random
import subprocess
import sys

import pytest

from aecli.comparison.telling.finding_words import finding_words
from aecli.comparison.telling.table import make_table
from aecli.comparison.telling.verdict_words import reason_words
from aecli.comparison.verdicts.compare import compare
from aecli.config.yaml_source import dump, parse
from aecli.errors import AecliError, UsageError


@pytest.fixture
def runs(tmp_path):
    return tmp_path / "runs"


@pytest.fixture
def losses(write_seeds, runs):
    """mse, mae and huber, three seeds each."""
    write_seeds([0.010, 0.011, 0.012])
    write_seeds([0.030, 0.031, 0.032], set=["loss.name=mae"])
    write_seeds([0.020, 0.021, 0.022], set=["loss={name: huber, delta: 0.1}"])
    return runs


def refusal(*paths, **options):
    with pytest.raises(UsageError) as refused:
        compare(paths, **options)
    return str(refused.value)


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


@pytest.mark.parametrize(
    "baseline",
    ["mae", "loss.name=mae", "loss.name = 'mae'", "regularization=[]"],
    ids=["label", "condition", "quoted", "of many"],
)
def test_a_baseline_is_a_label_or_a_condition(losses, baseline):
    if baseline == "regularization=[]":
        assert (
            refusal(losses, baseline=baseline)
            == "--baseline regularization=[] is met by 3 rows (mse, mae, huber); name one of them"
        )
        return
    (group,) = compare([losses], baseline=baseline).groups
    assert (group.baseline.label, group.was_chosen) == ("mae", False)


def test_a_baseline_is_a_run_folder_under_any_name(losses, monkeypatch, tmp_path):
    path = sorted(losses.iterdir())[4]
    (tmp_path / "link").symlink_to(path)
    monkeypatch.chdir(tmp_path)
    for name in (str(path), "link", f"runs/{path.name}/", "./runs/../link"):
        assert compare([losses], baseline=name).groups[0].baseline.label == "mae"


@pytest.mark.parametrize(
    ("baseline", "message"),
    [
        ("maee", '--baseline "maee"; did you mean "mae"? rows: mse, mae, huber'),
        ("a\n\0", '--baseline "a\\n\\x00"; rows: mse, mae, huber'),
        ("x" * 300, f'--baseline "{"x" * 300}"; rows: mse, mae, huber'),
        ("loss.name=bce", '--baseline "loss.name=bce"; rows: mse, mae, huber'),
        ("loss.name=[", '--baseline "loss.name=[": the value is no YAML'),
    ],
    ids=["typo", "control characters", "long", "met by none", "no YAML"],
)
def test_a_baseline_that_is_not_there_is_refused(losses, baseline, message):
    assert refusal(losses, baseline=baseline) == message


def test_a_baseline_with_an_unknown_key_is_told_the_key(losses):
    assert refusal(losses, baseline="loss.nam=mse").startswith(
        '--baseline "loss.nam"; did you mean "loss.name"? keys: name, seed, data.dataset.name, '
    )


def test_a_baseline_may_be_in_one_group_only(write_run, runs):
    write_run(set=["loss=[{name: mse},{name: ssim}]"], environment={"data": {"sha256": "1"}})
    write_run(set=["loss.name=mae"])
    write_run(set=["loss={name: huber, delta: 0.5}"])
    groups = compare([runs], baseline="loss.delta=0.5").groups
    assert [(group.baseline.config["loss"], group.was_chosen) for group in groups][1] == (
        {"name": "huber", "weight": 1.0, "delta": 0.5},
        False,
    )
    assert groups[0].was_chosen


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ("loss.name=mae", ["mae"]),
        ("loss.name!=mae", ["mse", "huber"]),
        (" loss.name  =  mae ", ["mae"]),
        ("loss.delta=0.1", ["huber"]),
        ("loss.delta=1e-1", ["huber"]),
        ("loss.delta=1e-01", ["huber"]),
        ("loss.delta=null", ["mse", "mae"]),
        ("loss.delta!=null", ["huber"]),
        ("loss.delta>0.05", ["huber"]),
        ("loss.delta<=0.1", ["huber"]),
        ("loss.weight=1", ["mse", "mae", "huber"]),
        ("training.epochs>=50.0", ["mse", "mae", "huber"]),
        ("training.epochs=50.0", ["mse", "mae", "huber"]),
        ("architecture.tied=false", ["mse", "mae", "huber"]),
        ("architecture.tied!=0", ["mse", "mae", "huber"]),
        ("architecture.normalization=null", ["mse", "mae", "huber"]),
        ("architecture.normalization=", ["mse", "mae", "huber"]),
        ("optimization.optimizer.betas=[0.9, 0.999]", ["mse", "mae", "huber"]),
        ("regularization=[]", ["mse", "mae", "huber"]),
        ("seed<1", ["mse", "mae", "huber"]),
    ],
)
def test_conditions_choose_runs(losses, where, expected):
    (group,) = compare([losses], where=[where]).groups
    assert {candidate.config["loss"]["name"] for candidate in group.candidates} == set(expected)


def test_a_part_that_is_there_is_not_null(write_run, runs):
    write_run()
    write_run(set=["data.corruption={name: gaussian, std: 0.3}", "regularization.l1.weight=1e-7"])
    (only,) = compare([runs], where=["data.corruption=null"]).groups[0].candidates
    assert only.config["data"]["corruption"] is None
    (only,) = compare([runs], where=["regularization!=[]"]).groups[0].candidates
    assert only.config["data"]["corruption"]["name"] == "gaussian"


@pytest.mark.parametrize(
    ("where", "message"),
    [
        ("loss", '--where "loss": write it as KEY=VALUE, for example --where loss.name=mae; signs: = != < <= > >='),
        ("=mae", '--where "=mae": write it as KEY=VALUE, for example --where loss.name=mae; signs: = != < <= > >='),
        (
            "loss.name==mae",
            '--where "loss.name==mae": write it as KEY=VALUE, for example --where loss.name=mae; signs: = != < <= > >=',
        ),
        ("loss.name=[mae", '--where "loss.name=[mae": the value is no YAML'),
        (
            "loss.name=a\n\x1b: [",
            '--where "loss.name=a\\n\\x1b: [": write it as KEY=VALUE, for example --where loss.name=mae; signs: = != '
            "< <= > >=",
        ),
        ("training.epochs<many", '--where "training.epochs<many": < needs a number'),
        ("training.epochs>=true", '--where "training.epochs>=true": >= needs a number'),
        ("loss.name=bce", "no run is left after --where loss.name=bce; 9 were there before"),
        ("loss.name>5", "no run is left after --where loss.name>5; 9 were there before"),
    ],
)
def test_conditions_that_cannot_be_read_or_met_are_refused(losses, where, message):
    assert refusal(losses, where=[where]) == message


def test_an_unknown_key_comes_with_the_nearest_one(losses):
    assert refusal(losses, where=["loss.nam=mae"]).startswith(
        '--where "loss.nam"; did you mean "loss.name"? keys: name, seed, data.dataset.name, '
    )


@pytest.mark.parametrize(
    ("metric", "message"),
    [
        (
            "epochs",
            "epochs: nobody knows whether more or less of it is better, so it cannot judge; show it with --columns",
        ),
        (
            "objective",
            "objective: these runs minimized 3 different objectives (huber, mae, mse), whose values are different "
            "quantities, "
            "so neither can be ranked by the other; use a neutral metric such as mse, mae or ssim",
        ),
    ],
)
def test_metrics_that_cannot_judge_are_refused(losses, metric, message):
    assert refusal(losses, metrics=[metric]) == message


def test_a_metric_that_no_run_has_is_refused(losses):
    assert refusal(losses, metrics=["features.linear_probe"]).endswith(
        "; measure it with: aecli evaluate RUN --suite features"
    )


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
