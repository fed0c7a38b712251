"""Names of measures: where each is in summary.json, which direction is better, and its baselines."""

import pytest

from aecli.comparison.evidence.baseline_numbers import baseline_rows
from aecli.comparison.evidence.lookup import find_measure, measured
from aecli.comparison.evidence.measures import measure
from aecli.comparison.evidence.read_run import read_run
from aecli.comparison.opinions import DEFAULT_COLUMNS
from aecli.components.evaluation.metrics import METRICS
from aecli.components.evaluation.suites import SUITES
from aecli.errors import UsageError

FEATURES = {
    "protocol": 1,
    "judged_epoch": 50,
    "elapsed_s": 8.0,
    "classes": 10,
    "skill": 0.9,
    "code": {"linear_probe": {"accuracy": 0.88}},
    "raw_pixels": {"linear_probe": {"accuracy": 0.92}},
    "pca_32": {"linear_probe": {"accuracy": 0.9}},
}
CODE = {"protocol": 1, "code": {"alive": 25}, "pca_32": {"alive": 32}, "histogram": {"counts": [1]}}
COMPRESSION = {
    "at_equal_mse": {"near_unquantized": {"bits_per_pixel": {"model": 0.14, "klt": 0.19}, "saving": {"klt": 0.25}}}
}


@pytest.fixture
def run(write_run):
    """A run with three suites on the test split and one on the validation split."""
    suites = {
        "test": {"features": FEATURES, "code": CODE, "compression": COMPRESSION},
        "validation": {"features": {"code": {"linear_probe": {"accuracy": 0.8}}}},
    }
    return read_run(write_run(suites=suites, test={"mse": 0.01}, validation={"mse": 0.02}, train={"mse": 0.03}))


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
def test_a_name_leads_to_a_number_and_a_direction(run, name, canonical, better, title, value):
    made = measure(name)
    assert (made.name, made.better, made.title, made.value(run)) == (canonical, better, title, value)


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


def test_what_no_run_has_is_refused_with_what_there_is(run):
    with pytest.raises(UsageError) as refused:
        find_measure("test.msee", [run])
    assert str(refused.value).startswith(
        'metric "test.msee"; did you mean "test.mse"? measured in these runs: test.mse, validation.mse, train.mse, '
        "features.skill, "
    )


@pytest.mark.parametrize(
    ("name", "how"),
    [
        ("robustness.skill", "; measure it with: aecli evaluate RUN --suite robustness"),
        ("validation.code.alive", "; measure it with: aecli evaluate RUN --suite code --split validation"),
    ],
)
def test_a_number_of_a_suite_that_was_not_run_comes_with_the_command(run, name, how):
    with pytest.raises(UsageError) as refused:
        find_measure(name, [run])
    assert str(refused.value).endswith(how)


def test_one_run_that_has_a_metric_is_enough(run, write_run):
    assert find_measure("features.linear_probe", [read_run(write_run(seed=1)), run]).better == "higher"


def test_what_was_measured_does_not_count_the_objective(run):
    names = measured([run])
    assert "objective" not in names
    assert {"test.mse", "features.linear_probe", "code.alive", "compression.saving", "train_s", "epochs"} <= set(names)


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("mse", {"mean_image": 0.0675, "pca_32": 0.0168}),
        ("validation.mse", {}),
        ("features.linear_probe", {"raw_pixels": 0.92, "pca_32": 0.9}),
        ("features.skill", {}),
        ("code.alive", {"pca_32": 32.0}),
        ("compression.bits_per_pixel", {"klt": 0.19}),
        ("compression.saving", {}),
        ("train_s", {}),
        ("objective", {}),
    ],
)
def test_baselines_stand_beside_the_number_and_nothing_else_does(run, name, rows):
    made = measure(name)
    assert baseline_rows(run, [made]) == {label: {made.name: value} for label, value in rows.items()}


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
