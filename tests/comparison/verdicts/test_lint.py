"""Every rule of the lint: where it fires, with what words, and where it keeps silent."""

import pytest

from aecli.comparison.telling.finding_words import finding_words, tell
from aecli.comparison.verdicts.compare import compare
from aecli.comparison.verdicts.lint import RULES


def found(path, code, **options):
    """What and forbids of the findings with a code, of the only group."""
    (group,) = compare([path], **options).groups
    return [tell(one) for one in group.findings if one.code == code]


@pytest.fixture
def runs(tmp_path):
    return tmp_path / "runs"


CODES = [
    "different-data",
    "two-factors",
    "unequal-epochs",
    "different-selection",
    "protocol-differs",
    "missing-cells",
    "different-machines",
    "selected-on-test",
    "own-referee",
    "duplicate-seed",
    "few-seeds",
    "unfinished",
    "searched",
]


def test_the_codes_never_change():
    assert [code for code, _ in RULES] == CODES


def test_a_clean_comparison_has_no_finding(write_seeds, runs):
    for loss in ("huber", "charbonnier"):
        write_seeds([0.01 + seed / 1000 for seed in range(10)], set=[f"loss.name={loss}"])
    (group,) = compare([runs]).groups
    assert group.findings == ()


def test_a_single_config_has_no_finding(write_run, runs):
    write_run()
    (group,) = compare([runs]).groups
    assert group.findings == ()


def test_other_data_is_named_in_each_group(write_run, runs):
    write_run()
    write_run(seed=1)
    write_run(environment={"data": {"dataset": "fashion\n", "sha256": "0123456789", "images": {"test": 9}}})
    first, second = (
        [finding_words(one) for one in group.findings if one.code == "different-data"]
        for group in compare([runs]).groups
    )
    words = "different-data: other runs were judged on other data, or on the same in another scaling: "
    end = "; numbers of different data are different quantities, so no run is compared across"
    assert first == [f"{words}fashion\\n, 9 test images (SHA-256 01234567, 1 run){end}"]
    assert second == [f"{words}mnist, 10,000 test images (SHA-256 fe4f6dc3, 2 runs){end}"]


def test_two_factors_at_once_are_named(write_run, runs):
    write_run(test={"mse": 0.1})
    write_run(test={"mse": 0.2}, set=["loss.name=mae", "training.batch_size=64"])
    which = "which of them made the difference cannot be said"
    assert found(runs, "two-factors") == [
        ('"mae, batch_size=64" and "mse, batch_size=256" differ in 2 things at once: loss, training.batch_size', which)
    ]
    write_run(test={"mse": 0.3}, set=["loss.name=bce", "training.batch_size=64"])
    (finding,) = found(runs, "two-factors")
    assert finding[0] == (
        '2 of 3 differ from "mse, batch_size=256" in several things at once: '
        '"mae, batch_size=64" (loss, training.batch_size), "bce, batch_size=64" (loss, training.batch_size)'
    )


def test_two_factors_that_other_runs_take_apart_are_no_finding(write_run, runs):
    write_run(test={"mse": 0.1})
    write_run(test={"mse": 0.2}, set=["loss.name=mae", "training.batch_size=64"])
    write_run(test={"mse": 0.3}, set=["loss.name=mae"])
    assert len(found(runs, "two-factors")) == 1
    write_run(test={"mse": 0.4}, set=["training.batch_size=64"])
    assert found(runs, "two-factors") == []


def test_one_thing_that_has_several_keys_is_one_factor(write_run, runs):
    write_run()
    write_run(set=["training.early_stopping={patience: 5}"])
    assert found(runs, "two-factors") == []


def test_unequal_epochs_beside_another_factor_are_named(write_run, runs):
    write_run()
    write_run(seed=1)
    write_run(set=["loss.name=mae", "training.epochs=5"])
    assert found(runs, "unequal-epochs") == [
        ("trained for different numbers of epochs: 50 (2 runs), 5 (1 run)", "a longer training is a factor of its own")
    ]


def test_epochs_that_are_the_question_and_early_stops_are_no_finding(write_run, runs):
    write_run()
    write_run(set=["training.epochs=5"])
    assert found(runs, "unequal-epochs") == []
    for path in runs.iterdir():
        (path / "status.json").unlink()
        (path / "config.yaml").unlink()
    stopping = "training.early_stopping={patience: 5}"
    write_run(set=[stopping], summary={"epochs": 17, "stopped_early": True})
    write_run(set=[stopping, "loss.name=mae"], summary={"epochs": 50, "stopped_early": False})
    assert found(runs, "unequal-epochs") == []


@pytest.mark.parametrize("setting", ["data.validation=test", "evaluation.select=mae", "evaluation.checkpoint=last"])
def test_checkpoints_chosen_in_different_ways_are_named_beside_another_factor(write_run, runs, setting):
    write_run()
    write_run(set=[setting])
    assert found(runs, "different-selection") == []
    write_run(set=[setting, "loss.name=mae"])
    assert found(runs, "different-selection") == [
        (
            f"the judged checkpoints were chosen in different ways: {setting.partition('=')[0]}",
            "a difference may come from the choice and not from the training",
        )
    ]


def test_versions_of_a_protocol_are_named(write_run, runs):
    def suites(version):
        return {"test": {"features": {"protocol": version, "skill": 0.9}}}

    write_run(suites=suites(1))
    write_run(suites=suites(1), set=["loss.name=mae"])
    write_run(seed=1)
    assert found(runs, "protocol-differs", metrics=["features.skill"]) == []
    write_run(suites=suites(2), set=["loss.name=bce"])
    assert found(runs, "protocol-differs") == []
    assert found(runs, "protocol-differs", metrics=["features.skill"]) == [
        (
            "features.skill was measured with different versions of the protocol: 1 (2 runs), 2 (1 run)",
            "the numbers are not of one kind; measure anew with: aecli evaluate RUN --suite features",
        )
    ]


def test_missing_cells_of_a_grid_are_named(write_run, runs):
    for loss in ("mse", "mae"):
        for batch in (64, 128):
            write_run(set=[f"loss.name={loss}", f"training.batch_size={batch}"])
    assert found(runs, "missing-cells") == []
    write_run(set=["loss.name=bce", "training.batch_size=64"])
    assert found(runs, "missing-cells") == [
        (
            "1 of 6 combinations of loss, training.batch_size were not run: (bce, 128)",
            "averages over a row or column of the grid mix factors",
        )
    ]


def test_many_factors_are_no_grid(write_run, runs):
    for number in range(4):
        write_run(
            set=[
                f"training.batch_size={64 + number}",
                f"training.epochs={50 + number}",
                f"data.train_size={100 + number}",
            ]
        )
    assert found(runs, "missing-cells") == []


def test_missing_seeds_are_named(write_seeds, runs):
    write_seeds([0.1, 0.2, 0.3])
    write_seeds([0.1], set=["loss.name=mae"])
    write_seeds([0.1, 0.2], set=["loss.name=bce"])
    assert found(runs, "missing-cells") == [
        (
            "not every candidate has every seed: mae lacks seeds 1, 2, bce lacks seed 2",
            "means are over different seeds; verdicts pair the common ones where these can decide or are all that one "
            "has, else none",
        )
    ]


@pytest.mark.parametrize(
    ("environment", "what"),
    [
        ({"host": "there"}, "different hosts: here (2 runs), there (1 run)"),
        ({"host": "\x1b[31m"}, "different hosts: here (2 runs), \\x1b[31m (1 run)"),
        ({"cpu": "Other"}, "different processors: Some Processor (2 runs), Other (1 run)"),
        ({"device": "cuda"}, "different devices: cpu (2 runs), cuda (1 run)"),
        ({"threads": 8}, "different thread counts: 2 (2 runs), 8 (1 run)"),
        ({"versions": {"torch": "3", "aecli": "0.1.0"}}, "different versions of PyTorch: 2.14.1 (2 runs), 3 (1 run)"),
        ({"versions": {"torch": "2.14.1", "aecli": "9"}}, "different versions of aecli: 0.1.0 (2 runs), 9 (1 run)"),
    ],
)
def test_machines_that_differ_are_named(write_run, runs, environment, what):
    write_run()
    write_run(seed=1)
    write_run(set=["loss.name=mae"])
    assert found(runs, "different-machines") == []
    for path in runs.glob("*_s1_*"):
        (path / "status.json").unlink()
        (path / "config.yaml").unlink()
    write_run(seed=1, environment=environment)
    write_run(seed=2, environment={"host": None, "cpu": [], "device": None, "threads": None, "versions": 5})
    assert found(runs, "different-machines") == [
        (what, "times are not comparable, and equal seeds need not give equal weights")
    ]


@pytest.mark.parametrize(
    ("settings", "number"),
    [
        ([], 0),
        (["data.validation=test"], 1),
        (["data.validation=test", "evaluation.checkpoint=last"], 0),
        (["data.validation=test", "evaluation.checkpoint=last", "training.early_stopping={patience: 5}"], 1),
        (["data.validation=test", "evaluation.checkpoint=last", "optimization.schedule.name=plateau"], 1),
    ],
    ids=["validation images", "best checkpoint", "nothing is chosen", "early stopping", "plateau"],
)
def test_choosing_by_the_test_split_is_named(write_run, runs, settings, number):
    write_run(set=settings)
    write_run(set=["loss.name=mae"])
    expected = (
        "1 of 2 runs validated on the test split and chose by it",
        "their test numbers are optimistic, and a winner among them has no fresh number",
    )
    assert found(runs, "selected-on-test") == [expected] * number


@pytest.mark.parametrize(
    ("loss", "metric", "fires"),
    [
        ("mse", "test.mse", True),
        ("mse", "validation.psnr_db", True),
        ("mse", "test.mae", False),
        ("mae", "test.mae", True),
        ("bce", "test.bce_excess_nats", True),
        ("ssim", "test.ssim", True),
        ("mse", "code.skill", False),
        ("mse", "denoising.mse", None),
    ],
)
def test_a_referee_that_plays_is_named(write_run, runs, loss, metric, fires):
    numbers = {"mse": 0.1, "mae": 0.1, "psnr_db": 10.0, "ssim": 0.5, "bce_excess_nats": 0.1}
    suites = {"test": {"code": {"skill": 0.5}, "denoising": {"mse": 0.1}}}
    for one in (loss, "huber"):
        write_run(set=[f"loss.name={one}"], test=numbers, suites=suites)
    if fires is None:  # a number of a suite that is called like a metric, and whose direction nobody knows
        from aecli.comparison.evidence.candidates import fold
        from aecli.comparison.evidence.collect import collect
        from aecli.comparison.evidence.measures import measure
        from aecli.comparison.verdicts.lint import Scene, own_referee

        factors, candidates = fold(collect([runs]).runs)
        assert list(own_referee(Scene(factors, candidates, candidates[0], [measure(metric)], ()))) == []
        return
    what = "a function of what" if metric.endswith(("psnr_db", "bce_excess_nats")) else "what"
    expected = [
        (f"{metric} is {what} {loss} was trained on", "another metric may say otherwise: see the referees (--matrix)")
    ]
    assert found(runs, "own-referee", metrics=[metric]) == (expected if fires else [])


def test_a_referee_of_all_is_no_finding(write_run, runs):
    write_run()
    write_run(set=["training.batch_size=64"])
    assert found(runs, "own-referee") == []


def test_the_same_seed_twice_is_named(write_run, runs):
    write_run()
    assert found(runs, "duplicate-seed") == []
    write_run()
    write_run()
    assert found(runs, "duplicate-seed") == [
        (
            "trained more than once with the same seed: fake (seed 0)",
            "the same draw cannot count twice, so only the latest run does",
        )
    ]


@pytest.mark.parametrize(
    ("first", "second", "what"),
    [
        (1, 1, "1 seed each: a smoke test"),
        (4, 10, "4 seeds for some candidates: a smoke test"),
        (5, 5, "5 seeds each: a first look"),
        (9, 10, "9 seeds for some candidates: a first look"),
        (10, 10, None),
    ],
)
def test_few_seeds_are_named(write_seeds, runs, first, second, what):
    write_seeds([0.1] * first)
    write_seeds([0.1] * second, set=["loss.name=mae"])
    assert found(runs, "few-seeds") == ([(what, "a claim needs 10, a headline 30")] if what else [])


def test_the_seeds_that_verdicts_rest_on_are_counted(write_run, runs):
    for seed in range(10):
        write_run(seed=seed, test={"mse": 0.1 + seed / 100})
        write_run(seed=seed + 3, test={"mse": 0.2 + seed / 100}, set=["loss.name=mae"])
    assert found(runs, "few-seeds") == [("7 seeds in some verdicts: a first look", "a claim needs 10, a headline 30")]


def test_runs_that_were_left_out_are_named_and_foreign_files_are_not(write_run, tmp_path):
    write_run()
    (tmp_path / "runs" / "report.html").write_text("")
    assert found(f"{tmp_path}/runs/*", "unfinished") == []
    write_run(name="a", status="diverged")
    broken = write_run(name="b\n")
    (broken / "summary.json").write_text("{")
    assert found(f"{tmp_path}/runs/*", "unfinished") == [
        (
            "2 runs left out: a (failed), b\\n (broken)",
            "if bad settings fail more often, what is left looks better than it is",
        )
    ]


def test_runs_of_a_search_say_that_its_winner_was_chosen(write_run, runs, tmp_path):
    write_run()
    assert found(runs, "searched") == []
    (tmp_path / "winner.yaml").touch()
    (tmp_path / "search.json").write_text(
        '{"objectives": ["validation.mse"], "best": [{"fresh_seeds": "winner.yaml"}]}'
    )
    assert found(runs, "searched") == [
        (
            f"{tmp_path} is a search: its settings were chosen by validation.mse; the best of many is partly the "
            f"luckiest",
            "the winner's validation number is optimistic, and its test number as far as its seeds were lucky; "
            f"fresh seeds for it: aecli sweep --config {tmp_path}/winner.yaml",
        )
    ]
