"""Families that are sound on the data they were built for only, and what the checks say of it."""

import pytest
import torch
from torch import nn

from aecli.components.architecture import ARCHITECTURES, Site, architecture
from aecli.components.architecture.contract import Network, Pass
from aecli.components.architecture.registration import NetworkTraits
from aecli.testing import NonConformance, check_architecture


class Line(Network):
    """Two matrices, with a fault by name."""

    def __init__(self, site: Site, fault: str = "") -> None:
        super().__init__()
        self.fault = fault
        self.encoder = nn.ModuleList([nn.Linear(site.size, 6), nn.Linear(6, 4)])
        self.decoder = nn.Linear(4, site.size)
        self.output_activation = torch.sigmoid
        self.kept = site.mean_image_P if fault == "keeps" else None
        self.drop = nn.Dropout(0.5)
        with torch.no_grad():
            for name, parameter in self.named_parameters():
                parameter.uniform_(-0.3, 0.3, generator=site.stream(name))

    @property
    def code_size(self) -> int:
        return 4

    def encode(self, x_BP):
        x_BP = x_BP if self.kept is None else x_BP - self.kept
        h = self.encoder[0](x_BP).tanh()
        h = self.drop(h) if self.fault == "own dropout" else h
        if self.fault == "slots in use only" and self.training:
            return self.encoder[1](h)
        return self.through("code", self.encoder[1](self.through("hidden", h)))

    def decode_logits(self, code_BL):
        return self.decoder(code_BL)

    def forward(self, x_BP):
        found = super().forward(x_BP)
        if self.fault != "posterior":
            return found
        return Pass(*found[:3], posterior=torch.distributions.Normal(found.code_BL, 1.0))


@pytest.fixture
def problems():
    """What the check finds in a family with a fault."""

    def find(fault, traits=None, **given):
        def line(site: Site, *, width: int):
            """A line.

            Args:
                width: of nothing.
            """
            return Line(site, fault)

        architecture(**({"traits": traits} if traits else {}))(line)
        try:
            check_architecture("line", **given)
        except NonConformance as error:
            return error.problems
        return []

    yield find
    ARCHITECTURES.forget("line")


def test_a_network_that_keeps_data_outside_of_its_state_is_told(problems):
    (problem,) = problems("keeps", width=1)
    assert problem.startswith(
        "its stored weights, put into a network built for other data, give another reconstruction"
    )


def test_slots_have_to_be_passed_while_training_too(problems):
    found = problems("slots in use only", width=1)
    assert [one.partition(",")[0] for one in found] == ["while training", "while training"]


def test_dropout_of_a_network_itself_is_no_mixing_of_images(problems):
    assert problems("own dropout", width=1) == []


def test_a_posterior_is_said_in_the_traits(problems):
    assert problems("posterior", width=1) == [
        "its traits are wrong about whether its code is a distribution: has_posterior"
    ]


def test_a_posterior_that_is_said_is_fine(problems):
    assert problems("posterior", traits=lambda given: NetworkTraits(has_posterior=True), width=1) == []


def test_a_parameter_that_has_to_be_given_is_asked_for(problems):
    assert problems("") == ["it needs width: give a value, as in check_architecture('line', width=...)"]
