"""The test images that runs keep: which seed, whose errors, and never different images side by side."""

import numpy as np
import pytest
from fake_figures import examples, group_of, words

from aecli.comparison.evidence.example_images import read_examples
from aecli.comparison.telling.figures.images import draw_reconstructions


def test_exact_errors_come_from_per_image(write_run, tmp_path):
    path = examples(write_run(per_image={"squared": np.arange(10) / 100}), [51, 51, 51])
    assert read_examples(group_of(tmp_path).baseline.runs[0]).mse_N.tolist() == [0.03, 0.05, 0.08]
    (path / "per_image.npz").write_bytes(b"broken")
    assert read_examples(group_of(tmp_path).baseline.runs[0]).mse_N == pytest.approx([0.04] * 3)


def test_the_first_seed_that_all_have_is_shown(write_run, tmp_path):
    examples(write_run(seed=0), [51, 51, 51])
    for loss in ("mse", "mae"):
        examples(write_run(seed=4, set=[f"loss.name={loss}"]), [51, 51, 51])
    assert "one net each, seed 4;" in draw_reconstructions(group_of(tmp_path)).caption


def test_other_images_are_never_laid_side_by_side(write_run, tmp_path):
    examples(write_run(test={"mse": 0.001}), [51, 51, 51])
    examples(write_run(set=["loss.name=mae"]), [51, 51, 51], rows=(3, 5, 9))
    drawing = draw_reconstructions(group_of(tmp_path))
    assert words(drawing)[:2] == ["original", "mse"]
    assert "1 without these images is left out." in drawing.caption
