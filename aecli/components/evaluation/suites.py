"""Suites: what can be measured on a trained model, one function each.

A suite takes a `Subject` (aecli/evaluation/subject.py) and returns `Findings`. It says which version its protocol has
(numbers of different versions are never compared), what it requires of the data, and which of its numbers have a name
of their own in comparisons. The suites of this package do their work in the module of their name under
aecli/evaluation/suites/, which is imported when it is asked for: the one place where a room is entered from below.
"""

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from aecli.components.evaluation.scales import POINTS, RATIO, Direction, Scale
from aecli.registry import Facts, Function, Registry

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class SuiteMeasure(NamedTuple):
    """A number of a suite that comparisons know by a short name."""

    path: str
    """Where it is within the suite's numbers, keys joined by dots."""
    better: Direction
    scale: Scale = POINTS
    """What a difference of it is told in; most are shares and scores."""


@dataclass(frozen=True, kw_only=True)
class SuiteFacts(Facts):
    """What a suite says of itself."""

    version: int
    """Of its protocol; numbers of different versions are never compared."""
    requires: tuple[str, ...] = ()
    """What the data must have: `labels`."""
    extra: str | None = None
    """The optional dependencies that it needs, as in `pip install aecli[EXTRA]`."""
    measures: Mapping[str, SuiteMeasure] = field(default_factory=dict)
    """Short name -> the number; in comparisons it is called `SUITE.NAME`. `SUITE.skill` exists without being named."""


SUITES: Registry[SuiteFacts] = Registry("suite")


def suite(
    *,
    version: int,
    requires: tuple[str, ...] = (),
    extra: str | None = None,
    measures: Mapping[str, SuiteMeasure] | None = None,
) -> Callable[[Function], Function]:
    """Decorator: enrol a suite; the arguments are the fields of SuiteFacts."""
    return SUITES.register(SuiteFacts(version=version, requires=requires, extra=extra, measures=measures or {}))


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
    leaves: tuple[int, ...] = ()
    """Columns in the order in which a narrow screen leaves them out; then the last one goes first."""


class Skipped(Exception):
    """A suite does not apply; the text says why, and what would help."""


def skill_score(value: float, *, trivial: float, reference: float) -> float | None:
    """0 at the trivial baseline, 1 at the reference, linear between and beyond; None where the two are equal.

    Example:
        >>> skill_score(0.02, trivial=0.07, reference=0.02)
        1.0
    """
    return None if trivial == reference else (trivial - value) / (trivial - reference)


def work(name: str, subject: object) -> Findings:
    """Import the module of a suite and let it judge."""
    found: Findings = importlib.import_module(f"aecli.evaluation.suites.{name}").measure(subject)
    return found


@suite(version=1)
def reconstruction(subject: object) -> Findings:
    """Loss-neutral metrics on train, validation and test, foreground and background, classes, worst and best images.

    skill: MSE between the mean training image (0) and PCA of the code's size (1)

    Use when: always: it is what every run measures.
    """
    return work("reconstruction", subject)


@suite(version=1, measures={"gap": SuiteMeasure("metrics.mse.test_minus_train_relative.value", "lower")})
def generalization(subject: object) -> Findings:
    """The same metrics on training, validation and test images, their differences, and intervals for these.

    skill: none; the gap of PCA stands beside it

    Use when: the training set is small, or a regularizer should close a gap.
    """
    return work("generalization", subject)


@suite(version=1)
def robustness(subject: object) -> Findings:
    """Error against the clean image under corruptions of severity 1 to 5, and the drift of the code under motion.

    skill: area under the severity curve, mean over the corruptions, between the corrupted input itself (0) and PCA (1);
    none where PCA does no better than the input

    Use when: images in use will be noisy, blurred, moved or covered.
    """
    return work("robustness", subject)


@suite(version=1)
def denoising(subject: object) -> Findings:
    """Gain over the noisy input, beside the 3 x 3 median, a Gaussian blur, PCA and the identity.

    skill: MSE, mean over the four kinds every run meets, between the noisy input (0) and PCA (1); none where PCA does
    no better than the input

    Use when: the net should remove noise.
    """
    return work("denoising", subject)


@suite(
    version=1,
    requires=("labels",),
    measures={
        "linear_probe": SuiteMeasure("code.linear_probe.accuracy", "higher"),
        "few_label_10": SuiteMeasure("code.few_label_10.accuracy.mean", "higher"),
        "few_label_100": SuiteMeasure("code.few_label_100.accuracy.mean", "higher"),
        "neighbours": SuiteMeasure("code.neighbours.accuracy", "higher"),
        "kmeans_acc": SuiteMeasure("code.kmeans.acc.mean", "higher"),
        "kmeans_nmi": SuiteMeasure("code.kmeans.nmi.mean", "higher"),
        "kmeans_ari": SuiteMeasure("code.kmeans.ari.mean", "higher"),
        "kmeans_whitened_acc": SuiteMeasure("code.kmeans_whitened.acc.mean", "higher"),
    },
)
def features(subject: object) -> Findings:
    """Linear probe, few-label probes, nearest neighbours and k-means on the code.

    skill: accuracy of the linear probe between naming the largest class (0) and PCA (1)

    Use when: codes go into a classifier or a clustering; needs labels.
    """
    return work("features", subject)


@suite(
    version=1,
    measures={
        "effective_dimension": SuiteMeasure("code.effective_dimension", "higher", RATIO),
        "alive": SuiteMeasure("code.alive", "higher", RATIO),
        "l0": SuiteMeasure("code.active_per_image", "lower", RATIO),
    },
)
def code(subject: object) -> Findings:
    """How the code is used: alive units, effective dimension, sparsity, histogram, correlation.

    skill: effective dimension between a constant code (0) and PCA (1)

    Use when: it is open how many code units are needed, or how sparse the code is.
    """
    return work("code", subject)


@suite(
    version=1,
    measures={
        "exact_zeros": SuiteMeasure("all_matrices.exact_zeros", "higher"),
        "small": SuiteMeasure("all_matrices.small", "higher"),
        "hoyer": SuiteMeasure("all_matrices.hoyer", "higher"),
        "prunable_share": SuiteMeasure("prunable_share.global", "higher"),
        "sum_abs": SuiteMeasure("all_parameters.sum_abs", "lower", RATIO),
        "sum_squares": SuiteMeasure("all_parameters.sum_squares", "lower", RATIO),
    },
)
def sparsity(subject: object) -> Findings:
    """How sparse the weights are: exact zeros, small weights, Hoyer, and what pruning costs.

    skill: MSE with half of the weights pruned, between the mean training image (0) and PCA (1)

    Use when: the net should become small.
    """
    return work("sparsity", subject)


@suite(
    version=1,
    extra="compress",
    measures={
        "bits_per_pixel": SuiteMeasure("at_equal_mse.near_unquantized.bits_per_pixel.model", "lower", RATIO),
        "saving": SuiteMeasure("at_equal_mse.near_unquantized.saving.klt", "higher"),
    },
)
def compression(subject: object) -> Findings:
    """Bits per pixel against error: the quantized, entropy-coded code beside KLT, image codecs and lossless coders.

    skill: bits of KLT over bits of the model at 1.05 x its unquantized MSE; 0 where the mean training image is as good

    Use when: codes are to be stored or sent in place of images.
    """
    return work("compression", subject)
