"""The rules of families of networks: each one that is broken is told."""

import pytest
import torch
from torch import nn

from aecli.components.architecture import ARCHITECTURES, Site, architecture
from aecli.components.architecture.contract import Network
from aecli.components.architecture.registration import NetworkTraits
from aecli.testing.networks import check_architecture


class Sound(Network):
    """A network that keeps the contract: a convolution and two matrices."""

    def __init__(self, site: Site, **options: bool) -> None:
        super().__init__()
        self.options, self.shape = options, site.image_shape
        self.encoder = nn.ModuleList([nn.Conv2d(1, 3, 4, stride=4), nn.Linear(48, 5)])
        self.decoder = nn.Linear(5, site.size)
        self.output_activation = torch.sigmoid
        generator = torch.Generator() if options.get("own_draws") else site.stream("all")
        with torch.no_grad():
            for parameter in self.parameters():
                if options.get("global_draws"):
                    parameter.normal_()
                else:
                    parameter.uniform_(-0.3, 0.3, generator=generator)

    @property
    def code_size(self):
        return 7 if self.options.get("wrong_size") else 5

    def encode(self, x_BP):
        h = self.encoder[0](x_BP.unflatten(1, self.shape)).flatten(1).tanh()
        h = h if self.options.get("no_slots") else self.through("hidden", h)
        code = self.encoder[1](h)
        if self.options.get("mixes"):
            code = code - code.mean(0)
        return code if self.options.get("no_slots") else self.through("code", code)

    def decode_logits(self, code_BL):
        return self.decoder(code_BL)

    def matrices(self, part="all"):
        found = super().matrices(part)
        if self.options.get("copies"):
            return [matrix._replace(weight_UI=matrix.weight_UI * 1.0) for matrix in found]
        return found[1:] if self.options.get("leaves_out") and part in ("all", "encoder") else found


BROKEN_NETWORKS = {
    "wrong_size": "its code has the shape (6, 5) for 6 images and code_size 7",
    "own_draws": "another seed gives the same weights",
    "global_draws": "the same seed gives other weights",
    "no_slots": "in use, what is put behind code activations changes nothing",
    "mixes": "in use, the reconstruction of an image changes with the other images of its batch",
    "copies": "is a copy; what is done to it in place has to reach the parameter",
    "leaves_out": "`matrices` leaves out encoder.0.weight; penalties and Muon would not see them",
}


def family(**options):
    def own(site: Site):
        """Own."""
        return Sound(site, **options)

    return own


def test_a_sound_family_passes(problems):
    assert problems(check_architecture, ARCHITECTURES, architecture(), family()) == []


@pytest.mark.parametrize("fault", BROKEN_NETWORKS)
def test_a_family_that_breaks_a_rule_is_told_which(problems, fault):
    found = problems(check_architecture, ARCHITECTURES, architecture(), family(**{fault: True}))
    assert any(BROKEN_NETWORKS[fault] in one for one in found), found


def test_traits_that_are_not_the_networks_are_told(problems):
    found = problems(
        check_architecture, ARCHITECTURES, architecture(traits=lambda given: NetworkTraits(code_size=9)), family()
    )
    assert found == ["its traits say 9 code units, and the network has 5"]


def test_what_is_no_network_is_told(problems):
    def own(site: Site):
        """Own."""
        return nn.Linear(site.size, 3)

    found = problems(check_architecture, ARCHITECTURES, architecture(), own)
    assert found == ["it makes a Linear; a family derives from aecli.components.architecture.contract.Network"]
