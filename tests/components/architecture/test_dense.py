"""The family `dense` before it has a network: traits, refusals, and its parameters in words."""

import pytest
import torch

from aecli.components.architecture import ARCHITECTURES, Site
from aecli.components.architecture.dense import begins_with_the_rows, dense, only_the_first_is_auto, traits, words
from aecli.components.requirements import Rows

DEFAULTS = {parameter.name: parameter.default for parameter in ARCHITECTURES["dense"].parameters}


def test_parameters_tell_the_network_before_it_is_built():
    plain = traits(DEFAULTS)
    assert (plain.code_size, plain.code_activation, plain.output_activation) == (32, "relu", "sigmoid")
    assert (plain.output_bias, plain.mixes_images, plain.decoder_has_matrices) == ("zero", False, True)


@pytest.mark.parametrize(
    ("changes", "field", "expected"),
    [
        ({"widths": (784, "auto")}, "code_size", None),
        ({"normalization": "batch"}, "mixes_images", True),
        ({"normalization": "layer"}, "mixes_images", False),
        ({"tied": True}, "decoder_has_matrices", False),
    ],
    ids=["unknown code", "batch", "layer", "tied"],
)
def test_a_trait_follows_its_parameter(changes, field, expected):
    assert getattr(traits(DEFAULTS | changes), field) == expected


def test_auto_stands_for_the_input_alone():
    message = "only the first width can be auto: the size of the data"
    assert list(only_the_first_is_auto({"widths": ("auto", 8, 4)})) == []
    assert list(only_the_first_is_auto({"widths": ("auto", "auto", 4, "auto")})) == [
        ("widths.1", message),
        ("widths.3", message),
    ]


@pytest.mark.parametrize("first", ["auto", 12])
def test_a_first_width_that_fits_the_rows_is_not_refused(first):
    assert list(begins_with_the_rows({"widths": (first, 4)}, Rows("own", 12, None, True, True))) == []


def test_another_first_width_is_refused_with_the_size_of_the_rows():
    found = list(begins_with_the_rows({"widths": (11, 4)}, Rows("own", 12, None, True, True)))
    assert found == [("widths.0", "must be 12, the size of own's rows, or auto; got 11")]


def test_words_name_widths_activations_and_initial_weights():
    assert words(DEFAULTS) == "auto-128-64-32, relu/relu/sigmoid, glorot_uniform"
    assert words(DEFAULTS | {"tied": True}).endswith("glorot_uniform, tied")


def test_auto_becomes_the_size_of_the_site():
    model = dense(Site(12, (1, 3, 4), 0, torch.zeros(12)), widths=("auto", 5))
    assert model(torch.rand(2, 12)).x_hat_BP.shape == (2, 12) and model.code_size == 5
