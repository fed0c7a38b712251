"""Suites: what can be measured on a trained model, one function each.

A suite takes a `Subject` and returns `Findings`. It says which version its protocol has (numbers of different versions
are never compared) and what it requires of the data. The work is done in the module of the suite's name, which is
imported when it is asked for.
"""

import importlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aecli.registry import Registry

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from aecli.evaluation.subject import Subject

SUITES = Registry("suite")
suite = SUITES.register


@dataclass
class Findings:
    """What a suite found."""

    numbers: dict[str, Any]
    """JSON-ready: every number with the baselines beside it."""
    skill: float | None = None
    """0 as good as the trivial baseline, 1 as good as PCA of the code's size; None where there is no such scale."""
    columns: list[str] = field(default_factory=list)
    """Heads of the table for the screen; the first is that of the labels."""
    rows: list[list[Any]] = field(default_factory=list)
    """A label followed by numbers or texts."""
    pictures: "dict[str, Figure]" = field(default_factory=dict)
    """File name without ending -> picture for plots/."""
    sections: dict[str, Any] = field(default_factory=dict)
    """What belongs at the top level of summary.json when a run is judged as its config says."""


class Skipped(Exception):
    """A suite does not apply; the text says why, and what would help."""


def skill_score(value: float, *, trivial: float, reference: float) -> float | None:
    """0 at the trivial baseline, 1 at the reference, linear between and beyond; None where the two are equal.

    Example:
        >>> skill_score(0.02, trivial=0.07, reference=0.02)
        1.0
    """
    return None if trivial == reference else (trivial - value) / (trivial - reference)


def work(name: str, subject: "Subject") -> Findings:
    """Import the module of a suite and let it judge."""
    return importlib.import_module(f"aecli.evaluation.suites.{name}").judge(subject)


@suite(version=1)
def reconstruction(subject: "Subject") -> Findings:
    """Loss-neutral metrics on train, validation and test, foreground and background, classes, worst and best images.

    skill: MSE between the mean training image (0) and PCA of the code's size (1)
    """
    return work("reconstruction", subject)


@suite(version=1)
def generalization(subject: "Subject") -> Findings:
    """The same metrics on training, validation and test images, their differences, and intervals for these.

    skill: none; the gap of PCA stands beside it
    """
    return work("generalization", subject)


@suite(version=1)
def robustness(subject: "Subject") -> Findings:
    """Error against the clean image under corruptions of severity 1 to 5, and the drift of the code under motion.

    skill: area under the severity curve, mean over the corruptions, between the corrupted input itself (0) and PCA (1);
    none where PCA does no better than the input
    """
    return work("robustness", subject)


@suite(version=1)
def denoising(subject: "Subject") -> Findings:
    """Gain over the noisy input, beside the 3 x 3 median, a Gaussian blur, PCA and the identity.

    skill: MSE, mean over the four kinds every run meets, between the noisy input (0) and PCA (1); none where PCA does no
    better than the input
    """
    return work("denoising", subject)


@suite(version=1, requires=("labels",))
def features(subject: "Subject") -> Findings:
    """Linear probe, few-label probes, nearest neighbours and k-means on the code.

    skill: accuracy of the linear probe between naming the largest class (0) and PCA (1)
    """
    return work("features", subject)


@suite(version=1)
def code(subject: "Subject") -> Findings:
    """How the code is used: alive units, effective dimension, sparsity, histogram, correlation.

    skill: effective dimension between a constant code (0) and PCA (1)
    """
    return work("code", subject)


@suite(version=1)
def sparsity(subject: "Subject") -> Findings:
    """How sparse the weights are: exact zeros, small weights, Hoyer, and what pruning costs.

    skill: MSE with half of the weights pruned, between the mean training image (0) and PCA (1)
    """
    return work("sparsity", subject)


@suite(version=1, extra="compress")
def compression(subject: "Subject") -> Findings:
    """Bits per pixel against error: the quantized, entropy-coded code beside KLT, image codecs and lossless coders.

    skill: bits of KLT over bits of the model at 1.05 x its unquantized MSE; 0 where the mean training image is as good
    """
    return work("compression", subject)
