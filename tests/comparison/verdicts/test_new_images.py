"""Verdicts about new images, where there are few of them."""

import numpy as np
import pytest

from aecli.comparison.evidence.measures import measure
from aecli.comparison.verdicts import new_images
from aecli.comparison.verdicts.compare import compare
from aecli.comparison.verdicts.judges import for_metrics, judge_of


@pytest.fixture
def small(write_run, tmp_path):
    """A function that writes two losses that differ on these images alone, with so many test images."""

    def write(number, *, images=200):
        random = np.random.default_rng(3)
        of_images = 0.3 * random.normal(size=images)
        of_images += 0.03 - of_images.mean()
        data = {"dataset": "x", "sha256": "0123", "images": {"train": 9, "validation": 9, "test": number}}
        for seed in range(6):
            for changed, sign in (([], 0.0), (["loss.name=mae"], 1.0)):
                errors = 1 + sign * of_images + 0.01 * random.normal(size=images)
                path = write_run(seed=seed, set=changed, test={"mse": float(errors.mean())}, environment={"data": data})
                np.savez(path / "per_image.npz", squared=errors)
        return compare([tmp_path / "runs"]).groups[0].verdicts[0]

    return write


def test_few_images_are_a_draw_too(small):
    found = small(200)
    assert (found.kind, found.holds_for) == ("undecided", "new-images")
    assert found.difference.estimate.low < 0 < found.difference.estimate.high


def test_many_images_are_those_that_they_are(small):
    found = small(10_000)
    assert (found.kind, found.holds_for) == ("worse", "these-images")


def test_without_errors_of_single_images_the_verdict_is_about_these(write_run, tmp_path):
    data = {"dataset": "x", "sha256": "0123", "images": {"test": 200}}
    for seed in range(3):
        for changed, value in (([], 1.0), (["loss.name=mae"], 2.0)):
            write_run(seed=seed, set=changed, test={"mse": value + seed / 100}, environment={"data": data})
    assert compare([tmp_path / "runs"]).groups[0].verdicts[0].holds_for == "these-images"
    assert new_images.scope_of(measure("validation.mse"), None, False) == ""


def test_metrics_that_order_alike_are_one_test(write_run, tmp_path):
    for seed in range(4):
        for changed, value in (([], 0.01), (["loss.name=mae"], 0.0102)):
            mse = value * (1 + 0.01 * seed)
            write_run(seed=seed, set=changed, test={"mse": mse, "rmse": mse**0.5, "psnr_db": -10 * np.log10(mse)})
    verdicts = compare([tmp_path / "runs"], metrics=["mse", "rmse", "psnr_db"]).groups[0].verdicts
    assert len({(one.kind, one.p_corrected, one.comparisons) for one in verdicts}) == 1
    assert [one.judge and one.judge.name for one in verdicts] == [None, "test.mse", "test.mse"]
    assert judge_of(measure("mae"), []).name == "test.mae" and for_metrics(None, 3) is None
