"""Names of measures: where each is in summary.json, which direction is better, and its baselines."""

import pytest

from aecli.comparison.evidence.measures import measure
from aecli.comparison.evidence.read_run import read_run
from aecli.comparison.opinions import DEFAULT_COLUMNS
from aecli.components.evaluation.metrics import METRICS
from aecli.components.evaluation.suites import SUITES


@pytest.mark.parametrize(
    ("name", "canonical", "better", "title", "value"),
    [
        ("mse", "test.mse", "lower", "mse ↓", 0.01),
        ("test.mse", "test.mse", "lower", "mse ↓", 0.01),
        ("validation.mse", "validation.mse", "lower", "validation.mse ↓", 0.02),
        ("train.mse", "train.mse", "lower", "train.mse ↓", 0.03),
        ("psnr_db", "test.psnr_db", "higher", "psnr_db ↑", None),
        ("features.linear_probe", "features.linear_probe", "higher", "features.linear_probe ↑", 0.88),
        ("test.features.linear_probe", "features.linear_probe", "higher", "features.linear_probe ↑", 0.88),
        (
            "validation.features.linear_probe",
            "validation.features.linear_probe",
            "higher",
            "validation.features.linear_probe ↑",
            0.8,
        ),
        ("features.skill", "features.skill", "higher", "features.skill ↑", 0.9),
        ("features.classes", "features.classes", None, "features.classes", 10.0),
        ("compression.bits_per_pixel", "compression.bits_per_pixel", "lower", "compression.bits_per_pixel ↓", 0.14),
        ("train_s", "train_s", "lower", "train_s ↓", 1.0),
        ("epochs", "epochs", None, "epochs", 50.0),
        ("objective", "objective", "lower", "objective ↓", 0.04),
        ("baselines.pca_32.test.mse", "baselines.pca_32.test.mse", None, "baselines.pca_32.test.mse", 0.0168),
        ("no.such", "no.such", None, "no.such", None),
        ("", "", None, "", None),
    ],
)
def test_a_name_leads_to_a_number_and_a_direction(suite_run, name, canonical, better, title, value):
    made = measure(name)
    assert (made.name, made.better, made.title, made.value(suite_run)) == (canonical, better, title, value)


def test_every_metric_and_every_default_column_has_a_direction():
    named = [f"{suite}.{short}" for suite, entry in SUITES.items() for short in entry.facts.measures]
    for name in [*METRICS, *DEFAULT_COLUMNS, *named, *(f"{suite}.skill" for suite in SUITES)]:
        assert measure(name).better in ("lower", "higher"), name


def test_the_objective_of_a_run_without_a_record_is_not_known(write_run):
    path = write_run(records=[{"epoch": 0, "objective": "much"}])
    assert measure("objective").value(read_run(path)) is None
    for text in (
        "",
        "{",
        "[1]\n",
        '{"objective": true}\n',
        '{"objective": NaN}\n',
        '{"objective": 1' + "0" * 400 + "}\n",
        "[" * 30_000,
    ):
        (path / "metrics.jsonl").write_text(text)
        assert measure("objective").value(read_run(path)) is None


def test_null_nan_and_text_were_not_measured(write_run):
    for value in (None, "0.1", True, [1]):
        assert measure("mse").value(read_run(write_run(summary={"test": {"mse": value}}))) is None
    path = write_run()
    (path / "summary.json").write_text('{"schema": 1, "test": {"mse": NaN}, "train": {"mse": -Infinity}}')
    assert measure("mse").value(read_run(path)) is measure("train.mse").value(read_run(path)) is None


def test_per_image_errors_belong_to_the_test_split_only():
    assert [
        measure(name).per_image for name in ("mse", "psnr_db", "mae", "ssim", "validation.mse", "features.skill")
    ] == [
        "squared",
        "squared",
        "absolute",
        "ssim",
        None,
        None,
    ]


def test_better_follows_the_direction():
    assert measure("mse").is_better(1, 2) and not measure("mse").is_better(2, 1)
    assert measure("ssim").is_better(2, 1) and not measure("ssim").is_better(1, 2)
    assert not measure("epochs").is_better(1, 2) and not measure("epochs").is_better(2, 1)
    assert measure("ssim").loss_like(2.0) == -2.0 and measure("mse").loss_like(2.0) == 2.0


@pytest.mark.parametrize(
    ("scale", "names"),
    [
        (
            "ratio",
            [
                "mse",
                "validation.mae",
                "fvu",
                "bce_excess_nats",
                "train_s",
                "images_per_s",
                "compression.bits_per_pixel",
                "code.alive",
                "epochs",
            ],
        ),
        ("dB", ["psnr_db", "train.psnr_db"]),
        (
            "points",
            [
                "ssim",
                "features.linear_probe",
                "validation.features.skill",
                "generalization.gap",
                "sparsity.exact_zeros",
                "compression.saving",
            ],
        ),
    ],
)
def test_every_measure_has_a_scale(scale, names):
    assert {measure(name).scale for name in names} == {scale}
