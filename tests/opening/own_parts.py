"""One of each kind, registered from outside of the package through its own public decorators, and nothing else.

Imported by the test beside it in a process of its own; nothing in aecli knows a name of this file.
"""

from typing import Annotated

import numpy as np
import torch
from annotated_types import Ge, Gt, Interval
from torch import nn

from aecli.components.architecture import NetworkTraits, Site, architecture
from aecli.components.architecture.contract import Network, Pass
from aecli.components.data.corruptions import corruption
from aecli.components.data.dataset import Dataset, content_digest, dataset
from aecli.components.data.scaling import NONE
from aecli.components.evaluation.metrics import metric
from aecli.components.evaluation.scales import POINTS, RATIO
from aecli.components.evaluation.suites import Findings, SuiteMeasure, skill_score, suite
from aecli.components.loss import loss
from aecli.components.regularization import Moment, regularizer
from aecli.components.regularization.promises import Promise


@loss(referees=("closeness",))
def quartic(x_hat_BP: torch.Tensor, x_BP: torch.Tensor, *, scale: Annotated[float, Gt(0)] = 1.0) -> torch.Tensor:
    """Fourth powers: the largest errors count most.

    (e / scale)^4

    Args:
        scale: in pixel units.

    Use when: no pixel may be far off.
    """
    return ((x_hat_BP - x_BP) / scale).square().square().mean(1)


@metric(better="higher", needs=("absolute",), scale=POINTS, quantity="absolute")
def closeness(errors: dict[str, np.ndarray]) -> float:
    """One less the mean absolute error, a share.

    1 - mean abs(x_hat - x)

    Use when: a share is wanted.
    """
    return 1.0 - float(errors["absolute"].mean())


@regularizer(acts="penalty", weight=1e-2, promises=(Promise("smaller mean square of the code", is_logged=True),))
def activity_l2(moment: Moment, *, power: Annotated[int, Ge(1)] = 2) -> torch.Tensor:
    """Small codes.

    mean abs(code)^power, and the variance of the code per pixel, for a code that has one

    Args:
        power: of the code.

    Use when: the code should stay near 0.
    """
    value = moment.code_BL.abs().pow(power).mean()
    if moment.posterior is None:
        return value
    return value + moment.per_pixel(moment.posterior.variance.sum(1).mean())


@dataset()
def stripes(*, count: Annotated[int, Ge(60)] = 400, side: Annotated[int, Ge(4)] = 12) -> Dataset:
    """Grey stripes in two directions, which are the labels.

    (1 + sin(a i + b)) / 2 along one axis, a and b drawn

    Args:
        count: training images; half as many for the test.
        side: pixels of a side.
    """
    rng = np.random.default_rng(0)
    labels_N = rng.integers(0, 2, count + count // 2)
    waves_NS = 0.5 + 0.5 * np.sin(
        rng.uniform(0.3, 1.2, (len(labels_N), 1)) * np.arange(side) + rng.uniform(0, 6, (len(labels_N), 1))
    )
    images_NSS = np.repeat(waves_NS[:, None, :], side, axis=1)
    images_NSS = np.where(labels_N[:, None, None] == 1, images_NSS, images_NSS.transpose(0, 2, 1))
    values_NP = np.ascontiguousarray(images_NSS.reshape(len(labels_N), -1), dtype=np.float32)
    train, test = slice(None, count), slice(count, None)
    arrays = values_NP[train], labels_N[train], values_NP[test], labels_N[test]
    return Dataset("stripes", *arrays, (1, side, side), content_digest(*arrays), NONE)


@corruption()
def fading(
    x_BP: torch.Tensor, generator: torch.Generator, *, share: Annotated[float, Interval(gt=0, le=1)] = 0.5
) -> torch.Tensor:
    """Some images lose contrast.

    x / 2 + 1 / 4 with probability share

    Args:
        share: of the images.

    Use when: images in use may lack contrast.
    """
    faded_B1 = torch.rand(len(x_BP), 1, generator=generator, device=x_BP.device) < share
    return torch.where(faded_B1, 0.5 * x_BP + 0.25, x_BP)


def roughness_of(images_NP: np.ndarray) -> float:
    """Mean absolute step from pixel to pixel."""
    return float(np.abs(np.diff(images_NP, axis=1)).mean())


@suite(version=1, measures={"excess": SuiteMeasure("model", "lower", RATIO)})
def roughness(subject: object) -> Findings:
    """Steps from pixel to pixel in reconstructions, beside those of the images and of PCA.

    skill: between the images themselves (0) and PCA (1)

    Use when: reconstructions look grainy.
    """
    images_NP = subject.array(subject.target)
    pca_NP = subject.apply(subject.pca().reconstruct, images_NP)
    model, images, pca = map(roughness_of, (subject.reconstruct_array(images_NP), images_NP, pca_NP))
    numbers = {"model": model, "images": images, "pca": pca}
    skill = skill_score(model, trivial=images, reference=pca)
    return Findings(numbers, skill, ["roughness", "model", "images"], [["test", model, images]])


class Patches(Network):
    """A convolution over patches and a matrix to the code, whose mean and variance are both learnt."""

    def __init__(self, site: Site, *, channels: int, code: int) -> None:
        super().__init__()
        _, height, width = site.image_shape
        self.shape, self.code = site.image_shape, code
        self.encoder = nn.ModuleList(
            [nn.Conv2d(1, channels, 4, stride=4), nn.Linear(channels * (height // 4) * (width // 4), 2 * code)]
        )
        self.decoder = nn.Linear(code, site.size)
        self.output_activation = torch.sigmoid
        with torch.no_grad():
            for name, parameter in self.named_parameters():
                parameter.uniform_(-0.2, 0.2, generator=site.stream(name))

    @property
    def code_size(self) -> int:
        return self.code

    def posterior_of(self, x_BP: torch.Tensor) -> torch.distributions.Normal:
        h = self.through("hidden", torch.relu(self.encoder[0](x_BP.unflatten(1, self.shape)).flatten(1)))
        mean_BL, log_std_BL = self.encoder[1](h).chunk(2, dim=1)
        return torch.distributions.Normal(self.through("code", mean_BL), log_std_BL.clamp(-6, 2).exp())

    def encode(self, x_BP: torch.Tensor) -> torch.Tensor:
        return self.posterior_of(x_BP).mean

    def decode_logits(self, code_BL: torch.Tensor) -> torch.Tensor:
        return self.decoder(code_BL)

    def forward(self, x_BP: torch.Tensor) -> Pass:
        posterior = self.posterior_of(x_BP)
        code_BL = posterior.rsample() if self.training else posterior.mean
        logits_BP = self.decode_logits(code_BL)
        return Pass(code_BL, logits_BP, torch.sigmoid(logits_BP), posterior)


@architecture(traits=lambda given: NetworkTraits(code_size=given["code"], has_posterior=True))
def patches(site: Site, *, channels: Annotated[int, Ge(1)] = 3, code: Annotated[int, Ge(1)] = 4) -> Network:
    """A convolution over patches, and a code that is a distribution.

    code ~ Normal(m(x), s(x)), x_hat = sigmoid(W code + b)

    Args:
        channels: of the convolution.
        code: units of the code.
    """
    return Patches(site, channels=channels, code=code)
