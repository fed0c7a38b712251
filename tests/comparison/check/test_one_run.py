"""One run and its numbers: what is read, and what is refused."""

import pytest
from checked_run import write_checked_run

from aecli.comparison.check.check import check
from aecli.comparison.check.one_run import read_number, read_one
from aecli.errors import UsageError


@pytest.fixture
def run(write_run):
    """A run with a few metrics and two suites."""
    return write_checked_run(write_run)


def refusal(*arguments, **options):
    with pytest.raises(UsageError) as refused:
        check(*arguments, **options)
    return str(refused.value)


@pytest.mark.parametrize(
    ("assertion", "message"),
    [
        ("test.msee<=1", 'metric "test.msee"; did you mean "test.mse"? measured in these runs: test.mse, test.ssim, '),
        (
            "features.linear_prob>0",
            'metric "features.linear_prob"; did you mean "features.linear_probe"? measured in these runs: ',
        ),
        ("selected_by==1", 'metric "selected_by" is no number: validation.mse'),
        ("denoising.kinds<=1", 'metric "denoising.kinds" is not one number but several: gaussian 0.3, gaussian 0'),
    ],
)
def test_what_was_not_measured_is_refused(run, assertion, message):
    assert refusal(run, [assertion]).startswith(message)


def test_a_refusal_tells_how_a_suite_is_measured_or_why_it_was_skipped(run):
    assert refusal(run, ["robustness.skill>0"]).endswith("; measure it with: aecli evaluate RUN --suite robustness")
    assert refusal(run, ["compression.skill>0"]).endswith("; the suite compression was skipped: no coder\\x1b[31m here")


def test_a_path_that_leads_on_from_a_number_or_nowhere_is_not_measured(run):
    for name in ("test.mse.mse", "test..mse", "test.", "schema.", "a" + ".a" * 200):
        assert refusal(run, [f"{name}<1"]).startswith(f'metric "{name}";')


def test_a_run_that_is_not_complete_is_refused_with_the_reason(write_run, tmp_path):
    assert refusal(tmp_path / "none", ["mse<1"]).startswith(f"{tmp_path / 'none'}: no such path, and {tmp_path} has ")
    assert refusal(tmp_path, ["mse<1"]) == f"{tmp_path}: is no run folder: it has no config.yaml and status.json"
    path = write_run(status="diverged")
    assert refusal(path, ["mse<1"]) == f"{path}: diverged, epoch 50 of 50"
    assert refusal(write_run(), baseline=path) == f"{path}: diverged, epoch 50 of 50"
    path = write_run()
    (path / "summary.json").write_text('{"schema": 2}')
    assert refusal(path, ["mse<1"]) == f"{path}: summary.json has schema 2, and this aecli knows 1"
    (path / "summary.json").write_text("{")
    assert refusal(path, ["mse<1"]) == f"{path}: summary.json is damaged; write it anew with: aecli resume"


def test_a_folder_with_one_run_is_that_run_and_one_with_more_is_refused(write_run, tmp_path):
    path = write_run()
    assert check(tmp_path / "runs", ["mse<1"]).run == path
    second = write_run()
    assert (
        refusal(tmp_path / "runs", ["mse<1"])
        == f"{tmp_path / 'runs'}: has 2 runs; a check is about one, such as {second}"
    )


def test_a_number_comes_with_its_measure_and_what_is_not_finite_is_none(write_run):
    record = read_one(write_run(test={"mse": 0.007, "mae": float("inf")}))
    assert [(made.name, value) for made, value in (read_number(name, record) for name in ("mse", "test.mae"))] == [
        ("test.mse", 0.007),
        ("test.mae", None),
    ]
