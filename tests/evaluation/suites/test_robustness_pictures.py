"""Pictures of the robustness suite: which panels and lines there are."""

import numpy as np
import pytest

from aecli.evaluation.suites.robustness_pictures import draw_curves, draw_motions, draw_panels

WHO = ("model", "pca_8_clipped", "corrupted_input")


def row(scale):
    return {who: {"mse": [scale * step for step in range(6)], "area": 3.0 * scale} for who in WHO} | {"levels": [1] * 5}


def test_every_corruption_has_a_panel_and_their_mean_one_more():
    figure = draw_curves({"images": 1234, "corruptions": {"fog": row(1.0), "dotted_line": row(3.0)}})
    panels = [axes for axes in figure.axes if axes.get_visible()]
    assert [axes.get_title() for axes in panels] == ["fog", "dotted line", "mean"]
    assert [line.get_label() for line in panels[0].lines] == ["model", "pca 8 clipped", "corrupted input"]
    assert list(panels[2].lines[0].get_ydata()) == [2.0 * step for step in range(6)]
    assert figure.get_suptitle() == "MSE against the clean image, by severity; 1,234 images"


@pytest.mark.parametrize("probed", [True, False], ids=["labels", "no labels"])
def test_motions_have_a_panel_of_accuracy_only_where_there_is_a_probe(probed):
    curve = list(range(6))
    accuracy = {"model": curve, "pca_8": curve} if probed else {}
    kinds = {name: {"drift": {"model": curve, "pixels": None}, "accuracy": accuracy} for name in ("shift", "scale")}
    panels = [axes for axes in draw_motions({"kinds": kinds}).axes if axes.get_visible()]
    assert len(panels) == (4 if probed else 2)
    assert len(panels[0].lines) == 1, "a curve that is None is left out"


def test_panels_begin_at_zero_and_the_last_line_may_be_short():
    figure = draw_panels({str(name): {"model": list(np.ones(6))} for name in range(3)}, "title", "label", columns=2)
    assert [axes.get_visible() for axes in figure.axes] == [True, True, True, False]
    assert figure.axes[0].get_ylim()[0] == 0
