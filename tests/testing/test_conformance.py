"""The checks for authors of components: all of this package's own pass, and what breaks a rule is told which one."""

import inspect
from collections.abc import Iterator

import pytest
import torch
from torch import nn

from aecli.components.architecture import ARCHITECTURES, Site, architecture
from aecli.components.architecture.contract import Network
from aecli.components.architecture.registration import NetworkTraits
from aecli.components.data.corruptions import CORRUPTIONS, corruption
from aecli.components.evaluation.metrics import METRICS, metric
from aecli.components.loss import LOSSES, loss
from aecli.components.regularization import REGULARIZERS, regularizer
from aecli.components.regularization.promises import Promise
from aecli.testing import (
    NonConformance,
    check_architecture,
    check_corruption,
    check_loss,
    check_metric,
    check_regularizer,
)

HELD_CONSTANT = {"focal_frequency"}
"""Losses with a part that the gradient leaves out by definition."""
KINDS = {
    LOSSES: check_loss,
    METRICS: check_metric,
    REGULARIZERS: check_regularizer,
    CORRUPTIONS: check_corruption,
    ARCHITECTURES: check_architecture,
}


@pytest.fixture
def problems() -> Iterator:
    """Register something for one test, and return what its check finds."""
    known = {id(registry): set(registry) for registry in KINDS}

    def find(registry, enrol, function, **options):
        enrol(function)
        try:
            KINDS[registry](function.__name__, **options)
        except NonConformance as error:
            assert str(error).startswith(
                f"{registry.noun} {function.__name__!r} breaks {len(error.problems)} of the rules:"
            )
            return error.problems
        return []

    yield find
    for registry in KINDS:
        for name in set(registry) - known[id(registry)]:
            registry.forget(name)


@pytest.mark.parametrize("name", list(LOSSES))
def test_every_loss_keeps_the_rules(name):
    check_loss(name, is_derivative=name not in HELD_CONSTANT)


@pytest.mark.parametrize("name", list(METRICS))
def test_every_metric_keeps_the_rules(name):
    check_metric(name)


@pytest.mark.parametrize("name", list(REGULARIZERS))
def test_every_regularizer_keeps_the_rules(name):
    check_regularizer(name)


@pytest.mark.parametrize("name", list(CORRUPTIONS))
def test_every_corruption_keeps_the_rules(name):
    check_corruption(name)


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"tied": True},
        {"normalization": "batch", "activation": "tanh"},
        {"normalization": "layer"},
        {"size": 7, "image_shape": None, "widths": ("auto", 3)},
    ],
    ids=str,
)
def test_the_dense_family_keeps_the_rules(options):
    check_architecture("dense", **options)


# ------------------------------------------------------------------------- losses

DOC = """Own.

    e^2
    """


def own(function):
    function.__doc__ = function.__doc__ or DOC
    function.__name__ = "own"
    return function


BROKEN_LOSSES = {
    "a sum over the batch": (
        lambda x_hat, x: (x_hat - x).square().mean(),
        "gives the shape ()",
    ),
    "raises": (lambda x_hat, x: x_hat @ x, "it cannot be computed on 5 images of 16 x 16 pixels: RuntimeError"),
    "no tensor": (lambda x_hat, x: 0.5, "gives float"),
    "mixes images": (
        lambda x_hat, x: ((x_hat - x).square() * x.mean()).mean(1),
        "the value of an image changes with the other images",
    ),
    "gradient elsewhere": (
        lambda x_hat, x: (x_hat - x).square().mean(1) * (1 + 1e-9 * x_hat.mean()),
        "the loss of one image has a gradient in another one",
    ),
    "detached": (lambda x_hat, x: (x_hat.detach() - x).square().mean(1), "it has no gradient"),
    "wrong gradient": (
        lambda x_hat, x: ((x_hat - x).square() * (1 + (x_hat - x).abs().detach())).mean(1),
        "its gradient is not the derivative",
    ),
    "infinite gradient": (
        lambda x_hat, x: (x_hat - x).square().mean(1).sqrt(),
        "its gradient is not finite where the reconstruction is perfect",
    ),
    "minimum elsewhere": (lambda x_hat, x: (x_hat - x + 0.3).square().mean(1), "has no larger loss than a perfect one"),
    "negative": (lambda x_hat, x: (x_hat - x).square().mean(1) - 1.0, "say nonnegative=False"),
    "in place": (lambda x_hat, x: x_hat.sub_(x).square().mean(1), "changes the reconstruction or the target in place"),
    "other type": (lambda x_hat, x: (x_hat - x).square().mean(1).double(), "it makes torch.float64 of float32"),
    "not finite": (lambda x_hat, x: (x_hat - x).square().mean(1) + (x[:, 0] * torch.inf), "it is not finite"),
}


@pytest.mark.parametrize("case", BROKEN_LOSSES)
def test_a_loss_that_breaks_a_rule_is_told_which(problems, case):
    function, message = BROKEN_LOSSES[case]
    found = problems(LOSSES, loss(), own(function))
    assert any(message in one for one in found), found


def test_a_gradient_by_hand_that_is_not_the_losss_is_told(problems):
    def twice(x_hat, x, scale):
        e = x_hat - x
        return e.square().sum(), 4.0 * scale * e

    found = problems(LOSSES, loss(gradient=twice), own(lambda x_hat, x: (x_hat - x).square().mean(1)))
    assert found == ["its registered gradient is not the one that autograd finds"]


def test_a_sound_loss_passes_and_what_its_docstring_lacks_is_told(problems):
    def own(x_hat_BP, x_BP, *, power: float = 4.0):
        return (x_hat_BP - x_BP).abs().pow(power).mean(1)

    assert problems(LOSSES, loss(), own) == [
        "its docstring does not begin with one sentence that ends in a full stop; `aecli list` shows it",
        "its docstring has no formula: a paragraph of its own after the first line",
        "its docstring does not say under Args what power means",
    ]


# ------------------------------------------------------------------------ metrics

BROKEN_METRICS = {
    "wrong direction": (
        {"better": "higher", "needs": ("squared",)},
        lambda errors: float(errors["squared"].mean()),
        "a metric that is better higher never does",
    ),
    "reads more than it says": (
        {"better": "lower", "needs": ("squared",)},
        lambda errors: float(errors["absolute"].mean()),
        "reads the per-image quantity 'absolute' without saying so",
    ),
    "one number per image": (
        {"better": "lower", "needs": ("squared",)},
        lambda errors: errors["squared"],
        "a metric gives one finite float",
    ),
    "first image": (
        {"better": "lower", "needs": ("squared",)},
        lambda errors: float(errors["squared"][0]),
        "depends on the order of the images",
    ),
    "no function of the mean": (
        {"better": "lower", "needs": ("squared",), "quantity": "squared"},
        lambda errors: float(errors["squared"].max()),
        "it is no function of the mean squared alone",
    ),
    "another quantity": (
        {"better": "lower", "needs": ("squared",), "quantity": "absolute"},
        lambda errors: float(errors["squared"].mean()),
        "it names the quantity absolute, but does not need it",
    ),
}


@pytest.mark.parametrize("case", BROKEN_METRICS)
def test_a_metric_that_breaks_a_rule_is_told_which(problems, case):
    facts, function, message = BROKEN_METRICS[case]
    found = problems(METRICS, metric(**facts), own(function))
    assert any(message in one for one in found), found


REFUSED = {
    "direction": ({"better": "up", "needs": ("squared",)}, 'better must be "lower" or "higher", got \'up\''),
    "scale": (
        {"better": "lower", "needs": ("squared",), "scale": "percent"},
        "scale must be one of ratio, dB, points, got 'percent'",
    ),
    "quantity": (
        {"better": "lower", "needs": ("squard",)},
        'per-image quantity "squard"; did you mean "squared"? choices: squared, absolute, ssim, bce, entropy, deviation',
    ),
    "other metric": (
        {"better": "lower", "needs": ("squared",), "monotone_of": "mes"},
        'metric "mes"; did you mean "mse"? choices: ',
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_facts_that_cannot_be_are_refused_where_a_metric_is_registered(case):
    facts, message = REFUSED[case]
    with pytest.raises(ValueError) as caught:
        metric(**facts)
    assert str(caught.value).startswith(message)


# ------------------------------------------------------------------- regularizers


def halve(model, amount):
    for parameter in model.parameters():
        parameter.mul_(0.5)


BROKEN_REGULARIZERS = {
    "one value per image": (
        {"acts": "penalty", "weight": 1.0},
        lambda moment: moment.code_BL.mean(1),
        "has the shape (6,)",
    ),
    "no tensor": ({"acts": "penalty", "weight": 1.0}, lambda moment: 0.0, "its value has float"),
    "no gradient": (
        {"acts": "penalty", "weight": 1.0},
        lambda moment: moment.code_BL.detach().mean(),
        "has no gradient, so it would change nothing",
    ),
    "raises": ({"acts": "penalty", "weight": 1.0}, lambda moment: moment.nothing, "cannot be computed on a network"),
    "not finite": ({"acts": "penalty", "weight": 1.0}, lambda moment: moment.code_BL.mean() / 0.0, "its value is inf"),
    "a step of size 0": (
        {"acts": "step", "weight": 1.0, "step": halve},
        lambda moment: sum(one.square().sum() for one in moment.model.parameters()),
        "a step of size 0 changes the weights",
    ),
    "a step that raises it": (
        {
            "acts": "step",
            "weight": 1.0,
            "step": lambda model, amount: [one.mul_(1 + amount) for one in model.parameters()],
        },
        lambda moment: sum(one.square().sum() for one in moment.model.parameters()),
        "a step does not lower its value",
    ),
    "another shape": ({"acts": "hidden"}, lambda model, h: h[:, :3], "in training it makes (7, 3)"),
    "in place": ({"acts": "code"}, lambda model, h: h.mul_(2.0), "in training it changes the activations in place"),
    "unknown suite": (
        {"acts": "penalty", "weight": 1.0, "promises": (Promise("peace", "harmony", "peace"),)},
        lambda moment: moment.code_BL.mean(),
        'it promises "peace" by the suite harmony, which is not registered',
    ),
    "a promise that nothing measures": (
        {"acts": "penalty", "weight": 1.0, "promises": (Promise("peace"),)},
        lambda moment: moment.code_BL.mean(),
        "says nothing that measures it",
    ),
}


@pytest.mark.parametrize("case", BROKEN_REGULARIZERS)
def test_a_regularizer_that_breaks_a_rule_is_told_which(problems, case):
    facts, function, message = BROKEN_REGULARIZERS[case]
    found = problems(REGULARIZERS, regularizer(**facts), own(function))
    assert any(message in one for one in found), found


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ({"acts": "weights", "weight": 1.0}, 'acts must be "penalty", "step", "hidden" or "code"'),
        ({"acts": "penalty"}, "penalties and steps have a default weight"),
        ({"acts": "code", "weight": 1.0}, "what acts in the forward pass has none"),
        ({"acts": "step", "weight": 1.0}, "has a function registered as `step`"),
    ],
    ids=str,
)
def test_places_that_cannot_be_are_refused_where_a_regularizer_is_registered(facts, message):
    with pytest.raises(ValueError, match=message):
        regularizer(**facts)


# -------------------------------------------------------------------- corruptions

BROKEN_CORRUPTIONS = {
    "in place": (lambda x, generator: x.mul_(0.5), "it changes the images it is given"),
    "nothing": (lambda x, generator: x.clone(), "it changes nothing"),
    "out of range": (lambda x, generator: x + 1.0, "it leaves [0, 1]: from 1.2 to 1.8"),
    "another shape": (lambda x, generator: x[:, :5], "it makes (40, 5)"),
    "global draws": (lambda x, generator: torch.rand_like(x), "it draws from torch's global generator"),
    "no draws": (lambda x, generator: 1.0 - x, "another generator gives the same noise"),
    "raises": (lambda x, generator: x.nothing, "cannot be applied to 40 images of 144 pixels: AttributeError"),
    "not finite": (lambda x, generator: x / 0.0, "values that are not finite"),
}


@pytest.mark.parametrize("case", BROKEN_CORRUPTIONS)
def test_a_corruption_that_breaks_a_rule_is_told_which(problems, case):
    function, message = BROKEN_CORRUPTIONS[case]
    found = problems(CORRUPTIONS, corruption(), own(function))
    assert any(message in one for one in found), found


# ----------------------------------------------------------------------- networks


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
    "no_slots": "what is put behind code activations changes nothing",
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
    assert problems(ARCHITECTURES, architecture(), family()) == []


@pytest.mark.parametrize("fault", BROKEN_NETWORKS)
def test_a_family_that_breaks_a_rule_is_told_which(problems, fault):
    found = problems(ARCHITECTURES, architecture(), family(**{fault: True}))
    assert any(BROKEN_NETWORKS[fault] in one for one in found), found


def test_traits_that_are_not_the_networks_are_told(problems):
    found = problems(ARCHITECTURES, architecture(traits=lambda given: NetworkTraits(code_size=9)), family())
    assert found == ["its traits say 9 code units, and the network has 5"]


def test_what_is_no_network_is_told(problems):
    def own(site: Site):
        """Own."""
        return nn.Linear(site.size, 3)

    found = problems(ARCHITECTURES, architecture(), own)
    assert found == ["it makes a Linear; a family derives from aecli.components.architecture.contract.Network"]


def test_every_kind_that_has_a_check_is_checked_here():
    import aecli.testing

    checks = {
        name for name, thing in vars(aecli.testing).items() if name.startswith("check_") and inspect.isfunction(thing)
    }
    assert checks == {check.__name__ for check in KINDS.values()}
