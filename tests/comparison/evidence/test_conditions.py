"""Conditions on the config, and what a --baseline means."""

import pytest
from fake_comparisons import refusal

from aecli.comparison.evidence.conditions import Condition, meets, read_condition
from aecli.comparison.evidence.read_run import read_run
from aecli.comparison.verdicts.compare import compare


@pytest.mark.parametrize(
    "baseline",
    ["mae", "loss.name=mae", "loss.name = 'mae'", "loss=mae", "regularization=[]"],
    ids=["label", "condition", "quoted", "as with --set", "of many"],
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
    ("text", "condition"),
    [
        ("loss.name=mae", Condition("loss.name", "=", "mae")),
        (" training.batch_size >= 64 ", Condition("training.batch_size", ">=", 64)),
        ("loss.name != mse", Condition("loss.name", "!=", "mse")),
    ],
)
def test_a_condition_is_read_into_its_parts(write_run, text, condition):
    assert read_condition(text, [read_run(write_run())]) == condition


def test_an_integer_meets_a_condition_on_the_same_number_with_a_point(write_run):
    run = read_run(write_run(set=["training.batch_size=64"]))
    assert meets(run, Condition("training.batch_size", "=", 64.0))
    assert not meets(run, Condition("training.batch_size", "<", 64.0))


def test_a_condition_takes_what_set_takes(losses):
    runs = [read_run(path) for path in sorted(losses.iterdir())]
    assert read_condition("loss=mae", runs) == Condition("loss.name", "=", "mae")
    assert read_condition("name=run #2", runs).value == "run #2"
    assert refusal(losses, baseline="epochs=3") == '--baseline "epochs"; here it is training.epochs'
