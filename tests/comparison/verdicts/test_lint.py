"""Every rule of the lint: where it fires, with what words, and where it keeps silent."""

import pytest
from fake_findings import found

from aecli.comparison.telling.finding_words import finding_words
from aecli.comparison.verdicts.compare import compare
from aecli.comparison.verdicts.lint import RULES

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
    "untuned",
    "edge-of-range",
    "target-missed",
    "looks",
    "lost-seeds",
    "collapse",
]


def test_the_codes_never_change():
    assert [code for code, _ in RULES] == CODES


def test_a_clean_comparison_has_no_finding(write_seeds, runs):
    for size in (64, 128):
        write_seeds([0.01 + seed / 1000 for seed in range(10)], set=[f"training.batch_size={size}"])
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
        from aecli.comparison.verdicts.lint import own_referee
        from aecli.comparison.verdicts.scene import Scene

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
