"""The rules of corruptions: each one that is broken is told."""

import pytest
import torch
from own_components import own

from aecli.components.data.corruptions import CORRUPTIONS, corruption
from aecli.testing.corruptions import check_corruption

BROKEN_CORRUPTIONS = {
    "in place": (lambda x, generator: x.mul_(0.5), "it changes the images it is given"),
    "nothing": (lambda x, generator: x.clone(), "it changes nothing"),
    "out of range": (lambda x, generator: x + 1.0, "it leaves [0, 1]: from 1.2 to 1.8"),
    "another shape": (lambda x, generator: x[:, :5], "it makes (200, 5)"),
    "global draws": (lambda x, generator: torch.rand_like(x), "it draws from torch's global generator"),
    "no draws": (lambda x, generator: 1.0 - x, "another generator gives the same noise"),
    "raises": (lambda x, generator: x.nothing, "cannot be applied to 200 images of 256 pixels: AttributeError"),
    "not finite": (lambda x, generator: x / 0.0, "values that are not finite"),
}


@pytest.mark.parametrize("case", BROKEN_CORRUPTIONS)
def test_a_corruption_that_breaks_a_rule_is_told_which(problems, case):
    function, message = BROKEN_CORRUPTIONS[case]
    found = problems(check_corruption, CORRUPTIONS, corruption(), own(function))
    assert any(message in one for one in found), found
